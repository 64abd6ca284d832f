"""Days without an event that moved as much: what a reversal is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.reversal.effect import effect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from eventstudy.comparison.trial import Trial
    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Ints
    from eventstudy.reversal.effect import Effect

NEAR = 0.25
"""A matched day's reaction lies within this share of the event's."""

FEWEST = 30
"""Where fewer days lie near, so many nearest ones are taken."""


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """The days that each of N cells is compared with.

    Attributes
    ----------
    own : Effect
        Reaction and aftermath of the cells.
    days : mapping of str to Effect
        By asset: the same of every session on which the model can be estimated.
    pools : tuple of ndarray of int, length N
        Positions among the sessions of the cell's asset: away from every event, with a reaction of
        the same sign and nearly the same size, and all later returns; none for a reaction of zero.
    furthest : ndarray, shape (N,)
        Largest distance of a matched reaction from the cell's own, as a share of it.
    """

    own: Effect
    days: Mapping[str, Effect]
    pools: tuple[Ints, ...]
    furthest: NDArray[np.float64]

    @property
    def ready(self) -> NDArray[np.bool_]:
        """Whether a cell has a reaction and days to compare it with, shape (N,)."""
        some = np.array([len(pool) > 0 for pool in self.pools], bool)
        ready: NDArray[np.bool_] = some & np.isfinite(self.own.reaction)
        return ready


def matched(
    trial: Trial,
    candidates: Mapping[str, NDArray[np.bool_]],
    limits: Mapping[str, float | None],
) -> Matched:
    """Find the days that every cell is compared with.

    Parameters
    ----------
    trial : Trial
        N cells and every session of their assets.
    candidates : mapping of str to ndarray of bool
        By asset: which of its sessions lie away from every event.
    limits : mapping of str to float or None
        By asset: size of a day-0 return from which price limits may hold it back.
    """
    days = {asset: effect(e.cars.abnormal, limits[asset]) for asset, e in trial.every.items()}
    own = _own(trial, days)
    pools, furthest = [], np.full(len(own.reaction), np.nan)
    for row, (asset, reaction) in enumerate(zip(trial.sample.assets, own.reaction, strict=True)):
        moved = days[asset].reaction
        pool = alike(moved, reaction, candidates[asset] & days[asset].whole)
        pools.append(pool)
        if len(pool):
            furthest[row] = np.abs(moved[pool] / reaction - 1).max()
    return Matched(own, days, tuple(pools), furthest)


def alike(values: Floats, own: float, usable: NDArray[np.bool_]) -> Ints:
    """Return the days whose value has the same sign and nearly the same size, nearest first.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Of every day; NaN = unknown.
    own : float
        What they are compared with; none is like zero or NaN.
    usable : ndarray of bool, shape (n,)
        Which days may be taken.

    Returns
    -------
    ndarray of int
        Positions of the days within :data:`NEAR` of it, of the :data:`FEWEST` nearest if those are more.
    """
    pool = np.flatnonzero(usable & (values * own > 0))
    gap = np.abs(values[pool] - own)
    near = int((gap <= NEAR * abs(own)).sum())
    nearest: Ints = pool[np.argsort(gap, kind="stable")[: max(near, FEWEST)]]
    return nearest


def _own(trial: Trial, days: Mapping[str, Effect]) -> Effect:
    """Return reaction and aftermath of the events: those of their own sessions."""
    from eventstudy.reversal.effect import Effect

    n, length = len(trial.sample), next(iter(days.values())).later.shape[1]
    own = Effect(np.empty(n), np.empty((n, length)), np.zeros(n, bool), np.zeros(n, bool))
    for asset, every in trial.every.items():
        rows = np.flatnonzero(trial.sample.assets == asset)
        at = every.positions(trial.sample.day0[rows])
        for name in own.__slots__:
            getattr(own, name)[rows] = getattr(days[asset], name)[at]
    return own
