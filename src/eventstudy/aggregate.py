"""From abnormal returns to CARs, and to their averages over groups; pure functions on arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.abnormal import car_variance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from eventstudy.abnormal import AbnormalReturns
    from eventstudy.models.base import Floats
    from eventstudy.spec import Window


@dataclass(frozen=True, slots=True, eq=False)
class CumulativeReturns:
    """Cumulative abnormal returns of N cells over W windows.

    Attributes
    ----------
    abnormal : AbnormalReturns
        What was cumulated; N cells.
    windows : tuple of Window
        W windows inside the event window.
    car, variance : ndarray, shape (N, W)
        CAR, decimal, and its forecast-error variance. Both are NaN when one of the abnormal returns
        is missing: a gap is never counted as zero.
    """

    abnormal: AbnormalReturns
    windows: tuple[Window, ...]
    car: Floats
    variance: Floats

    @property
    def scar(self) -> Floats:
        """CAR over its standard deviation, shape (N, W); NaN where that is zero."""
        sd = np.sqrt(self.variance)
        scar: Floats = np.divide(self.car, sd, out=np.full(sd.shape, np.nan), where=sd > 0)
        return scar

    @property
    def csar(self) -> Floats:
        """Sum of the standardised ARs of each window, shape (N, W); NaN where a variance is zero."""
        sd = np.sqrt(self.abnormal.ar_variance)
        sar = np.divide(self.abnormal.ar, sd, out=np.full(sd.shape, np.nan), where=sd > 0)
        parts = [sar[:, self.abnormal.columns(window)].sum(axis=1) for window in self.windows]
        return np.column_stack(parts)

    @property
    def bhar(self) -> Floats:
        """Buy-and-hold abnormal returns, shape (N, W), see :func:`buy_and_hold`."""
        return buy_and_hold(self.abnormal, self.windows)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Number of sessions in each window, shape (W,)."""
        return np.array([window.length for window in self.windows], dtype=np.int64)

    def select(self, rows: NDArray[np.int64]) -> CumulativeReturns:
        """Return some cells; `rows` are positions, shape (n,)."""
        some = self.abnormal.select(rows)
        if some is self.abnormal:
            return self
        return CumulativeReturns(some, self.windows, self.car[rows], self.variance[rows])


def cumulate(abnormal: AbnormalReturns, windows: Sequence[Window]) -> CumulativeReturns:
    """Sum abnormal returns over each window, or take the return from trade to trade at its ends.

    Parameters
    ----------
    abnormal : AbnormalReturns
        N cells.
    windows : sequence of Window
        W windows, each inside the event window.

    Raises
    ------
    ValueError
        When a window does not lie inside the event window.
    """
    car = np.empty((len(abnormal), len(windows)))
    for position, window in enumerate(windows):
        days = abnormal.columns(window)
        if abnormal.held is None:
            car[:, position] = np.einsum("nt->n", abnormal.ar[:, days])
        else:
            moved = abnormal.held[:, days.stop] - abnormal.held[:, days.start]
            car[:, position] = moved - abnormal.expected[:, days].sum(axis=1)
    variance = np.where(np.isfinite(car), car_variance(abnormal, windows), np.nan)
    return CumulativeReturns(abnormal, tuple(windows), car, variance)


def buy_and_hold(abnormal: AbnormalReturns, windows: Sequence[Window]) -> Floats:
    """Compound returns over each window, and take away what the model compounds to.

    Parameters
    ----------
    abnormal : AbnormalReturns
        N cells.
    windows : sequence of Window
        W windows, each inside the event window.

    Returns
    -------
    ndarray, shape (N, W)
        BHAR, decimal and simple; NaN when a return of the window is missing.

    Notes
    -----
    BHAR = prod (1 + R_t) - prod (1 + E[R_t]) of simple returns, and
    exp(sum R_t) - exp(sum E[R_t]) of log returns, which sum.

    References
    ----------
    Barber, B. M. and Lyon, J. D. (1997), Journal of Financial Economics 43, 341-372.
    """
    bhar = np.empty((len(abnormal), len(windows)))
    for position, window in enumerate(windows):
        days = abnormal.columns(window)
        held, expected = (
            np.exp(each[:, days].sum(axis=1))
            if abnormal.returns == "log"
            else (1 + each[:, days]).prod(axis=1)
            for each in (abnormal.actual, abnormal.expected)
        )
        if abnormal.held is not None:
            held = np.exp(abnormal.held[:, days.stop] - abnormal.held[:, days.start])
        bhar[:, position] = held - expected
    return bhar


