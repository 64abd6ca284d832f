"""The body of a table as HTML: written cell by cell in Python, for there are tens of thousands."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventstudy.document.blocks import Link
    from eventstudy.tables import Cell, Column, Table


def body(table: Table, link: Callable[[str], str]) -> str:
    """Return the rows of a table; every text in them is escaped.

    Rows and cells are not closed, as HTML allows: a tenth of a long page would be closing tags.

    Parameters
    ----------
    table : Table
        A row that lacks its first cells continues the one above.
    link : callable
        Gives the address that a page may link to, empty where it may not.
    """
    return "".join(_row(row, table.columns, link) for row in table.rows)


_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_LONG = 30
"""Most letters of a cell that a phone may break into lines of a word or two."""


def _row(row: tuple[Cell, ...], columns: tuple[Column, ...], link: Callable[[str], str]) -> str:
    """Return one row."""
    offset = len(columns) - len(row)
    cells = [
        _cell(cell, columns[at], heading=not at, link=link)
        for at, cell in enumerate(row, start=offset)
    ]
    first = "" if offset else ' class="first"'
    return f"<tr{first}>{''.join(cells)}\n"


def _cell(cell: Cell, column: Column, *, heading: bool, link: Callable[[str], str]) -> str:
    """Return one cell: the heading of its row, or one under its column."""
    usual = column.numeric is not heading  # numbers in cells and words in headings need no class
    classes = [
        *([] if usual else ["n" if column.numeric else "w"]),
        *(["long"] if len(cell.text) > _LONG and not (heading or column.numeric) else []),
        *(["strong"] if cell.strong else []),
        *([] if cell.tone is None else [f"tone{cell.tone % 4}"]),
    ]
    scope = ' scope="row"' if heading else ""
    span = f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    kind = f' class="{" ".join(classes)}"' if classes else ""
    tag = "th" if heading else "td"
    shown = replace(cell, text=cell.printed) if cell.stars else cell
    return f"<{tag}{scope}{span}{kind}>{words(shown, link)}"


def words(value: Cell | Link, link: Callable[[str], str]) -> str:
    """Return words, linked where they lead somewhere, with their detail in grey."""
    text = _whole(escape(value.text))
    address = link(value.href) if value.href else ""
    if address:
        away = "" if _inside(value.href) else ' rel="noopener noreferrer"'
        text = f'<a href="{escape(address)}"{away}>{text}</a>'
    return f"{text} <small>{_whole(escape(value.detail))}</small>" if value.detail else text


def _whole(text: str) -> str:
    """Return text whose dates are not broken at their hyphens."""
    return _DATE.sub(r'<span class="whole">\g<0></span>', text) if "-" in text else text


def _inside(address: str) -> bool:
    """Tell whether an address leads into the reports."""
    return not address.lower().startswith(("http:", "https:"))
