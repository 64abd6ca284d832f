"""The study's question asked on every session of one asset: what days without an event look like."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from eventstudy.abnormal import abnormal_returns
from eventstudy.aggregate import cumulate
from eventstudy.returns.losses import losses
from eventstudy.spec import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.models.base import Floats, Model
    from eventstudy.returns.sample import Dates, Ints, Sample

BEFORE = 20
"""Sessions before a window from which its volatility and its past return are taken."""

DECAY = 0.94
"""Weight of yesterday's variance in the exponentially weighted one."""

Scale = Literal["deviation", "ewma", "none"]


@dataclass(frozen=True, slots=True, eq=False)
class EverySession:
    """One asset: each of its n sessions taken for an event day.

    Attributes
    ----------
    cells : Sample
        One cell per session on which the model can be estimated, in the order of time.
    cars : CumulativeReturns
        Their CARs over W windows.
    at : ndarray of int, shape (T + 1,)
        Position in `cells` of each session of the axis; n where it is none of them, and at the end.
    """

    cells: Sample
    cars: CumulativeReturns
    at: Ints

    @property
    def day0(self) -> Ints:
        """The sessions, as rows of the asset's axis, shape (n,)."""
        return self.cells.day0

    @property
    def sessions(self) -> Dates:
        """The asset's axis, shape (T,)."""
        return self.cells.axes[self.cells.axis[0]] if len(self.cells) else self.cells.axes[0][:0]

    def positions(self, rows: Ints) -> Ints:
        """Return where rows of the axis stand in `cells`; n for those that are none of them."""
        return standing(self.at, rows)


def standing(at: Ints, rows: Ints) -> Ints:
    """Return where rows of an axis stand among cells, by :attr:`EverySession.at`."""
    last = len(at) - 1
    found: Ints = at[np.where((rows >= 0) & (rows < last), rows, last)]
    return found


def every_session(
    sample: Sample, model: Model, windows: Sequence[Window], *, least: int
) -> dict[str, EverySession]:
    """Ask the question of a study on every session of each of its assets.

    Parameters
    ----------
    sample : Sample
        The studied cells, with the regressors of `model`.
    model : Model
        The expected-return model.
    windows : sequence of Window
        W windows inside the event window.
    least : int
        Fewest returns in an estimation window.

    Returns
    -------
    dict of str to EverySession
        By asset, in the order of the cells.
    """
    found = {}
    for asset in dict.fromkeys(sample.assets):
        cells = _estimable(sample, asset, least)
        fit = model.fit(cells.estimable)
        fitted = np.flatnonzero(fit.failures == "")
        if len(fitted) < len(cells):
            cells = cells.select(fitted)
            fit = model.fit(cells.estimable)
        at = np.full(len(sample.panel) + 1, len(cells))
        at[cells.day0] = np.arange(len(cells))
        found[asset] = EverySession(cells, cumulate(abnormal_returns(cells, fit), windows), at)
    return found


def _estimable(sample: Sample, asset: str, least: int) -> Sample:
    """Return one cell per session of an asset on which a model has its returns."""
    column = int(sample.column[np.argmax(sample.assets == asset)])
    sessions = np.arange(len(sample.axes[sample.column_axis[column]]))
    every = replace(
        sample,
        event_ids=sessions.astype(str).astype(object),
        assets=np.full(len(sessions), asset, dtype=object),
        column=np.full(len(sessions), column),
        day0=sessions,
    )
    names = [""] * sample.factors.shape[2]
    return every.select(losses(every, names, least) == "")


def state(every: EverySession) -> tuple[Floats, Floats]:
    """Return standard deviation and sum of the :data:`BEFORE` returns before day 0, each (n,)."""
    before = every.cells.gather(slice(None), Window(-BEFORE, -1)).asset
    return before.std(axis=1, ddof=1), before.sum(axis=1)


def studentised(every: EverySession, scale: Scale) -> Floats:
    """Return every CAR over its standard deviation as known before its window, shape (n, W).

    Parameters
    ----------
    every : EverySession
        n sessions.
    scale : {'deviation', 'ewma', 'none'}
        What a CAR is divided by: the standard deviation of the :data:`BEFORE` returns before its
        window, or before day 0 if it begins later; the exponentially weighted one of all returns
        before it; each times the square root of the window's length; or one.
    """
    car = every.cars.car
    deviation = deviations(every.cells, every.cars.windows, scale)
    value: Floats = np.divide(car, deviation, out=np.full(car.shape, np.nan), where=deviation > 0)
    return value


def deviations(cells: Sample, windows: Sequence[Window], scale: Scale) -> Floats:
    """Return what the CARs of n cells on one series are divided by, shape (n, W)."""
    if scale == "none":
        return np.ones((len(cells), len(windows)))
    starts = [min(window.start, 0) for window in windows]
    known = {start: _volatility(cells, start, scale) for start in set(starts)}
    length = np.array([window.length for window in windows])
    found: Floats = np.column_stack([known[start] for start in starts]) * np.sqrt(length)
    return found


def _volatility(cells: Sample, start: int, scale: Scale) -> Floats:
    """Return the standard deviation of returns as known before session `start`, shape (n,)."""
    if scale == "deviation":
        before = cells.gather(slice(None), Window(start - BEFORE, start - 1)).asset
        deviation: Floats = before.std(axis=1, ddof=1)
        return deviation
    returns = cells.panel[:, cells.column[0]]
    return np.sqrt(_weighted(returns)[cells.day0 + start])


def _weighted(returns: Floats) -> Floats:
    """Return the exponentially weighted variance before each session, shape (T,); gaps are skipped."""
    from scipy.signal import lfilter

    known = np.isfinite(returns)
    square = returns[known] ** 2
    begin = square[:BEFORE].mean()
    variance, _ = lfilter([1 - DECAY], [1, -DECAY], square, zi=[DECAY * begin])
    before: Floats = np.append(np.nan, variance)[np.cumsum(known) - known]
    return before


def terciles(values: Floats) -> NDArray[np.int64]:
    """Return 0, 1 or 2 for the lower, middle and upper third of all values; -1 for NaN."""
    known = np.isfinite(values)
    if not known.any():
        return np.full(len(values), -1)
    edges = np.quantile(values[known], [1 / 3, 2 / 3])
    return np.where(known, np.searchsorted(edges, values, side="right"), -1)
