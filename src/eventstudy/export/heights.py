"""How high a LaTeX table stands, reckoned from its lines, and whether one page holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy.export.letters import in_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eventstudy.tables import Table
    from eventstudy.tables.table import Row

PAGE = 600.0
"""Points of the height of a page that a table may take with its caption and notes."""
BASELINE: dict[float, float] = {10: 12.0, 9: 11.0, 8: 9.5, 6: 7.0}
"""Points from line to line, by the size of type."""
CAPTION = (80, 13.6)
"""Characters of a line of a caption, and points from line to line."""
NOTE = (100, 11.0)
"""The same of a note."""
RULES, GAP = 20.0, 5.0
"""Points of the three rules, and of the space beside a row of two lines or above a note."""


def one_page(table: Table, caption: str, layout: Sequence[int], points: float) -> bool:
    """Return whether a page holds a table.

    Parameters
    ----------
    table : Table
        What is printed.
    caption : str
        Its caption, number and title included.
    layout : sequence of int
        Characters of a line of each column.
    points : float
        Size of type in points, smaller than any size of :data:`BASELINE` where the table is shrunk.

    Notes
    -----
    A row is as high as its highest cell: the lines of its words at the width of the column, and those of
    what stands below them.
    """
    line = BASELINE.get(points, 1.2 * points)
    heads = max(len(in_lines(column.title, 16)) for column in table.columns)
    lines = heads + sum(_row(row, layout[len(layout) - len(row) :]) for row in table.rows)
    between = GAP * sum(any(cell.detail or cell.rows > 1 for cell in row) for row in table.rows)
    notes = sum(_text(note, NOTE) + GAP for note in table.notes)
    return RULES + lines * line + between + _text(caption, CAPTION) + notes <= PAGE


def _row(row: Row, layout: Sequence[int]) -> int:
    """Return the lines of a row."""
    cells: Iterable[tuple[str, str, int]] = (
        (cell.text, cell.detail, width) for cell, width in zip(row, layout, strict=True)
    )
    return max(
        len(in_lines(text, width)) + (len(in_lines(detail, width)) if detail else 0)
        for text, detail, width in cells
    )


def _text(words: str, setting: tuple[int, float]) -> float:
    """Return the points of a paragraph."""
    width, line = setting
    return line * len(in_lines(words, width)) if words else 0.0
