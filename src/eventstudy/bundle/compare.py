"""Two files cell by cell: what agrees, what does not, and the first difference."""

from __future__ import annotations

import csv
import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

RELATIVE, ABSOLUTE = 1e-9, 1e-12
"""Largest difference between two numbers that match: of the number itself, and near zero."""
FILE = "(file)"
"""Column of a difference that is that of a whole file."""
LONGEST = 160
"""Characters of a value that a message shows."""

_NUMBER = re.compile(r"[+-]?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")


class Difference(NamedTuple):
    """One cell that differs, or a row or column that one side lacks."""

    file: str
    row: int
    column: str
    expected: str
    found: str

    def __str__(self) -> str:
        row = "heading" if self.row == HEADING else f"row {self.row}"
        place = self.file if self.column == FILE else f"{self.file} {row} {_shown(self.column)}"
        return f"{place}: {_shown(self.expected)} in the bundle, {_shown(self.found)} now"


def _shown(text: str) -> str:
    """Return a value for a message: on one line, with nothing that cannot be seen."""
    if not text:
        return "(empty)"
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}…"


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


Cells: TypeAlias = "Mapping[tuple[int, str], str]"
"""Cells of a file by row, of which 0 is the first below the heading, and column."""


def compare(name: str, expected: Path, found: Path) -> Compared:
    """Compare two files of numbers cell by cell, numbers within the tolerance.

    Parameters
    ----------
    name : str
        Name of the file, for messages: ``.csv`` or ``.json``.
    expected, found : pathlib.Path
        The file of the bundle, and that of the new run; one that is not there has no cells.
    """
    here = expected.is_file(), found.is_file()
    if not all(here):
        sides = ("a file" if each else "no such file" for each in here)
        return Compared(name, 0, (Difference(name, 0, FILE, *sides),), same_bytes=False)
    read = READERS[expected.suffix]
    try:
        if expected.read_bytes() == found.read_bytes():
            return Compared(name, _number_of_cells(expected), (), same_bytes=True)
        before, after = read(expected), read(found)
    except (ValueError, csv.Error, RecursionError) as error:
        broken = Difference(name, 0, FILE, f"not readable ({error})", "a file")
        return Compared(name, 0, (broken,), same_bytes=False)
    differences = tuple(_differences(name, before, after))
    return Compared(name, _count(before), differences, same_bytes=False)


def _number_of_cells(path: Path) -> int:
    """Return the number of cells of a file, without keeping them."""
    if path.suffix != ".csv":
        return _count(READERS[path.suffix](path))
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows, None)
        return sum(map(len, rows))


def _count(cells: Cells) -> int:
    """Return the number of cells below the heading."""
    return sum(row != HEADING for row, _ in cells)


def _differences(name: str, before: Cells, after: Cells) -> Iterator[Difference]:
    """Yield the cells that differ, by row."""
    for place in sorted(dict.fromkeys([*before, *after]), key=lambda place: place[0]):
        old, new = before.get(place, ABSENT), after.get(place, ABSENT)
        if not same(old, new):
            yield Difference(name, *place, old, new)


ABSENT, HEADING = "(nothing)", -1
"""What stands for a cell that one side lacks, and the row of the names of columns."""


def same(expected: str, found: str) -> bool:
    """Tell whether two cells match: the same text, or numbers within the tolerance.

    Examples
    --------
    >>> (
    ...     same("0.1", "0.10000000000000001"),
    ...     same("0.1", "0.1000001"),
    ...     same("", "0"),
    ...     same("007", "7"),
    ... )
    (True, False, False, False)
    """
    if expected == found:
        return True
    if not (_NUMBER.fullmatch(expected) and _NUMBER.fullmatch(found)):
        return False
    return math.isclose(float(expected), float(found), rel_tol=RELATIVE, abs_tol=ABSOLUTE)


def _table(path: Path) -> Cells:
    """Return the cells of a CSV file; the names of its columns are those of the row HEADING."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = [*csv.reader(file)] or [[]]
    names = [name if head.count(name) == 1 else f"{name} ({n})" for n, name in enumerate(head, 1)]
    cells = {(HEADING, f"column {n}"): name for n, name in enumerate(head, 1)}
    for at, row in enumerate(rows):
        for n, cell in enumerate(row):
            cells[at, names[n] if n < len(names) else f"column {n + 1}"] = cell
    return cells


def _tree(path: Path) -> Cells:
    """Return the leaves of a JSON file: row is the place in the first list, column the path to the leaf."""
    return dict(_leaves(json.loads(path.read_text(encoding="utf-8")), ()))


def _leaves(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[int, str], str]]:  # noqa: ANN401 - JSON
    """Yield the leaves below a place."""
    if isinstance(value, dict | list):
        inside = value.items() if isinstance(value, dict) else enumerate(value)
        for key, each in inside:
            yield from _leaves(each, (*path, key))
        return
    row = next((part for part in path if isinstance(part, int)), 0)
    yield (row, " ".join(map(str, path))), value if isinstance(value, str) else json.dumps(value)


READERS: Mapping[str, Callable[[Path], Cells]] = {".csv": _table, ".json": _tree}
"""What reads a file as cells, by its ending."""
