"""A persistent series on event days among other days: by its change from the sessions before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from eventstudy.comparison import away, by_state
from eventstudy.comparison.sessions import BEFORE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Dates, Ints
    from eventstudy.spec import Window

EXCLUDE = 10
"""Sessions on both sides of every known event that are no candidates."""

FEWEST = 19
"""Fewest candidate days with which a p-value can be .05."""


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """The sessions of a series as days to compare with.

    Attributes
    ----------
    label : ndarray of int, shape (T,)
        Stratum of each session; -1 for none.
    candidate : ndarray of bool, shape (T,)
        Whether it lies away from every event.
    """

    label: Ints
    candidate: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Among:
    """The changes of n events among those of other days, each shape (n, W).

    Attributes
    ----------
    change : ndarray
        Mean of the window less mean of the 20 sessions before it, or before day 0 if it begins later.
    p_value : ndarray
        NaN where the change is unknown or there are too few days.
    n : ndarray of int
        Candidate days of the stratum.
    """

    change: Floats
    p_value: Floats
    n: Ints


def among_days(values: Floats, day0: Ints, windows: Sequence[Window], days: Days) -> Among:
    """Compare the changes of a series round some days with those round all candidates.

    Parameters
    ----------
    values : ndarray, shape (T,)
        The series.
    day0 : ndarray of int, shape (n,)
        Rows of the events.
    windows : sequence of Window
        W windows.
    days : Days
        The T sessions as days to compare with.

    Notes
    -----
    Z = (mean of the window - mean of the 20 sessions before) / standard deviation of these 20; p = (1
    + #{|Z_c| >= |Z|}) / (K + 1) over the K candidates of the stratum. A series that stays where it
    was changes little however far from its long mean it is: what persists cancels.
    """
    shape = (len(day0), len(windows))
    found = Among(np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, int))
    for column, window in enumerate(windows):
        change, deviation = changes(values, window)
        size = np.abs(
            np.divide(change, deviation, out=np.full(len(change), np.nan), where=deviation > 0)
        )
        found.change[:, column] = change[day0]
        for stratum in np.unique(days.label[day0]):
            rows = np.flatnonzero((days.label[day0] == stratum) & np.isfinite(size[day0]))
            pool = np.sort(size[days.candidate & (days.label == stratum) & np.isfinite(size)])
            k = len(pool) if stratum >= 0 else 0
            found.n[rows, column] = k
            if k >= FEWEST:
                at_least = k - np.searchsorted(pool, size[day0[rows]], side="left")
                found.p_value[rows, column] = (1 + at_least) / (k + 1)
    return found


def changes(values: Floats, window: Window) -> tuple[Floats, Floats]:
    """Return the change over a window round every session and the deviation before it, (T,) each."""
    origin = min(window.start, 0)
    before = _windows(values, origin - BEFORE, BEFORE)
    inside = _windows(values, window.start, window.length)
    return inside.mean(axis=1) - before.mean(axis=1), before.std(axis=1, ddof=1)


def _windows(values: Floats, start: int, length: int) -> Floats:
    """Return the values from `start` on of every session, shape (T, length); NaN beyond the ends."""
    total, front = len(values), max(-start, 0)
    padded = np.concatenate(
        [np.full(front, np.nan), values, np.full(max(start + length, 0), np.nan)]
    )
    first = front + start
    found: Floats = sliding_window_view(padded, length)[first : first + total]
    return found


def by_market(returns: Floats, sessions: Dates, dates: Dates, events: Ints) -> Days:
    """Return the dates of a series as days to compare with, in strata by the state of its market.

    Parameters
    ----------
    returns : ndarray, shape (T,)
        Returns of the market.
    sessions : ndarray of datetime64[D], shape (T,)
        Its sessions.
    dates : ndarray of datetime64[D], shape (n,)
        Dates of the series.
    events : ndarray of int
        Rows of `dates` on or after which a known event falls.
    """
    past = _windows(returns, -BEFORE, BEFORE)
    row = np.minimum(np.searchsorted(sessions, dates), len(sessions) - 1)
    deviation, total = past.std(axis=1, ddof=1)[row], past.sum(axis=1)[row]
    candidate = away(len(dates), events, EXCLUDE)
    return Days(by_state(deviation, total, candidate).label, candidate)
