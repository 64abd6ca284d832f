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

EVENTS_AT_ONCE = 256
"""Events that are compared in one step."""


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
    reason : ndarray of str, shape (W,)
        Why there is none: too few events, or standardised CARs that do not differ.
    """

    event: Floats
    spread: Floats
    n: NDArray[np.int64]
    days: NDArray[np.int64]
    reason: NDArray[np.object_]


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
    days = np.maximum(points - 1, 0)
    reason = laws.first_reason(laws.needs_events(n, 2), laws.where(~(sd > 0), laws.ALIKE))
    return GeneralizedRanks(average[:, -1], np.sqrt(square), n, days, reason)


def _sums(cars: CumulativeReturns, star: Floats) -> tuple[Floats, Floats]:
    """Return the sum of U over the events and their number, each by window and point (W, M + 1).

    The residuals of an event are ranked once; the event point of a window moves those above it up
    by one, ties by one half. U has one divisor for all events with as many residuals: they are
    counted, not weighted.
    """
    abnormal, (n, width) = cars.abnormal, star.shape
    observed = np.concatenate(
        [np.isfinite(abnormal.residuals(rows)).sum(axis=1) for rows in chunks(n)] or [[]]
    )
    total, count = np.zeros((2, width, abnormal.estimation.length + 1))
    for rows in _alike(observed):
        residuals = laws.ratio(abnormal.residuals(rows), abnormal.sigma[rows, None])
        used = np.isfinite(star[rows]).T.astype(float)
        rank, moved = _ranked(residuals, star[rows])
        points = np.column_stack([used @ (rank > 0), used.sum(axis=1)])
        ranked = np.column_stack([used @ rank + moved, points.sum(axis=1) - moved.sum(axis=1)])
        total += ranked / (observed[rows[0]] + 2) - points / 2
        count += points
    return total, count


def _alike(observed: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the events in groups with as many residuals, of at most :data:`EVENTS_AT_ONCE`."""
    order = np.argsort(observed, kind="stable")
    ends = np.flatnonzero(np.diff(observed[order])) + 1
    return [
        group[part]
        for group in np.split(order, ends)
        for part in chunks(len(group), EVENTS_AT_ONCE)
    ]


def _ranked(residuals: Floats, star: Floats) -> tuple[Floats, Floats]:
    """Rank the residuals of n events, and count those above the points of their events.

    Both follow from one ranking of residuals and points together, in halves of a rank and as small
    whole numbers: a point lifts the residuals above it by one, its equals by one half.

    Returns
    -------
    rank : ndarray, shape (n, M)
        Among the residuals of the event; 0 where missing.
    above : ndarray, shape (W, M)
        Number of events whose residual lies above the point of the window; equal counts one half.
    """
    days, points = residuals.shape[1], residuals.shape[1] + star.shape[1]
    small = np.result_type(np.int16, np.min_scalar_type(-4 * points))
    halves = (2 * ranks(np.hstack([residuals, star]))[0]).astype(small)
    rank, above = halves[:, :days].copy(), np.empty((star.shape[1], days))
    for window in range(star.shape[1]):
        point = halves[:, days + window, None]
        lifted = halves[:, :days] - np.where(point > 0, point, 2 * points + 1)
        np.clip(lifted, -1, 1, out=lifted)
        lifted += 1
        rank -= lifted
        above[window] = lifted.sum(axis=0, dtype=small)
    return rank / 2, above / 2
