"""The list of exchange calendars that `eventstudy check` looks into."""

from __future__ import annotations

import warnings

import exchange_calendars as xc
import pytest
from exchange_calendars.calendar_utils import global_calendar_dispatcher as package

from eventstudy.alignment import exchange
from eventstudy.spec import load
from eventstudy.spec.calendars import END, from_package, listed
from eventstudy.spec.fields import CALENDAR


def test_the_list_has_every_calendar_of_the_package():
    """Codes, time zones and last days, from the package's own classes."""
    codes = [code for code in xc.get_calendar_names() if CALENDAR.fullmatch(code)]
    kinds = {code: package._calendar_factories[package.resolve_alias(code)] for code in codes}
    bounds = {code: kind.bound_max() for code, kind in kinds.items()}
    assert {code: known.last for code, known in listed().items()} == {
        code: min(END, END if last is None else str(last.date())) for code, last in bounds.items()
    }
    assert {code: known.timezone for code, known in listed().items()} == {
        code: str(kind.tz.fget(None) if isinstance(kind.tz, property) else kind.tz)
        for code, kind in kinds.items()
    }


@pytest.mark.parametrize("code", ["XSHG", "XHKG", "XNYS"])
def test_the_package_says_what_the_list_says(code):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        assert from_package(code) == listed()[code]
    assert exchange(code).timezone == listed()[code].timezone
    assert str(exchange(code).sessions[-1]) <= listed()[code].last


def test_a_calendar_that_nobody_knows():
    assert from_package("XXXX") is None


def test_another_name_of_the_same_clock_is_no_contradiction(tmp_path):
    """Shanghai and Hong Kong keep one time; New York and Toronto too."""
    path = tmp_path / "study.yaml"
    path.write_text(
        "format: 1\ntitle: T\nassets: [A, B]\nrobustness: false\nmodels: [constant_mean]\ninstruments:\n"
        "  - {id: A, calendar: XHKG, timezone: Asia/Shanghai}\n"
        "  - {id: B, calendar: XNYS, timezone: America/Toronto}\n"
        "events: [{id: E, title: T, announced: 2023-08-27}]\n",
        encoding="utf-8",
    )
    assert load(path).study.instruments["B"].timezone == "America/Toronto"
