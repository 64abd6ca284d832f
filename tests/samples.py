"""Samples that several tests share, built from files or from a seed; no mocks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from eventstudy.abnormal import abnormal_returns
from eventstudy.aggregate import cumulate
from eventstudy.returns.sample import Sample
from eventstudy.spec import Window

PANEL40 = Path(__file__).parent / "reference" / "panel40"


def make_sample(panel, factors, column, day0, *, estimation, event_window, dates=None):
    """Return a sample on one session axis; event ids are 1, 2, 3 … and assets s0, s1 …"""
    panel, column, day0 = np.asarray(panel, float), np.asarray(column), np.asarray(day0)
    if dates is None:
        dates = np.datetime64("2000-01-03", "D") + np.arange(len(panel))
    factors = np.empty((len(panel), 0)) if factors is None else np.asarray(factors, float)
    if factors.ndim == 1:
        factors = factors[:, None]
    return Sample(
        event_ids=np.array([str(number + 1) for number in range(len(column))], dtype=object),
        assets=np.array([f"s{number}" for number in column], dtype=object),
        axes=(dates,),
        column=column,
        day0=day0,
        panel=panel,
        column_axis=np.zeros(panel.shape[1], int),
        factors=factors[None],
        estimation=Window(*estimation),
        event_window=Window(*event_window),
    )


def panel40(*, factors=True):
    """Return the 40 firms of tests/reference/panel40, estimation -270..-21, event window -10..10."""
    returns = pd.read_csv(PANEL40 / "inputs" / "returns_wide.csv")
    events = pd.read_csv(PANEL40 / "inputs" / "events.csv")
    firms = [name for name in returns.columns if name.startswith("F")]
    return make_sample(
        returns[firms],
        returns["MKT"] if factors else None,
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
