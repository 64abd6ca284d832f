"""Numbers that know where they come from, on their way from a result into a sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self, TypeAlias, overload

if TYPE_CHECKING:
    from collections.abc import Iterable

NUMERAL = re.compile(r"(?<![\w.])(?:\d{4}-\d\d-\d\d|[+\N{MINUS SIGN}-]?\d+(?:[.,]\d+)*)(?!\w)")
"""A date or number in words that were written elsewhere: not a part of a word, such as an id."""


class Datum(float):
    """A number of a result with its source.

    Attributes
    ----------
    source : str
        Cell of a results file, as ``results/verdicts.csv row 3 ar0`` (the row below the heading is 1), or
        how it was made of such cells.
    """

    __slots__ = ("source",)
    source: str

    def __new__(cls, value: float, source: str) -> Self:
        """Return a number with its source."""
        made = float.__new__(cls, value)
        made.source = source
        return made


class Whole(int):
    """A whole number of a result with its source, as :class:`Datum`."""

    source: str

    def __new__(cls, value: int, source: str) -> Self:
        """Return a whole number with its source."""
        made = int.__new__(cls, value)
        made.source = source
        return made


class Cited(str):
    """Words of a result with their source, as :class:`Datum`."""

    __slots__ = ("source",)
    source: str

    def __new__(cls, text: str, source: str) -> Self:
        """Return words with their source."""
        made = str.__new__(cls, text)
        made.source = source
        return made


Value: TypeAlias = float | int | str
Condition: TypeAlias = tuple[str, str, object]
"""A column of a file, what is asked of its cells, and the value that they are held against."""


class Rule(str):
    """The source of a count, in words, with what a program needs to count again.

    Attributes
    ----------
    file : str
        File of results.
    where : tuple of Condition
        What the rows have that are counted: ``=``, ``in``, ``<=``, ``not <=``, ``<``, ``>``, or ``empty``, which is
        true or false. The column ``row`` is the place of the row, 1 below the heading.
    distinct : tuple of str
        Columns whose different values are counted; rows are where there is none.
    """

    __slots__ = ("distinct", "file", "where")
    distinct: tuple[str, ...]
    file: str
    where: tuple[Condition, ...]

    def __new__(
        cls, file: str, where: Iterable[Condition] = (), distinct: Iterable[str] = ()
    ) -> Self:
        """Return a rule with its words."""
        conditions, columns = tuple(where), tuple(distinct)
        what = f"different {' and '.join(columns)} in rows" if columns else "rows"
        which = " and ".join(map(_condition, conditions))
        made = super().__new__(
            cls, f"{what} of {file} with {which}" if which else f"{what} of {file}"
        )
        made.file, made.where, made.distinct = file, conditions, columns
        return made

    def of(self, file: str) -> Rule:
        """Return the same rule for a file of another name."""
        return Rule(file, self.where, self.distinct)


def _condition(condition: Condition) -> str:
    """Return a condition in words."""
    column, asked, value = condition
    if asked == "empty":
        return f"{column} {'empty' if value else 'not empty'}"
    listed = ", ".join(map(str, value)) if isinstance(value, tuple) else f"{value}"
    return f"{column} {asked} {listed}"


class Number(str):
    """A number as it is printed.

    Attributes
    ----------
    value : float, int or str
        Not rounded, in the unit of its source: returns are decimals, dates ISO 8601.
    source : str
        As :class:`Datum` has it; empty where the number says nothing of the data.
    scale : int
        What the value is multiplied by in print: 100 where it is printed in per cent.
    """

    __slots__ = ("scale", "source", "value")
    value: Value
    source: str
    scale: int

    def __new__(cls, text: str, value: Value, source: str = "", scale: int = 1) -> Self:
        """Return a printed number with what it stands for."""
        made = super().__new__(cls, text)
        made.value, made.source, made.scale = value, source, scale
        return made


class Said(str):
    """Words with the numbers that stand in them.

    Attributes
    ----------
    numbers : tuple of Number
        In the order in which the words name them.
    """

    __slots__ = ("numbers",)
    numbers: tuple[Number, ...]

    def __new__(cls, text: str, numbers: Iterable[Number] = ()) -> Self:
        """Return words with their numbers."""
        made = super().__new__(cls, text)
        made.numbers = tuple(numbers)
        return made


@overload
def derived(value: str, source: str) -> Cited: ...
@overload
def derived(value: int, source: str) -> Whole: ...
@overload
def derived(value: float, source: str) -> Datum: ...
def derived(value: float | str, source: str) -> Datum | Whole | Cited:
    """Return a number that was made of others, with how; or words with where they stand.

    Parameters
    ----------
    value : float, int or str
        The number, or the words.
    source : str
        The files and columns that it is made of, and the rule, such as
        ``rows of results/verdicts.csv with p0 at or below alpha``.
    """
    if isinstance(value, str):
        return Cited(value, source)
    if type(value) is not float and hasattr(value, "__index__") and not isinstance(value, bool):
        return Whole(int(value), source)
    return Datum(value, source)


def source_of(value: object) -> str:
    """Return the source of a number or of words; empty where it is not known."""
    source: str = getattr(value, "source", "")
    return source


def as_number(text: str, value: Value, scale: int = 1) -> Number:
    """Return a number as it is printed, with the source of the value and what multiplies it."""
    return Number(text, value, source_of(value), scale)


def numbers_of(*parts: object) -> tuple[Number, ...]:
    """Return the numbers in some words, in order."""
    found: list[Number] = []
    for part in parts:
        if isinstance(part, Number):
            found.append(part)
        elif isinstance(part, Said):
            found.extend(part.numbers)
        elif isinstance(part, (Datum, Whole)):
            found.append(as_number(f"{part}", part))
    return tuple(found)


def quoted(text: str, source: str = "") -> Said:
    """Return words that were written elsewhere, such as a finding, with the numbers in them.

    Parameters
    ----------
    text : str
        The words.
    source : str, optional
        Where they stand, if they do not know it.

    Examples
    --------
    >>> quoted("2 of 5 days of CSI300 moved by 7.5 per cent").numbers
    ('2', '5', '7.5')
    """
    place = source or source_of(text)
    return Said(text, (Number(each, _read(each), place) for each in NUMERAL.findall(text)))


def _read(text: str) -> Value:
    """Return the value of a number that was written elsewhere; a date stays as it is."""
    plain = text.replace(",", "").replace("\N{MINUS SIGN}", "-")
    for kind in (int, float):
        try:
            return kind(plain)
        except ValueError:
            continue
    return text


def join(parts: Iterable[str], between: str = " ") -> Said:
    """Join words and keep their numbers."""
    kept = [part for part in parts if part]
    return Said(between.join(kept), numbers_of(*kept))


def same_numbers(text: str, *origins: str) -> Said:
    """Return changed words with the numbers of those that they were made of."""
    return Said(text, numbers_of(*origins))
