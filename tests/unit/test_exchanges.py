"""The sessions of the exchanges, with the corrections of Hong Kong."""

from __future__ import annotations

import numpy as np
import pytest

from eventstudy.alignment import exchange, sessions
from eventstudy.errors import UnknownNameError


def hours(code: str, day: str) -> list[str]:
    """Open, start and end of the break, and close of a session, local time; '' for none."""
    market = exchange(code)
    shift = {"XSHG": 8, "XHKG": 8, "XNYS": -5}[code]
    row = int(np.flatnonzero(market.sessions == np.datetime64(day))[0])
    columns = (market.opens, market.break_starts, market.break_ends, market.closes)
    local = [column[row] + np.timedelta64(shift, "h") for column in columns]
    return ["" if np.isnat(time) else str(time)[11:16] for time in local]


def is_session(code: str, day: str) -> bool:
    return bool(exchange(code).is_session(np.datetime64(day)))


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("XSHG", "2004-01-02", "2026-12-31"),
        ("XHKG", "2004-01-02", "2027-12-31"),
        ("XNYS", "2004-01-02", "2027-12-31"),
    ],
)
def test_range_is_explicit_and_does_not_move_with_today(code, first, last):
    assert [str(day) for day in sessions(code)[[0, -1]]] == [first, last]


@pytest.mark.parametrize(
    "day",
    [
        "2023-09-01",  # typhoon Saola: no trading all day
        "2023-09-08",  # black rainstorm: no trading all day
        "2018-09-16",  # a Sunday
        "2023-10-23",  # Chung Yeung
        "2022-05-02",  # Labour Day observed
        "2025-04-04",  # Ching Ming
        "2024-02-12",  # third day of Lunar New Year
    ],
)
def test_hong_kong_was_closed(day):
    assert not is_session("XHKG", day)


@pytest.mark.parametrize(
    "day",
    [
        "2022-05-03",  # Labour Day holiday, 30 April to 4 May
        "2022-05-04",
        "2024-02-09",  # New Year's Eve, closed by the exchanges' notice
        "2025-04-04",  # Qingming
        "2024-10-07",  # National Day week
        "2020-01-31",  # the holiday of 2020, extended to 2 February
    ],
)
def test_mainland_was_closed(day):
    assert not is_session("XSHG", day)


def test_hong_kong_trades_on_a_mainland_holiday_and_the_reverse():
    """3 May 2022: only Hong Kong; 23 October 2023 (Chung Yeung): only the mainland."""
    assert is_session("XHKG", "2022-05-03")
    assert is_session("XSHG", "2023-10-23")


@pytest.mark.parametrize(
    ("day", "opened"),
    [
        ("2012-07-24", "13:00"),  # Vicente: "the stock market will open at 1 p.m." (Reuters)
        ("2013-09-23", "13:00"),  # Usagi: "will resume from 1 p.m." (Reuters)
        ("2014-09-16", "13:00"),  # Kalmaegi: "trading will resume at 1 p.m." (Businessweek)
        ("2020-08-19", "13:30"),  # Higos: "will resume at 1:30pm" (HKEX)
        ("2021-06-28", "13:30"),  # black rainstorm: "from 1.30pm" (HKEX)
        ("2022-08-25", "13:00"),  # Ma-on: "the afternoon session will begin on time at 1 p.m."
        ("2023-10-09", "14:00"),  # Koinu: "trading will resume at 2 p.m." (Bloomberg)
    ],
)
def test_late_open_after_a_storm(day, opened):
    """The morning was cancelled, so there is no lunch break either."""
    assert hours("XHKG", day) == [opened, "", "", "16:00"]


def test_early_close_before_a_storm():
    """2 November 2022: trading was suspended at 13:55 for typhoon Nalgae (HKEX by Xinhua)."""
    assert hours("XHKG", "2022-11-02") == ["09:30", "12:00", "13:00", "13:55"]


def test_the_circuit_breaker_ended_two_sessions():
    """4 January 2016: "close at 1.34pm" (The TRADE); 7 January: two minutes after 09:57 (Xinhua)."""
    assert hours("XSHG", "2016-01-04") == ["09:30", "11:30", "13:00", "13:34"]
    assert hours("XSHG", "2016-01-07") == ["09:30", "", "", "09:59"]


def test_half_day_in_hong_kong():
    """Lunar New Year's Eve 2022: trading ends at noon; before March 2011 half days end at 12:30."""
    assert hours("XHKG", "2022-01-31") == ["09:30", "", "", "12:00"]
    assert hours("XHKG", "2010-12-24") == ["10:00", "", "", "12:30"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2011-03-04", ["10:00", "12:30", "14:30", "16:00"]),
        ("2011-03-07", ["09:30", "12:00", "13:30", "16:00"]),
        ("2012-03-02", ["09:30", "12:00", "13:30", "16:00"]),
        ("2012-03-05", ["09:30", "12:00", "13:00", "16:00"]),
    ],
)
def test_hong_kong_trading_hours_of_the_time(day, expected):
    """HKEX news releases of 24 January 2011 and 1 March 2012."""
    assert hours("XHKG", day) == expected


def test_mainland_and_new_york_hours():
    assert hours("XSHG", "2023-08-28") == ["09:30", "11:30", "13:00", "15:00"]
    assert hours("XNYS", "2023-01-03") == ["09:30", "", "", "16:00"]


def test_exchange_has_a_name_for_readers():
    assert exchange("XSHG").place == "Shanghai and Shenzhen"
    assert exchange("XHKG").place == "Hong Kong"
    assert exchange("XLON").place == "XLON"


def test_a_calendar_known_for_fewer_years_is_cut_to_what_is_known():
    """The Astana exchange is recorded from 2017: 2 to 4 January 2017 are its first holidays."""
    assert str(sessions("AIXK")[0])[:7] == "2017-01"


def test_unknown_calendar():
    with pytest.raises(UnknownNameError, match=r"no calendar 'XHGK'.*XHKG"):
        exchange("XHGK")


def test_shared_arrays_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        sessions("XSHG")[0] = np.datetime64("2000-01-01")
