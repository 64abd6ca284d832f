"""Lines of a CSV file: where a row begins, and which row has not one cell under every name."""

from __future__ import annotations

import csv
from bisect import bisect_right
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from eventstudy.formats import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FIRST = 2
"""Line of the first row below a header of one line."""

LISTED = 5
"""Mistakes of one table that a message lists; the rest is counted."""


def line_of(path: Path, row: int) -> int:
    """Return the line in which a row begins, the first below the header being row 0.

    Lines without a character are no rows, and a quoted cell may go over several lines.
    """
    seen = path.stat() if path.is_file() else None
    if seen is None:
        return FIRST + row
    rows, shifts = _shifts(path, seen.st_size, seen.st_mtime_ns)
    return FIRST + row + shifts[bisect_right(rows, row)]


def uneven_row(path: Path, width: int) -> str:
    """Return what is wrong with the first row that has not `width` cells; empty where there is none."""
    for line, cells in _rows(path):
        if len(cells) != width:
            return (
                f"line {line} has {counted(len(cells), 'cell')}, and the header {width}: write one cell"
                " under every name, numbers with a decimal point and without thousands separators, and"
                " no notes above or below the table"
            )
    return ""


def together(path: Path, texts: Sequence[str], count: int) -> str:
    """Return one message of what is wrong in a table.

    Parameters
    ----------
    path : pathlib.Path
        The table.
    texts : sequence of str, not empty
        Where and what, of the first mistakes; at most :data:`LISTED` are listed.
    count : int
        How many there are.
    """
    if count == 1:
        return texts[0]
    shown = [text.removeprefix(f"{path}, ") for text in texts[:LISTED]]
    more = [f"and {count - len(shown):,} more"] if count > len(shown) else []
    return "\n  ".join([f"{path} has {count:,} mistakes:", *shown, *more])


@lru_cache(maxsize=1)
def _shifts(path: Path, _size: int, _changed: int) -> tuple[list[int], list[int]]:
    """Return the rows before which lines are left out, and how many by then, beginning with none."""
    rows: list[int] = []
    shifts = [0]
    for row, (line, _) in enumerate(_rows(path), start=-1):
        if line - FIRST - row != shifts[-1]:
            rows.append(row)
            shifts.append(line - FIRST - row)
    return rows, shifts


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a file with the line in which each begins, the header first."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file, suppress(csv.Error):
        reader, before = csv.reader(file), 0
        for cells in reader:
            line, before = before + 1, reader.line_num
            if cells:
                yield line, cells
