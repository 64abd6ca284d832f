"""Prices become returns on the right sessions; lost cells say why."""

import dataclasses

import numpy as np
import pytest

from eventstudy.alignment import sessions
from eventstudy.returns.losses import losses
from eventstudy.returns.panel import Quotes, factor_panel, lagged_returns, session_returns
from eventstudy.returns.request import FactorRequest
from eventstudy.sources.snapshot import Snapshot
from eventstudy.spec import built_in
from tests.samples import make_sample


def day(text):
    return np.datetime64(text, "D")


def days(*texts):
    return np.array(texts, dtype="datetime64[D]")


def test_session_returns_do_not_bridge_a_gap():
    levels = np.array([100.0, 110.0, np.nan, 121.0, 133.1])
    np.testing.assert_allclose(
        session_returns(levels, "simple"), [np.nan, 0.1, np.nan, np.nan, 0.1]
    )
    np.testing.assert_allclose(session_returns(levels, "log")[[1, 4]], np.log(1.1))


def test_lagged_returns_compound_over_holidays_and_are_zero_without_a_session():
    """Mon 1 to Fri 5 and Mon 8 July 2024; New York is closed on Thursday the 4th."""
    new_york = days(
        "2024-06-28", "2024-07-01", "2024-07-02", "2024-07-03", "2024-07-05", "2024-07-08"
    )
    closes = np.array([100.0, 101.0, 103.02, 104.0502, 106.131204, np.nan])
    asia = days("2024-07-01", "2024-07-02", "2024-07-03", "2024-07-04", "2024-07-05", "2024-07-08")
    found = lagged_returns(closes, new_york, asia, "simple")
    # 1 July looks back to 28 June, 5 July to no session at all (holiday), 8 July to 5 July
    np.testing.assert_allclose(found, [np.nan, 0.01, 0.02, 0.01, 0.0, 0.02], atol=1e-12)
    skipping = lagged_returns(closes, new_york, asia[[0, 3, 5]], "simple")
    np.testing.assert_allclose(skipping, [np.nan, 0.040502, 0.02], atol=1e-12)


def test_lagged_returns_end_with_the_benchmark():
    found = lagged_returns(
        np.array([1.0, 2.0]),
        days("2024-07-01", "2024-07-02"),
        days("2024-07-02", "2024-07-09"),
        "log",
    )
    assert np.isnan(found).all()


def test_the_lagged_benchmark_of_7_april_2025():
    """Hong Kong was shut on 4 April: the sessions of 2 (after the close), 3 and 4 April compound.

    S&P 500 closes, from the index publisher's pages: 5670.97 on 2 April, 5074.08 on 4 April; Hong
    Kong's last session before was 3 April, whose New York session opened after its close.
    """
    known = built_in()
    prices = Snapshot().fetch([known["HSTECH"], known["SPX"]])
    axis = sessions("XHKG")
    quotes = Quotes(prices, {"HSTECH": axis, "SPX": sessions("XNYS")}, "simple")
    factor = factor_panel(quotes, [FactorRequest("SPX", "previous_close")], [axis])[0, :, 0]
    found = factor[np.searchsorted(axis, day("2025-04-07"))]
    assert found == pytest.approx(5074.08 / 5670.97 - 1, abs=1e-12)


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
