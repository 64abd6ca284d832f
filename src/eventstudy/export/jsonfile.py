"""JSON: the whole document with the value and the printed text of every cell."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from eventstudy.document.blocks import Figure
from eventstudy.export.grid import entry_of
from eventstudy.export.names import names_of
from eventstudy.export.outline import Heading, Paragraph, outline
from eventstudy.language import Number, numbers_of

if TYPE_CHECKING:
    from pathlib import Path

    from eventstudy.document import Document
    from eventstudy.export.drawings import Drawings
    from eventstudy.export.outline import Piece
    from eventstudy.tables import Cell, Table

FILE = "report.json"


def write_json(document: Document, _drawings: Drawings, folder: Path) -> None:
    """Write ``report.json``.

    Parameters
    ----------
    document : Document
        What the report says.
    folder : pathlib.Path
        Where the file goes.

    Notes
    -----
    A cell has its printed ``text``, the ``value`` in the unit of the results (returns are decimals), the
    number ``in_print`` before it was rounded, and every number of text and detail with its source. What
    is no number is ``null``.
    """
    content = {
        "title": document.title,
        "question": document.question,
        "design": document.design,
        "pieces": [_piece(piece, document) for piece in outline(document)],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    (folder / FILE).write_text(f"{text}\n", encoding="utf-8")


def _piece(piece: Piece, document: Document) -> dict[str, Any]:
    """Return a heading, a paragraph, a table or a figure."""
    if isinstance(piece, Heading):
        return {"kind": "heading", "level": piece.level, "text": piece.text}
    if isinstance(piece, Paragraph):
        return {"kind": piece.kind, "lead": piece.lead, "text": piece.text}
    block = piece.block
    about = {
        "kind": block.kind,
        "id": block.id,
        "number": piece.number,
        "title": piece.title,
        "where": piece.where,
        "caption": block.caption,
    }
    if isinstance(block, Figure):
        return {**about, "name": block.name, "table": block.table.id}
    return {**about, **_table(block, document)}


def _table(table: Table, document: Document) -> dict[str, Any]:
    """Return columns, rows and notes."""
    return {
        "columns": [
            {"name": name, "title": column.title, "numeric": column.numeric}
            for name, column in zip(_names(table, document), table.columns, strict=True)
        ],
        "rows": [[_cell(cell, document) for cell in row] for row in table.rows],
        "notes": table.notes,
    }


def _names(table: Table, document: Document) -> list[str]:
    """Return the names of the columns, as CSV has them."""
    titles = [column.title for column in table.columns]
    headings = document.headings.get(table.id, titles)
    return names_of(headings, [(at, "") for at in range(len(titles))])


def _cell(cell: Cell, document: Document) -> dict[str, Any]:
    """Return a cell; a row that lacks its first cells continues the one above."""
    content: dict[str, Any] = {
        "text": cell.printed,
        "value": _finite(cell.value),
        "in_print": entry_of(cell).value,
    }
    if cell.detail:
        content["detail"] = cell.detail
    if cell.rows > 1:
        content["rows"] = cell.rows
    if numbers := [_number(each, document) for each in numbers_of(cell.text, cell.detail)]:
        content["numbers"] = numbers
    return content


def _number(number: Number, document: Document) -> dict[str, Any]:
    """Return a printed number with its value and its source."""
    return {"text": number, "value": _finite(number.value), "source": document.source(number)}


def _finite(value: object) -> object:
    """Return a number as JSON has it, and None where it is none."""
    if isinstance(value, str) or value is None:
        return value
    number = float(value)  # type: ignore[arg-type]  # a number of any kind, numpy's too
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() else number
