"""Night and session of day 0 among the same legs of other days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.comparison.relabelling import tail_counts
from eventstudy.comparison.sessions import BEFORE
from eventstudy.reversal.day0 import leg_panels
from eventstudy.reversal.matched import alike
from eventstudy.spec import Window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventstudy.comparison import Strata, Trial
    from eventstudy.models.base import Floats
    from eventstudy.returns.panel import Quotes
    from eventstudy.returns.sample import Ints, Sample

NEAREST = 30
"""Where fewer days have nearly the same gap, the session is held against so many nearest ones."""


@dataclass(frozen=True, slots=True, eq=False)
class LegPlacebo:
    """Placebo p-values of the legs of day 0, each shape (N,); NaN where no open exists.

    Attributes
    ----------
    overnight : ndarray
        Of the night, among the candidate days of the event's stratum.
    open_to_close : ndarray
        Of the session, among candidate days whose night had the same sign and nearly the same size.
    """

    overnight: Floats
    open_to_close: Floats


def leg_placebo(trial: Trial, strata: Mapping[str, Strata], quotes: Quotes) -> LegPlacebo:
    """Hold both legs of day 0 against those of other days.

    Parameters
    ----------
    trial : Trial
        N cells and every session of their assets.
    strata : mapping of str to Strata
        By asset: which sessions are alike, and which of them are candidates.
    quotes : Quotes
        Prices with opens where they exist.

    Notes
    -----
    A leg is a log return less its mean over the estimation window, over its standard deviation in the
    20 sessions before; p = (1 + #{|leg of the day| >= |leg|}) / (K + 1). The open enters both legs with
    opposite sign, so that noise in it makes fades: days with the same gap have the same noise.
    """
    found = LegPlacebo(*np.full((2, len(trial.sample)), np.nan))
    for asset, every in trial.every.items():
        rows = np.flatnonzero(trial.sample.assets == asset)
        night, session = (
            _standardised(every.cells, panel[:, 0])
            for panel in leg_panels(every.cells, quotes, [asset], [int(every.cells.axis[0])])
        )
        at = every.positions(trial.sample.day0[rows])
        group = strata[asset]
        for label in np.unique(group.label[at]):
            here = group.label[at] == label
            state = night.z[group.candidate & (group.label == label)]
            own = night.z[at[here]]
            found.overnight[rows[here]] = _shares(own, *tail_counts(own, state))
        near = alike(night.demeaned, night.demeaned[at], group.candidate, fewest=NEAREST)
        found.open_to_close[rows] = _shares(session.z[at], *_counts(session.z[at], session.z, near))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Leg:
    """One leg of n sessions less its mean, and that over its standard deviation; each (n,)."""

    demeaned: Floats
    z: Floats


def _standardised(cells: Sample, leg: Floats) -> _Leg:
    """Return one leg of every session, `leg` being the series on the asset's axis, (T,)."""
    bare = replace(
        cells,
        panel=leg[:, None],
        column=np.zeros(len(cells), int),
        column_axis=cells.column_axis[cells.column[:1]],
        factors=cells.factors[:, :, :0],
    )
    history = bare.estimable.gather(slice(None), cells.estimation).asset
    before, own = (
        bare.gather(slice(None), window).asset for window in (Window(-BEFORE, -1), Window(0, 0))
    )
    enough = np.isfinite(history).sum(axis=1) > cells.estimation.length / 2
    mean = np.full(len(cells), np.nan)
    mean[enough] = np.nanmean(history[enough], axis=1)
    demeaned = own[:, 0] - mean
    spread = before.std(axis=1, ddof=1)
    z = np.divide(demeaned, spread, out=np.full(len(cells), np.nan), where=spread > 0)
    return _Leg(demeaned, z)


def _counts(own: Floats, others: Floats, pairs: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Count the values paired with each cell that are at least as large in size, and all, (N,) each."""
    cell, day = pairs
    at_least = np.bincount(cell[np.abs(others[day]) >= np.abs(own[cell])], minlength=len(own))
    return at_least, np.bincount(cell[np.isfinite(others[day])], minlength=len(own))


def _shares(own: Floats, at_least: Ints, k: Ints) -> Floats:
    """Return (1 + at_least) / (K + 1); NaN without a leg or without others."""
    return np.where(np.isfinite(own) & (k > 0), (1 + at_least) / (k + 1), np.nan)
