"""Markdown: the whole report in one file, with its tables as pipes and its figures beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eventstudy.export.outline import Exhibit, Heading, outline
from eventstudy.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eventstudy.document import Document
    from eventstudy.document.blocks import Figure
    from eventstudy.export.drawings import Drawings
    from eventstudy.export.outline import Paragraph
    from eventstudy.tables import Cell

PAGE = "report.md"

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$])")
_LINE_START = re.compile(r"^\s*(?:[-+]|\d+[.)])(?=\s)")


def escape(text: str) -> str:
    """Return text that Markdown prints as it is, in one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.replace("&", "&amp;").split("\n")))


def escape_line(text: str) -> str:
    """Return a line of text that makes no list, whatever it begins with."""
    return _LINE_START.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", escape(text))


def write_markdown(document: Document, drawings: Drawings, folder: Path) -> None:
    """Write ``report.md`` and the figures that it shows, SVG.

    Parameters
    ----------
    document : Document
        What the report says.
    drawings : Drawings
        Where its figures are drawn.
    folder : pathlib.Path
        Where the files go.
    """
    lines = [f"# {escape(document.title)}", "", escape_line(document.question), ""]
    for line in document.design:
        lines += [escape_line(line), ""]
    for piece in outline(document):
        if isinstance(piece, Heading):
            lines += [f"{'#' * piece.level} {escape(piece.text)}", ""]
        elif not isinstance(piece, Exhibit):
            lines += [_paragraph(piece), ""]
        elif isinstance(piece.block, Table):
            lines += [*_table(piece, piece.block), ""]
        else:
            name = f"{piece.block.id}.svg"
            (folder / name).write_text(drawings.svg(piece.block), encoding="utf-8")
            lines += [*_figure(piece, piece.block), ""]
    (folder / PAGE).write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _paragraph(piece: Paragraph) -> str:
    """Return a paragraph, an entry of a list, or a command."""
    if piece.kind == "code":
        return "\n".join(f"    {line}" for line in piece.text.splitlines())
    lead = f"**{escape(piece.lead)}** " if piece.lead else ""
    return f"{'* ' if piece.kind == 'item' else ''}{lead}{escape(piece.text) if lead else escape_line(piece.text)}"


def _figure(exhibit: Exhibit, figure: Figure) -> list[str]:
    """Return a figure with its caption above."""
    caption = f"**{escape(exhibit.name)}** {escape(figure.caption)}".rstrip()
    return [caption, "", f"![{escape(figure.name)}]({figure.id}.svg)"]


def _table(exhibit: Exhibit, table: Table) -> Iterator[str]:
    """Yield the lines of a table: caption, pipes, notes."""
    yield f"**{escape(exhibit.name)}** {escape(table.caption)}".rstrip()
    yield ""
    yield f"| {' | '.join(escape(column.title) for column in table.columns)} |"
    yield f"| {' | '.join('---:' if column.numeric else '---' for column in table.columns)} |"
    for row in table.rows:
        blank = [""] * (len(table.columns) - len(row))
        yield f"| {' | '.join([*blank, *map(_cell, row)])} |"
    for note in table.notes:
        yield ""
        yield escape_line(note)


def _cell(cell: Cell) -> str:
    """Return a cell with what stands beside it."""
    words = escape(cell.printed)
    if cell.strong and words:
        words = f"**{words}**"
    return f"{words} {escape(cell.detail)}".strip()
