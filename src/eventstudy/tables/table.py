"""The table: columns, cells, notes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import formats
from eventstudy.language import Number, Said, derived, say, say_n

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Column:
    """One column; numbers stand at the right."""

    title: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes
    ----------
    text : str
        What is printed.
    value : float or str or None
        What it stands for, not rounded; returns are decimals.
    detail : str
        Printed beside or below in grey: an interval, a date, a reason.
    href : str
        Anchor that the text leads to; empty for plain text.
    tone : int or None
        Position of the index whose colour the text takes.
    strong : bool
        Whether the text is set in bold.
    rows : int
        Number of rows that the cell spans; the rows below leave it out.
    stars : str
        Printed behind the text of an estimate, where the user wants stars.
    """

    text: str
    value: float | str | None = None
    detail: str = ""
    href: str = ""
    tone: int | None = None
    strong: bool = False
    rows: int = 1
    stars: str = ""

    @property
    def printed(self) -> str:
        """Return the text with its stars."""
        return f"{self.text}{self.stars}" if self.stars else self.text


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption and notes.

    Attributes
    ----------
    id : str
        Anchor, unique in the page.
    title, caption : str
        Name, and what a reader must know to read the numbers.
    columns : tuple of Column
        The first one stays in view when the table is scrolled sideways.
    rows : tuple of tuple of Cell
        A row that lacks its first cell continues the one above.
    notes : tuple of str
        Printed below.
    plain : str
        The caption without what it says of brackets, where it does.
    """

    kind: ClassVar[str] = "table"
    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    notes: tuple[str, ...] = ()
    plain: str = ""


def words(text: str, *, detail: str = "", tone: int | None = None) -> Cell:
    """Return a cell of plain words."""
    return Cell(text, value=text, detail=detail, tone=tone)


def number(value: float, text: str, *, detail: str = "") -> Cell:
    """Return a cell with a number and the way it is printed."""
    return Cell(text, value=float(value), detail=detail)


def whole(value: float, *, detail: str = "") -> Cell:
    """Return a cell with a number of things."""
    return number(value, formats.number(value, 0), detail=detail)


def figure(*titles: str) -> tuple[Column, ...]:
    """Return columns of numbers; plain titles are messages, said in the language of the reader."""
    return tuple(
        Column(title if isinstance(title, Said | Number) else say(title), numeric=True)
        for title in titles
    )


def chance(p_values: Iterable[float], alpha: float) -> tuple[str, ...]:
    """Say how many of the p-values of a table are at or below a level; nothing for fewer than two."""
    known = [p_value for p_value in p_values if math.isfinite(p_value)]
    if len(known) < 2:
        return ()
    below = sum(p_value <= alpha for p_value in known)
    note = say_n(
        "Of {n} p-values here {below} is at or below {level}; about {chance} would be by chance.",
        "Of {n} p-values here {below} are at or below {level}; about {chance} would be by chance.",
        below,
        n=formats.number(derived(len(known), "p-values of the table"), 0),
        below=formats.or_none(derived(below, "p-values of the table at or below alpha")),
        level=formats.level(derived(alpha, "study: alpha")),
        chance=formats.number(derived(alpha * len(known), "alpha by p-values of the table"), 1),
    )
    return (note,)
