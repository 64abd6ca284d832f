"""Rows of a frame by their keys: a frame is read through once, however often its rows are asked for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

FRAMES_HELD = 128
"""Frames whose rows are known at a time: all of one study, and the parts in hand."""


class _Held:
    """A frame, known by being this one and no other; the frames of a result never change."""

    __slots__ = ("frame",)

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.frame is other.frame

    def __hash__(self) -> int:
        return id(self.frame)


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
    held = _Held(frame)
    found = _places(held, tuple(keys)).get(tuple(keys.values()), [])
    return _plain(held).take(found)


def of_model(frame: pd.DataFrame, model: str) -> pd.DataFrame:
    """Return the rows of one model: the same object whenever it is asked for."""
    return _of_model(_Held(frame), model)


@lru_cache(FRAMES_HELD)
def _of_model(held: _Held, model: str) -> pd.DataFrame:
    return picked(held.frame, model=model)


@lru_cache(FRAMES_HELD)
def _plain(held: _Held) -> pd.DataFrame:
    """Return a frame with its words as objects in one block, from which rows are taken fast."""
    words = {name: object for name, kind in held.frame.dtypes.items() if kind == "str"}
    return held.frame.astype(words).copy() if words else held.frame


@lru_cache(FRAMES_HELD)
def _places(held: _Held, columns: tuple[str, ...]) -> Mapping[tuple[Any, ...], list[int]]:
    """Return where the rows with each combination of values stand."""
    found: dict[tuple[Any, ...], list[int]] = {}
    values = (held.frame[name].tolist() for name in columns)
    for place, key in enumerate(zip(*values, strict=True)):
        found.setdefault(key, []).append(place)
    return found
