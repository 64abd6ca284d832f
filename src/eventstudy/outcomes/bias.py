"""The bias of least squares in autoregressions, taken out: it makes persistent series look calmer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.models.base import Floats
    from eventstudy.outcomes.autoregression import Autoregression

STEPS = 20
"""Shares of the correction that are tried, from all of it downwards, until the series is stationary."""


def corrected(fit: Autoregression) -> Autoregression:
    """Return autoregressions whose slopes have the bias of least squares added back.

    Notes
    -----
    With the companion matrix A of eigenvalues lambda, the variance G of the shock, and Gamma the
    variance of the lags, the bias of A is -b / m to the first order, m values regressed,

        b = G [(I - A')^-1 + A' (I - A'^2)^-1 + sum lambda (I - lambda A')^-1] Gamma^-1.

    For one lag this is (1 + 3 phi) / m. Where all of b / m would leave the series without a mean, the
    largest twentieth of it is added that does not; explosive estimates stay as they are. The mean that
    an autoregression implies is kept.

    References
    ----------
    Kendall, M. G. (1954), Biometrika 41, 403-404. Pope, A. L. (1990), Journal of Time Series Analysis
    11, 249-258.
    """
    coefficients = fit.coefficients.copy()
    for order in range(1, coefficients.shape[1]):
        rows = np.flatnonzero((fit.order == order) & (fit.sigma > 0))
        if len(rows):
            values = fit.dof[rows] + order + 1
            _correct(coefficients, rows, order, values)
    return replace(fit, coefficients=coefficients)


def _correct(
    coefficients: Floats, rows: NDArray[np.int64], order: int, values: NDArray[np.int64]
) -> None:
    """Correct the autoregressions of one order in place."""
    slopes = coefficients[rows, 1 : order + 1]
    calm = _largest_root(slopes) < 1
    rows, slopes = rows[calm], slopes[calm]
    bias = _bias(slopes) / values[calm, None]
    chosen = slopes
    for step in range(1, STEPS + 1):
        tried = slopes + step / STEPS * bias
        chosen = np.where((_largest_root(tried) < 1)[:, None], tried, chosen)
    left, kept = 1 - slopes.sum(axis=1), 1 - chosen.sum(axis=1)
    coefficients[rows, 0] *= kept / left
    coefficients[rows, 1 : order + 1] = chosen


def _companion(slopes: Floats) -> Floats:
    """Return the companion matrices of n autoregressions, shape (n, p, p)."""
    n, order = slopes.shape
    found = np.zeros((n, order, order))
    found[:, 0] = slopes
    found[:, np.arange(1, order), np.arange(order - 1)] = 1.0
    return found


def _largest_root(slopes: Floats) -> Floats:
    """Return the largest absolute eigenvalue of each companion matrix, shape (n,)."""
    roots: Floats = np.abs(np.linalg.eigvals(_companion(slopes))).max(axis=1)
    return roots


def _bias(slopes: Floats) -> Floats:
    """Return the first row of b in :func:`corrected`, shape (n, p)."""
    matrix = _companion(slopes)
    n, order = slopes.shape
    eye, shock = np.eye(order), np.zeros((order, order))
    shock[0, 0] = 1.0
    kron = np.einsum("nij,nkl->nikjl", matrix, matrix).reshape(n, order**2, order**2)
    flat = np.linalg.solve(
        np.eye(order**2) - kron, np.broadcast_to(shock.ravel()[:, None], (n, order**2, 1))
    )
    variance = flat.reshape(n, order, order)
    turned = np.swapaxes(matrix, 1, 2)
    inner = np.linalg.inv(eye - turned) + turned @ np.linalg.inv(eye - turned @ turned)
    roots = np.linalg.eigvals(matrix)
    for each in roots.T:
        root = each[:, None, None]
        inner = inner + root * np.linalg.inv(eye - root * turned)
    found: Floats = (shock @ inner @ np.linalg.inv(variance)).real[:, 0]
    return found
