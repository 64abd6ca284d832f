"""Two tables cell by cell: what agrees, what does not, and the first difference."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

RELATIVE, ABSOLUTE = 1e-9, 1e-12
"""Largest difference between two numbers that match: of the number itself, and near zero."""


class Difference(NamedTuple):
    """One cell that differs, or a row or column that one side lacks."""

    file: str
    row: int
    column: str
    expected: str
    found: str

    def __str__(self) -> str:
        place = f"{self.file} row {self.row} {self.column}".rstrip()
        return f"{place}: {self.expected} in the bundle, {self.found} now"


@dataclass(frozen=True, slots=True)
class Compared:
    """One file of both sides.

    Attributes
    ----------
    file : str
        Its name.
    cells : int
        Cells compared.
    differences : tuple of Difference
        Those that differ, in the order of the file.
    same_bytes : bool
        Whether the files are the same.
    """

    file: str
    cells: int
    differences: tuple[Difference, ...]
    same_bytes: bool

    @property
    def differing(self) -> int:
        """Number of cells that differ."""
        return len(self.differences)


def compare_tables(name: str, expected: Path, found: Path) -> Compared:
    """Compare two CSV files cell by cell, numbers within the tolerance.

    Parameters
    ----------
    name : str
        Name of the file, for messages.
    expected, found : pathlib.Path
        The file of the bundle, and that of the new run.
    """
    if expected.read_bytes() == found.read_bytes():
        return Compared(name, _cells(expected), (), same_bytes=True)
    head, theirs = _table(expected)
    new_head, ours = _table(found)
    differences = [
        *_edges(name, head, new_head, len(theirs), len(ours)),
        *(
            Difference(name, row, head[column], old, new)
            for row, (before, after) in enumerate(zip(theirs, ours, strict=False))
            for column, (old, new) in enumerate(zip(before, after, strict=False))
            if not same(old, new)
        ),
    ]
    cells = sum(len(row) for row in theirs)
    return Compared(name, cells, tuple(differences), same_bytes=False)


def same(expected: str, found: str) -> bool:
    """Tell whether two cells match: the same text, or numbers within the tolerance.

    Examples
    --------
    >>> same("0.1", "0.10000000000000001"), same("0.1", "0.1000001"), same("", "0")
    (True, False, False)
    """
    if expected == found:
        return True
    try:
        return math.isclose(float(expected), float(found), rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    except ValueError:
        return False


def _edges(
    name: str, head: list[str], new_head: list[str], rows: int, new_rows: int
) -> list[Difference]:
    """Return that columns or rows are not those of the bundle."""
    found = []
    if head != new_head:
        found.append(Difference(name, 0, "(columns)", ", ".join(head), ", ".join(new_head)))
    if rows != new_rows:
        found.append(Difference(name, min(rows, new_rows), "(rows)", str(rows), str(new_rows)))
    return found


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return head and rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = [*csv.reader(file)] or [[]]
    return head, rows


def _cells(path: Path) -> int:
    """Return the number of cells of a CSV file."""
    head, rows = _table(path)
    return len(head) * len(rows)
