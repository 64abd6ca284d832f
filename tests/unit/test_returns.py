"""Prices become returns on the right sessions; lost cells say why."""

import dataclasses

import numpy as np
import pytest

from eventstudy.alignment import exchange
from eventstudy.returns.losses import losses
from eventstudy.returns.panel import (
    Quotes,
    factor_panel,
    lagged_returns,
    session_returns,
    shifted,
)
from eventstudy.returns.request import FactorRequest
from eventstudy.sources.base import Prices, Series
from eventstudy.sources.snapshot import Snapshot
from eventstudy.spec import built_in
from tests.samples import make_sample


def day(text):
    return np.datetime64(text, "D")


def test_session_returns_do_not_bridge_a_gap():
    levels = np.array([100.0, 110.0, np.nan, 121.0, 133.1])
    np.testing.assert_allclose(
        session_returns(levels, "simple"), [np.nan, 0.1, np.nan, np.nan, 0.1]
    )
    np.testing.assert_allclose(session_returns(levels, "log")[[1, 4]], np.log(1.1))


def closes_on(market, **levels):
    """Return closes by session of an exchange; missing but on the days given as d2024_07_01."""
    closes = np.full(len(market.sessions), np.nan)
    for name, level in levels.items():
        closes[market.sessions == day(name[1:].replace("_", "-"))] = level
    return closes


def on(market, values, *dates):
    return [values[market.sessions == day(date)][0] for date in dates]


def test_lagged_returns_compound_over_holidays_and_are_zero_without_a_session():
    """New York was shut on Thursday 4 July 2024, Shanghai from 4 to 7 October (Golden Week)."""
    new_york, shanghai = exchange("XNYS"), exchange("XSHG")
    closes = closes_on(
        new_york,
        d2024_07_01=100.0, d2024_07_02=101.0, d2024_07_03=103.02, d2024_07_05=104.0502,
        d2024_09_27=200.0, d2024_10_07=210.0,
    )  # fmt: skip
    found = lagged_returns(closes, new_york, shanghai, "simple")
    dates = ("2024-07-03", "2024-07-04", "2024-07-05", "2024-07-08", "2024-10-08")
    expected = [0.01, 0.02, 0.0, 0.01, 0.05]
    np.testing.assert_allclose(on(shanghai, found, *dates), expected, atol=1e-12)
    assert np.isnan(on(shanghai, found, "2024-07-02", "2024-07-09")).all()


def test_the_previous_close_is_a_matter_of_hours_not_of_dates():
    """Shanghai closes before New York opens on the same date: its session is not a day stale."""
    new_york, shanghai = exchange("XNYS"), exchange("XSHG")
    closes = closes_on(shanghai, d2025_04_03=100.0, d2025_04_07=93.0)
    found = lagged_returns(closes, shanghai, new_york, "simple")
    np.testing.assert_allclose(on(new_york, found, "2025-04-07"), [-0.07], atol=1e-12)


def test_lagged_returns_end_with_the_known_sessions():
    new_york, shanghai = exchange("XNYS"), exchange("XSHG")
    found = lagged_returns(np.ones(len(shanghai.sessions)), shanghai, new_york, "log")
    assert np.isnan(found[new_york.sessions > shanghai.sessions[-1] + np.timedelta64(1, "D")]).all()


def test_the_lagged_benchmark_of_7_april_2025():
    """Hong Kong was shut on 4 April: the New York sessions of 3 and 4 April compound.

    S&P 500 closes, from the index publisher's pages: 5670.97 on 2 April, which Hong Kong knew when
    it opened on 3 April, and 5074.08 on 4 April.
    """
    known = built_in()
    prices = Snapshot().fetch([known["HSTECH"], known["SPX"]])
    market = exchange("XHKG")
    quotes = Quotes(prices, {"HSTECH": market, "SPX": exchange("XNYS")}, "simple")
    factor = factor_panel(quotes, [FactorRequest("SPX", "previous_close")], [market])[0, :, 0]
    assert on(market, factor, "2025-04-07")[0] == pytest.approx(5074.08 / 5670.97 - 1, abs=1e-12)


def returns_of_a_factor(values):
    """Return prices of which the one series, RF, holds returns; dates are sessions of Shanghai."""
    dates = exchange("XSHG").sessions[5000 : 5000 + len(values)]
    cells = np.array(values)[:, None]
    series = Series("RF", "RF", "test", "", "", str(dates[0]), str(dates[-1]), len(values), "")
    kind = np.ones(cells.shape, np.int8)
    return Prices(dates, ("RF",), {"return": cells}, kind, (series,))


