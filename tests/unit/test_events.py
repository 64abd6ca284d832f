"""The studies in events/: every event is there, and falls on the session where it belongs."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from eventstudy.alignment import align, sessions
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
    "platform-regulation": """
        ANT2020           2020-11-04  2020-11-04
        SAMR2020          2020-11-10  2020-11-10
        BABA2020          2020-12-24  2020-12-24
        BABAFINE2021      2021-04-12  2021-04-12
        DIDI2021          2021-07-05  2021-07-05
        DOUBLERED2021     2021-07-26  2021-07-26
        SAMR2021          2021-08-17  2021-08-17
        GAMING2021        2021-08-31  2021-08-31
        ALIBABA_MA2022    2022-05-05  2022-05-03
        JPM_UPGRADE2022   2022-05-16  2022-05-16
        GAMING2023        2023-12-22  2023-12-22
    """,
    "monetary-easing": """
        PBOC2008          2008-11-27  2008-11-27
        HIKE2010          2010-10-20  2010-10-20
        RRR2011           2011-12-01  2011-12-01
        CRUNCH2013        2013-06-24  2013-06-24
        CUT2014           2014-11-24  2014-11-24
        RRR2015           2015-04-20  2015-04-20
        DOUBLE2015        2015-06-29  2015-06-29
        DEVAL2015         2015-08-11  2015-08-11
        DOUBLE2015B       2015-08-26  2015-08-26
        RRR2021           2021-12-07  2021-12-07
        RRR2024           2024-01-25  2024-01-24
        PKG2024           2024-09-24  2024-09-24
        SFISF2024         2024-10-10  2024-10-10
        RELEND2024        2024-10-18  2024-10-18
        PKG2025           2025-05-07  2025-05-07
    """,
    "capital-market-reform": """
        CRACK2007         2007-02-27  2007-02-27
        TTRAIN2007        2007-08-20  2007-08-20
        TTRAIN_DELAY2007  2007-11-05  2007-11-05
        SHHK_ANN2014      2014-04-10  2014-04-10
        SHHK_DATE2014     2014-11-10  2014-11-10
        SHHK_LAUNCH2014   2014-11-17  2014-11-17
        REPO2014          2014-12-09  2014-12-09
        MARGIN2015        2015-01-19  2015-01-19
        CB_FIRST2016      2016-01-04  2016-01-04
        CB_SUSP2016       2016-01-08  2016-01-08
        STAR2018          2018-11-05  2018-11-05
        BSE2021           2021-09-03  2021-09-03
        NINE2024          2024-04-15  2024-04-15
    """,
    "geopolitics": """
        S301_2018         2018-03-23  2018-03-23
        T200_2018         2018-06-19  2018-06-19
        TRUCE2018         2018-12-03  2018-12-03
        TWEET2019         2019-05-06  2019-05-06
        PHASE1_2019       2019-12-13  2019-12-13
        COVID2020         2020-02-03  2020-02-03
        NSL2020           2020-05-22  2020-05-22
        MAR2022           2022-03-14  2022-03-14
        CHIPS2022         2022-10-10  2022-10-10
        CONGRESS2022      2022-10-24  2022-10-24
        COVID20_2022      2022-11-11  2022-11-11
        TARIFF10_2025     2025-02-28  2025-02-28
        LIBDAY2025        2025-04-07  2025-04-07
        GENEVA2025        2025-05-13  2025-05-12
        TARIFF100_2025    2025-10-13  2025-10-13
    """,
    "fiscal-and-property": """
        FOURTN2008        2008-11-10  2008-11-10
        POLIT2023         2023-07-25  2023-07-25
        PROP2024          2024-05-17  2024-05-17
        POLIT2024         2024-09-26  2024-09-26
        NDRC2024          2024-10-08  2024-10-08
        NPC2024           2024-11-11  2024-11-11
        POLIT2024B        2024-12-10  2024-12-09
        TWOSESSIONS2025   2025-03-05  2025-03-05
        INVOL2025         2025-07-02  2025-07-02
    """,
    "episodes": """
        DEEPSEEK2025      2025-01-27  2025-01-27
        REVALUATION2025   2025-01-13  2025-01-13
    """,
}
CATEGORIES = {
    "stamp-duty": {"stamp_duty": 5},
    "regulator-statements": {"regulator_statement": 11},
    "tech-meetings": {"tech_meeting": 4},
    "platform-regulation": {"platform_regulation": 9, "platform_relief": 1, "analyst_report": 1},
    "monetary-easing": {
        "reserve_ratio_cut": 9,
        "other_easing": 3,
        "monetary_tightening": 2,
        "devaluation": 1,
    },
    "capital-market-reform": {
        "market_opening": 3,
        "market_opening_delayed": 1,
        "listing_and_trading_rules": 4,
        "leverage_curb": 3,
        "effective_date": 2,
    },
    "geopolitics": {
        "trade_escalation": 7,
        "trade_truce": 3,
        "domestic_politics": 2,
        "pandemic": 2,
        "reopening": 1,
    },
    "fiscal-and-property": {"stimulus": 3, "fiscal_follow_up": 2, "economic_meeting": 4},
    "episodes": {"technology_news": 1, "episode": 1},
}
MARKETS = ((0, "XSHG"), (1, "XHKG"))
BOTH_SIGNS = {"stamp_duty", "tech_meeting"}
"""Categories that hold good and bad news: the tax in both directions, one meeting among four."""
BY_RULE = {
    "stamp_duty": "SD2007 SD2008A SD2008B SD2023",
    "reserve_ratio_cut": """PBOC2008 RRR2011 RRR2015 DOUBLE2015 DOUBLE2015B RRR2021 RRR2024 PKG2024
        PKG2025""",
    "tech_meeting": "POLIT2022",
    "economic_meeting": "POLIT2023 POLIT2024B",
}
EXPECTED_DOWN = """
    CRACK2007 SD2007 TTRAIN_DELAY2007 HIKE2010 CRUNCH2013 REPO2014 MARGIN2015 DEVAL2015
    CB_FIRST2016 S301_2018 T200_2018 TWEET2019 COVID2020 NSL2020 ANT2020 SAMR2020 BABA2020 SD2021HK
    DIDI2021 DOUBLERED2021 SAMR2021 COMMON2021 GAMING2021 MAR2022 ALIBABA_MA2022 CHIPS2022
    CONGRESS2022 GAMING2023 NDRC2024 TARIFF10_2025 LIBDAY2025 TARIFF100_2025
