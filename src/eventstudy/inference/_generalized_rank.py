"""The generalised rank of a window: its standardised CAR as one point among the estimation days."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.aggregate import moments
from eventstudy.inference import _laws as laws
from eventstudy.inference._ranks import ranks
from eventstudy.returns.sample import chunks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.models.base import Floats


@dataclass(frozen=True, slots=True)
class GeneralizedRanks:
    """Mean generalised ranks of a group, by window.

    Attributes
    ----------
    event : ndarray, shape (W,)
        Ubar_0: mean over the events of U of the cumulative point.
    spread : ndarray, shape (W,)
        S, with S^2 = (1 / T) sum over the T = M + 1 points of (n_t / n) Ubar_t^2.
    n : ndarray of int, shape (W,)
        Events with a standardised CAR.
    days : ndarray of int, shape (W,)
        M: estimation days on which any event has a residual.
    """

    event: Floats
    spread: Floats
    n: NDArray[np.int64]
    days: NDArray[np.int64]


@lru_cache(maxsize=1)
def generalized_ranks(cars: CumulativeReturns) -> GeneralizedRanks:
    """Rank SCAR* = SCAR / sd(SCAR) among the M standardised residuals of its event.

    U = K / (T + 1) - 1/2 with ranks K from 1 to T = M + 1 (Kolari and Pynnonen 2011). The last
    answer is kept: both tests ask for the same.
    """
    n, mean, sd = moments(cars.scar)
    sd = np.where(sd > laws.NO_SPREAD * np.abs(mean), sd, 0.0)
    star = laws.ratio(cars.scar, np.broadcast_to(sd, cars.scar.shape))
    total, count = _sums(cars, star)
    average = total / np.maximum(count, 1)
    points = (count > 0).sum(axis=1)
    share = count / np.maximum(n, 1)[:, None]
    square = (share * average**2).sum(axis=1) / np.maximum(points, 1)
    return GeneralizedRanks(average[:, -1], np.sqrt(square), n, np.maximum(points - 1, 0))


def _sums(cars: CumulativeReturns, star: Floats) -> tuple[Floats, Floats]:
    """Return the sum of U over the events and their number, each by window and point (W, M + 1).

    The residuals of an event are ranked once; the event point of a window moves those above it up
    by one, ties by one half.
    """
    width, length = star.shape[1], cars.abnormal.estimation.length
    total, count = np.zeros((width, length + 1)), np.zeros((width, length + 1))
    for rows in chunks(len(star), 1024):
        residuals = laws.ratio(cars.abnormal.residuals(rows), cars.abnormal.sigma[rows][:, None])
        rank, observed = ranks(residuals)
        here = np.isfinite(residuals)
        scale = 1 / (observed + 2)
        plain = np.where(here, rank * scale - 0.5, 0.0)
        for window in range(width):
            point = star[rows, window][:, None]
            used = np.isfinite(point)
            above = ((residuals > point).view(np.int8) + (residuals >= point)) / 2
            own = (1 + observed - above.sum(axis=1, keepdims=True)) * scale - 0.5
            weight = used[:, 0].astype(float)
            total[window, :-1] += weight @ plain + (weight * scale[:, 0]) @ above
            total[window, -1] += own[used].sum()
            count[window, :-1] += weight @ here
            count[window, -1] += used.sum()
    return total, count
