"""Least squares for a batch of cells: column-scaled QR, missing sessions left out.

QR of the scaled design reaches the certified digits of the NIST StRD sets; the normal equations do
not. One regressor beside the constant has a closed form, which is as exact when it is centred first.
A column is never dropped in silence: a cell whose regressors are collinear fails by name.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.models._failures import failures_of
from eventstudy.models._window_sums import LEAST_SHARE, Moments, window_moments
from eventstudy.models.base import Fit
from eventstudy.returns.sample import chunks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.models.base import Floats, Rows
    from eventstudy.returns.sample import Gathered, Sample

RANK_TOLERANCE = 1e-13
"""Smallest length of a unit regressor after the others are projected out."""

EXACT = 1e-12
"""Residual deviation, as a share of the returns' own size, below which the fit is exact."""

CHUNK = 256
"""Windows that are gathered at a time: with their deviations they fit into the cache."""


@dataclass(frozen=True, slots=True)
class LeastSquares:
    """Least squares of n regressions with M rows and p columns.

    Attributes
    ----------
    coefficients, std_errors : ndarray, shape (n, p)
        Estimates; standard errors under independent, identically distributed errors.
    sigma : ndarray, shape (n,)
        sqrt(SSE / dof).
    dof, n_obs : ndarray of int, shape (n,)
        n_obs - p, and the number of rows without a gap.
    r_squared : ndarray, shape (n,)
        1 - SSE / SST about the mean.
    basis : ndarray, shape (n, p, p)
        B with x'B the row x in the orthonormal basis of the design: h = |x'B|^2.
    collinear : ndarray of bool, shape (n, p)
        Columns that are zero, or a combination of the columns before them.
    """

    coefficients: Floats
    std_errors: Floats
    sigma: Floats
    dof: NDArray[np.int64]
    n_obs: NDArray[np.int64]
    r_squared: Floats
    basis: Floats
    collinear: NDArray[np.bool_]


def least_squares(y: Floats, x: Floats) -> LeastSquares:
    """Regress each row of `y` on its own design.

    Parameters
    ----------
    y : ndarray, shape (n, M)
        Dependent variable; a row with a NaN in y or x is left out.
    x : ndarray, shape (n, M, p)
        Regressors, with the constant where there is one.

    Returns
    -------
    LeastSquares
        Where there are no degrees of freedom or the design is collinear, the numbers are NaN.
    """
    p = x.shape[2]
    here = np.isfinite(y) & np.isfinite(x).all(axis=2)
    y0, x0 = np.where(here, y, 0.0), np.where(here[:, :, None], x, 0.0)
    n_obs = here.sum(axis=1)
    scale = np.sqrt((x0**2).sum(axis=1))
    unit = x0 / np.where(scale > 0, scale, 1.0)[:, None, :]
    q, r = np.linalg.qr(unit)
    collinear = np.abs(np.diagonal(r, axis1=1, axis2=2)) < RANK_TOLERANCE
    bad = collinear.any(axis=1) | (n_obs <= p)
    inverse = np.linalg.inv(np.where(bad[:, None, None], np.eye(p), r))
    basis = np.where(
        bad[:, None, None], np.nan, inverse / np.where(scale > 0, scale, 1.0)[:, :, None]
    )
    coefficients = (basis @ (q.swapaxes(1, 2) @ y0[:, :, None]))[:, :, 0]
    residuals = np.where(here, y0 - (x0 @ np.nan_to_num(coefficients)[:, :, None])[:, :, 0], 0.0)
    dof = np.maximum(n_obs - p, 0)
    sse = (residuals**2).sum(axis=1)
    sigma = np.where(bad, np.nan, np.sqrt(sse / np.maximum(dof, 1)))
    size = np.sqrt((y0**2).sum(axis=1) / np.maximum(n_obs, 1))
    sigma[sigma <= EXACT * size] = 0.0
    return LeastSquares(
        coefficients=coefficients,
        std_errors=sigma[:, None] * np.sqrt((basis**2).sum(axis=2)),
        sigma=sigma,
        dof=dof,
        n_obs=n_obs,
        r_squared=_r_squared(
            sse, _squares(_about_mean(y, np.flatnonzero(~here), np.maximum(n_obs, 1))[0])
        ),
        basis=basis,
        collinear=collinear,
    )


