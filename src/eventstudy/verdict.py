"""The outcome of an event in a word, by rules that the report prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.language import marked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.models.base import Floats
    from eventstudy.reversal import Legs

NOISE = marked("not distinguishable from noise")
FADED = marked("faded by the close")
EXTENDED = marked("extended")
REVERSED = marked("reversed")
PARTLY = marked("partly reversed")
HELD = marked("held")
UNDECIDED = marked("undecided")

REACHED = marked("p at or below the level")
RULES: tuple[tuple[str, str, str], ...] = (
    (NOISE, marked("p of day 0 above the level"), marked("any")),
    (
        FADED,
        marked(
            "p of day 0 above the level, but the overnight leg has p at or below it and the session "
            "leg, of the opposite sign, too: each leg less its mean, the night among days in the "
            "same state, the session among days with the same gap"
        ),
        marked("any"),
    ),
    (EXTENDED, REACHED, marked("the whole interval of the give-back is below 0")),
    (REVERSED, REACHED, marked("the interval is above 0 and reaches 100%")),
    (PARTLY, REACHED, marked("the interval is above 0 and below 100%")),
    (HELD, REACHED, marked("the interval contains 0 and stays below 50%")),
    (
        UNDECIDED,
        marked("p at or below the level, or too few estimation days for p to reach it"),
        marked("otherwise"),
    ),
)
"""Outcome, condition on day 0, condition on the give-back -CAR / AR_0; the whole vocabulary."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its confidence limits, each shape (N,)."""

    estimate: Floats
    low: Floats
    high: Floats


def interval(cars: CumulativeReturns, window: int, alpha: float) -> Interval:
    """Return the CAR of one window with the limits of its forecast t law.

    Parameters
    ----------
    cars : CumulativeReturns
        N cells.
    window : int
        Position of the window in ``cars.windows``.
    alpha : float
        One minus the confidence level, 0 to 1.
    """
    from scipy.special import stdtrit

    car = cars.car[:, window]
    half = stdtrit(cars.abnormal.dof, 1 - alpha / 2) * np.sqrt(cars.variance[:, window])
    return Interval(car, car - half, car + half)


def no_interval(n: int) -> Interval:
    """Return the interval of n cells for which there is no window: all NaN."""
    return Interval(*np.full((3, n), np.nan))


def give_back(ar0: Floats, later: Interval) -> Interval:
    """Return G = -CAR / AR_0 with the interval of the CAR divided by -AR_0.

    NaN where AR_0 is zero or NaN: the ratio to a small move explodes.
    """
    shape = ar0.shape
    parts = [
        np.divide(-part, ar0, out=np.full(shape, np.nan), where=ar0 != 0)
        for part in (later.estimate, later.low, later.high)
    ]
    return Interval(parts[0], np.minimum(parts[1], parts[2]), np.maximum(parts[1], parts[2]))


def outcomes(p0: Floats, share: Interval, legs: Legs, alpha: float) -> NDArray[np.object_]:
    """Return the outcome of N cells by :data:`RULES`.

    Parameters
    ----------
    p0 : ndarray, shape (N,)
        Headline p-value of the day-0 abnormal return; NaN where it could not reach the level
        whatever happened, which leaves the outcome undecided.
    share : Interval
        Give-back of the cells.
    legs : Legs
        Night and session of day 0; NaN where no open exists.
    alpha : float
        Level, 0 to 1.
    """
    moved = p0 <= alpha
    faded = (
        (p0 > alpha)
        & (legs.overnight_p <= alpha)
        & (legs.open_to_close_p <= alpha)
        & (legs.overnight_demeaned * legs.open_to_close_demeaned < 0)
    )
    known = moved & np.isfinite(share.low) & np.isfinite(share.high)
    conditions = [
        faded,
        p0 > alpha,
        known & (share.high < 0),
        known & (share.low > 0) & (share.high >= 1),
        known & (share.low > 0) & (share.high < 1),
        known & (share.low <= 0) & (share.high >= 0) & (share.high < 0.5),
    ]
    words = np.array([FADED, NOISE, EXTENDED, REVERSED, PARTLY, HELD, UNDECIDED], dtype=object)
    first = np.argmax(np.vstack([*conditions, np.ones(len(p0), bool)]), axis=0)
    found: NDArray[np.object_] = words[first]
    return found
