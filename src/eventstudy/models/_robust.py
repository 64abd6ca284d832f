"""Robust regression on one regressor, a cell at a time: statsmodels iterates, we keep the books."""

from __future__ import annotations

import warnings
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from eventstudy.models._failures import failures_of
from eventstudy.models._least_squares import EXACT, residuals_of, simple_regression
from eventstudy.models.base import Fit
from eventstudy.returns.sample import chunks

if TYPE_CHECKING:
    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Sample

Estimator = Literal["huber", "lad"]

PARAMETERS = ("alpha", "beta")
NOT_CONVERGED = "the robust regression finds no line: too many returns are equal"


def fit_robust(sample: Sample, estimator: Estimator) -> Fit:
    """Fit R_t = alpha + beta Rm_t + e_t to every cell, outliers weighing less.

    Parameters
    ----------
    sample : Sample
        N cells with one regressor.
    estimator : {'huber', 'lad'}
        Which sum of residuals is least.
    """
    n, length = len(sample), sample.event_window.length
    coefficients, std_errors = np.full((n, 2), np.nan), np.full((n, 2), np.nan)
    sigma, expected = np.full(n, np.nan), np.full((n, length), np.nan)
    n_obs, leverage = np.zeros(n, int), np.full((n, length, 2), np.nan)
    failures = np.full(n, "", dtype=object)
    for rows in chunks(n):
        window, event = (
            sample.gather(rows, each) for each in (sample.estimation, sample.event_window)
        )
        y, x, market = window.asset, window.factors[:, :, 0], event.factors[:, :, 0]
        plain = simple_regression(y, x)
        n_obs[rows], failures[rows] = plain.n_obs, failures_of(plain, PARAMETERS)
        for row in np.flatnonzero(failures[rows] == ""):
            here, cell = np.isfinite(y[row]) & np.isfinite(x[row]), rows.start + row
            found = robust_line(y[row, here], x[row, here], estimator)
            if found is None:
                failures[cell] = NOT_CONVERGED
                continue
            line, covariance = found
            coefficients[cell], std_errors[cell] = line, np.sqrt(np.diag(covariance))
            expected[cell] = line[0] + line[1] * market[row]
            sse = np.sum((y[row, here] - line[0] - line[1] * x[row, here]) ** 2)
            sigma[cell] = np.sqrt(sse / (n_obs[cell] - 2))
            design = np.column_stack([np.ones(length), market[row]])
            leverage[cell] = design @ np.linalg.cholesky(covariance) / sigma[cell]
    return Fit(
        parameters=PARAMETERS,
        coefficients=coefficients,
        std_errors=std_errors,
        sigma=sigma,
        dof=np.maximum(n_obs - 2, 0),
        n_obs=n_obs,
        r_squared=np.full(n, np.nan),
        expected=expected,
        leverage=leverage,
        residuals=partial(residuals_of, sample, coefficients, excess=False),
        failures=failures,
    )


def robust_line(y: Floats, x: Floats, estimator: Estimator) -> tuple[Floats, Floats] | None:
    """Return alpha and beta, shape (2,), and their covariance, shape (2, 2); None without a line.

    Both variables are measured in their own standard deviations, so that no tolerance depends on the
    unit of returns.
    """
    size, spread, mean = np.std(y), np.std(x), np.mean(x)
    design = np.column_stack([np.ones(len(x)), (x - mean) / spread])
    found = (_huber if estimator == "huber" else _lad)(y / size, design)
    if found is None or not np.isfinite(found[1]).all():
        return None
    back = size * np.array([[1.0, -mean / spread], [0.0, 1 / spread]])
    return back @ found[0], back @ found[1] @ back.T


def _huber(y: Floats, design: Floats) -> tuple[Floats, Floats] | None:
    """Return Huber's estimate with 1.345 and its covariance; the scale is the MAD."""
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import ConvergenceWarning

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            model = sm.RLM(y, design, M=sm.robust.norms.HuberT())
            found = model.fit(maxiter=500, tol=1e-12)
        except ConvergenceWarning:
            return None
    if not found.scale > EXACT:
        return None
    return np.asarray(found.params), np.asarray(found.cov_params())


def _lad(y: Floats, design: Floats) -> tuple[Floats, Floats] | None:
    """Return the least absolute deviations and their covariance (X'X)^-1 / (4 f^2).

    As a linear programme, y = X b + u - v with the least sum of u and v >= 0: reweighted least
    squares stops up to 0.003 standard deviations beside its vertex. f is the density of the
    residuals at their median, by an Epanechnikov kernel.
    """
    from scipy.optimize import linprog
    from scipy.stats import iqr, norm
    from statsmodels.regression.quantile_regression import hall_sheather

    n, p = design.shape
    found = linprog(
        np.repeat([0.0, 1.0], [p, 2 * n]),
        A_eq=np.hstack([design, np.eye(n), -np.eye(n)]),
        b_eq=y,
        bounds=[(None, None)] * p + [(0, None)] * (2 * n),
    )
    if found.x is None or not found.success:
        return None
    line = found.x[:p]
    residuals = y - design @ line
    share = hall_sheather(n, 0.5)
    width = min(np.std(residuals), iqr(residuals) / 1.34) * 2 * norm.ppf(0.5 + share)
    if not width > 0:
        return None
    density = np.mean(0.75 * np.maximum(1 - (residuals / width) ** 2, 0)) / width
    return line, np.linalg.inv(design.T @ design) / (4 * density**2)
