"""Least squares on returns from trade to trade, for assets that do not trade every session."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.models._failures import failures_of
from eventstudy.models._least_squares import least_squares
from eventstudy.models.base import Fit
from eventstudy.returns.sample import bridge, chunks, cut

if TYPE_CHECKING:
    from eventstudy.models.base import Floats, Rows
    from eventstudy.returns.sample import Sample


def fit_trade_to_trade(sample: Sample, parameters: tuple[str, ...]) -> Fit:
    """Regress the log return of every trade on the sessions since the one before.

    Parameters
    ----------
    sample : Sample
        N cells of log returns, with log prices and one regressor or none.
    parameters : tuple of str, length p
        Names of the coefficients, the constant first.

    Notes
    -----
    R_d / sqrt(d) = alpha sqrt(d) + beta Rm_d / sqrt(d) + e over the d sessions between two trades,
    Rm_d the sum of Rm over them, Var(e) = s^2 = SSE / (n - p) with n returns from trade to trade, both
    trades in the estimation window or on the session before it. Expected returns and their error are
    those of single sessions, E[R_t] = alpha + beta Rm_t: they sum to those of d sessions.
    """
    parts = []
    expected, leverage = [], []
    for rows in chunks(len(sample)) or [slice(0, 0)]:
        part = least_squares(*_weighted(sample, rows))
        event = sample.gather(rows, sample.event_window).factors
        design = np.concatenate([np.ones((*event.shape[:2], 1)), event], axis=2)
        expected.append(np.einsum("ntp,np->nt", design, part.coefficients))
        leverage.append(design @ part.basis)
        parts.append((part, failures_of(part, parameters)))

    def joined(name: str) -> Floats:
        return np.concatenate([getattr(part, name) for part, _ in parts])

    coefficients = joined("coefficients")
    return Fit(
        parameters=parameters,
        coefficients=coefficients,
        std_errors=joined("std_errors"),
        sigma=joined("sigma"),
        dof=joined("dof").astype(np.int64),
        n_obs=joined("n_obs").astype(np.int64),
        r_squared=np.full(len(sample), np.nan),
        expected=np.concatenate(expected),
        leverage=np.concatenate(leverage),
        residuals=partial(_residuals, sample, coefficients),
        failures=np.concatenate([failures for _, failures in parts]),
    )


def _weighted(sample: Sample, rows: Rows) -> tuple[Floats, Floats]:
    """Return R_d / sqrt(d) and (sqrt(d), Rm_d / sqrt(d)) on the session of each trade, else NaN."""
    if sample.levels is None:
        raise ValueError("a sample without log prices has no returns from trade to trade")
    window = sample.estimation
    first = sample.day0[rows] + window.start - 1
    prices = cut(sample.levels.T, sample.column[rows], first, window.length + 1)
    returns, days = bridge(prices)
    factors = sample.gather(rows, window).factors
    n, _, k = factors.shape
    sums = np.concatenate([np.zeros((n, 1, k)), np.nan_to_num(factors).cumsum(axis=1)], axis=1)
    holes = np.concatenate([np.zeros((n, 1, k)), np.isnan(factors).cumsum(axis=1)], axis=1)
    before = np.arange(1, window.length + 1) - np.where(np.isnan(days), 1, days).astype(int)
    index = before[:, :, None]
    moved = sums[:, 1:] - np.take_along_axis(sums, index, axis=1)
    whole = holes[:, 1:] == np.take_along_axis(holes, index, axis=1)
    root = np.sqrt(days)[:, :, None]
    moved = np.where(whole, moved, np.nan) / root
    return returns / root[:, :, 0], np.concatenate([root, moved], axis=2)


def _residuals(sample: Sample, coefficients: Floats, rows: Rows) -> Floats:
    """Return the residuals of the weighted regression on the session of each trade, shape (n, L1)."""
    y, x = _weighted(sample, rows)
    residuals: Floats = y - np.einsum("ntp,np->nt", x, coefficients[rows])
    return residuals
