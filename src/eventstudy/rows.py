"""Rows of a frame by their keys: a frame is read through once, however often its rows are asked for."""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, TypeVar

from eventstudy.columns import FRAMES
from eventstudy.language import Datum, derived

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

Asked = TypeVar("Asked")
Made = TypeVar("Made")

HELD = 128
"""Objects of which what was made of them is known at a time: all frames of one study, and the parts in hand."""


class _This:
    """An object, known by being this one and no other; results and studies never change."""

    __slots__ = ("one",)

    def __init__(self, one: Any) -> None:  # noqa: ANN401 - of whatever type it is
        self.one = one

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _This) and self.one is other.one

    def __hash__(self) -> int:
        return id(self.one)


def once(make: Callable[[Asked], Made]) -> Callable[[Asked], Made]:
    """Return a function that makes something of an object once, and gives it again whenever it is asked."""

    @lru_cache(HELD)
    def held(this: _This) -> Made:
        return make(this.one)

    @wraps(make)
    def asked(one: Asked) -> Made:
        return held(_This(one))

    return asked


class Row:
    """A row of a frame.

    Its attributes are the columns; a number, and words, know their file, their row, counted from 1 below the
    heading, and their column, where the file has it.
    """

    __slots__ = ("_place", "_saved", "_values")

    def __init__(self, values: Mapping[str, Any], place: str, saved: frozenset[str]) -> None:
        self._values = values
        self._place = place
        self._saved = saved

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever type the column has
        try:
            value = self._values[name]
        except KeyError:
            raise AttributeError(f"no column {name!r}") from None
        if name not in self._saved:
            return value
        if type(value) is float:  # most are
            return Datum(value, f"{self._place} {name}")
        return derived(value, f"{self._place} {name}") if isinstance(value, (int, str)) else value

    def plain(self, names: Iterable[str]) -> tuple[Any, ...]:
        """Return the values of some columns without where they stand, to find other rows by."""
        return tuple([self._values[name] for name in names])


def records(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a frame with their columns as attributes; what stands in a file knows its cell."""
    names = list(map(str, frame.columns))
    rows = frame.to_numpy(dtype=object).tolist()
    file = str(frame.index.name or "")
    saved = frozenset(FRAMES.get(file, ()))
    return [
        Row(dict(zip(names, values, strict=True)), f"results/{file}.csv row {at + 1}", saved)
        for at, values in zip(frame.index.tolist(), rows, strict=True)
    ]


def keyed(rows: Iterable[Row], *names: str) -> dict[tuple[Any, ...], Row]:
    """Return rows by the values of some columns; of equal ones the last."""
    return {row.plain(names): row for row in rows}


def picked(frame: pd.DataFrame, **keys: str | int) -> pd.DataFrame:
    """Return the rows of a frame in which every named column has the given value.

    Parameters
    ----------
    frame : DataFrame
        Not changed afterwards: where its rows stand is remembered.
    **keys : str or int
        Value by column.

    Returns
    -------
    DataFrame
        In the order of the frame and with its index; words are objects.
    """
    return _plain(frame).take(_at(frame, keys))


def found(frame: pd.DataFrame, **keys: str | int) -> list[Row]:
    """Return the records of :func:`picked`, which are made once for the whole frame."""
    every = _records(frame)
    return [every[place] for place in _at(frame, keys)]


def of_model(frame: pd.DataFrame, model: str) -> pd.DataFrame:
    """Return the rows of one model: the same object whenever it is asked for."""
    return _of_model(_This(frame), model)


def _at(frame: pd.DataFrame, keys: Mapping[str, str | int]) -> Sequence[int]:
    return _places(_This(frame), tuple(keys)).get(tuple(keys.values()), ())


@lru_cache(HELD)
def _of_model(this: _This, model: str) -> pd.DataFrame:
    return picked(this.one, model=model)


@once
def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with its words as objects in one block, from which rows are taken fast."""
    words = {name: object for name, kind in frame.dtypes.items() if kind == "str"}
    return frame.astype(words).copy() if words else frame


@once
def _records(frame: pd.DataFrame) -> list[Row]:
    return records(_plain(frame))


@lru_cache(HELD)
def _places(this: _This, columns: tuple[str, ...]) -> Mapping[tuple[Any, ...], list[int]]:
    """Return where the rows with each combination of values stand."""
    places: dict[tuple[Any, ...], list[int]] = {}
    values = (this.one[name].tolist() for name in columns)
    for place, key in enumerate(zip(*values, strict=True)):
        places.setdefault(key, []).append(place)
    return places
