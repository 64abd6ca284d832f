"""The generalised rank of a window: its standardised CAR as one point among the estimation days."""

from __future__ import annotations

from dataclasses import dataclass
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


def generalized_ranks(cars: CumulativeReturns) -> GeneralizedRanks:
    """Rank SCAR* = SCAR / sd(SCAR) among the M standardised residuals of its event.

    U = K / (T + 1) - 1/2 with ranks K from 1 to T = M + 1 (Kolari and Pynnonen 2011).
    """
    n, _, sd = moments(cars.scar)
    star = laws.ratio(cars.scar, np.broadcast_to(sd, cars.scar.shape))
    width, length = len(cars.windows), cars.abnormal.estimation.length
    total, count = np.zeros((width, length + 1)), np.zeros((width, length + 1))
    for rows in chunks(len(cars.car), 1024):
        residuals = laws.ratio(cars.abnormal.residuals(rows), cars.abnormal.sigma[rows][:, None])
        for window in range(width):
            rank, observed = ranks(np.column_stack([residuals, star[rows, window]]))
            deviation = rank / (observed + 1) - 0.5
            deviation[~np.isfinite(star[rows, window])] = np.nan
            here = np.isfinite(deviation)
            total[window] += np.where(here, deviation, 0.0).sum(axis=0)
            count[window] += here.sum(axis=0)
    mean = total / np.maximum(count, 1)
    points = (count > 0).sum(axis=1)
    share = count / np.maximum(n, 1)[:, None]
    square = (share * mean**2).sum(axis=1) / np.maximum(points, 1)
    return GeneralizedRanks(mean[:, -1], np.sqrt(square), n, np.maximum(points - 1, 0))
