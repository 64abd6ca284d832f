"""Abnormal returns: what happened minus what the model expected, with its exact variance."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.returns.sample import chunks, cut

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from eventstudy.models.base import Fit, Floats, Rows
    from eventstudy.returns.sample import Dates, ReturnKind, Sample
    from eventstudy.spec import Window

SHARED = frozenset({"axes", "clock", "estimation", "event_window", "residuals", "hat", "returns"})
"""What all cells of :class:`AbnormalReturns` have in common."""


@dataclass(frozen=True, slots=True, eq=False)
class AbnormalReturns:
    """Abnormal returns of N cells over the event window: all that a test statistic may see.

    Attributes
    ----------
    event_ids, assets : ndarray of object, shape (N,)
        The key of each cell.
    axes : tuple of ndarray of datetime64[D]
        Sessions of each exchange.
    clock : ndarray of int, shape (A, T)
        A number for every date of all axes: row t of axis a is session ``clock[a, t]``.
    axis, day0 : ndarray of int, shape (N,)
        Exchange of each cell, and the row of its event session there: the clock by which windows of
        different events overlap.
    estimation, event_window : Window
        Closed intervals of sessions relative to day 0; L1 and L2 sessions.
    actual, expected, ar : ndarray, shape (N, L2)
        Returns, decimal; NaN = missing.
    leverage : ndarray, shape (N, L2, p)
        Rows z_t with Var(AR_t) = sigma^2 (1 + z_t'z_t).
    sigma : ndarray, shape (N,)
        Residual standard deviation of the estimation window; 0 for an exact fit.
    dof, n_est : ndarray of int, shape (N,)
        Residual degrees of freedom; number of returns in the estimation window.
    residuals : callable
        ``residuals(rows) -> (n, L1)``: estimation residuals of some cells, NaN where missing.
    returns : {'simple', 'log'}
        Kind of all returns.
    scale : ndarray, shape (N, L2), optional
        Variance of the error of each session in units of sigma^2, where it is not 1 on all: then
        Var(AR_t) = sigma^2 (scale_t + z_t'z_t).
    held : ndarray, shape (N, L2 + 1), optional
        Logarithms of prices from the session before the event window on, NaN without a trade, where
        CARs are measured from trade to trade.
    hat : callable, optional
        ``hat(rows) -> (n, L1)``: h_t with Var(e_t) = sigma^2 (1 - h_t) on the estimation sessions;
        None for a model that has no such number.
    """

    event_ids: NDArray[np.object_]
    assets: NDArray[np.object_]
    axes: tuple[Dates, ...]
    clock: NDArray[np.int64]
    axis: NDArray[np.int64]
    day0: NDArray[np.int64]
    estimation: Window
    event_window: Window
    actual: Floats
    expected: Floats
    ar: Floats
    leverage: Floats
    sigma: Floats
    dof: NDArray[np.int64]
    n_est: NDArray[np.int64]
    residuals: Callable[[Rows], Floats]
    returns: ReturnKind = "simple"
    scale: Floats | None = None
    held: Floats | None = None
    hat: Callable[[Rows], Floats] | None = None

    def __post_init__(self) -> None:
        n, length = len(self.event_ids), self.event_window.length
        for name in ("assets", "axis", "day0", "sigma", "dof", "n_est"):
            if getattr(self, name).shape != (n,):
                raise ValueError(f"AbnormalReturns: {name} not of shape ({n},)")
        for name in ("actual", "expected", "ar"):
            if getattr(self, name).shape != (n, length):
                raise ValueError(f"AbnormalReturns: {name} not of shape ({n}, {length})")
        if self.leverage.shape[:2] != (n, length):
            raise ValueError(f"AbnormalReturns: leverage not of shape ({n}, {length}, p)")

    def __len__(self) -> int:
        return len(self.event_ids)

    @property
    def tau(self) -> NDArray[np.int64]:
        """Sessions of the event window relative to day 0, shape (L2,)."""
        return np.arange(self.event_window.start, self.event_window.end + 1)

    @property
    def ar_variance(self) -> Floats:
        """Forecast-error variance of each abnormal return, shape (N, L2)."""
        variance: Floats = self.sigma[:, None] ** 2 * (self.own + (self.leverage**2).sum(axis=2))
        return variance

    @property
    def own(self) -> Floats:
        """Variance of each session's own error in units of sigma^2, shape (N or 1, L2)."""
        return np.ones((1, self.event_window.length)) if self.scale is None else self.scale

    def columns(self, window: Window) -> slice:
        """Return the columns of a window.

        Raises
        ------
        ValueError
            When the window does not lie inside the event window.
        """
        if not self.event_window.contains(window):
            raise ValueError(f"the window {window} is not inside {self.event_window}")
        return slice(
            window.start - self.event_window.start, window.end - self.event_window.start + 1
        )

    def select(self, rows: NDArray[np.int64]) -> AbnormalReturns:
        """Return some cells; `rows` are positions, shape (n,). All in their order are not copied."""
        if len(rows) == len(self) and bool((rows == np.arange(len(self))).all()):
            return self
        by_cell = {
            field.name: getattr(self, field.name)[rows]
            for field in fields(self)
            if field.name not in SHARED and getattr(self, field.name) is not None
        }
        return replace(
            self,
            **by_cell,
            residuals=partial(_of_rows, self.residuals, rows),
            hat=self.hat and partial(_of_rows, self.hat, rows),
        )


def _of_rows(compute: Callable[[Rows], Floats], rows: NDArray[np.int64], some: Rows) -> Floats:
    """Compute something of some of the cells `rows`."""
    return compute(rows[some])


CELLS = 1024
"""Cells whose regressors over the event window are turned at a time."""

KEEP_UP_TO = 50_000_000
"""Most residuals that are computed once and kept, 400 MB; beyond, every test computes its chunks."""


class Kept:
    """Residuals that are computed when first asked for, and kept where they are not too many.

    Parameters
    ----------
    compute : callable
        ``compute(rows) -> (n, L1)``.
    shape : tuple of int
        (N, L1).
    """

    def __init__(self, compute: Callable[[Rows], Floats], shape: tuple[int, int]) -> None:
        self._compute, self._shape = compute, shape
        self._whole: Floats | None = None

    def __call__(self, rows: Rows) -> Floats:
        """Return the residuals of some cells, shape (n, L1)."""
        if self._shape[0] * self._shape[1] > KEEP_UP_TO:
            return self._compute(rows)
        if self._whole is None:
            self._whole = np.empty(self._shape)
            for part in chunks(self._shape[0]):
                self._whole[part] = self._compute(part)
        kept: Floats = self._whole[rows]
        return kept


def abnormal_returns(sample: Sample, fit: Fit) -> AbnormalReturns:
    """Return the abnormal returns of a fitted model.

    Parameters
    ----------
    sample : Sample
        The N cells on which `fit` was estimated.
    fit : Fit
        The model's estimates for the same cells.
    """
    n, length = len(sample), sample.event_window.length
    actual = np.empty((n, length))
    for rows in chunks(n):
        actual[rows] = sample.asset(rows, sample.event_window)
    return AbnormalReturns(
        event_ids=sample.event_ids,
        assets=sample.assets,
        axes=sample.axes,
        clock=clock_of(sample.axes),
        axis=sample.axis,
        day0=sample.day0,
        estimation=sample.estimation,
        event_window=sample.event_window,
        actual=actual,
        expected=fit.expected,
        ar=actual - fit.expected,
        leverage=fit.leverage,
        sigma=fit.sigma,
        dof=fit.dof,
        n_est=fit.n_obs,
        residuals=Kept(fit.residuals, (n, sample.estimation.length)),
        returns=sample.returns,
        scale=fit.scale,
        held=_held(sample),
        hat=fit.hat,
    )


def clock_of(axes: Sequence[Dates]) -> NDArray[np.int64]:
    """Return the number of each date of all axes; beyond an axis the number of dates, (A, T)."""
    if len(axes) == 1:
        return np.arange(len(axes[0]))[None]
    dates = np.unique(np.concatenate(axes))
    clock = np.full((len(axes), max(map(len, axes))), len(dates))
    for number, sessions in enumerate(axes):
        clock[number, : len(sessions)] = np.searchsorted(dates, sessions)
    return clock


def _held(sample: Sample) -> Floats | None:
    """Return the log prices of the event window and of the session before it."""
    if sample.levels is None:
        return None
    first = sample.day0 + sample.event_window.start - 1
    return cut(sample.levels.T, sample.column, first, sample.event_window.length + 1)


def car_variance(abnormal: AbnormalReturns, windows: Sequence[Window]) -> Floats:
    """Return the forecast-error variance of the CAR over each window, shape (N, W).

    Notes
    -----
    Var(CAR_W) = s^2 [L + (sum x_t)'(X'X)^-1 (sum x_t)]. The second term is the estimation error
    that all sessions of the window share; L s^2 leaves it out. Where the variance of the error itself
    changes from session to session, its sum stands in the place of L s^2.
    """
    variance = np.empty((len(abnormal), len(windows)))
    columns = [abnormal.columns(window) for window in windows]
    for rows in chunks(len(abnormal), CELLS):
        # session by session in memory: a sum over sessions adds long rows
        turned = np.ascontiguousarray(abnormal.leverage[rows].transpose(1, 2, 0))
        for position, days in enumerate(columns):
            total = turned[days].sum(axis=0)
            variance[rows, position] = (total**2).sum(axis=0)
    for position, days in enumerate(columns):
        variance[:, position] += abnormal.own[:, days].sum(axis=1)
    variance *= abnormal.sigma[:, None] ** 2
    return variance
