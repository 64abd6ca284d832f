"""A result as a document: sections of text, tables and figures, before anyone writes it as a page or a file."""

from eventstudy.document.document import Document, Filled, panel_document, study_document, walk
from eventstudy.document.numbers import NUMBERS, Passage, numbers_json, passages
from eventstudy.document.overview import Entry, overview_document

__all__ = [
    "NUMBERS",
    "Document",
    "Entry",
    "Filled",
    "Passage",
    "numbers_json",
    "overview_document",
    "panel_document",
    "passages",
    "study_document",
    "walk",
]
