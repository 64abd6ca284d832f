"""A YAML file as plain values, with the place of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventstudy.errors import Problem
    from eventstudy.yamlfile.page import Page

Where = tuple[str | int, ...]
"""Where a value stands: the keys and list positions that lead to it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file holds, for messages.

    Attributes
    ----------
    name : str
        As in ``a study``.
    start : str
        How to come by a first one.
    """

    name: str
    start: str


STUDY = Kind("study", "`eventstudy new FILE` writes a study file to start from")


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as plain values, with the place of each.

    Attributes
    ----------
    page : Page
        The file: its name, bytes and lines.
    data : dict
        Maps, lists and strings; None where there is no usable value (:attr:`blanks`).
    keys, values : mapping of tuple to Place
        Places of keys and of values; an empty value stands where its key stands.
    blanks : frozenset of tuple
        Values that are empty or were refused; each has its problem.
    problems : tuple of Problem
        Mistakes that leave the rest of the file readable.
    """

    page: Page
    data: dict[str, Any]
    keys: Mapping[Where, Place]
    values: Mapping[Where, Place]
    blanks: frozenset[Where]
    problems: tuple[Problem, ...]

    def problem(self, code: str, where: Where, message: str, *, at_key: bool = False) -> Problem:
        """Return a problem at a value, or at its key; at what is around it where there is none."""
        places = self.keys if at_key and where in self.keys else self.values
        nearest = next(where[:n] for n in range(len(where), -1, -1) if where[:n] in places)
        return self.page.problem(places[nearest], code, spell(where), message)


def spell(where: Where) -> str:
    """Return a path as readers know it.

    Examples
    --------
    >>> spell(("events", 2, "announced"))
    'events[2].announced'
    """
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)
    return "".join(parts).removeprefix(".")


def kind_of(value: object) -> str:
    """Return what a value is, in words that readers of YAML know."""
    if isinstance(value, dict):
        return "a block of keys"
    return "a list" if isinstance(value, list | tuple) else "text"
