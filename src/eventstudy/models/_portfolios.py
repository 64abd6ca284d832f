"""Expected returns that are those of a portfolio: fixed or fitted weights, and no constant."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.formats import counted
from eventstudy.models._failures import EXACT_FIT
from eventstudy.models._least_squares import EXACT, least_squares
from eventstudy.models.base import Fit
from eventstudy.returns.sample import chunks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from eventstudy.models.base import Floats, Rows
    from eventstudy.returns.sample import Sample


def fit_fixed_weights(sample: Sample, weights: Sequence[float]) -> Fit:
    """Expect the portfolio of the regressors with given weights, shape (k,).

    Nothing is estimated but the variance about zero.
    """
    n, length = len(sample), sample.event_window.length
    return _fit(sample, (), np.tile(np.asarray(weights, float), (n, 1)), np.empty((n, length, 0)))


def fit_convex_weights(sample: Sample, parameters: tuple[str, ...]) -> Fit:
    """Expect the portfolio of the regressors that follows the asset best.

    Parameters
    ----------
    sample : Sample
        N cells with k donors.
    parameters : tuple of str, length k
        Names of the donors; their weights are the coefficients.
    """
    n, length, k = len(sample), sample.event_window.length, sample.factors.shape[2]
    weights, leverage = np.full((n, k), 1 / k), np.zeros((n, length, k))
    for rows in chunks(n):
        window, event = (
            sample.gather(rows, each) for each in (sample.estimation, sample.event_window)
        )
        for row, (y, x) in enumerate(zip(window.asset, window.factors, strict=True)):
            here = np.isfinite(y) & np.isfinite(x).all(axis=1)
            if here.sum() > k:
                cell = rows.start + row
                weights[cell] = convex_weights(y[here], x[here])
                leverage[cell] = _leverage(weights[cell], y[here], x[here], event.factors[row])
    return _fit(sample, parameters, weights, leverage)


def convex_weights(y: Floats, x: Floats) -> Floats:
    """Return the weights w >= 0, sum w = 1, with the least sum (y_t - x_t'w)^2, shape (k,).

    With sum w = 1 the residuals are -(x_t - y_t)'w, so their squares and (1 - sum w)^2 are least
    along the same ray: non-negative least squares finds it, and the sum is set to one.
    """
    from scipy.optimize import nnls

    size = np.sqrt(np.sum(y**2) + np.sum(x**2))
    distance = (x - y[:, None]) / (size if size > 0 else 1.0)
    ray, _ = nnls(np.vstack([distance, np.ones(x.shape[1])]), np.append(np.zeros(len(y)), 1.0))
    weights: Floats = ray / ray.sum()
    return weights


def _leverage(weights: Floats, y: Floats, x: Floats, event: Floats) -> Floats:
    """Return the event window's rows for the weights that are free, shape (L2, k).

    Among the donors with a weight, all but one weight are free: least squares on the differences to
    that one.
    """
    used = np.flatnonzero(weights > 0)
    rows = np.zeros(event.shape)
    if len(used) > 1:
        last, others = used[-1], used[:-1]
        design = x[:, others] - x[:, [last]]
        basis = least_squares((y - x[:, last])[None], design[None]).basis[0]
        rows[:, : len(others)] = (event[:, others] - event[:, [last]]) @ basis
    return rows


def _fit(sample: Sample, parameters: tuple[str, ...], weights: Floats, leverage: Floats) -> Fit:
    """Return the fit of given weights, shape (N, k); those of `parameters` cost freedom."""
    n = len(sample)
    residuals: Callable[[Rows], Floats] = partial(_residuals, sample, weights)
    n_obs, sse, size = np.zeros(n, int), np.zeros(n), np.zeros(n)
    expected = np.empty((n, sample.event_window.length))
    for rows in chunks(n):
        errors = residuals(rows)
        n_obs[rows], sse[rows] = np.isfinite(errors).sum(axis=1), np.nansum(errors**2, axis=1)
        returns = np.abs(sample.gather(rows, sample.estimation).asset)
        size[rows] = np.nanmax(returns, axis=1, initial=0)
        event = sample.gather(rows, sample.event_window).factors
        expected[rows] = np.einsum("ntk,nk->nt", event, weights[rows])
    free = np.maximum((weights > 0).sum(axis=1) - 1, 0) if parameters else 0
    dof = np.maximum(n_obs - free, 0)
    sigma = np.sqrt(sse / np.maximum(dof, 1))
    sigma[sigma <= EXACT * size] = 0.0
    failures = np.where(sigma == 0, EXACT_FIT, "").astype(object)
    few = n_obs <= len(parameters)
    needed = f"in the estimation window; {len(parameters) + 1} needed"
    failures[few] = [f"{counted(each, 'return')} {needed}" for each in n_obs[few]]
    return Fit(
        parameters=parameters,
        coefficients=weights if parameters else np.empty((n, 0)),
        std_errors=np.full((n, len(parameters)), np.nan),
        sigma=sigma,
        dof=dof,
        n_obs=n_obs,
        r_squared=np.full(n, np.nan),
        expected=expected,
        leverage=leverage,
        residuals=residuals,
        failures=failures,
        hat=None if parameters else partial(_no_hat, sample),
    )


def _no_hat(sample: Sample, rows: Rows) -> Floats:
    """Return zeros, shape (n, L1): nothing was estimated."""
    return np.zeros((len(sample.day0[rows]), sample.estimation.length))


def _residuals(sample: Sample, weights: Floats, rows: Rows) -> Floats:
    """Return asset minus portfolio over the estimation window, shape (n, L1)."""
    window = sample.gather(rows, sample.estimation)
    difference: Floats = window.asset - np.einsum("ntk,nk->nt", window.factors, weights[rows])
    return difference
