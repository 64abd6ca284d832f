"""From an announcement to day 0: each rule on dates checked by hand."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from eventstudy.alignment import AlignedEvents, align, alignment_rows
from eventstudy.spec import Choice, Event, Instrument, Study, Window

BEIJING = ZoneInfo("Asia/Shanghai")
MARKETS = {
    "CSI300": ("XSHG", "Asia/Shanghai"),
    "HSTECH": ("XHKG", "Asia/Hong_Kong"),
    "SPX": ("XNYS", "America/New_York"),
}


def moment(text: str, zone: str = "Asia/Shanghai") -> dt.date:
    """A date from '2023-08-27', a time in a zone from '2023-08-27 18:00'."""
    if len(text) == 10:
        return dt.date.fromisoformat(text)
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def study_of(*events: Event, assets: tuple[str, ...] = ("CSI300", "HSTECH"), **changes) -> Study:
    instruments = {
        asset: Instrument(id=asset, name=asset, calendar=calendar, timezone=zone)
        for asset, (calendar, zone) in MARKETS.items()
    }
    return Study(
        format=1,
        title="Alignment",
        assets=assets,
        instruments=instruments,
        source=Choice(name="snapshot", label="snapshot"),
        windows=(Window(0, 0),),
        models=(Choice(name="constant_mean", label="constant_mean"),),
        statistics=(),
        min_observations=20,
        events=events,
        **changes,
    )


def event(announced: str, zone: str = "Asia/Shanghai", **changes) -> Event:
    return Event(id="E", title="An event", announced=moment(announced, zone), **changes)


def aligned(announced: str, *, zone: str = "Asia/Shanghai", **changes) -> AlignedEvents:
    return align(study_of(event(announced, zone), **changes))


# Day 0 on the mainland and in Hong Kong, with the rule in each market. Holidays: notices of the
# Shanghai exchange and of HKEX for the year.
CASES = [
    # a Sunday
    ("2023-08-27 18:00", "2023-08-28", "closed_day", "2023-08-28", "closed_day"),
    # a weekday evening
    ("2022-05-17 20:00", "2022-05-18", "after_close", "2022-05-18", "after_close"),
    # both lunch breaks
    ("2022-03-16 12:20", "2022-03-16", "lunch_break", "2022-03-16", "lunch_break"),
    # only the mainland rests
    ("2022-03-16 11:45", "2022-03-16", "lunch_break", "2022-03-16", "in_session"),
    # the evening before the mainland's New Year holiday; 8 February 2024 was its last session
    ("2024-02-07 17:45", "2024-02-08", "after_close", "2024-02-08", "after_close"),
    # Qingming, Friday 4 April 2025, both closed
    ("2025-04-04 18:00", "2025-04-07", "closed_day", "2025-04-07", "closed_day"),
    # mainland closed 30 April to 4 May 2022, Hong Kong on 2 May only
    ("2022-05-03 09:00", "2022-05-05", "closed_day", "2022-05-03", "pre_open"),
    # Chung Yeung, Monday 23 October 2023: Hong Kong closed
    ("2023-10-23 17:00", "2023-10-24", "after_close", "2023-10-24", "closed_day"),
    # the last hour in Hong Kong, when the mainland has closed
    ("2024-01-24 15:10", "2024-01-25", "after_close", "2024-01-24", "in_session"),
    # exactly the mainland close
    ("2025-05-12 15:00", "2025-05-13", "after_close", "2025-05-12", "in_session"),
    ("2025-05-12 14:59:59", "2025-05-12", "in_session", "2025-05-12", "in_session"),
    ("2025-05-12 16:00", "2025-05-13", "after_close", "2025-05-13", "after_close"),
    # the call auction, and the open itself
    ("2023-08-28 09:20", "2023-08-28", "pre_open", "2023-08-28", "pre_open"),
    ("2023-08-28 09:30", "2023-08-28", "in_session", "2023-08-28", "in_session"),
    # midnight belongs to the coming day
    ("2007-05-30 00:00", "2007-05-30", "pre_open", "2007-05-30", "pre_open"),
    # before March 2011 Hong Kong opens at 10:00
    ("2008-09-19 09:45", "2008-09-19", "in_session", "2008-09-19", "pre_open"),
    # typhoon Saola, Friday 1 September 2023: no trading in Hong Kong
    ("2023-09-01 10:00", "2023-09-01", "in_session", "2023-09-04", "closed_day"),
    # black rainstorm, Friday 8 September 2023
    ("2023-09-07 20:00", "2023-09-08", "after_close", "2023-09-11", "after_close"),
    # typhoon Koinu, 9 October 2023: Hong Kong opened at 14:00
    ("2023-10-09 13:30", "2023-10-09", "in_session", "2023-10-09", "pre_open"),
    # New Year's Eve 2022: a half day in Hong Kong until noon, the mainland closed for the week
    ("2022-01-31 12:00", "2022-02-07", "closed_day", "2022-02-04", "after_close"),
    # bare dates: a Sunday, a session
    ("2023-08-27", "2023-08-28", "date_only", "2023-08-28", "date_only"),
    ("2024-09-24", "2024-09-24", "date_only", "2024-09-24", "date_only"),
]


@pytest.mark.parametrize(("announced", "mainland", "rule", "hong_kong", "rule_hk"), CASES)
def test_day0(announced, mainland, rule, hong_kong, rule_hk):
    got = aligned(announced)
    assert got.calendars == ("XSHG", "XHKG")
    assert got.session.astype(str).tolist() == [[mainland, hong_kong]]
    assert got.code.tolist() == [[rule, rule_hk]]


def test_every_event_has_its_own_row():
    """Placing events together or one by one gives the same days."""
    events = [event(case[0]).model_copy(update={"id": f"E{n}"}) for n, case in enumerate(CASES)]
    got = align(study_of(*events))
    assert got.event_ids == tuple(f"E{n}" for n in range(len(CASES)))
    assert got.session.astype(str).tolist() == [[case[1], case[3]] for case in CASES]


@pytest.mark.parametrize(
    ("announced", "market", "reason"),
    [
        (
            "2023-08-27 18:00",
            "XSHG",
            (
                "Sunday 27 Aug 2023 18:00 Beijing time: {} closed that day; day 0 is the next session,"
                " Monday 28 Aug 2023"
            ),
        ),
        (
            "2024-01-24 15:10",
            "XSHG",
            (
                "Wednesday 24 Jan 2024 15:10 Beijing time: at or after the close of {} at 15:00; day 0"
                " is the next session, Thursday 25 Jan 2024"
            ),
        ),
        (
            "2023-10-09 13:30",
            "XSHG",
            (
                "Monday 9 Oct 2023 13:30 Beijing time: during the session of {}; day 0 is Monday 9 Oct"
                " 2023"
            ),
        ),
        (
            "2023-10-09 13:30",
            "XHKG",
            (
                "Monday 9 Oct 2023 13:30 Beijing time: before the open of {} at 14:00; day 0 is Monday"
                " 9 Oct 2023"
            ),
        ),
        (
            "2022-03-16 12:20",
            "XHKG",
            (
                "Wednesday 16 Mar 2022 12:20 Beijing time: in the lunch break of {}; day 0 is Wednesday"
                " 16 Mar 2022"
            ),
        ),
        (
            "2023-08-27",
            "XHKG",
            (
                "Sunday 27 Aug 2023, no time given: taken as before the open of the first session of {}"
                " on or after that date; day 0 is Monday 28 Aug 2023"
            ),
        ),
    ],
)
def test_reason(announced, market, reason):
    got = aligned(announced)
    name = {"XSHG": "Shanghai and Shenzhen", "XHKG": "Hong Kong"}[market]
    assert got.reason[0, got.calendars.index(market)] == reason.format(name)


def test_time_in_another_zone_is_shown_in_both():
    """22 March 2018 12:30 in Washington is half past midnight of the 23rd in Beijing."""
    got = aligned("2018-03-22 12:30", zone="America/New_York")
    assert got.session.astype(str).tolist() == [["2018-03-23", "2018-03-23"]]
    assert got.reason[0, 0] == (
        "Thursday 22 Mar 2018 12:30 New York time (Friday 23 Mar 2018 00:30 in Shanghai and"
        " Shenzhen): before the open of Shanghai and Shenzhen at 09:30; day 0 is Friday 23 Mar 2018"
    )


def test_time_given_as_an_offset():
    offset = dt.timezone(dt.timedelta(hours=8))
    announced = dt.datetime(2023, 8, 27, 18, tzinfo=offset)
    got = align(study_of(event("2023-08-27").model_copy(update={"announced": announced})))
    assert got.reason[0, 0].startswith("Sunday 27 Aug 2023 18:00 UTC+08:00: Shanghai")


def test_new_york_reacts_on_its_own_date():
    """Sunday evening in Beijing is Sunday morning in New York; Monday 4 September is Labor Day."""
    got = aligned("2023-09-03 20:00", assets=("CSI300", "SPX"))
    assert got.session.astype(str).tolist() == [["2023-09-04", "2023-09-05"]]


# -- what cannot be placed ---------------------------------------------------------------------


def test_longest_new_year_break_is_within_the_default_limit():
    """2020: Thursday 23 January was the last session, Monday 3 February the next."""
    got = aligned("2020-01-23 15:00", assets=("CSI300",))
    assert got.session.astype(str).tolist() == [["2020-02-03"]]


def test_too_far_is_not_placed():
    """National Day 2024: closed 1 to 7 October; from 30 September 20:00 to the 8th are 8 days."""
    got = aligned("2024-09-30 20:00", max_shift_days=7)
    assert np.isnat(got.session).tolist() == [[True, False]]
    assert got.code.tolist() == [["too_far", "after_close"]]
    assert got.reason[0, 0] == (
        "Monday 30 Sep 2024 20:00 Beijing time: the first session of Shanghai and Shenzhen able to"
        " react is Tuesday 8 Oct 2024, 8 calendar days later and more than max_shift_days = 7; not"
        " placed"
    )
    assert aligned("2024-09-30 20:00", max_shift_days=8).code[0, 0] == "after_close"


@pytest.mark.parametrize("announced", ["1999-05-19", "2003-12-31 10:00", "2027-01-05 10:00"])
def test_out_of_range_is_not_placed(announced):
    got = aligned(announced, assets=("CSI300",))
    assert np.isnat(got.session).all()
    assert got.code.tolist() == [["out_of_range"]]
    assert got.reason[0, 0].endswith(
        "outside the known sessions of Shanghai and Shenzhen, Friday 2 Jan 2004 to Thursday 31 Dec"
        " 2026; not placed"
    )


def test_instant_after_the_last_close_is_out_of_range():
    assert aligned("2026-12-31 15:00", assets=("CSI300",)).code.tolist() == [["out_of_range"]]


# -- set by hand -------------------------------------------------------------------------------


def by_hand(session: str) -> AlignedEvents:
    override = {"session": session, "reason": "the news leaked during the day"}
    set_by_hand = event("2022-05-17 20:00", first_session={"XHKG": override})
    return align(study_of(set_by_hand))


def test_day0_set_by_hand_wins_in_its_market_only():
    got = by_hand("2022-05-17")
    assert got.session.astype(str).tolist() == [["2022-05-18", "2022-05-17"]]
    assert got.code.tolist() == [["after_close", "override"]]
    assert got.reason[0, 1] == (
        "Tuesday 17 May 2022 20:00 Beijing time: day 0 of Hong Kong set by hand to Tuesday 17 May"
        " 2022: the news leaked during the day"
    )


def test_day0_set_by_hand_must_be_a_session():
    got = by_hand("2022-05-14")
    assert np.isnat(got.session).tolist() == [[False, True]]
    assert got.reason[0, 1].endswith(
        "set by hand to Saturday 14 May 2022, which is no session there; not placed"
    )


# -- the table ---------------------------------------------------------------------------------


def test_alignment_rows():
    study = study_of(
        event("2024-01-24 15:10").model_copy(update={"id": "RRR"}),
        event("2027-01-05").model_copy(update={"id": "LATE", "assets": ("CSI300",)}),
    )
    rows = alignment_rows(align(study), study)
    assert [row[:4] for row in rows] == [
        ("RRR", "XSHG", "2024-01-24T15:10:00+08:00", "2024-01-25"),
        ("RRR", "XHKG", "2024-01-24T15:10:00+08:00", "2024-01-24"),
        ("LATE", "XSHG", "2027-01-05", ""),
    ]
    assert all(row[4] for row in rows)


def test_markets_are_those_of_the_assets_each_once():
    study = study_of(event("2024-01-24"), assets=("HSTECH", "CSI300", "HSTECH"))
    assert align(study).calendars == ("XHKG", "XSHG")
