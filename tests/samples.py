"""Samples that several tests share, built from files or from a seed; no mocks."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd

from eventstudy.abnormal import SHARED, abnormal_returns
from eventstudy.aggregate import cumulate
from eventstudy.returns.panel import shifted
from eventstudy.returns.request import FactorRequest
from eventstudy.returns.sample import one_axis
from eventstudy.spec import Window

OPTIONS = {"johnson_bootstrap_t": {"share": 1.0}, "sign_flip": {"cluster": "event"}}
"""Options with which the samples of the tests are large enough, or their events independent."""

PANEL40 = Path(__file__).parent / "reference" / "panel40"


def make_sample(panel, factors, column, day0, *, estimation, event_window, dates=None):
    """Return a sample on one session axis; event ids are 1, 2, 3 … and assets s0, s1 …"""
    if factors is not None:
        factors = np.asarray(factors, float)
        factors = factors[:, None] if factors.ndim == 1 else factors
    return one_axis(
        np.asarray(panel, float),
        factors,
        np.asarray(column),
        np.asarray(day0),
        estimation=Window(*estimation),
        event_window=Window(*event_window),
        dates=dates,
    )


def panel40(model=None):
    """Return the 40 firms of tests/reference/panel40, estimation -270..-21, event window -10..10.

    The regressors are those that `model` asks for, by the names of the columns of the inputs: the
    market return MKT unless given.
    """
    returns = pd.read_csv(PANEL40 / "inputs" / "returns_wide.csv")
    factors = pd.read_csv(PANEL40 / "inputs" / "factors_daily_decimal.csv")
    events = pd.read_csv(PANEL40 / "inputs" / "events.csv")
    firms = [name for name in returns.columns if name.startswith("F")]
    series = pd.concat([returns, factors.drop(columns="date")], axis=1)
    requests = model.inputs() if model else [FactorRequest("MKT")]
    return make_sample(
        returns[firms],
        np.column_stack(
            [shifted(series[each.instrument].to_numpy(), each.shift) for each in requests]
        ),
        [firms.index(ticker) for ticker in events["ticker"]],
        events["event_index"],
        estimation=(-270, -21),
        event_window=(-10, 10),
        dates=returns["date"].to_numpy("datetime64[D]"),
    )


def run(sample, model, windows):
    """Return the CARs of a model over windows given as pairs."""
    abnormal = abnormal_returns(sample, model.fit(sample))
    return cumulate(abnormal, [Window(*window) for window in windows])


def example(plugin):
    """Return a plug-in with its required options filled in; regressors come with the sample."""
    required = {
        field.name: ("BENCHMARK", "SECOND") if "tuple" in str(field.type) else "BENCHMARK"
        for field in dataclasses.fields(plugin)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }
    return plugin(**required, **OPTIONS.get(plugin.name, {}))


def outcome(statistic, cars, *, others=None, seed=1):
    """Run a statistic on a group; one that draws random numbers draws them from `seed`."""
    if statistic.scope == "contrast":
        return statistic.test(*beside(cars, others), np.random.default_rng(seed))
    return statistic.test(cars, *([np.random.default_rng(seed)] if statistic.resampling else []))


def beside(cars, others):
    """Return the cells of two batches together, and which are those of the first."""
    parts = (cars.abnormal, others.abnormal)
    by_cell = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in dataclasses.fields(cars.abnormal)
        if field.name not in SHARED and getattr(cars.abnormal, field.name) is not None
    }
    together = dataclasses.replace(cars.abnormal, **by_cell)
    return (
        dataclasses.replace(
            cars,
            abnormal=together,
            car=np.concatenate([cars.car, others.car]),
            variance=np.concatenate([cars.variance, others.variance]),
        ),
        np.arange(len(together)) < len(cars.abnormal),
    )


def regressors(model, market, *, seed=5):
    """Return the columns that a model asks for, shape (T, k), or None.

    The first series is `market`; a shifted one is its own past or future, a risk-free return is
    constant, and any other is noise of the market's size.
    """
    requests = model.inputs()
    rng, known = np.random.default_rng(seed), {}
    size = np.std(market)
    for request in requests:
        noise = size * rng.standard_normal(len(market))
        known.setdefault(request.instrument, noise if known else market)
    if getattr(model, "risk_free", None):
        known[model.risk_free] = np.full(len(market), 0.01 * size)
    columns = [shifted(known[request.instrument], request.shift) for request in requests]
    return np.column_stack(columns) if columns else None


def simulated(rng, *, n=30, length=120, event_days=11, draws=1, correlation=0.0, jump=1.0, df=None):
    """Return the returns of ``draws`` x ``n`` assets around one common date, and a market return.

    Returns
    -------
    panel : ndarray, shape (length + event_days, draws * n)
        One per cent noise with pairwise correlation; on the event days its variance is `jump` times
        as large; Student t with `df` degrees of freedom, normal when None.
    market : ndarray, shape (length + event_days,)
    """
    total = length + event_days

    def noise(*shape):
        if df is None:
            return rng.standard_normal(shape)
        return rng.standard_t(df, shape) / np.sqrt(df / (df - 2))

    shared = np.sqrt(correlation) * noise(total, draws, 1)
    own = np.sqrt(1 - correlation) * noise(total, draws, n)
    scale = np.where(np.arange(total) < length, 1.0, np.sqrt(jump))[:, None]
    market = 0.01 * rng.standard_normal(total)
    panel = 0.01 * scale * (shared + own).reshape(total, draws * n) + market[:, None]
    return panel, market


def common_date(panel, market, *, length=120):
    """Return a sample in which every column has one event, right after `length` sessions."""
    columns = np.arange(panel.shape[1])
    day0 = np.full(len(columns), length)
    window = (0, len(panel) - length - 1)
    return make_sample(panel, market, columns, day0, estimation=(-length, -1), event_window=window)
