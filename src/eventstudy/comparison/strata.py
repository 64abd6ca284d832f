"""Which days an event day is compared with: days like it, away from every event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from eventstudy.comparison.sessions import state, terciles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.comparison.sessions import EverySession
    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Ints

LEAST = 100
"""Fewest candidate days of a stratum; a smaller one is merged with its neighbours."""

THIRDS = ("low", "middle", "high")

By = Literal["state", "volatility", "year", "none"]


@dataclass(frozen=True, slots=True, eq=False)
class Strata:
    """The sessions of one asset that an event may be compared with, and in which stratum each is.

    Attributes
    ----------
    label : ndarray of int, shape (n,)
        Stratum of each session on which the model can be estimated; -1 for none.
    names : tuple of str
        What each stratum holds, by label, in words.
    candidate : ndarray of bool, shape (n,)
        Whether the session lies away from every event.
    """

    label: Ints
    names: tuple[str, ...]
    candidate: NDArray[np.bool_]


def strata(every: EverySession, events: Ints, *, by: By, exclude: int) -> Strata:
    """Put the sessions of one asset into strata.

    Parameters
    ----------
    every : EverySession
        n sessions on which the model can be estimated.
    events : ndarray of int
        Day 0 of every catalogued event, as rows of the axis; also of events that are not studied.
    by : {'state', 'volatility', 'year', 'none'}
        ``state``: thirds of the volatility times thirds of the return of the 20 sessions before, over
        the whole sample. A stratum with fewer than :data:`LEAST` candidates is merged with the other
        two of its volatility, and all are one if that is not enough.
    exclude : int
        Sessions on both sides of an event that are no candidates.
    """
    sessions = every.sessions
    candidate = away(len(sessions), events, exclude)[every.day0]
    if by == "none":
        return Strata(np.zeros(len(every.day0), int), ("all sessions",), candidate)
    if by == "year":
        years, label = np.unique(sessions[every.day0].astype("datetime64[Y]"), return_inverse=True)
        return Strata(label, tuple(map(str, years)), candidate)
    if by == "volatility":
        names = tuple(f"volatility {third}" for third in THIRDS)
        return Strata(terciles(state(every)[0]), names, candidate)
    return by_state(*state(every), candidate)


def away(sessions: int, events: Ints, exclude: int) -> NDArray[np.bool_]:
    """Tell which sessions of an axis lie more than `exclude` sessions from every event, shape (T,)."""
    far = np.ones(sessions, bool)
    for day in events:
        far[max(day - exclude, 0) : day + exclude + 1] = False
    return far


def by_state(volatility: Floats, past_return: Floats, candidate: NDArray[np.bool_]) -> Strata:
    """Return nine strata, small ones merged: first over the past returns, then all.

    Parameters
    ----------
    volatility, past_return : ndarray, shape (n,)
        Standard deviation and sum of the 20 returns before each session; NaN where unknown.
    candidate : ndarray of bool, shape (n,)
        Whether the session lies away from every event.
    """
    calm, past = terciles(volatility), terciles(past_return)
    label = np.where((calm >= 0) & (past >= 0), 3 * calm + past, -1)
    count = np.bincount(label[candidate & (label >= 0)], minlength=9).reshape(3, 3)
    if (count.sum(axis=1) < LEAST).any():
        name = "all sessions: too few candidates in a stratum"
        return Strata(np.where(label >= 0, 0, -1), (name,), candidate)
    names: list[str] = []
    merged = np.full(9, -1)
    for third, counts in enumerate(count):
        if (counts < LEAST).any():
            merged[3 * third : 3 * third + 3] = len(names)
            fewest = f"returns merged: a stratum had {counts.min()} candidates"
            names.append(f"volatility {THIRDS[third]} ({fewest})")
            continue
        merged[3 * third : 3 * third + 3] = len(names) + np.arange(3)
        names += [f"volatility {THIRDS[third]}, past return {each}" for each in THIRDS]
    return Strata(np.where(label >= 0, merged[label], -1), tuple(names), candidate)
