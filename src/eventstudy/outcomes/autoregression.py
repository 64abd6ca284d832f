"""Autoregressions of persistent series: order by BIC, residuals tested, sums forecast with their error."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Ints

HIGHEST = 5
"""Highest order: a week of sessions."""

LAGS = 10
"""Residual autocorrelations that the Ljung-Box statistic adds up."""


@dataclass(frozen=True, slots=True, eq=False)
class Autoregression:
    """Autoregressions of n series, y_t = c + phi_1 y_{t-1} + ... + phi_p y_{t-p} + u_t.

    Attributes
    ----------
    order : ndarray of int, shape (n,)
        p of each series, 0 to P.
    coefficients : ndarray, shape (n, 1 + P)
        c and phi_1 ... phi_P; zero beyond the order.
    inverse : ndarray, shape (n, 1 + P, 1 + P)
        (X'X)^-1 of the regression; zero beyond the order.
    sigma : ndarray, shape (n,)
        Residual standard deviation, with the degrees of freedom below.
    dof : ndarray of int, shape (n,)
        Observations less 1 + p.
    ljung_box_p : ndarray, shape (n,)
        p-value of the Ljung-Box statistic of the residuals.
    """

    order: Ints
    coefficients: Floats
    inverse: Floats
    sigma: Floats
    dof: Ints
    ljung_box_p: Floats


def autoregress(series: Floats, highest: int = HIGHEST) -> Autoregression:
    """Fit an autoregression to every series, its order chosen by BIC.

    Parameters
    ----------
    series : ndarray, shape (n, M)
        Series without gaps, oldest value first.
    highest : int
        P, the highest order.

    Notes
    -----
    Orders are compared on the same M - P last values of a series: BIC = m ln(SSE / m) + p ln m, m =
    M - P. The chosen order is then estimated by least squares on all M - p values that have p lags.

    References
    ----------
    Schwarz, G. (1978), Annals of Statistics 6, 461-464. Luetkepohl, H. (2005), New Introduction to
    Multiple Time Series Analysis, section 4.3.
    """
    m = series.shape[1] - highest
    held = [_least_squares(series, order, highest) for order in range(highest + 1)]
    with np.errstate(divide="ignore"):
        bic = np.column_stack(
            [
                m * np.log((residual**2).sum(axis=1) / m) + order * np.log(m)
                for order, (_, _, residual) in enumerate(held)
            ]
        )
    order = bic.argmin(axis=1)
    found = unknown(len(series), highest)
    for p in range(highest + 1):
        rows = np.flatnonzero(order == p)
        if len(rows):
            _put(found, rows, p, series[rows])
    return replace(found, order=order)


def unknown(n: int, highest: int) -> Autoregression:
    """Return n autoregressions of which nothing is known."""
    size = 1 + highest
    return Autoregression(
        order=np.zeros(n, int),
        coefficients=np.zeros((n, size)),
        inverse=np.zeros((n, size, size)),
        sigma=np.full(n, np.nan),
        dof=np.zeros(n, int),
        ljung_box_p=np.full(n, np.nan),
    )


def _put(found: Autoregression, rows: NDArray[np.int64], order: int, series: Floats) -> None:
    """Estimate one order on all values of some series and put it in its place."""
    size = 1 + order
    coefficients, inverse, residual = _least_squares(series, order, order)
    dof = residual.shape[1] - size
    found.coefficients[rows, :size] = coefficients
    found.inverse[rows[:, None, None], np.arange(size)[:, None], np.arange(size)] = inverse
    found.sigma[rows] = np.sqrt((residual**2).sum(axis=1) / dof)
    found.dof[rows] = dof
    found.ljung_box_p[rows] = ljung_box(residual, order)[1]


def _least_squares(series: Floats, order: int, held_back: int) -> tuple[Floats, Floats, Floats]:
    """Regress the values after the first few on their lags: coefficients, (X'X)^-1, residuals."""
    n, length = series.shape
    lags = [series[:, held_back - lag : length - lag] for lag in range(1, order + 1)]
    design = np.stack([np.ones((n, length - held_back)), *lags], axis=2)
    inverse = np.linalg.pinv(np.einsum("ntk,ntl->nkl", design, design), hermitian=True)
    target = series[:, held_back:]
    coefficients = np.einsum("nkl,ntl,nt->nk", inverse, design, target, optimize=True)
    residual = target - np.einsum("ntk,nk->nt", design, coefficients)
    return coefficients, inverse, residual


def ljung_box(residuals: Floats, order: int, lags: int = LAGS) -> tuple[Floats, Floats]:
    """Return the Ljung-Box statistic of residuals and its p-value, each shape (n,).

    Parameters
    ----------
    residuals : ndarray, shape (n, m)
        Residuals of an autoregression; without any spread they have no p-value.
    order : int
        Its order p, fewer than `lags`.
    lags : int
        K, autocorrelations added up.

    Notes
    -----
    Q = m (m + 2) sum_{k=1}^{K} r_k^2 / (m - k), chi-square with K - p degrees of freedom.

    References
    ----------
    Ljung, G. M. and Box, G. E. P. (1978), Biometrika 65, 297-303.
    """
    from scipy.special import chdtrc

    m = residuals.shape[1]
    centred = residuals - residuals.mean(axis=1, keepdims=True)
    total = (centred**2).sum(axis=1)
    moving = total > 0
    statistic = np.full(len(residuals), np.nan)
    each = [
        (centred[moving, lag:] * centred[moving, :-lag]).sum(axis=1) ** 2 / (m - lag)
        for lag in range(1, lags + 1)
    ]
    statistic[moving] = m * (m + 2) * np.sum(each, axis=0) / total[moving] ** 2
    return statistic, chdtrc(lags - order, statistic)


def forecast_sum(
    fit: Autoregression, before: Floats, first: int, last: int
) -> tuple[Floats, Floats]:
    """Forecast the sum of the values `first` to `last` steps ahead.

    Parameters
    ----------
    fit : Autoregression
        n autoregressions.
    before : ndarray, shape (n, P)
        The values before the first step, oldest first.
    first, last : int
        Steps from 1 on, both included.

    Returns
    -------
    total, variance : ndarray, shape (n,)
        The forecast and the variance of its error.

    Notes
    -----
    Forecasts follow the recursion. With psi_0 = 1 and psi_h = sum_i phi_i psi_{h-i} the shock of step
    s weighs w_s = sum of psi_{h-s} over the steps h >= s of the sum; with g the derivative of the sum
    by the coefficients the error variance is sigma^2 (sum_s w_s^2 + g'(X'X)^-1 g), the second term
    being what the estimation of the coefficients adds. For p = 0 it is sigma^2 (L + L^2 / M).

    References
    ----------
    Box, G. E. P., Jenkins, G. M. and Reinsel, G. C. (1994), Time Series Analysis, chapter 5 and
    appendix A7.5.
    """
    slopes = fit.coefficients[:, 1:]
    n, lags = slopes.shape
    value = np.zeros((n, lags + last))
    value[:, :lags] = before
    change = np.zeros((n, lags + last, 1 + lags))
    psi = np.zeros((n, lags + last))
    psi[:, lags] = 1.0
    for step in range(lags, lags + last):
        past = slice(step - 1, step - lags - 1 if step > lags else None, -1)
        value[:, step] = fit.coefficients[:, 0] + (slopes * value[:, past]).sum(axis=1)
        change[:, step] = np.einsum("ni,nik->nk", slopes, change[:, past])
        change[:, step, 0] += 1.0
        change[:, step, 1:] += value[:, past]
        if step > lags:
            psi[:, step] = (slopes * psi[:, past]).sum(axis=1)
    tested = slice(lags + first - 1, lags + last)
    gradient = change[:, tested].sum(axis=1)
    estimation = np.einsum("nk,nkl,nl->n", gradient, fit.inverse, gradient)
    weight = _shock_weights(psi[:, lags:], first, last)
    variance = fit.sigma**2 * ((weight**2).sum(axis=1) + estimation)
    return value[:, tested].sum(axis=1), variance


def _shock_weights(psi: Floats, first: int, last: int) -> Floats:
    """Return what the shock of each step weighs in the sum of some steps, shape (n, last)."""
    running = np.cumsum(np.column_stack([np.zeros(len(psi)), psi]), axis=1)
    step = np.arange(1, last + 1)
    weights: Floats = running[:, last - step + 1] - running[:, np.maximum(first - step, 0)]
    return weights
