"""Printed figures beside the data."""

from __future__ import annotations

import math

import pytest

from eventstudy.columns import FRAMES
from eventstudy.press import PressCheck, check_press, press_rows
from eventstudy.sources.snapshot import Snapshot
from eventstudy.spec import Choice, Event, Instrument, Study, Window

CALENDARS = {"CSI300": "XSHG", "HSTECH": "XHKG", "HSI": "XHKG"}


def study_of(*figures: dict[str, object]) -> Study:
    zone = {"XSHG": "Asia/Shanghai", "XHKG": "Asia/Hong_Kong"}
    event = {"id": "E", "title": "An event", "announced": "2023-08-27", "reported": figures}
    return Study(
        format=1,
        title="Press",
        assets=("CSI300", "HSTECH"),
        instruments={
            name: Instrument(id=name, name=name, calendar=calendar, timezone=zone[calendar])
            for name, calendar in CALENDARS.items()
        },
        source=Choice(name="snapshot", label="snapshot"),
        windows=(Window(0, 0),),
        models=(Choice(name="constant_mean", label="constant_mean"),),
        statistics=(),
        min_observations=20,
        events=(Event.model_validate(event),),
    )


def checked(
    asset: str, session: str, measure: str, percent: float, *, data: tuple[str, ...] = ()
) -> PressCheck:
    """The check of one printed figure."""
    figure = {"asset": asset, "session": session, "measure": measure, "percent": percent}
    study = study_of(figure)
    prices = Snapshot().fetch([study.instruments[name] for name in data or CALENDARS])
    (check,) = check_press(study, prices)
    return check


# The figures of the founding articles; the measured ones are the index publisher's own.
@pytest.mark.parametrize(
    ("asset", "session", "measure", "printed", "measured"),
    [
        ("CSI300", "2023-08-28", "high", 5.5, 5.46),
        ("CSI300", "2023-08-28", "open", 5.5, 5.46),
        ("CSI300", "2023-08-28", "close", 1.17, 1.17),
        ("HSTECH", "2022-05-17", "close", 5.7, 5.78),
    ],
)
def test_figures_of_the_founding_articles_pass(asset, session, measure, printed, measured):
    check = checked(asset, session, measure, printed)
    assert check.verdict == "PASS"
    assert check.reported == pytest.approx(printed / 100, abs=1e-15)
    assert round(check.measured * 100, 2) == measured
    assert check.difference == pytest.approx(check.measured - check.reported, abs=1e-15)


def test_wrong_figure_is_for_review_with_its_difference():
    """A close of 2023-08-25 that is 58 bp too high made +0.58% of +1.17%."""
    check = checked("CSI300", "2023-08-28", "close", 0.58)
    assert check.verdict == "REVIEW"
    assert round(check.difference * 100, 2) == 0.59
    assert check.note == "printed +0.58%, measured +1.17%: 0.59 points apart"


@pytest.mark.parametrize(("percent", "verdict"), [(1.31, "PASS"), (1.33, "REVIEW")])
def test_tolerance_is_015_points(percent, verdict):
    """The close of 2023-08-28 measures +1.17%, to two digits."""
    assert checked("CSI300", "2023-08-28", "close", percent).verdict == verdict


def test_time_of_day_cannot_be_measured_but_is_held_against_the_range():
    check = checked("HSTECH", "2022-05-18", "15:00", -0.6)
    assert math.isnan(check.measured)
    assert math.isnan(check.difference)
    assert check.verdict == "REVIEW"
    assert check.note == (
        "not measured: daily data have no price at 15:00; −0.60% lies within the day's range of"
        " −2.32% to +0.32%"
    )
    assert "lies outside" in checked("HSTECH", "2022-05-18", "15:00", 3.0).note


@pytest.mark.parametrize(
    ("asset", "session", "measure", "reason"),
    [
        ("CSI300", "2023-08-27", "close", "2023-08-27 is no session of XSHG"),
        ("CSI300", "2003-05-20", "close", "2003-05-20 is no session of XSHG"),
        ("CSI300", "2031-01-02", "close", "2031-01-02 is no session of XSHG"),
        ("HSI", "2008-04-24", "close", "no close for the session before, 2008-04-23"),
        ("HSI", "2019-01-02", "close", "no close for the session before, 2018-12-31"),
        ("HSTECH", "2025-04-07", "open", "the data have no open for 2025-04-07"),
        ("HSTECH", "2025-04-08", "12:00", "there is no low and high that day either"),
        ("CSI300", "2026-01-05", "close", "the data have no close for 2026-01-05"),
    ],
)
def test_what_cannot_be_measured_says_why(asset, session, measure, reason):
    check = checked(asset, session, measure, 1.0)
    assert math.isnan(check.measured)
    assert check.verdict == "REVIEW"
    assert check.note.startswith("not measured: ")
    assert reason in check.note


def test_instrument_that_was_not_fetched():
    check = checked("HSI", "2024-02-06", "close", 4.0, data=("CSI300",))
    assert check.note == "not measured: HSI is not among the prices of this study"


def test_rows_have_the_columns_of_the_frame():
    study = study_of(
        {"asset": "HSI", "session": "2024-02-06", "measure": "close", "percent": 4.0},
        {"asset": "CSI300", "session": "2023-08-28", "measure": "close", "percent": 1.17},
    )
    rows = press_rows(study, Snapshot().fetch(list(study.instruments.values())))
    assert [row[:4] for row in rows] == [
        ("E", "HSI", "2024-02-06", "close"),
        ("E", "CSI300", "2023-08-28", "close"),
    ]
    assert {len(row) for row in rows} == {len(FRAMES["press"])}
