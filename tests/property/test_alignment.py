"""Day 0 of any instant, against the library's own sessions."""

from __future__ import annotations

import datetime as dt
import warnings
from functools import cache

import exchange_calendars as xc
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventstudy.alignment import exchange
from eventstudy.alignment.align import place
from eventstudy.alignment.exchanges import CLOSED, EARLY_CLOSES, LATE_OPENS

# Where the library is wrong, see test_exchanges.py: against it nothing is drawn near these days.
CORRECTED = [
    dt.date.fromisoformat(day)
    for changes in (CLOSED, LATE_OPENS, EARLY_CLOSES)
    for day, *_ in changes["XHKG"]
]
INSTANTS = st.datetimes(
    min_value=dt.datetime.fromisoformat("2006-01-06"),
    max_value=dt.datetime.fromisoformat("2026-12-20"),
).filter(lambda time: all(abs((time.date() - day).days) > 7 for day in CORRECTED))
ANY_INSTANT = st.datetimes(
    min_value=dt.datetime.fromisoformat("2006-01-01"),
    max_value=dt.datetime.fromisoformat("2026-12-31T23:59:59"),
) | st.builds(
    lambda day, seconds: (
        dt.datetime.combine(day, dt.time()) + dt.timedelta(hours=-8, seconds=seconds)
    ),
    st.sampled_from(CORRECTED),
    st.integers(-86_400, 2 * 86_400),
)
"""Every second of 21 years, and as often one near a day of storm."""
MARKETS = st.sampled_from(["XSHG", "XHKG"])


@cache
def library_schedule(code: str) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return xc.get_calendar(code, start="2005-12-01", end="2026-12-31").schedule


def placed(code: str, instant: dt.datetime) -> tuple[pd.Timestamp, str]:
    """Day 0 and the rule for a UTC instant, with no limit on the shift."""
    market = exchange(code)
    local = instant + dt.timedelta(hours=8)  # Shanghai and Hong Kong have no summer time
    row, rule = place(
        market,
        np.array([instant], dtype="datetime64[us]"),
        np.array([local.date()], dtype="datetime64[D]"),
        limit=400,
    )
    return pd.Timestamp(market.sessions[row[0]].item()), str(rule[0])


@settings(max_examples=300, deadline=None)
@given(code=MARKETS, instant=INSTANTS)
def test_day0_is_the_first_session_able_to_react(code, instant):
    """Day 0 closes after the instant, and every earlier session had closed by then."""
    schedule, moment = library_schedule(code), pd.Timestamp(instant, tz="UTC")
    session, _ = placed(code, instant)
    assert session in schedule.index
    assert moment < schedule.loc[session, "close"]
    earlier = schedule["close"].loc[: session - pd.Timedelta(days=1)]
    assert (earlier <= moment).all()


@settings(max_examples=300, deadline=None)
@given(code=MARKETS, instant=INSTANTS)
def test_rule_says_what_the_clock_says(code, instant):
    """The session opens after the instant, or contains it, as the rule claims."""
    schedule, moment = library_schedule(code), pd.Timestamp(instant, tz="UTC")
    session, rule = placed(code, instant)
    today = pd.Timestamp((instant + dt.timedelta(hours=8)).date())
    opens_later = moment < schedule.loc[session, "open"]
    assert opens_later == (rule in {"pre_open", "after_close", "closed_day"})
    assert (session == today) == (rule in {"pre_open", "in_session", "lunch_break"})
    assert (today in schedule.index) == (rule != "closed_day")


@settings(max_examples=300, deadline=None)
@given(code=MARKETS, instant=ANY_INSTANT)
def test_no_session_between_could_have_reacted(code, instant):
    """Day 0 is a session that opens after the instant or contains it; all before it had closed."""
    market, moment = exchange(code), np.datetime64(instant, "us")
    reacting = np.flatnonzero(market.closes > moment)
    session, rule = placed(code, instant)
    if not len(reacting):
        assert (rule, code) == ("out_of_range", "XSHG")
        return
    (row,) = np.flatnonzero(market.sessions == np.datetime64(session, "D"))
    assert row == reacting[0]
    assert market.opens[row] > moment or market.opens[row] <= moment < market.closes[row]
    assert row == 0 or market.closes[row - 1] <= moment
    assert str(session.date()) not in {day for day, _ in CLOSED["XHKG"]} or code == "XSHG"
    resting = market.break_starts[row] <= moment < market.break_ends[row]
    assert (rule == "lunch_break") == resting


@settings(max_examples=100, deadline=None)
@given(code=MARKETS, instants=st.lists(INSTANTS, min_size=2, max_size=20))
def test_a_later_instant_never_has_an_earlier_day0(code, instants):
    days = [placed(code, instant)[0] for instant in sorted(instants)]
    assert days == sorted(days)


@pytest.mark.parametrize("code", ["XSHG", "XHKG"])
def test_every_open_and_close_of_the_library(code):
    """At its open every session is day 0; at its close the next one is."""
    schedule = library_schedule(code).loc["2006":"2026-12-20"]
    schedule = schedule[~schedule.index.isin(pd.DatetimeIndex(CORRECTED))]
    for column in ("open", "close"):
        instants = schedule[column].dt.tz_localize(None).to_numpy()
        days = schedule.index.to_numpy().astype("datetime64[D]")
        row, _ = place(exchange(code), instants, days, limit=400)
        ours = exchange(code).sessions
        own = np.searchsorted(ours, days)
        assert (row == own + (column == "close")).all()
