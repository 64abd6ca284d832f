"""The studies in events/: every event is there, and falls on the session where it belongs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from eventstudy.alignment import align
from eventstudy.spec import Study, load

EVENTS = Path(__file__).resolve().parents[2] / "events"

# First session able to react on the mainland and in Hong Kong, from the catalogue of 85 policy events
# 2007-2025 that the project started from: compiled by hand from press reports, not by this program.
EXPECTED = {
    "stamp-duty": """
        SD2007          2007-05-30  2007-05-30
        SD2008A         2008-04-24  2008-04-24
        SD2008B         2008-09-19  2008-09-19
        SD2021HK        2021-02-24  2021-02-24
        SD2023          2023-08-28  2023-08-28
    """,
    "regulator-statements": """
        RESCUE2015      2015-07-06  2015-07-06
        LIUHE2018       2018-10-19  2018-10-19
        LIUHE2018B      2018-10-22  2018-10-22
        CSJ2020         2020-07-06  2020-07-06
        CSRCBANKS2021   2021-07-29  2021-07-29
        FSDC2022        2022-03-16  2022-03-16
        HUIJIN2023      2023-10-24  2023-10-24
        HUIJIN2024      2024-02-06  2024-02-06
        CSRCHEAD2024    2024-02-08  2024-02-08
        STAB2025        2025-01-14  2025-01-14
        HUIJIN2025      2025-04-08  2025-04-08
    """,
    "tech-meetings": """
        COMMON2021      2021-08-18  2021-08-18
        POLIT2022       2022-04-29  2022-04-29
        CPPCC2022       2022-05-18  2022-05-18
        SYMP2025        2025-02-17  2025-02-17
    """,
}
EXPECTED_DOWN = {"SD2007", "SD2021HK", "COMMON2021"}


@cache
def study(stem: str) -> Study:
    """One study of events/, loaded once."""
    return load(EVENTS / f"{stem}.yaml").study


def expected(stem: str) -> dict[str, tuple[str, ...]]:
    """The catalogue's sessions by event."""
    lines = (line.split() for line in EXPECTED[stem].strip().splitlines())
    return {event_id: tuple(days) for event_id, *days in lines}


@pytest.mark.parametrize("stem", EXPECTED)
def test_every_event_of_the_catalogue_has_its_day_0(stem):
    """No event is missing, none is invented, and each has the catalogue's session per market."""
    aligned = align(study(stem))
    assert aligned.calendars == ("XSHG", "XHKG")
    days = [tuple(str(day) for day in row) for row in aligned.session]
    assert dict(zip(aligned.event_ids, days, strict=True)) == expected(stem)


@pytest.mark.parametrize("stem", EXPECTED)
def test_studies_keep_the_defaults(stem):
    """What a study leaves unsaid is the same for all: both markets, two models."""
    assert study(stem).assets == ("CSI300", "HSTECH")
    assert [model.label for model in study(stem).models] == ["constant_mean", "market"]
    assert {event.category for event in study(stem).events} == {
        stem.replace("-", "_").removesuffix("s")
    }


def test_expected_signs_are_the_catalogues():
    """Three of the twenty announcements were bad news, the others good."""
    signs = {event.id: event.expected_sign for stem in EXPECTED for event in study(stem).events}
    assert {event_id for event_id, sign in signs.items() if sign == "down"} == EXPECTED_DOWN
    assert set(signs.values()) == {"down", "up"}


def test_only_changes_of_the_mainland_duty_come_from_a_rule():
    """All of them since 2007 are there; everything else was remembered."""
    events = [event for stem in EXPECTED for event in study(stem).events]
    assert {event.selection for event in events} == {"rule", "remembered"}
    by_rule = [event.id for event in events if event.selection == "rule"]
    assert by_rule == ["SD2007", "SD2008A", "SD2008B", "SD2023"]


@pytest.mark.parametrize("stem", EXPECTED)
def test_every_event_says_where_it_was_reported_and_why_its_time(stem):
    """A stated time has its reason, an event its source, a title room in a heading."""
    for event in study(stem).events:
        assert event.sources, event.id
        assert "Time: " in event.notes, event.id
        assert len(event.title) <= 60, event.id
        assert event.id not in event.confounded_by


def test_press_figures_of_the_two_founding_articles():
    """28 August 2023 and 17 and 18 May 2022, as printed."""
    figures = {
        (event.id, item.asset, str(item.session), item.measure): item.percent
        for stem in ("stamp-duty", "tech-meetings")
        for event in study(stem).events
        for item in event.reported
    }
    assert figures["SD2023", "CSI300", "2023-08-28", "high"] == 5.5
    assert figures["SD2023", "CSI300", "2023-08-28", "close"] == 1.17
    assert figures["CPPCC2022", "HSTECH", "2022-05-17", "close"] == 5.7
    assert figures["CPPCC2022", "HSTECH", "2022-05-18", "15:00"] == -0.6
