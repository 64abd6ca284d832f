"""What a study file says of exchange calendars: that they exist, keep its time, and reach its events.

The names, zones and last days stand in ``calendars.json``, so that checking a file builds no calendar;
the package exchange_calendars is asked only about what that list does not have.
"""

from __future__ import annotations

import json
import warnings
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from eventstudy.errors import did_you_mean, shown
from eventstudy.spec.messages import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eventstudy.spec.event import Event
    from eventstudy.spec.instrument import Instrument, Instruments
    from eventstudy.yamlfile import Where

END = "2027-12-31"
"""Last day of every calendar that is known for longer."""

SEASONS = (datetime(2024, 1, 15, 12, tzinfo=UTC), datetime(2024, 7, 15, 12, tzinfo=UTC))
"""Moments at which clocks are compared, in winter and in summer."""


class Known(NamedTuple):
    """Time zone of a calendar, and the last day that it is known for, ISO 8601."""

    timezone: str
    last: str


@cache
def listed() -> Mapping[str, Known]:
    """Return zone and last day of every calendar by its code."""
    text = Path(__file__).with_name("calendars.json").read_text(encoding="utf-8")
    return {code: Known(*entry) for code, entry in json.loads(text).items()}


@cache
def from_package(code: str) -> Known | None:
    """Return what the installed package knows of a calendar; None where it does not know it."""
    import exchange_calendars as xc
    from exchange_calendars.errors import InvalidCalendarName

    try:
        with warnings.catch_warnings():
            # The library reads a pandas attribute that will change; nothing a user could act upon.
            warnings.simplefilter("ignore", DeprecationWarning)
            calendar = xc.get_calendar(code, start="2024-01-02", end="2024-01-31")
    except (InvalidCalendarName, NotImplementedError, ValueError):
        return listed().get(code)
    last = calendar.bound_max()
    return Known(str(calendar.tz), min(END, END if last is None else str(last.date())))


def check_calendar(entry: Instruments, where: Where) -> Iterator[Finding]:
    """Yield an exchange calendar that does not exist, or a time zone that contradicts it.

    Parameters
    ----------
    entry : Instruments
        One entry of ``instruments``.
    where : tuple of str and int
        Its place in the file.
    """
    code = entry.calendar
    known = listed().get(code) or from_package(code)
    if known is None:
        message = (
            f"there is no exchange calendar {shown(code)}; write a code such as XSHG or XNYS, see"
            f" docs/reference/calendars.md{did_you_mean(code, listed())}"
        )
        yield Finding("bad-calendar", (*where, "calendar"), message)
    elif _offsets(known.timezone) != _offsets(entry.timezone):
        message = (
            f"the exchange of the calendar {code} keeps the time of {known.timezone}, not of"
            f" {entry.timezone}; write `timezone: {known.timezone}`, or the calendar of another exchange"
        )
        yield Finding("zone-mismatch", (*where, "timezone"), message)


def check_reach(event: Event, where: Where, markets: Sequence[Instrument]) -> Iterator[Finding]:
    """Yield an event that is announced after the last session that is known of a market.

    Parameters
    ----------
    event : Event
        One event of a study.
    where : tuple of str and int
        Its place in the file.
    markets : sequence of Instrument
        The assets on which it is studied.
    """
    announced = event.announced
    day = (announced.date() if isinstance(announced, datetime) else announced).isoformat()
    for code in dict.fromkeys(market.calendar for market in markets):
        last = _last(code, day)
        if day > last:
            message = (
                f"{day} lies after {last}, the last day that the calendar {code} is known for; leave the"
                " event out, study it elsewhere with `assets`, or install a newer exchange-calendars"
            )
            yield Finding("beyond-calendar", (*where, "announced"), message)


def _last(code: str, day: str) -> str:
    """Return the last day of a calendar; the package is asked where the list ends before `day`."""
    known = listed().get(code)
    if known is None or day > known.last:
        known = from_package(code)
    return known.last if known else END


def _offsets(timezone: str) -> list[object]:
    return [moment.astimezone(ZoneInfo(timezone)).utcoffset() for moment in SEASONS]
