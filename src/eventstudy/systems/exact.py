"""The system of one event: effects on all assets, their joint tests, and the event among its days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.abnormal import abnormal_returns
from eventstudy.aggregate import cumulate
from eventstudy.inference import _laws as laws
from eventstudy.placebo._cells import cut_out
from eventstudy.regressions.joint import NULLS, correlation, exact_f, squared_distance, wald
from eventstudy.spec import Window
from eventstudy.systems.shared import keep

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.models.base import Fit, Floats, Model
    from eventstudy.regressions.joint import Null, Tested
    from eventstudy.systems.shared import Shared

    Key = tuple[str, Null]

EQUATIONS = "equations that do not share their regressors have no exact joint test"
TIE = 1e-9
"""Two distances that differ by no more than this share of themselves are equal."""


@dataclass(frozen=True, slots=True, eq=False)
class Exact:
    """E events on m assets.

    Attributes
    ----------
    shared : Shared
        The events.
    cars : CumulativeReturns
        CARs of the m x E cells, asset by asset, over W windows.
    correlation : ndarray, shape (E,)
        Mean correlation of the residuals of two assets on one session.
    tests : mapping of (test, null) to tuple of ndarray, shape (E, W)
        Statistic, p-value and law of ``exact_f``, ``wald_chi2`` and ``mahalanobis_rank``; NaN where a
        test does not apply.
    rows : ndarray of int, shape (E,)
        M, sessions of each estimation window.
    """

    shared: Shared
    cars: CumulativeReturns
    correlation: Floats
    tests: Mapping[Key, Tested]
    rows: NDArray[np.int64]


def exact(shared: Shared, model: Model, windows: Sequence[Window]) -> Exact | str:
    """Estimate the system of every event and test its effects jointly.

    Parameters
    ----------
    shared : Shared
        The events on the sessions that all markets share.
    model : Model
        A regression by least squares.
    windows : sequence of Window
        W windows.

    Returns
    -------
    Exact or str
        The tests; or why the model makes no system.

    Notes
    -----
    With a the abnormal returns of m assets, E their residuals, nu = M - k and S = E'E / nu:
    T^2 = a'S^-1 a / (1 + h_0), F = (nu - m + 1) / (m nu) T^2 ~ F(m, nu - m + 1), exactly, for normal
    errors and regressors that all equations share; generalised least squares is then equation by
    equation. CARs over L sessions have the variance v = L + |sum z_t|^2 in the place of 1 + h_0, and
    the same law. chi2: the Wald statistic of a system with a dummy for each session, whose covariance
    divides E'E by its M + L rows.
    """
    fit = model.fit(shared.sample.estimable)
    if fit.hat is None or not fit.parameters:
        return f"the expected returns are no regression on a constant: {EQUATIONS}"
    failed = fit.failures.reshape(len(shared.assets), len(shared.events))
    if (failed != "").any():
        lost = {
            str(name): next(reason for reason in reasons if reason)
            for name, reasons in zip(shared.events, failed.T.tolist(), strict=True)
            if any(reasons)
        }
        shared = keep(replace(shared, refused={**shared.refused, **lost}))
        fit = model.fit(shared.sample.estimable)
    shape = (len(shared.assets), len(shared.events))
    leverage = fit.leverage.reshape(*shape, *fit.leverage.shape[1:])
    if not np.allclose(leverage, leverage[:1], rtol=1e-9, equal_nan=True):
        return EQUATIONS
    return _tested(shared, model, fit, windows)


def _tested(shared: Shared, model: Model, fit: Fit, windows: Sequence[Window]) -> Exact:
    """Return all tests of all events."""
    m, n = len(shared.assets), len(shared.events)
    cars = cumulate(abnormal_returns(shared.sample, fit), windows)
    effect = cars.car.reshape(m, n, len(windows)).transpose(1, 2, 0)
    length = shared.sample.estimation.length
    residuals = np.nan_to_num(fit.residuals(slice(None))).reshape(m, n, length)
    products = np.einsum("ant,bnt->nab", residuals, residuals)
    dof, rows = fit.dof[:n], fit.n_obs[:n]
    spread = products / dof[:, None, None]
    scale = (cars.variance[:n] / fit.sigma[:n, None] ** 2)[:, :, None]
    distances = {
        null: squared_distance(effect / np.sqrt(scale), spread[:, None], null) for null in NULLS
    }
    lengths = np.array([window.length for window in windows])
    tests: dict[Key, Tested] = {}
    for null, distance in distances.items():
        q = m if null == "zero" else m - 1
        every = np.broadcast_to(dof[:, None], distance.shape)
        tests["exact_f", null] = exact_f(distance, every, q)
        tests["wald_chi2", null] = wald(distance * (rows[:, None] + lengths) / dof[:, None], q)
        tests["mahalanobis_rank", null] = _ranked(shared, model, windows, null)
    return Exact(shared, cars, correlation(products), tests, rows)


def _ranked(shared: Shared, model: Model, windows: Sequence[Window], null: Null) -> Tested:
    """Rank day 0 among the M + 1 sessions of a fit that holds it; other windows have no rank.

    Every session by its distance e'(E'E)^-1 e / (1 - h), which orders the sessions like the F of a
    dummy of their own would.
    """
    m, n = len(shared.assets), len(shared.events)
    value, p_value = np.full((2, n, len(windows)), np.nan)
    law = np.full((n, len(windows)), "", dtype=object)
    days = [number for number, window in enumerate(windows) if window == Window(0, 0)]
    if days and n:
        span = Window(shared.sample.estimation.start, 0)
        cells = cut_out(shared.sample, span)
        panel = cells.panel.copy()
        panel[shared.sample.estimation.length : -1] = np.nan
        fit = model.fit(replace(cells, panel=panel, estimation=span, event_window=Window(0, 0)))
        residuals = fit.residuals(slice(None)).reshape(m, n, -1)
        hat = fit.hat(slice(0, n)) if fit.hat else np.zeros(residuals.shape[1:])
        here = np.isfinite(residuals[0])
        held = np.where(here, residuals, 0.0)
        products = np.einsum("ant,bnt->nab", held, held)
        unit = (held / np.sqrt(1 - np.where(here, hat, 0.0))).transpose(1, 2, 0)
        distance = squared_distance(unit, products[:, None], null)
        count = (here & (distance >= distance[:, -1:] * (1 - TIE))).sum(axis=1)
        value[:, days], p_value[:, days] = (
            each[:, None] for each in (count, count / here.sum(axis=1))
        )
        law[:, days] = laws.named("empirical", here.sum(axis=1) - 1)[:, None]
    return value, p_value, law
