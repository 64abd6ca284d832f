"""Checks of the prices: each rule finds its fault, and the embedded data pass."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from eventstudy.alignment import sessions
from eventstudy.columns import FRAMES
from eventstudy.quality import check_prices, rows_of, touched
from eventstudy.quality.faults import (
    dates_without_session,
    disordered,
    jumps,
    repeated,
)
from eventstudy.sources.snapshot import Snapshot
from eventstudy.spec import Choice, Event, Instrument, Study, Window

CALENDARS = {"CSI300": "XSHG", "HSTECH": "XHKG", "SPX": "XNYS"}
ZONES = {"XSHG": "Asia/Shanghai", "XHKG": "Asia/Hong_Kong", "XNYS": "America/New_York"}


def study_on(*days: str, assets: tuple[str, ...] = ("CSI300", "HSTECH")) -> Study:
    """A study of events on some dates, with the default windows."""
    instruments = {
        name: Instrument(id=name, name=name, calendar=calendar, timezone=ZONES[calendar])
        for name, calendar in CALENDARS.items()
    }
    events = tuple(
        Event(id=f"E{day}", title="An event", announced=dt.date.fromisoformat(day)) for day in days
    )
    return Study(
        format=1,
        title="Quality",
        assets=assets,
        instruments=instruments,
        source=Choice(name="snapshot", label="snapshot"),
        windows=(Window(0, 0),),
        models=(Choice(name="constant_mean", label="constant_mean"),),
        statistics=(),
        min_observations=20,
        events=events,
    )


def prices_of(study: Study, *names: str):
    return Snapshot().fetch([study.instruments[name] for name in names or study.assets])


def day(text: str) -> np.datetime64:
    return np.datetime64(text, "D")


def changed(prices, asset: str, session: str, **fields: float):
    """The prices with some fields of one session set to other values."""
    row = int(np.searchsorted(prices.dates, day(session)))
    column = prices.instruments.index(asset)
    values = {name: array.copy() for name, array in prices.values.items()}
    for name, value in fields.items():
        values[name][row, column] = value
    return replace(prices, values=values)


def without(prices, session: str):
    """The prices with one date taken out."""
    keep = prices.dates != day(session)
    values = {name: array[keep] for name, array in prices.values.items()}
    return replace(prices, dates=prices.dates[keep], kind=prices.kind[keep], values=values)


def found(study, prices, asset: str, check: str):
    """The one finding of a check on a series."""
    (finding,) = (
        each.finding
        for each in check_prices(study, prices)
        if (each.finding.asset, each.finding.check) == (asset, check)
    )
    return finding


# -- the rules on arrays -------------------------------------------------------------------------


def test_dates_without_session():
    """Sunday 27 August 2023; a date before the calendar begins is not judged."""
    dates = np.array(["1999-01-03", "2023-08-25", "2023-08-27"], dtype="datetime64[D]")
    assert dates_without_session(sessions("XSHG"), dates).tolist() == [dt.date(2023, 8, 27)]


def test_disordered_bars():
    bars = np.array(
        [
            [10.0, 12.0, 9.0, 11.0],
            [13.0, 12.0, 9.0, 11.0],  # open above the high
            [10.0, 12.0, 9.0, 8.0],  # close below the low
            [10.0, 9.0, 12.0, 10.0],  # high below the low
            [0.0, 12.0, 0.0, 11.0],  # not positive
            [np.nan, np.nan, np.nan, 11.0],  # close only
            [np.nan, np.nan, np.nan, -1.0],
            [12.0, 12.0, 12.0, 12.0],
        ]
    )
    assert disordered(bars).tolist() == [False, True, True, True, True, False, True, False]


def test_repeated_closes():
    assert repeated(np.array([1.0, 2.0, 2.0, 2.0, 3.0])).tolist() == [
        False,
        False,
        True,
        True,
        False,
    ]
    assert repeated(np.array([1.0])).tolist() == [False]


@pytest.mark.parametrize(("last", "expected"), [(1.22, False), (1.23, True), (0.77, True)])
def test_jump_is_measured_by_the_median_return(last, expected):
    """Moves of 1% have sigma .01/.6745 = 1.4826%, and 15 sigma is 22.24%."""
    close = np.cumprod([100.0, 1.01, 0.99, 1.01, 0.99, 1.01, 0.99, last])
    assert jumps(close).tolist() == [False] * 7 + [expected]


# -- the sessions that are looked at -------------------------------------------------------------


def test_the_windows_of_all_events_are_looked_at_and_nothing_between():
    """Estimation from -130, event window to +20, and one session for news after the close.

    Counted in the lines of the publisher's own table of the CSI 300: 130 lines above 2023-08-28,
    21 below 2024-09-24.
    """
    near = touched(study_on("2024-09-24", "2023-08-28"), sessions("XSHG"))
    assert (str(near[0]), str(near[-1])) == ("2023-02-17", "2024-10-30")
    assert len(near) == 2 * 152
    assert day("2023-12-29") not in near


def test_the_sessions_end_where_the_calendar_ends():
    assert str(touched(study_on("2026-12-30"), sessions("XSHG"))[-1]) == "2026-12-31"


# -- the embedded data and its faults ------------------------------------------------------------


@pytest.fixture(scope="module")
def august():
    study = study_on("2023-08-28")
    return study, prices_of(study, "CSI300", "HSTECH", "SPX")


def test_embedded_data_agree_with_the_calendars():
    """Every session of twenty years has a price, and every price a session."""
    study = study_on(
        *(f"{year}-{month}-01" for year in range(2006, 2026) for month in ("03", "09"))
    )
    for finding, *_ in check_prices(study, prices_of(study, *CALENDARS)):
        if finding.check not in {
            "range of the series",
            "values from before the launch",
            "sessions with a close only",
        }:
            assert finding.status == "PASS", finding


def test_good_prices_pass_and_say_what_was_counted(august):
    study, prices = august
    finding = found(study, prices, "CSI300", "sessions without a price")
    assert (finding.status, finding.recommendation) == ("PASS", "")
    assert finding.finding == "0 of 152 sessions of the calendar have no price"


def test_session_without_a_price_is_named(august):
    study, prices = august
    finding = found(study, without(prices, "2023-08-25"), "HSTECH", "sessions without a price")
    assert finding.status == "REVIEW"
    assert finding.finding.endswith("have no price: 2023-08-25")
    assert finding.recommendation


def test_price_without_a_session_is_named(august):
    """26 August 2023 was a Saturday."""
    study, prices = august
    dates = np.where(prices.dates == day("2023-08-25"), day("2023-08-26"), prices.dates)
    finding = found(study, replace(prices, dates=dates), "CSI300", "prices without a session")
    assert (finding.status, finding.finding[-10:]) == ("REVIEW", "2023-08-26")


def test_bar_that_contradicts_itself_fails(august):
    study, prices = august
    wrong = changed(prices, "CSI300", "2023-08-28", high=3700.0)
    finding = found(study, wrong, "CSI300", "order of open, high, low, close")
    assert (finding.status, finding.finding[-10:]) == ("FAIL", "2023-08-28")


def test_fault_outside_the_windows_is_not_the_study_s_business(august):
    study, prices = august
    wrong = changed(prices, "CSI300", "2015-07-06", high=1.0)
    finding = found(study, wrong, "CSI300", "order of open, high, low, close")
    assert finding.status == "PASS"


def test_stale_close_is_named(august):
    study, prices = august
    stale = float(prices.column("SPX")[prices.dates == day("2023-08-24")][0])
    finding = found(
        study, changed(prices, "SPX", "2023-08-25", close=stale), "SPX", "repeated closes"
    )
    assert (finding.status, finding.finding[-10:]) == ("REVIEW", "2023-08-25")


def test_misprinted_close_is_a_jump_there_and_back(august):
    study, prices = august
    level = float(prices.column("HSTECH")[prices.dates == day("2023-08-25")][0])
    wrong = changed(prices, "HSTECH", "2023-08-25", close=level * 10, open=np.nan, high=np.nan)
    finding = found(study, wrong, "HSTECH", "jumps")
    assert finding.finding.endswith("larger than 15 sigma: 2023-08-25, 2023-08-28")


def test_a_price_on_a_day_without_trading_hides_no_split(august):
    """The level of Monday stands on Saturday already: Friday to Monday is the return that counts."""
    study, prices = august
    row = int(np.searchsorted(prices.dates, day("2023-08-26")))
    values = {name: np.insert(array, row, np.nan, axis=0) for name, array in prices.values.items()}
    column = prices.instruments.index("CSI300")
    for name in ("open", "high", "low", "close"):
        values[name][row, column] = values[name][row + 1, column]
        values[name][row:, column] /= 2
    kind = np.insert(prices.kind, row, 0, axis=0)
    kind[row, column] = 1
    dates = np.insert(prices.dates, row, day("2023-08-26"))
    wrong = replace(prices, dates=dates, values=values, kind=kind)
    finding = found(study, wrong, "CSI300", "sign of a split")
    assert (finding.status, finding.finding[-10:]) == ("FAIL", "2023-08-28")


def test_back_cast_and_close_only_cells_of_assets_are_named():
    """HSTECH was launched on 27 July 2020; bars are missing on 25 April 2022."""
    study = study_on("2020-08-03")
    prices = prices_of(study, "HSTECH", "SPX")
    finding = found(study, prices, "HSTECH", "values from before the launch")
    assert finding.status == "REVIEW"
    later = found(study_on("2022-05-18"), prices, "HSTECH", "sessions with a close only")
    assert later.finding.endswith("2022-04-25")
    findings = [each.finding for each in check_prices(study, prices)]
    checks = {each.check for each in findings if each.asset == "SPX"}
    assert "sessions with a close only" not in checks


def test_series_that_begins_too_late_is_named():
    """The S&P 500 begins on 2 January 2019."""
    study = study_on("2019-02-01")
    finding = found(study, prices_of(study, "SPX"), "SPX", "range of the series")
    assert finding.status == "REVIEW"


def test_series_that_does_not_reach_the_study_at_all():
    study = study_on("2015-07-06")
    ((finding, *_),) = check_prices(study, prices_of(study, "SPX"))
    assert (finding.check, finding.status) == ("range of the series", "REVIEW")
    assert finding.finding.startswith("152 of 152 sessions")


def test_at_most_five_dates_are_named():
    study = study_on("2020-08-03")
    finding = found(
        study, prices_of(study, "HSTECH"), "HSTECH", "values from before the launch"
    ).finding
    assert finding.endswith(", …")
    assert finding.count("2020-") + finding.count("2019-") == 5


def test_rows_have_the_columns_of_the_frame(august):
    rows = rows_of(check_prices(*august))
    assert {len(row) for row in rows} == {len(FRAMES["quality"])}
    assert len({row[:2] for row in rows}) == len(rows)
