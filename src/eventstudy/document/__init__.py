"""A result as a document: sections of text, tables and figures, before anyone writes it as a page or a file."""

from eventstudy.document.document import Document, Filled, panel_document, study_document, walk
from eventstudy.document.overview import Entry, overview_document

__all__ = [
    "Document",
    "Entry",
    "Filled",
    "overview_document",
    "panel_document",
    "study_document",
    "walk",
]
