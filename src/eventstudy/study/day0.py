"""Day 0 of every cell that has a history: its prices, its split, its legs, and the levels around."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from eventstudy.columns import frame
from eventstudy.inference.sample_quantile import SampleQuantile
from eventstudy.models.constant_mean import ConstantMean
from eventstudy.placebo.placebo import Placebo
from eventstudy.returns.panel import on_sessions
from eventstudy.reversal import day0_bars, day0_legs, split_day0
from eventstudy.sources.base import KINDS
from eventstudy.study.frames import iso

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from eventstudy.returns.panel import Quotes
    from eventstudy.returns.sample import Floats, Sample
    from eventstudy.reversal import Legs
    from eventstudy.sources.base import Prices
    from eventstudy.spec import Study


def day0_frames(
    study: Study,
    sample: Sample,
    quotes: Quotes,
    placebo: Mapping[tuple[str, str], tuple[float, float]],
) -> dict[str, pd.DataFrame]:
    """Return the frames about day 0 that need no model.

    Parameters
    ----------
    study : Study
        Gives the assets and the fewest observations.
    sample : Sample
        The cells that have a price history.
    quotes : Quotes
        Prices.
    placebo : mapping of (event id, asset) to pair of float
        Placebo p-values of night and session; the sample quantile stands in elsewhere.
    """
    key = {"event_id": sample.event_ids, "asset": sample.assets}
    dated = {**key, "session": iso(sample.dates(0))}
    bars = day0_bars(sample, quotes.prices)
    split = split_day0(bars, ConstantMean().fit(sample.estimable).sigma)
    legs = day0_legs(sample, quotes, study.assets, study.min_observations)
    given = _given(sample, quotes.prices)
    split = replace(split, close_to_close=np.where(np.isnan(given), split.close_to_close, given))
    prices = {name: getattr(bars, name) for name in bars.__slots__}
    prices["kind"] = np.array(KINDS, dtype=object)[bars.kind]
    return {
        "day0": frame(
            "day0", {**dated, **{name: getattr(split, name) for name in split.__slots__}}
        ),
        "day0_prices": frame("day0_prices", {**dated, **prices}),
        "legs": frame("legs", {**key, **_tested(sample, legs, placebo)}),
        "levels": _levels(sample, quotes),
    }


def _tested(
    sample: Sample, legs: Legs, placebo: Mapping[tuple[str, str], tuple[float, float]]
) -> dict[str, Any]:
    """Return the columns of the legs with their placebo p-values, where there are some."""
    columns: dict[str, Any] = {name: getattr(legs, name).copy() for name in legs.__slots__}
    columns["p_test"] = np.full(len(sample), SampleQuantile.name, dtype=object)
    for row, key in enumerate(zip(sample.event_ids, sample.assets, strict=True)):
        if key in placebo:
            columns["overnight_p"][row], columns["open_to_close_p"][row] = placebo[key]
            columns["p_test"][row] = Placebo.name
    return columns


def _given(sample: Sample, prices: Prices) -> Floats:
    """Return the day-0 return of the cells whose source gives returns, shape (N,); NaN elsewhere."""
    given, day0 = np.full(len(sample), np.nan), sample.dates(0)
    for asset in dict.fromkeys(sample.assets):
        if prices.holds_returns(asset):
            rows = sample.assets == asset
            given[rows] = on_sessions(prices, asset, day0[rows], "return")
    return given


def _levels(sample: Sample, quotes: Quotes) -> pd.DataFrame:
    """Return closes from the one before the first estimation window to the last event window."""
    edges = [sample.dates(tau) for tau in (sample.estimation.start - 1, sample.event_window.end)]
    first = np.nanmin(edges[0]) if len(sample) else np.datetime64("NaT", "D")
    ends = edges[1][~np.isnat(edges[1])]
    last = ends.max() if len(ends) == len(sample) and len(ends) else quotes.prices.dates[-1]
    columns: dict[str, list[object]] = {"asset": [], "date": [], "close": []}
    for asset in dict.fromkeys(sample.assets):
        days = quotes.exchanges[asset].sessions
        days = days[(days >= first) & (days <= last)]
        close = on_sessions(quotes.prices, asset, days)
        known = np.isfinite(close)
        columns["asset"] += [asset] * int(known.sum())
        columns["date"] += iso(days[known]).tolist()
        columns["close"] += close[known].tolist()
    return frame("levels", columns)
