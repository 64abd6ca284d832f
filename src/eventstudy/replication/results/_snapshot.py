"""Daily bars of an index in the embedded data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from eventstudy.returns.sample import Dates, Floats
    from eventstudy.reversal import Day0

FIELDS = ("open", "high", "low", "close")


@dataclass(frozen=True, slots=True)
class Days:
    """Sessions of an index with their moves.

    Attributes
    ----------
    dates : ndarray of datetime64[D], shape (T,)
        Ascending; those without a close are left out.
    close : ndarray, shape (T,)
        Closing levels.
    moves : Day0
        Moves against the close before, from the second session on, shape (T - 1,).
    high : ndarray, shape (T - 1,)
        Highest level of the day against the close before, decimal.
    """

    dates: Dates
    close: Floats
    moves: Day0
    high: Floats

    def row(self, day: str) -> int:
        """Return the position of a day in the moves."""
        return int(np.searchsorted(self.dates[1:], np.datetime64(day)))


@cache
def days(instrument: str) -> Days:
    """Return the sessions of a built-in index."""
    from eventstudy.reversal import Bars, split_day0
    from eventstudy.sources.snapshot import Snapshot
    from eventstudy.spec import built_in

    prices = Snapshot().fetch([built_in()[instrument]])
    opened, high, low, close = (prices.column(instrument, field) for field in FIELDS)
    known = np.isfinite(close)
    opened, high, low, close = (each[known] for each in (opened, high, low, close))
    n = len(close) - 1
    bars = Bars(close[:-1], opened[1:], high[1:], low[1:], close[1:], np.ones(n, int))
    moves = split_day0(bars, np.full(n, 0.01))
    return Days(prices.dates[known], close, moves, high[1:] / close[:-1] - 1)