"""
EPISODE = {"DEEPSEEK2025", "SYMP2025", "TARIFF10_2025", "TWOSESSIONS2025"}
"""Announcements inside REVALUATION2025."""


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
    assert study(stem).max_dropped == 0.5


def test_the_catalogue_has_85_events_and_all_policy_takes_each_once():
    """No event is written twice; the study of all has none of its own."""
    ids = [event.id for stem in EXPECTED for event in study(stem).events]
    assert len(ids) == len(set(ids)) == 85
    everything = study("all-policy")
    assert sorted(event.id for event in everything.events) == sorted(ids)
    assert {path.stem for path in EVENTS.glob("*.yaml")} == {*EXPECTED, "all-policy"}
    assert everything.max_dropped == 0.5


@pytest.mark.parametrize("stem", EXPECTED)
def test_categories_hold_what_can_be_averaged(stem):
    """Each belongs to one file, and good and bad news are kept apart but for two."""
    events = study(stem).events
    assert Counter(event.category for event in events) == CATEGORIES[stem]
    for category in CATEGORIES[stem].keys() - BOTH_SIGNS:
        signs = {event.expected_sign for event in events if event.category == category}
        assert not {"up", "down"} <= signs, category


def test_expected_signs_are_the_catalogues():
    """Two without an effect, two without a sign, 32 of bad news; the others were good news."""
    signs = {event.id: event.expected_sign for stem in EXPECTED for event in study(stem).events}
    by_sign = {sign: {key for key in signs if signs[key] == sign} for sign in signs.values()}
    assert by_sign["down"] == set(EXPECTED_DOWN.split())
    assert by_sign["none"] == {"SHHK_LAUNCH2014", "BSE2021"}
    assert by_sign["unknown"] == {"STAR2018", "NPC2024"}
    assert len(by_sign["up"]) == 49


def test_what_comes_from_a_rule():
    """Changes of the mainland duty, cuts of the reserve ratio, regular read-outs of the Politburo."""
    events = [event for stem in EXPECTED for event in study(stem).events]
    assert {event.selection for event in events} == {"rule", "remembered"}
    for category, names in BY_RULE.items():
        mine = [event for event in events if event.category == category]
        assert [event.id for event in mine if event.selection == "rule"] == names.split()
    assert {e.category for e in events if e.selection == "rule"} == BY_RULE.keys()


@pytest.mark.parametrize("stem", ["monetary-easing", "fiscal-and-property", "all-policy"])
def test_a_rule_claims_no_more_than_the_catalogue_has(stem):
    """The page says what the rule is, and that the catalogue is not complete."""
    words = study(stem).description
    assert "by a rule" in words
    assert "not every cut" in words or "does not have every" in words


def test_neighbours_are_named():
    """`confounded_by` lists the events within ten sessions in one of the markets, no others.

    The episode also names the announcements inside it.
    """
    parts = [align(study(stem)) for stem in EXPECTED]
    ids = np.array([event_id for part in parts for event_id in part.event_ids])
    day0 = np.concatenate([part.session for part in parts])
    row = np.column_stack([np.searchsorted(sessions(c), day0[:, i]) for i, c in MARKETS])
    near = (np.abs(row[:, None] - row[None]) <= 10).any(axis=2)
    np.fill_diagonal(near, val=False)
    found = {str(key): set(ids[near[i]].tolist()) for i, key in enumerate(ids)}
    found["REVALUATION2025"] |= EPISODE
    events = [event for stem in EXPECTED for event in study(stem).events]
    assert {event.id: set(event.confounded_by) for event in events} == found


def test_the_only_episode_has_an_end_that_was_chosen_afterwards():
    """Its last day makes no announcement."""
    episodes = [event for stem in EXPECTED for event in study(stem).events if event.until]
    assert [(e.id, str(e.announced), str(e.until), e.end_known) for e in episodes] == [
        ("REVALUATION2025", "2025-01-13", "2025-03-06", False)
    ]


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
