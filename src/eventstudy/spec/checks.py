"""Rules about values that must fit together, each a generator of findings."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from eventstudy.errors import did_you_mean
from eventstudy.spec.messages import Finding
from eventstudy.spec.plugins import check_choice, unknown_instrument

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from eventstudy.spec.draft import Draft, Pieces
    from eventstudy.spec.event import Event
    from eventstudy.spec.instrument import Instrument
    from eventstudy.yamlfile import Where


def check_study(pieces: Pieces, instruments: Mapping[str, Instrument]) -> Iterator[Finding]:
    """Yield the mistakes that concern the design of a study; a rule with a wrong input is skipped.

    Parameters
    ----------
    pieces : Pieces
        What is right in the file.
    instruments : mapping of str to Instrument
        Every instrument that the study can name.
    """
    yield from _repeated(pieces, "instruments", "duplicate-id", "id")
    yield from _repeated(pieces, "models", "duplicate-label", "label")
    yield from _repeated(pieces, "statistics", "duplicate-label", "label")
    yield from _repeated(pieces, "assets", "duplicate-entry")
    yield from _repeated(pieces, "windows", "duplicate-entry")
    yield from _repeated(pieces, "events_from", "duplicate-entry")
    if not pieces.wrong & {"estimation", "event_window"}:
        yield from _check_windows(pieces)
    if not pieces.wrong & {"estimation", "min_observations"}:
        yield from _check_observations(pieces.draft)
    if "instruments" not in pieces.wrong:
        yield from _check_names(pieces, instruments)


def _repeated(pieces: Pieces, key: str, code: str, field: str = "") -> Iterator[Finding]:
    """Yield the entries of a list that stand there before."""
    first: dict[Any, Where] = {}
    for where, entry in pieces.entries(key):
        value = getattr(entry, field) if field else entry
        if value in first:
            place = int(first[value][1]) + 1
            remedy = "add a `label` to one of them" if field == "label" else "keep one"
            message = f"{field} {value} stands in entry {place} already; {remedy}".lstrip()
            yield Finding(code, (*where, *filter(None, [field])), message)
        first.setdefault(value, where)


def _check_windows(pieces: Pieces) -> Iterator[Finding]:
    """Yield windows that do not fit to the estimation window or the event window."""
    draft = pieces.draft
    estimation, event_window = draft.estimation, draft.event_window
    if estimation.length < 3:
        message = f"{estimation} has {estimation.length} sessions; a model needs at least 3"
        yield Finding("out-of-range", ("estimation",), message)
    if estimation.end >= event_window.start:
        at = "event_window" if "event_window" in draft.model_fields_set else "estimation"
        message = (
            f"the estimation window {estimation} must end before the event window {event_window}"
            " starts; move one of them"
        )
        yield Finding("window-overlap", (at,), message)
    if not event_window.start <= 0 <= event_window.end:
        message = f"{event_window} does not contain day 0; widen it"
        yield Finding("window-without-day-0", ("event_window",), message)
    for where, window in pieces.entries("windows") if "windows" in draft.model_fields_set else ():
        if not event_window.contains(window):
            message = (
                f"{window} reaches beyond the event window {event_window}; shorten it, or widen"
                " `event_window`"
            )
            yield Finding("window-outside", where, message)


def _check_observations(draft: Draft) -> Iterator[Finding]:
    length, needed = draft.estimation.length, draft.min_observations
    if needed is not None and needed > length:
        message = f"{needed} is more than the {length} sessions of the estimation window"
        yield Finding("out-of-range", ("min_observations",), message)


def _check_names(pieces: Pieces, instruments: Mapping[str, Instrument]) -> Iterator[Finding]:
    """Yield instruments that nobody knows and options that plug-ins do not have."""
    for where, asset in pieces.entries("assets"):
        if asset not in instruments:
            yield unknown_instrument(asset, where, instruments)
    for kind, key in (("model", "models"), ("statistic", "statistics")):
        for where, choice in pieces.entries(key):
            yield from check_choice(kind, choice, where, instruments)
    yield from check_choice("source", pieces.draft.source, ("source",), instruments)


def check_event(
    event: Event, where: Where, draft: Draft, instruments: Mapping[str, Instrument]
) -> Iterator[Finding]:
    """Yield the mistakes of an event in the light of its study.

    Parameters
    ----------
    event : Event
        One event of the study.
    where : tuple of str and int
        Its place in the file that writes it.
    draft : Draft
        The study; its assets are right.
    instruments : mapping of str to Instrument
        Every instrument that the study can name.
    """
    for i, asset in enumerate(event.assets):
        if asset not in draft.assets:
            message = (
                f"{asset} is not among the assets of the study ({', '.join(draft.assets)})"
                f"{did_you_mean(asset, draft.assets)}"
            )
            yield Finding("asset-not-studied", (*where, "assets", i), message)
    calendars = {instruments[asset].calendar for asset in draft.assets}
    for calendar in event.first_session:
        if calendar not in calendars:
            message = (
                f"the study does not use the calendar {calendar}; allowed:"
                f" {', '.join(sorted(calendars))}"
            )
            place = (*where, "first_session", calendar)
            yield Finding("wrong-calendar", place, message, at_key=True)
    for i, reported in enumerate(event.reported):
        if reported.asset not in instruments:
            place = (*where, "reported", i, "asset")
            yield unknown_instrument(reported.asset, place, instruments)
    if event.until and event.until < _day(event.announced):
        message = f"{event.until} is before the announcement on {_day(event.announced)}"
        yield Finding("until-before-announced", (*where, "until"), message)


def check_id(event: Event, where: Where, categories: Collection[str]) -> Iterator[Finding]:
    """Yield the mistake of an event whose id is a category of the study."""
    if event.id in categories:
        message = f"{event.id!r} is also a category of the study; choose another id"
        yield Finding("reserved-id", (*where, "id"), message)


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