@dataclass(frozen=True, slots=True)
class Average:
    """The distribution of CARs over a group, by window.

    Attributes
    ----------
    n, positive, negative : ndarray of int, shape (W,)
        Number of CARs, of those above zero and of those below.
    mean, median, std_error : ndarray, shape (W,)
        CAAR, median CAR, and sd(CAR) / sqrt(n) across the group; NaN where n is too small.
    """

    n: NDArray[np.int64]
    mean: Floats
    median: Floats
    std_error: Floats
    positive: NDArray[np.int64]
    negative: NDArray[np.int64]


def average(car: Floats) -> Average:
    """Average CARs over a group.

    Parameters
    ----------
    car : ndarray, shape (n, W)
        CARs, decimal; NaN = missing, left out of its window.
    """
    n, mean, sd = moments(car)
    present = np.isfinite(car)
    middle = np.full(car.shape[1], np.nan)
    some = n > 0
    middle[some] = np.nanmedian(car[:, some], axis=0)
    return Average(
        n=n,
        mean=mean,
        median=middle,
        std_error=sd / np.sqrt(np.maximum(n, 1)),
        positive=(present & (car > 0)).sum(axis=0),
        negative=(present & (car < 0)).sum(axis=0),
    )


def moments(values: Floats) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Return count, mean and standard deviation (ddof 1) of each column, leaving out NaN.

    Parameters
    ----------
    values : ndarray, shape (n, W)
        Numbers; NaN = missing.

    Returns
    -------
    n, mean, sd : ndarray, shape (W,)
        The mean is NaN for n = 0, the standard deviation for n < 2.
    """
    present = np.isfinite(values)
    n, whole = present.sum(axis=0), present.all()
    total = (values if whole else np.where(present, values, 0.0)).sum(axis=0)
    mean = np.divide(total, n, out=np.full(n.shape, np.nan), where=n > 0)
    deviation = values - mean if whole else np.where(present, values - mean, 0.0)
    squares = (deviation**2).sum(axis=0)
    variance = np.divide(squares, n - 1, out=np.full(n.shape, np.nan), where=n > 1)
    return n, mean, np.sqrt(variance)


@lru_cache(maxsize=1)
def car_moments(cars: CumulativeReturns) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Return :func:`moments` of the CARs, not to be written to; the last answer is kept.

    Parameters
    ----------
    cars : CumulativeReturns
        N cells; nearly every test of a group asks for them.
    """
    found = moments(cars.car)
    for each in found:
        each.setflags(write=False)
    return found


def quantiles(values: Floats, shares: tuple[float, ...]) -> Floats:
    """Return quantiles of each column, leaving out NaN, shape (Q, W); NaN for an empty column.

    Parameters
    ----------
    values : ndarray, shape (n, W)
        Numbers; NaN = missing.
    shares : tuple of float, length Q
        Between 0 and 1.

    Notes
    -----
    Between two order statistics the quantile is interpolated: number (n - 1) share, counted from zero,
    as ``np.quantile`` has it; one sort serves all shares, gaps or not.
    """
    rising = np.ascontiguousarray(values.T)
    rising.sort(axis=1)
    last = (~np.isnan(values)).sum(axis=0) - 1
    place = np.multiply.outer(np.array(shares), np.maximum(last, 0))
    below = place.astype(int)
    column, weight = np.arange(len(rising)), place - below
    low, high = (rising[column, np.minimum(row, last)] for row in (below, below + 1))
    step = high - low
    found: Floats = np.where(weight < 0.5, low + step * weight, high - step * (1 - weight))
    return found


def paths(abnormal: AbnormalReturns) -> tuple[Floats, Floats]:
    """Return the cumulative abnormal return measured from the close of day -1, with its variance.

    Returns
    -------
    value, variance : ndarray, shape (N, L2)
        At tau >= 0 the CAR over [0, tau]; at tau = -1 zero; before, minus the CAR over
        [tau + 1, -1]: run-up and reaction read apart. Missing returns make the path NaN from there
        outwards.
    """
    tau = abnormal.tau
    after = tau >= 0
    value, loading = np.zeros(abnormal.ar.shape), np.zeros(abnormal.leverage.shape)
    own = np.zeros((len(abnormal.own), len(tau)))
    own[:, after] = abnormal.own[:, after].cumsum(axis=1)
    value[:, after] = abnormal.ar[:, after].cumsum(axis=1)
    loading[:, after] = abnormal.leverage[:, after].cumsum(axis=1)
    backwards = np.flatnonzero(tau < 0)[::-1]
    if len(backwards) > 1:
        inner, outer = backwards[:-1], backwards[1:]
        value[:, outer] = -abnormal.ar[:, inner].cumsum(axis=1)
        loading[:, outer] = abnormal.leverage[:, inner].cumsum(axis=1)
        own[:, outer] = abnormal.own[:, inner].cumsum(axis=1)
    variance = abnormal.sigma[:, None] ** 2 * (own + (loading**2).sum(axis=2))
    return value, variance
