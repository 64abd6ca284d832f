"""The facts of one event as a definition list."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.document.blocks import Fact, Facts, Link
from eventstudy.language import join, marked, retold, say

if TYPE_CHECKING:
    from eventstudy.results import StudyResult
    from eventstudy.spec import Event
    from eventstudy.spec.event import SourceNote

EXPECTED = {
    "up": marked("rise"),
    "down": marked("fall"),
    "none": marked("no move"),
    "unknown": marked("not stated"),
}
SELECTION = {
    "rule": marked("by a rule"),
    "remembered": marked("remembered"),
    None: marked("not stated"),
}


def facts(result: StudyResult, event: Event) -> Facts:
    """Return what the study file says about an event, and its day 0 in every market with why."""
    items = [
        Fact(say("Announced"), (Link(_announced(event)),)),
        Fact(say("Day 0"), tuple(_day0(result, event))),
        Fact(say("Expected"), (Link(say(EXPECTED[event.expected_sign])),)),
        Fact(say("Category"), (Link(labels.group_name(event.category)),)),
        Fact(say("Chosen"), (Link(say(SELECTION[event.selection])),)),
        Fact(say("Sources"), tuple(_source(note) for note in event.sources)),
        Fact(say("Near it"), tuple(_other(result, other) for other in event.confounded_by)),
    ]
    return Facts(tuple(item for item in items if item.values))


def _announced(event: Event) -> str:
    """Return day, time and zone of the announcement as far as they are known."""
    day = formats.day(event.announced)
    if not isinstance(event.announced, datetime):
        return say("{day}, no time given", day=day)
    offset = f"{event.announced:%z}"
    zone = f"UTC{offset[:3].replace('-', formats.MINUS)}:{offset[3:5]}" if offset else ""
    return join((day, f"{event.announced:%H:%M}", zone), say(", "))


def _day0(result: StudyResult, event: Event) -> list[Link]:
    """Return day 0 of each market, whose indices trade there, and the reason."""
    study = result.study
    rows = labels.found(result.frames["alignment"], event_id=event.id)
    assets = study.assets_of(event)
    return [
        Link(
            join((formats.day(row.session), formats.listing(here)), say(", ")),
            detail=retold(row.reason),
        )
        for row in rows
        if (
            here := [
                labels.short_name(study, asset)
                for asset in assets
                if study.instruments[asset].calendar == row.calendar
            ]
        )
    ]


def _source(note: SourceNote) -> Link:
    """Return one source with its date."""
    return Link(note.title, note.url or "", formats.day(note.date) if note.date else "")


def _other(result: StudyResult, event_id: str) -> Link:
    """Return another event by its title where the study knows it, else by its id."""
    known = labels.titles(result.study)
    if event_id not in known:
        return Link(event_id)
    return Link(known[event_id], f"#{labels.event_anchor(event_id)}")
