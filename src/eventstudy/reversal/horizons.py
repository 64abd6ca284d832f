"""What happened over the sessions that followed, beside what happens over as many sessions at any time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.comparison.draws import Days, mean_by_group, relabelled
from eventstudy.reversal.lasting import beside

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventstudy.comparison.strata import Strata
    from eventstudy.comparison.trial import Group, Trial
    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Ints, Sample

SESSIONS = (1, 3, 5, 10, 20, 30)
"""Lengths of the horizons, the first session being day 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Horizons:
    """Returns of a group of n events over H horizons, each shape (H,), decimal.

    Attributes
    ----------
    n : ndarray of int
        Events whose horizon is complete.
    mean, median : ndarray
        Of the returns from the close before day 0.
    up, up_low, up_high : ndarray
        Share of rises with its Wilson interval.
    base_median, base_up : ndarray
        Median and share of rises over all sessions of the asset on which the question can be asked.
    p_value : ndarray
        Twice the share of relabellings whose share of rises is as low, or as high, whichever is smaller.
    """

    n: Ints
    mean: Floats
    median: Floats
    up: Floats
    up_low: Floats
    up_high: Floats
    base_median: Floats
    base_up: Floats
    p_value: Floats


def horizons(
    trial: Trial,
    strata: Mapping[str, Strata],
    *,
    level: float,
    draws: int,
    rng: np.random.Generator,
) -> dict[Group, Horizons]:
    """Return what followed the events of every group.

    Parameters
    ----------
    trial : Trial
        The study.
    strata : mapping of str to Strata
        By asset: where relabelled events may go.
    level : float
        One minus the level of the Wilson intervals.
    draws : int
        Relabellings.
    rng : numpy.random.Generator
        Source of the draws.
    """
    returns = {asset: returns_over(each.cells, SESSIONS) for asset, each in trial.every.items()}
    rises = {
        asset: np.where(np.isfinite(each), each > 0, np.nan) for asset, each in returns.items()
    }
    found = {}
    for asset, every in trial.every.items():
        rows = np.flatnonzero(trial.sample.assets == asset)
        groups = {key: members for key, members in trial.groups.items() if key[1] == asset}
        drawn = mean_by_group(
            relabelled(trial, rows, Days(rises, strata), draws=draws, rng=rng), groups
        )
        base = _over(returns[asset], np.median), _over(rises[asset], np.mean)
        for key, members in groups.items():
            at = every.positions(trial.sample.day0[members])
            found[key] = _one(returns[asset][at], base, drawn[key], level)
    return found


def returns_over(cells: Sample, sessions: tuple[int, ...]) -> Floats:
    """Return what every cell's asset earned from the close before day 0, shape (n, H); NaN = unknown."""
    from eventstudy.spec import Window

    path = cells.gather(slice(None), Window(0, max(sessions) - 1)).asset
    if cells.returns == "log":
        total = np.expm1(path.cumsum(axis=1))
    else:
        total = (1 + path).cumprod(axis=1) - 1
    wanted: Floats = total[:, np.array(sessions) - 1]
    return wanted


def _one(own: Floats, base: tuple[Floats, Floats], drawn: Floats, level: float) -> Horizons:
    """Return the horizons of one group.

    Parameters
    ----------
    own : ndarray, shape (n, H)
        What the asset earned after its events.
    base : tuple of ndarray, shape (H,)
        Median over all sessions, and share of rises.
    drawn : ndarray, shape (B, H)
        Share of rises after relabelled events.
    level : float
        One minus the level of the Wilson intervals.
    """
    from statsmodels.stats.proportion import proportion_confint

    known = np.isfinite(own)
    n = known.sum(axis=0)
    rose = (known & (own > 0)).sum(axis=0)
    some = np.maximum(n, 1)
    low, high = proportion_confint(rose, some, alpha=level, method="wilson")
    up = np.where(n > 0, rose / some, np.nan)
    return Horizons(
        n=n,
        mean=_over(own, np.mean),
        median=_over(own, np.median),
        up=up,
        up_low=np.where(n > 0, low, np.nan),
        up_high=np.where(n > 0, high, np.nan),
        base_median=base[0],
        base_up=base[1],
        p_value=beside(up, drawn, steps=True).p_value,
    )


def _over(values: Floats, function: Callable[[Floats], np.float64]) -> Floats:
    """Return a function of the known values of each column; NaN where there is none."""
    columns = (column[np.isfinite(column)] for column in values.T)
    return np.array([function(column) if len(column) else np.nan for column in columns])
