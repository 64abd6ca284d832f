"""Days without an event that moved as much for their volatility: what a reversal is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.comparison.sessions import state
from eventstudy.returns.sample import chunks
from eventstudy.reversal.effect import effect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from eventstudy.comparison.trial import Trial
    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Ints
    from eventstudy.reversal.effect import Effect

NEAR = 0.25
"""A matched day's reaction, in standard deviations, lies within this share of the event's."""

FEWEST = 10
"""A reaction with fewer days so near is compared with none: other days did not move as much."""

CELLS_AT_ONCE = 256
"""Cells whose distances to all days are held at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """The days that each of N cells is compared with.

    Attributes
    ----------
    own : Effect
        Reaction and aftermath of the cells.
    days : mapping of str to Effect
        By asset: the same of every session on which the model can be estimated.
    volatility : mapping of str to ndarray, shape (n,)
        By asset: standard deviation of the 20 returns before each session.
    found_by : ndarray, shape (N,)
        The same before day 0 of each cell.
    pools : tuple of ndarray of int, length N
        Positions among the sessions of the cell's asset: away from every event, with a reaction of
        the same sign and, over that standard deviation, nearly the same size, and all later returns;
        none where they are fewer than :data:`FEWEST`.

    Notes
    -----
    Days of the same raw size would not do: after a fall a move of two per cent is ordinary, and such
    days elsewhere are followed by calmer ones. At 5% the drift of eight events after falls then
    rejects in 22% of cases without any effect (docs/explanation/which-test.md).
    """

    own: Effect
    days: Mapping[str, Effect]
    volatility: Mapping[str, Floats]
    found_by: Floats
    pools: tuple[Ints, ...]

    def beside(self, row: int, asset: str, days: Ints) -> Effect:
        """Return days of an asset at the volatility of one cell.

        Parameters
        ----------
        row : int
            The cell.
        asset : str
            Its asset.
        days : ndarray of int
            Positions among the sessions of the asset.
        """
        factor = self.found_by[row] / self.volatility[asset][days]
        return self.days[asset].select(days).times(factor)

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
    spread = {asset: state(each)[0] for asset, each in trial.every.items()}
    volatility = {asset: np.where(each > 0, each, np.nan) for asset, each in spread.items()}
    own, found_by = _own(trial, days), np.full(len(trial.sample), np.nan)
    pools = [np.zeros(0, int)] * len(trial.sample)
    for asset, every in trial.every.items():
        rows = np.flatnonzero(trial.sample.assets == asset)
        found_by[rows] = volatility[asset][every.positions(trial.sample.day0[rows])]
        moved = days[asset].reaction / volatility[asset]
        usable = candidates[asset] & days[asset].whole
        row, day = alike(moved, own.reaction[rows] / found_by[rows], usable)
        count = np.bincount(row, minlength=len(rows))
        for cell, pool in zip(rows, np.split(day, count.cumsum()[:-1]), strict=True):
            pools[cell] = pool if len(pool) >= FEWEST else pool[:0]
    return Matched(own, days, volatility, found_by, tuple(pools))


def alike(
    values: Floats, own: Floats, usable: NDArray[np.bool_], *, fewest: int = 0
) -> tuple[Ints, Ints]:
    """Return the days whose value has the same sign and nearly the same size as that of each cell.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Of every day; NaN = unknown.
    own : ndarray, shape (N,)
        Of every cell; none is like zero or NaN.
    usable : ndarray of bool, shape (n,)
        Which days may be taken.
    fewest : int
        Where fewer lie near, so many nearest ones are returned.

    Returns
    -------
    cell, day : ndarray of int
        Pairs of a cell and a day within :data:`NEAR` of it, or among the nearest; cell after cell,
        the nearest day first.
    """
    days = np.flatnonzero(usable)
    parts = [_nearest(values[days], own[rows], fewest) for rows in chunks(len(own), CELLS_AT_ONCE)]
    cell = [part + number * CELLS_AT_ONCE for number, (part, _) in enumerate(parts)]
    none = np.zeros(0, int)
    return np.concatenate([none, *cell]), days[np.concatenate([none, *(day for _, day in parts)])]


def _nearest(values: Floats, own: Floats, fewest: int) -> tuple[Ints, Ints]:
    """Return pairs as :func:`alike` does for a few cells, all days being usable."""
    same = values * own[:, None] > 0
    gap = np.abs(values - own[:, None])
    near = same & (gap <= NEAR * np.abs(own)[:, None])
    wanted = np.maximum(near.sum(axis=1), fewest)
    cell, day = np.nonzero(same if fewest else near)
    order = np.lexsort((gap[cell, day], cell))
    cell, day = cell[order], day[order]
    rank = np.arange(len(cell)) - np.searchsorted(cell, cell)
    kept = rank < wanted[cell]
    return cell[kept], day[kept]


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
