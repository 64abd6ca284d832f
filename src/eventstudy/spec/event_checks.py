"""Rules about events: by themselves, and in the light of the study that has them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from eventstudy.errors import did_you_mean
from eventstudy.formats import counted
from eventstudy.spec.messages import Finding
from eventstudy.spec.plugins import unknown_instrument

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from eventstudy.spec.draft import Draft
    from eventstudy.spec.event import Event
    from eventstudy.spec.instrument import Instrument
    from eventstudy.yamlfile import Where


def check_alone(
    event: Event, where: Where, categories: Collection[str], written: Collection[Where]
) -> Iterator[Finding]:
    """Yield the mistakes of an event by itself.

    Parameters
    ----------
    event : Event
        One event of the study.
    where : tuple of str and int
        Its place in the file that writes it.
    categories : collection of str
        Those of the study.
    written : collection of tuple
        Every place of the file where something stands; the event lacks what is wrong.
    """
    if event.id in categories:
        message = f"{event.id!r} is also a category of the study; choose another id"
        yield Finding("reserved-id", (*where, "id"), message)
    for key, named in (("assets", event.assets), ("confounded_by", event.confounded_by)):
        for i, name in enumerate(named):
            if name in named[:i]:
                message = f"{name} stands in entry {named.index(name) + 1} already; keep one"
                yield Finding("duplicate-entry", (*where, key, i), message)
    if event.id in event.confounded_by:
        place = (*where, "confounded_by", event.confounded_by.index(event.id))
        message = f"{event.id} is this event itself; write the ids of other events, or remove it"
        yield Finding("bad-value", place, message)
    if event.end_known is not None and (*where, "until") not in written:
        message = "only an episode has an end; add its last day as `until: 2025-03-06`, or remove `end_known`"
        yield Finding("no-effect", (*where, "end_known"), message, at_key=True)


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
    yield from _check_first_sessions(event, where, draft, instruments)
    for i, reported in enumerate(event.reported):
        if reported.asset not in instruments:
            place = (*where, "reported", i, "asset")
            yield unknown_instrument(reported.asset, place, instruments)
    if event.until and event.until < _day(event.announced):
        message = f"{event.until} is before the announcement on {_day(event.announced)}"
        yield Finding("until-before-announced", (*where, "until"), message)


def _check_first_sessions(
    event: Event, where: Where, draft: Draft, instruments: Mapping[str, Instrument]
) -> Iterator[Finding]:
    """Yield days 0 set by hand in a market that is not studied, or too far from the news."""
    assets = set(event.assets) & set(draft.assets) or draft.assets
    calendars = {instruments[asset].calendar for asset in assets}
    for calendar, override in event.first_session.items():
        place = (*where, "first_session", calendar)
        if calendar not in calendars:
            message = (
                f"the event is not studied on the calendar {calendar}; allowed:"
                f" {', '.join(sorted(calendars))}"
            )
            yield Finding("wrong-calendar", place, message, at_key=True)
        shift = (override.session - _day(event.announced)).days
        # the local date of the market may be a day before or after that of the announcement
        if not -1 <= shift <= draft.max_shift_days + 1:
            message = (
                f"{override.session} is {counted(abs(shift), 'day')} {'before' if shift < 0 else 'after'} the"
                f" announcement; day 0 is the first session able to react, at most max_shift_days ="
                f" {counted(draft.max_shift_days, 'day')} later"
            )
            yield Finding("out-of-range", (*place, "session"), message)


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
