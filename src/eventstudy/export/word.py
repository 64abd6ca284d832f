"""HTML that word processors open: plain headings, paragraphs, tables and pictures, no script."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from eventstudy.export.drawings import WIDTHS
from eventstudy.export.outline import Exhibit, Heading, outline
from eventstudy.language import current
from eventstudy.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eventstudy.document import Document
    from eventstudy.document.blocks import Figure
    from eventstudy.export.drawings import Drawings
    from eventstudy.export.outline import Paragraph
    from eventstudy.tables import Cell

PAGE = "report.html"
STYLE = (
    "body{font-family:'Times New Roman',serif;font-size:11pt}"
    "table{border-collapse:collapse;border-top:1.5pt solid black;border-bottom:1.5pt solid black}"
    "th{border-bottom:.75pt solid black;text-align:left;vertical-align:bottom}"
    "th,td{padding:1pt 5pt;font-size:9pt;vertical-align:top}"
    ".n{text-align:right}.s{font-size:9pt}.d{font-size:8pt}"
)
PIXELS = 96
"""Of a web page, to the inch."""


def write_word(document: Document, drawings: Drawings, folder: Path) -> None:
    """Write ``report.html`` and the pictures that it shows, PNG.

    Parameters
    ----------
    document : Document
        What the report says.
    drawings : Drawings
        Where its figures are drawn.
    folder : pathlib.Path
        Where the files go.
    """
    lines = [f"<h1>{escape(document.title)}</h1>"]
    lines += [f"<p>{escape(line)}</p>" for line in (document.question, *document.design)]
    for piece in outline(document):
        if isinstance(piece, Heading):
            lines.append(f"<h{piece.level}>{escape(piece.text)}</h{piece.level}>")
        elif not isinstance(piece, Exhibit):
            lines.append(_paragraph(piece))
        elif isinstance(piece.block, Table):
            lines += _table(piece, piece.block)
        else:
            (folder / f"{piece.block.id}.png").write_bytes(drawings.png(piece.block))
            lines += _figure(piece, piece.block, drawings.usual(piece.block))
    head = f'<meta charset="utf-8"><title>{escape(document.title)}</title><style>{STYLE}</style>'
    body = "\n".join(lines)
    page = f'<!DOCTYPE html>\n<html lang="{current()}"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'
    (folder / PAGE).write_text(page, encoding="utf-8")


def _paragraph(piece: Paragraph) -> str:
    """Return a paragraph, an entry of a list, or a command."""
    if piece.kind == "code":
        return f"<pre>{escape(piece.text)}</pre>"
    lead = f"<b>{escape(piece.lead)}</b> " if piece.lead else ""
    words = f"{lead}{escape(piece.text)}"
    if piece.kind == "item":
        return f"<ul><li>{words}</li></ul>"
    return f'<p class="s">{words}</p>' if piece.kind == "note" else f"<p>{words}</p>"


def _caption(exhibit: Exhibit, caption: str) -> str:
    return f"<p><b>{escape(exhibit.name)}</b> {escape(caption)}</p>"


def _figure(exhibit: Exhibit, figure: Figure, width: str) -> list[str]:
    """Return a figure with its caption above."""
    pixels = round(WIDTHS[width] * PIXELS)
    picture = f'<img src="{figure.id}.png" width="{pixels}" alt="{escape(figure.name)}">'
    return [_caption(exhibit, figure.caption), f"<p>{picture}</p>"]


def _table(exhibit: Exhibit, table: Table) -> Iterator[str]:
    """Yield the lines of a table: caption, rows, notes."""
    yield _caption(exhibit, table.caption)
    yield "<table>"
    heads = "".join(f"<th{_at_right(c.numeric)}>{escape(c.title)}</th>" for c in table.columns)
    yield f"<thead><tr>{heads}</tr></thead>"
    for row in table.rows:
        columns = table.columns[len(table.columns) - len(row) :]
        cells = (
            _cell(cell, numeric=column.numeric) for column, cell in zip(columns, row, strict=True)
        )
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</table>"
    for note in table.notes:
        yield f'<p class="s">{escape(note)}</p>'


def _at_right(numeric: bool) -> str:  # noqa: FBT001 - one flag, named by the function
    return ' class="n"' if numeric else ""


def _cell(cell: Cell, *, numeric: bool) -> str:
    """Return a cell with what stands beside it."""
    span = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    words = f"<b>{escape(cell.printed)}</b>" if cell.strong else escape(cell.printed)
    beside = f' <span class="d">{escape(cell.detail)}</span>' if cell.detail else ""
    return f"<td{_at_right(numeric)}{span}>{words}{beside}</td>"
