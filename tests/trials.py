"""Trials on simulated or given series: events on the sessions of one exchange, or of several."""

from __future__ import annotations

import dataclasses

import numpy as np

from eventstudy.abnormal import abnormal_returns
from eventstudy.aggregate import cumulate
from eventstudy.comparison import Trial, every_session
from eventstudy.models.constant_mean import ConstantMean
from eventstudy.returns.sample import Sample
from eventstudy.sources.snapshot import Snapshot
from eventstudy.spec import Instrument, Window

CSI300 = Instrument.model_validate(
    {"id": "CSI300", "name": "CSI 300", "calendar": "XSHG", "timezone": "Asia/Shanghai"}
)
START = np.datetime64("2000-01-03", "D")


def wild(seed=1, sessions=1400):
    """Return one per cent returns whose volatility comes in spells, shape (sessions,)."""
    rng = np.random.default_rng(seed)
    size = np.exp(np.convolve(rng.standard_normal(sessions + 40), np.full(41, 0.07), "valid"))
    return 0.01 * size * rng.standard_t(6, sessions)


def trial_of(
    series,
    events,
    *,
    windows=((0, 0), (1, 5)),
    event_window=(-5, 10),
    estimation=(-60, -11),
    axes=None,
    catalogue=None,
    pooled=False,
    least=40,
):
    """Return the constant-mean trial of some events.

    Parameters
    ----------
    series : list of ndarray
        Returns of asset s0, s1 …, each on its own exchange; as long as its axis.
    events : sequence of (id, asset number, day 0)
    axes : tuple of ndarray, optional
        Sessions of each exchange; one day after another unless given.
    catalogue : sequence of ndarray, optional
        Day 0 of every known event by exchange; those of `events` unless given.
    """
    axes = axes or tuple(START + np.arange(len(each)) for each in series)
    panel = np.full((max(map(len, axes)), len(series)), np.nan)
    for column, each in enumerate(series):
        panel[: len(each), column] = each
    column = np.array([asset for _, asset, _ in events], int)
    day0 = np.array([day for *_, day in events], int)
    sample = Sample(
        event_ids=np.array([name for name, *_ in events], object),
        assets=np.array([f"s{asset}" for asset in column], object),
        axes=axes,
        column=column,
        day0=day0,
        panel=panel,
        column_axis=np.arange(len(series)),
        factors=np.empty((len(series), len(panel), 0)),
        estimation=Window(*estimation),
        event_window=Window(*event_window),
    )
    tested = [Window(*window) for window in windows]
    model = ConstantMean()
    known = catalogue or [np.unique(day0[column == axis]) for axis in range(len(series))]
    names = ["all"] if pooled else list(dict.fromkeys(sample.assets))
    return Trial(
        sample=sample,
        model=model,
        cars=cumulate(abnormal_returns(sample, model.fit(sample)), tested),
        groups={("all", name): np.flatnonzero((sample.assets == name) | pooled) for name in names},
        every=every_session(sample, model, tested, least=least),
        catalogue=tuple(np.asarray(days, int) for days in known),
    )


def only(trial, rows):
    """Return the trial of some of its events, every session kept."""
    rows = np.asarray(rows)
    cars = trial.cars.select(rows)
    sample = trial.sample.select(rows)
    groups = {
        key: np.flatnonzero((sample.assets == key[1]) | (key[1] == "all")) for key in trial.groups
    }
    return dataclasses.replace(trial, sample=sample, cars=cars, groups=groups)


def csi300(field="close"):
    """Return dates and one field of the CSI 300 in the embedded data, gaps left out."""
    prices = Snapshot().fetch([CSI300])
    values = prices.column("CSI300", field)
    known = np.isfinite(values)
    return prices.dates[known], values[known]
