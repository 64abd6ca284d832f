"""Fits with one beta that is linear in the asset's returns, but not ordinary least squares.

Thinly traded assets answer to the market with a delay; their beta is made from leads and lags of
the market's return, while the abnormal return is measured from the market of the same session.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from eventstudy.formats import counted
from eventstudy.models._failures import EXACT_FIT
from eventstudy.models._least_squares import EXACT
from eventstudy.models.base import Fit
from eventstudy.returns.sample import chunks

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from eventstudy.models.base import Floats, Rows
    from eventstudy.returns.sample import Gathered, Sample

    Slope = Callable[[Floats, Floats], tuple[Floats, Floats]]


def fit_slope(sample: Sample, slope: Slope) -> Fit:
    """Fit R_t = alpha + beta Rm_t + e_t to every cell, with a beta of the caller's making.

    Parameters
    ----------
    sample : Sample
        N cells; the first regressor is Rm_t, the others are what `slope` makes use of.
    slope : callable
        ``slope(y, x) -> (beta, spread)`` for returns of the shape (n, M) and regressors of the shape
        (n, M, k), a session with a gap in any of them all NaN. beta, shape (n,), must be
        sum w_t y_t with weights that depend on x only, sum w_t = 0 and sum w_t Rm_t near 1; spread,
        shape (n,), is sum w_t^2. NaN where there is no beta.

    Notes
    -----
    alpha = mean R - beta mean Rm; s^2 = SSE / (M - 2), a degree of freedom for alpha and one for
    beta. The weights sum to zero, so the errors of beta and of the mean return are uncorrelated:
    Var(CAR_W) = s^2 (L + L^2 / M + (sum Rm_t - L mean Rm)^2 sum w_t^2).
    """
    parts = [_estimate(sample, rows, slope) for rows in chunks(len(sample)) or [slice(0, 0)]]
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Fit(
        parameters=("alpha", "beta"),
        **whole,
        r_squared=np.full(len(sample), np.nan),
        residuals=partial(_residuals, sample, whole["coefficients"]),
        failures=_failures(whole["sigma"], whole["n_obs"], sample.factors.shape[2] + 1),
        hat=None,
    )


def centred(values: Floats) -> Floats:
    """Return values less their mean over the sessions, shape (n, M); 0 where missing.

    What is left of a constant series is rounding: it is set to 0.
    """
    here = np.isfinite(values)
    zeroed = np.where(here, values, 0.0)
    mean = zeroed.sum(axis=1) / np.maximum(here.sum(axis=1), 1)
    deviations = np.where(here, zeroed - mean[:, None], 0.0)
    rounding = (deviations**2).sum(axis=1) <= EXACT**2 * (zeroed**2).sum(axis=1)
    return np.where(rounding[:, None], 0.0, deviations)


def ratio(over: Floats, under: Floats) -> Floats:
    """Return the quotient; NaN where the divisor is zero."""
    quotient: Floats = np.divide(over, under, out=np.full(over.shape, np.nan), where=under != 0)
    return quotient


def _estimate(sample: Sample, rows: slice, slope: Slope) -> dict[str, NDArray[Any]]:
    """Return what a Fit holds of some cells, by name."""
    y, x = _complete(sample.gather(rows, sample.estimation))
    n_obs = np.isfinite(y).sum(axis=1)
    beta, spread = slope(y, x)
    mean_y, mean_x = (
        np.where(np.isfinite(series), series, 0.0).sum(axis=1) / np.maximum(n_obs, 1)
        for series in (y, x[:, :, 0])
    )
    alpha = mean_y - beta * mean_x
    dof = np.maximum(n_obs - 2, 0)
    sse = np.nansum((y - alpha[:, None] - beta[:, None] * x[:, :, 0]) ** 2, axis=1)
    sigma = np.where(np.isnan(beta), np.nan, np.sqrt(sse / np.maximum(dof, 1)))
    size = np.sqrt(np.nansum(y**2, axis=1) / np.maximum(n_obs, 1))
    sigma[sigma <= EXACT * size] = 0.0
    market = sample.gather(rows, sample.event_window).factors[:, :, 0]
    shared = np.broadcast_to(ratio(np.ones(len(n_obs)), np.sqrt(n_obs))[:, None], market.shape)
    own = (market - mean_x[:, None]) * np.sqrt(spread)[:, None]
    alpha_error = np.sqrt(shared[:, 0] ** 2 + mean_x**2 * spread)
    return {
        "coefficients": np.column_stack([alpha, beta]),
        "std_errors": sigma[:, None] * np.column_stack([alpha_error, np.sqrt(spread)]),
        "sigma": sigma,
        "dof": dof,
        "n_obs": n_obs,
        "expected": alpha[:, None] + beta[:, None] * market,
        "leverage": np.stack([shared, own], axis=2),
    }


def _complete(window: Gathered) -> tuple[Floats, Floats]:
    """Return returns and regressors with NaN wherever one of a session's values is missing."""
    here = np.isfinite(window.asset) & np.isfinite(window.factors).all(axis=2)
    return np.where(here, window.asset, np.nan), np.where(here[:, :, None], window.factors, np.nan)


def _residuals(sample: Sample, coefficients: Floats, rows: Rows) -> Floats:
    """Return the estimation residuals of some cells, shape (n, L1); NaN where missing."""
    y, x = _complete(sample.gather(rows, sample.estimation))
    alpha, beta = coefficients[rows].T[:, :, None]
    residuals: Floats = y - alpha - beta * x[:, :, 0]
    return residuals


def _failures(sigma: Floats, n_obs: NDArray[np.int64], columns: int) -> NDArray[np.object_]:
    """Say why a cell has no result that could be tested."""
    failures = np.where(sigma == 0, EXACT_FIT, "").astype(object)
    failures[np.isnan(sigma)] = (
        "the benchmark does not vary, or its leads and lags leave no beta, in the estimation window"
    )
    few = n_obs <= columns
    failures[few] = [
        f"{counted(n, 'return')} for {counted(columns, 'regressor')}" for n in n_obs[few]
    ]
    return failures
