"""Why day 0 is the session it is, in one plain sentence."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from eventstudy.formats import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from eventstudy.alignment.exchanges import Exchange
    from eventstudy.spec import Event

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

SENTENCES: Mapping[str, str] = {
    "pre_open": "{when}: before the open of {place} at {open}; day 0 is {day0}",
    "in_session": "{when}: during the session of {place}; day 0 is {day0}",
    "lunch_break": "{when}: in the lunch break of {place}; day 0 is {day0}",
    "after_close": (
        "{when}: at or after the close of {place} at {close}; day 0 is the next session, {day0}"
    ),
    "closed_day": "{when}: {place} closed that day; day 0 is the next session, {day0}",
    "date_only": (
        "{when}, no time given: taken as before the open of the first session of {place} on or"
        " after that date; day 0 is {day0}"
    ),
    "too_far": (
        "{when}: the first session of {place} able to react is {day0}, {shift} later"
        " and more than max_shift_days = {limit}; not placed"
    ),
    "out_of_range": (
        "{when}: outside the known sessions of {place}, {first} to {last}; not placed"
    ),
    "override": "{when}: day 0 of {place} set by hand to {day0}: {why}",
    "no_session": (
        "{when}: day 0 of {place} set by hand to {day0}, which is no session there; not placed"
    ),
}
"""One sentence per code of an alignment, and one for a hand-set day that is no session."""


def sentence(key: str, event: Event, exchange: Exchange, row: int, limit: int) -> str:
    """Return the sentence of one event in one market.

    Parameters
    ----------
    key : str
        One of :data:`SENTENCES` that is not set by hand.
    event : Event
        The announcement.
    exchange : Exchange
        The market.
    row : int
        Row of the first session able to react, or of the last one where there is none.
    limit : int
        ``max_shift_days`` of the study.
    """
    session = exchange.sessions[row].item()
    return SENTENCES[key].format(
        when=when(event.announced, exchange),
        place=exchange.place,
        open=_clock(_local(exchange.opens[row], exchange)),
        close=_clock(_local(exchange.closes[row - 1], exchange)),
        day0=day(session),
        shift=counted((session - local_day(event.announced, exchange)).days, "calendar day"),
        limit=limit,
        first=day(exchange.sessions[0].item()),
        last=day(exchange.sessions[-1].item()),
    )


def sentence_by_hand(event: Event, exchange: Exchange) -> str:
    """Return the sentence of an event whose day 0 the study sets by hand in this market."""
    import numpy as np

    override = event.first_session[exchange.code]
    known = exchange.is_session(np.datetime64(override.session, "D"))
    key = "override" if known else "no_session"
    return SENTENCES[key].format(
        when=when(event.announced, exchange),
        place=exchange.place,
        day0=day(override.session),
        why=override.reason,
    )


def local_day(announced: dt.date, exchange: Exchange) -> dt.date:
    """Return the date of an announcement at the exchange."""
    if isinstance(announced, dt.datetime):
        return announced.astimezone(ZoneInfo(exchange.timezone)).date()
    return announced


def when(announced: dt.date, exchange: Exchange) -> str:
    """Return the announcement's time in its own zone, and at the exchange where that differs."""
    if not isinstance(announced, dt.datetime):
        return day(announced)
    text = f"{day(announced)} {_clock(announced)} {_zone(announced)}"
    there = announced.astimezone(ZoneInfo(exchange.timezone))
    if there.replace(tzinfo=None) == announced.replace(tzinfo=None):
        return text
    return f"{text} ({day(there)} {_clock(there)} in {exchange.place})"


def day(date: dt.date) -> str:
    """Return a date as a reader wants it, whatever the locale: ``Monday 28 Aug 2023``."""
    return f"{WEEKDAYS[date.weekday()]} {date.day} {MONTHS[date.month - 1]} {date.year}"


def _clock(moment: dt.datetime) -> str:
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def _zone(moment: dt.datetime) -> str:
    key = getattr(moment.tzinfo, "key", "")
    if "/" not in key:
        return str(moment.tzname())
    city = "Beijing" if key == "Asia/Shanghai" else key.rsplit("/", 1)[-1].replace("_", " ")
    return f"{city} time"


def _local(instant: np.datetime64, exchange: Exchange) -> dt.datetime:
    moment: Any = instant.astype("datetime64[s]").item()
    return moment.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(exchange.timezone))  # type: ignore[no-any-return]  # item() of a datetime64 is not typed
