"""A table as a grid: one column for every kind of number, one entry for every cell.

What stands beside a number in print, its interval or a p, has columns of its own here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventstudy import formats
from eventstudy.export.names import field_of, names_of
from eventstudy.language import Number, numbers_of, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eventstudy.tables import Cell, Table


@dataclass(frozen=True, slots=True)
class Entry:
    """One cell of a grid.

    Attributes
    ----------
    value : float, str or None
        The number before it was rounded, in the unit in which it is printed (shares printed with a sign
        for per cent are decimals); a date as ISO 8601; words as they are printed; None where there is
        nothing.
    text : str
        What is printed.
    """

    value: float | str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose columns hold one kind of number each.

    Attributes
    ----------
    columns : tuple of str
        Headings, each another.
    names : tuple of str
        The same as code wants them (:mod:`eventstudy.export.names`).
    rows : tuple of tuple of Entry
        As many entries as columns in every row; a cell that spans rows stands in each of them.
    """

    columns: tuple[str, ...]
    names: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]


def grid_of(table: Table, headings: Sequence[str] = ()) -> Grid:
    """Return a table as a grid.

    Parameters
    ----------
    table : Table
        Of a document.
    headings : sequence of str, optional
        Those of its columns in English, where the document is in another language.
    """
    rows = filled(table)
    titles: list[str] = []
    endings: list[tuple[int, str]] = []
    columns: list[list[Entry]] = []
    for at, column in enumerate(table.columns):
        cells = [row[at] for row in rows]
        own = (column.title, "", list(map(entry_of, cells)))
        for title, ending, entries in (own, *_beside(column.title, cells)):
            titles.append(title)
            endings.append((at, ending))
            columns.append(entries)
    names = names_of(headings or [column.title for column in table.columns], endings)
    return Grid(tuple(unlike(titles)), tuple(names), tuple(zip(*columns, strict=True)))


def filled(table: Table) -> list[tuple[Cell, ...]]:
    """Return the rows of a table, each whole: what spans rows is in every one of them."""
    rows: list[tuple[Cell, ...]] = []
    for row in table.rows:
        lacking = len(table.columns) - len(row)
        rows.append((*rows[-1][:lacking], *row) if lacking else row)
    return rows


def entry_of(cell: Cell) -> Entry:
    """Return the number of a cell with the text that is printed; words where it has none."""
    known = numbers_of(cell.text)
    if isinstance(cell.text, Number) or (len(known) == 1 and isinstance(cell.value, float | int)):
        return Entry(in_print(known[0]), cell.text)
    if isinstance(cell.value, float | int):
        return Entry(float(cell.value) if math.isfinite(cell.value) else None, cell.text)
    return Entry(cell.text or None, cell.text)


def in_print(number: Number) -> float | str | None:
    """Return a number before it was rounded, in the unit in which it is printed."""
    if isinstance(number.value, str):
        return number.value or None
    value = float(number.value)
    if not math.isfinite(value):
        return None
    return value if number.endswith("%") else float(formats.exactly(value, number.scale))


def _beside(name: str, cells: Sequence[Cell]) -> Iterable[tuple[str, str, list[Entry]]]:
    """Yield columns for what the cells of one column are printed with: headings, endings, entries."""
    if any(len(numbers_of(c.text)) > 1 and isinstance(c.value, float | int) for c in cells):
        yield say("{column}, printed", column=name), "printed", [_words(c.text) for c in cells]
    if any(cell.stars for cell in cells):
        yield say("{column}, stars", column=name), "stars", [_words(c.stars) for c in cells]
    split = [formats.ends_of(cell.detail) for cell in cells]
    if any(ends for ends, _ in split):
        titles = say("{column}, low", column=name), say("{column}, high", column=name)
        for at, title in enumerate(titles):
            entries = [_number(ends[at]) if ends else Entry() for ends, _ in split]
            yield title, ("low", "high")[at], entries
    rest = [text for _, text in split]
    if any(rest):
        both = zip(cells, split, strict=True)
        inner = [numbers_of(cell.detail)[len(ends) :] for cell, (ends, _) in both]
        yield from _words_beside(name, rest, inner)


def _words_beside(
    name: str, rest: Sequence[str], inner: Sequence[tuple[Number, ...]]
) -> Iterable[tuple[str, str, list[Entry]]]:
    """Yield a column for numbers that stand alone, else one for the words and one for each number in them."""
    beside = say("{column}, beside", column=name)
    if all(_alone(text, known) for text, known in zip(rest, inner, strict=True)):
        ending = field_of(number for known in inner for number in known) or "beside"
        yield beside, ending, [_number(known[0]) if known else Entry() for known in inner]
        return
    yield beside, "note", list(map(_words, rest))
    for at in range(max(map(len, inner))):
        ending = field_of(known[at] for known in inner if at < len(known)) or f"note_{at + 1}"
        entries = [_number(known[at]) if at < len(known) else Entry() for known in inner]
        yield say("{column}, beside, number {n}", column=name, n=at + 1), ending, entries


def _alone(text: str, known: Sequence[Number]) -> bool:
    """Tell whether a text is nothing but one number, in brackets or not."""
    return not text or (len(known) == 1 and text.strip("()") == known[0])


def _number(number: Number) -> Entry:
    return Entry(in_print(number), number)


def _words(text: str) -> Entry:
    return Entry(text or None, text)


def unlike(names: Iterable[str]) -> list[str]:
    """Return names of which no two are alike, in upper or lower case: the second of two has a 2 behind."""
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        candidate, count = name, 1
        while candidate.casefold() in taken:
            count += 1
            candidate = f"{name} {count}"
        taken.add(candidate.casefold())
        found.append(candidate)
    return found
