"""Dates, sessions and windows."""

from __future__ import annotations

from datetime import date, datetime

from eventstudy.formats.numbers import GLUE, NOTHING, signed
from eventstudy.language import Cited, Number, Said, as_number, derived, marked, say, source_of


def day(value: object) -> Number:
    r"""Write a date of any kind (date, datetime, numpy, pandas, ISO text), never broken over lines.

    Examples
    --------
    >>> day("2021-07-26")
    '26\xa0Jul\xa02021'
    """
    moment = as_date(value)
    if moment is None:
        return as_number(NOTHING, "")
    return _dated(
        marked("{day} {name} {year}"), moment, derived(moment.isoformat(), source_of(value))
    )


def month(value: object) -> Number:
    """Write the month of a date as ``Jul 2021``."""
    moment = as_date(value)
    if moment is None:
        return as_number(NOTHING, "")
    return _dated(
        marked("{name} {year}"), moment, derived(moment.isoformat()[:7], source_of(value))
    )


def _dated(message: str, moment: date, value: Cited) -> Number:
    """Write a date in the order of the language, its parts never broken apart."""
    parts = {
        name: as_number(f"{n}", n)
        for name, n in zip(("year", "month", "day"), moment.timetuple(), strict=False)
    }
    return as_number(say(message, **parts, name=f"{moment:%b}").replace(" ", GLUE), value)


def as_date(value: object) -> date | None:
    """Return a date of any kind as a `datetime.date`; None where there is none."""
    if isinstance(value, datetime):
        return None if value != value else value.date()  # noqa: PLR0124 - NaT differs from itself
    if isinstance(value, date):
        return value
    text = str(value)[:10]
    return None if text in {"NaT", "nan", "None", ""} else date.fromisoformat(text)


def session(tau: int) -> Number:
    """Write a session relative to day 0 as the field does: −5, 0, +1."""
    return signed(tau, 0)


def window(start: int, end: int) -> Said:
    """Write a window in words.

    Examples
    --------
    >>> window(0, 0), window(1, 5), window(-5, -1)
    ('day 0', 'days +1 to +5', 'days −5 to −1')
    """
    if start == end:
        return say("day {day}", day=session(start))
    return say("days {first} to {last}", first=session(start), last=session(end))
