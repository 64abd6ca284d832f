"""What was found, to read at once: plain text on a terminal, a small page in a notebook."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from eventstudy import prose
from eventstudy.document import panel_document, study_document
from eventstudy.export.outline import Exhibit, Paragraph, outline
from eventstudy.panel import PanelResult
from eventstudy.report.cells import body
from eventstudy.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventstudy.document import Document
    from eventstudy.results import StudyResult

WIDTH = 100
"""Letters of a line of text; tables are as wide as they are."""

SECTION = ("summary",)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Summary:
    """The first section of the report: what the numbers say, and Table 1.

    ``print`` it, or let a notebook show it.

    Attributes
    ----------
    document : Document
        Its words and its table.

    Examples
    --------
    >>> import eventstudy as es
    >>> summary = es.study(returns, events=["2023-08-28"], market=market).summary()
    >>> print(summary)
    40 events in a panel
    ...
    Studied: of 40 events given, market 40.
    ...
    Events      Window          n  Mean CAR ...
    """

    document: Document

    @property
    def title(self) -> str:
        """What the report is called."""
        return str(self.document.title)

    def __str__(self) -> str:
        return "\n".join(_text(self.document)).rstrip()

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return "\n".join(_html(self.document))


def title_of(numbers: StudyResult | PanelResult) -> str:
    """Return what the report of a result is called."""
    if isinstance(numbers, PanelResult):
        return str(prose.panel_title(numbers))
    return numbers.study.title


def summary_of(numbers: StudyResult | PanelResult) -> Summary:
    """Return the summary of a result."""
    if isinstance(numbers, PanelResult):
        return Summary(panel_document(numbers, sections=SECTION))
    return Summary(study_document(numbers, sections=SECTION))


def _text(document: Document) -> Iterator[str]:
    """Yield the lines of a document as plain text."""
    yield from (document.title, "", *_wrapped(document.question), "")
    for line in document.design:
        yield from _wrapped(line)
    yield ""
    for piece in outline(document):
        if isinstance(piece, Paragraph):
            yield from (*_wrapped(f"{piece.lead} {piece.text}".strip()), "")
        elif isinstance(piece, Exhibit) and isinstance(piece.block, Table):
            yield from (*_wrapped(f"{piece.name} {piece.block.caption}".strip()), "")
            yield from (*_drawn(piece.block), "")
            for note in piece.block.notes:
                yield from (*_wrapped(note), "")


def _wrapped(text: str) -> list[str]:
    """Return text in lines; a space that must not be broken stays whole."""
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _drawn(table: Table) -> Iterator[str]:
    """Yield the lines of a table: columns as wide as they must be, numbers at the right."""
    width = len(table.columns)
    rows = [
        [*[""] * (width - len(row)), *(f"{cell.printed} {cell.detail}".strip() for cell in row)]
        for row in table.rows
    ]
    lines = [[column.title for column in table.columns], *rows]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    rule = ["-" * each for each in widths]
    for line in (lines[0], rule, *rows):
        cells = (
            _padded(cell, each, right=column.numeric)
            for cell, each, column in zip(line, widths, table.columns, strict=True)
        )
        yield "  ".join(cells).rstrip()


def _padded(text: str, width: int, *, right: bool) -> str:
    """Return text as wide as its column."""
    blank = " " * (width - _width(text))
    return blank + text if right else text + blank


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: Chinese letters take two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _html(document: Document) -> Iterator[str]:
    """Yield the parts of a document as markup that needs no style; every text in it is escaped."""
    yield f"<h3>{escape(document.title)}</h3>\n<p><em>{escape(document.question)}</em></p>"
    yield f"<p><small>{escape(' '.join(document.design))}</small></p>"
    for piece in outline(document):
        if isinstance(piece, Paragraph):
            lead = f"<strong>{escape(piece.lead)}</strong> " if piece.lead else ""
            yield f"<p>{lead}{escape(piece.text)}</p>"
        elif isinstance(piece, Exhibit) and isinstance(piece.block, Table):
            yield _html_table(piece.block, piece.name)


def _html_table(table: Table, name: str) -> str:
    """Return a table as markup."""
    heads = "".join(f'<th scope="col">{escape(column.title)}</th>' for column in table.columns)
    notes = "".join(f"<p><small>{escape(note)}</small></p>" for note in table.notes)
    caption = escape(f"{name} {table.caption}".strip())
    return (
        f"<table><caption>{caption}</caption>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>{body(table, _nowhere)}</tbody></table>\n{notes}"
    )


def _nowhere(address: str) -> str:  # noqa: ARG001 - as the page of a report asks for it
    """Return no address: the events of a summary stand in the report."""
    return ""