def test_a_series_of_returns_enters_as_it_is():
    """Also where it is negative or zero, and whatever the study makes of prices."""
    prices, market = returns_of_a_factor([0.01, -0.02, 0.0]), exchange("XSHG")
    quotes = Quotes(prices, {"RF": market}, "log")
    request = FactorRequest("RF", kind="return")
    late = FactorRequest("RF", shift=1, kind="return")
    early = FactorRequest("RF", shift=-2, kind="return")
    found = factor_panel(quotes, [request, late, early], [market])[0, 4998:5004]
    expected = [
        [np.nan, np.nan, 0.01],
        [np.nan, np.nan, -0.02],
        [0.01, np.nan, 0.0],
        [-0.02, 0.01, np.nan],
        [0.0, -0.02, np.nan],
        [np.nan, 0.0, np.nan],
    ]
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        (0, [1, 2, 3]),
        (1, [np.nan, 1, 2]),
        (-1, [2, 3, np.nan]),
        (4, [np.nan] * 3),
        (-3, [np.nan] * 3),
    ],
)
def test_a_shifted_series(sessions, expected):
    np.testing.assert_array_equal(shifted(np.array([1.0, 2.0, 3.0]), sessions), expected)


def test_a_late_lag_is_named_beside_its_series():
    market = np.full(80, 0.01)
    market[:10] = np.nan
    factors = np.column_stack([market, shifted(market, 1)])
    sample = staggered(np.full((80, 1), 0.01), factors)
    requests = (FactorRequest("SPX"), FactorRequest("SPX", shift=1))
    reason = losses(sample, [request.label for request in requests], 30)[0]
    assert reason.endswith("the returns of SPX of 1 session before begin on 2000-01-14")


def staggered(panel, market=None, day0=(60,)):
    return make_sample(
        panel, market, [0] * len(day0), day0, estimation=(-50, -11), event_window=(-5, 5)
    )


def test_an_estimation_window_is_never_shortened_in_silence():
    panel = np.full((80, 1), 0.01)
    panel[:20] = np.nan
    reason = losses(staggered(panel), (), 30)[0]
    assert reason == (
        "the estimation window begins on 2000-01-13, the returns of s0 begin on 2000-01-23"
    )


def test_a_late_benchmark_is_named():
    market = np.full(80, 0.01)
    market[:15] = np.nan
    reason = losses(staggered(np.full((80, 1), 0.01), market), ("SPX",), 30)[0]
    assert reason.endswith("the returns of SPX begin on 2000-01-18")


def test_gaps_count_against_min_observations():
    panel = np.full((80, 1), 0.01)
    panel[20:35] = np.nan
    assert losses(staggered(panel), (), 30)[0] == (
        "25 of 40 returns in the estimation window; 30 needed"
    )
    assert losses(staggered(panel), (), 25)[0] == ""


@pytest.mark.parametrize(
    ("day0", "expected"),
    [
        (5, "the estimation window begins before the calendar"),
        (90, "day 0 lies beyond the calendar"),
        (79, ""),
    ],
)
def test_events_at_the_edges(day0, expected):
    reason = losses(staggered(np.full((80, 1), 0.01), day0=(day0,)), (), 40)[0]
    assert expected in reason
    assert bool(reason) == bool(expected)


def test_no_return_on_day_0():
    panel = np.full((80, 1), 0.01)
    panel[60] = np.nan
    assert losses(staggered(panel), (), 30)[0] == "no return on day 0, 2000-03-03"


def test_windows_beyond_the_data_are_missing_not_wrapped():
    sample = staggered(np.arange(80.0)[:, None] / 1000, day0=(78,))
    window = sample.gather(slice(None), sample.event_window)
    assert np.isnan(window.asset[0]).tolist() == [False] * 7 + [True] * 4
    assert sample.dates(1)[0] == day("2000-03-22")
    assert np.isnat(sample.dates(2)[0])


def test_a_sample_checks_its_shapes():
    sample = staggered(np.zeros((80, 1)))
    with pytest.raises(ValueError, match=r"day0 \(2,\), not \(1,\)"):
        dataclasses.replace(sample, day0=np.array([1, 2]))