def simple_regression(y: Floats, x: Floats) -> LeastSquares:
    """Regress each row of `y` on a constant and one regressor of its own.

    Parameters
    ----------
    y, x : ndarray, shape (n, M)
        Dependent variable and regressor; a session with a NaN in either is left out.

    Returns
    -------
    LeastSquares
        What :func:`least_squares` gives for a constant and x, without a factorisation:
        beta = sum (x_t - m)(y_t - mean y) / SSX.
    """
    here = np.isfinite(y)
    here &= np.isfinite(x)
    gaps = np.flatnonzero(~here)
    n_obs = y.shape[1] - np.bincount(gaps // y.shape[1], minlength=len(y))
    n = np.maximum(n_obs, 1)
    (dy, mean_y), (dx, mean_x) = _about_mean(y, gaps, n), _about_mean(x, gaps, n)
    yy, xx, xy = _squares(dy), _squares(dx), np.einsum("nt,nt->n", dx, dy)
    beta = np.divide(xy, xx, out=np.zeros(len(n)), where=xx > 0)
    sse = yy - beta * xy
    near = np.flatnonzero(~(sse > LEAST_SHARE * yy))
    sse[near] = _squares(dy[near] - beta[near, None] * dx[near])
    return _line(Moments(n_obs, mean_y, mean_x, yy, xx, xy, sse))


def _about_mean(
    values: Floats, gaps: NDArray[np.int64], n: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Return values less their mean, 0 at the gaps (positions in the flat array), and the mean."""
    deviations = np.array(values, order="C")
    flat = deviations.reshape(-1)
    flat[gaps] = 0.0
    mean = deviations.sum(axis=1) / n
    deviations -= mean[:, None]
    flat[gaps] = 0.0
    return deviations, mean


def _line(moments: Moments) -> LeastSquares:
    """Return the regression on a constant and one regressor that has these moments."""
    n_obs, mean_x = moments.n_obs, moments.mean_x
    n = np.maximum(n_obs, 1)
    collinear = np.zeros((len(n), 2), bool)
    collinear[:, 1] = moments.xx <= RANK_TOLERANCE**2 * (moments.xx + n * mean_x**2)
    bad = collinear[:, 1] | (n_obs <= 2)
    xx = np.where(bad, np.nan, moments.xx)
    beta = moments.xy / xx
    sigma = np.where(bad, np.nan, np.sqrt(moments.sse / np.maximum(n_obs - 2, 1)))
    sigma[sigma <= EXACT * np.sqrt(moments.yy / n + moments.mean_y**2)] = 0.0
    basis = np.zeros((len(n), 2, 2))
    basis[:, 0, 0], basis[:, 1, 1] = np.where(bad, np.nan, 1 / np.sqrt(n)), 1 / np.sqrt(xx)
    basis[:, 0, 1] = -mean_x * basis[:, 1, 1]
    return LeastSquares(
        coefficients=np.column_stack([moments.mean_y - beta * mean_x, beta]),
        std_errors=sigma[:, None] * np.sqrt((basis**2).sum(axis=2)),
        sigma=sigma,
        dof=np.maximum(n_obs - 2, 0),
        n_obs=n_obs,
        r_squared=_r_squared(moments.sse, moments.yy),
        basis=basis,
        collinear=collinear,
    )


def _squares(values: Floats) -> Floats:
    """Return the sum of squares of each row."""
    squares: Floats = np.einsum("nt,nt->n", values, values)
    return squares


def _r_squared(sse: Floats, sst: Floats) -> Floats:
    """Share of the variation about the mean that is explained; NaN for a constant series."""
    unexplained: Floats = np.divide(sse, sst, out=np.full(len(sst), np.nan), where=sst > 0)
    return np.maximum(1 - unexplained, 0.0)  # with a constant, below 0 is rounding


def fit_regression(sample: Sample, parameters: tuple[str, ...], *, excess: bool = False) -> Fit:
    """Regress every cell's returns on a constant and the sample's regressors.

    Parameters
    ----------
    sample : Sample
        N cells with k regressors, or with k and the risk-free return as the last column.
    parameters : tuple of str, length k + 1
        Names of the coefficients, the constant first.
    excess : bool
        Whether the last column is the risk-free return: it is taken off the asset's return before
        the regression, and it is part of the expected return.
    """
    whole = _regressions(sample, excess=excess)
    n, length = len(sample), sample.event_window.length
    expected, leverage = np.empty((n, length)), np.empty((n, length, len(parameters)))
    for rows in chunks(n):
        factors, risk_free = _factors(sample.regressors(rows, sample.event_window), excess=excess)
        expected[rows] = _explained(factors, whole.coefficients[rows]) + risk_free
        leverage[rows] = _in_basis(factors, whole.basis[rows])
    return Fit(
        parameters=parameters,
        coefficients=whole.coefficients,
        std_errors=whole.std_errors,
        sigma=whole.sigma,
        dof=whole.dof,
        n_obs=whole.n_obs,
        r_squared=whole.r_squared,
        expected=expected,
        leverage=leverage,
        residuals=partial(residuals_of, sample, whole.coefficients, excess=excess),
        failures=failures_of(whole, parameters),
        hat=partial(_hat, sample, whole.basis, excess=excess),
    )


def _regressions(sample: Sample, *, excess: bool) -> LeastSquares:
    """Regress every cell: by sums over the series where they are exact, else window by window."""
    parts, rows = [], np.arange(0)
    if sample.factors.shape[2] == 1 and not excess:
        rows, moments = window_moments(sample)
        parts += [_line(moments)] if len(rows) else []
    rest = np.delete(np.arange(len(sample)), rows)
    if len(rows) and not len(rest):
        return parts[0]
    for some in chunks(len(rest), CHUNK) or [slice(0, 0)]:
        window = sample.gather(rest[some], sample.estimation)
        parts.append(_regress(*_split(window, excess=excess)))
    whole = [
        np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(LeastSquares)
    ]
    if not len(rows):
        return LeastSquares(*whole)
    place = np.empty(len(sample), np.int64)
    place[np.concatenate([rows, rest])] = np.arange(len(sample))
    return LeastSquares(*(values[place] for values in whole))


def _split(window: Gathered, *, excess: bool) -> tuple[Floats, Floats]:
    """Return the dependent variable and the factors."""
    factors, risk_free = _factors(window.factors, excess=excess)
    return window.asset - risk_free, factors


def _factors(regressors: Floats, *, excess: bool) -> tuple[Floats, Floats | float]:
    """Return the factors, and the risk-free return."""
    return (regressors[:, :, :-1], regressors[:, :, -1]) if excess else (regressors, 0.0)


def _with_constant(factors: Floats) -> Floats:
    """Return the factors behind a column of ones, shape (n, M, p)."""
    return np.concatenate([np.ones((*factors.shape[:2], 1)), factors], axis=2)


def _in_basis(factors: Floats, basis: Floats) -> Floats:
    """Return the rows of the design in its orthonormal basis, shape (n, M, p)."""
    rows: Floats = factors @ basis[:, 1:]
    rows += basis[:, :1]
    return rows


def _regress(y: Floats, factors: Floats) -> LeastSquares:
    """Regress on a constant and the factors, by the closed form where there is one."""
    if factors.shape[2] == 1:
        return simple_regression(y, factors[:, :, 0])
    return least_squares(y, _with_constant(factors))


def _explained(factors: Floats, coefficients: Floats) -> Floats:
    """Return the constant plus the factors times their coefficients, shape (n, M)."""
    explained: Floats = np.einsum("ntk,nk->nt", factors, coefficients[:, 1:])
    return explained + coefficients[:, :1]


def residuals_of(sample: Sample, coefficients: Floats, rows: Rows, *, excess: bool) -> Floats:
    """Return the estimation residuals of some cells, shape (n, L1); NaN where missing."""
    y, factors = _split(sample.gather(rows, sample.estimation), excess=excess)
    return y - _explained(factors, coefficients[rows])


def _hat(sample: Sample, basis: Floats, rows: Rows, *, excess: bool) -> Floats:
    """Return x_t'(X'X)^-1 x_t on the estimation sessions of some cells, shape (n, L1)."""
    factors, _ = _factors(sample.regressors(rows, sample.estimation), excess=excess)
    hat: Floats = (_in_basis(factors, basis[rows]) ** 2).sum(axis=2)
    return hat
