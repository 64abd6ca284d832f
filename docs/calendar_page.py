"""The page of the exchange calendars: what the library has, what is corrected, what the data say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from eventstudy.alignment.exchanges import Exchange

    Table = Callable[[str, Iterable[Sequence[str]]], str]

FIRST, LAST = np.datetime64("2005-01-01"), np.datetime64("2026-12-31")
EXCHANGES = ("XSHG", "XHKG")
WATCHED = (("CSI300", "XSHG"), ("HSTECH", "XHKG"), ("HSI", "XHKG"), ("SPX", "XNYS"))

INTRO = """# Exchange calendars

Sessions come from the package exchange_calendars. Below is every difference between it and what this
program uses, and between both and the dates of the embedded data, for the mainland and Hong Kong from
2005 to 2026. A day without a difference is in no table."""

SINCE = """Hong Kong's lunch break was longer in former times, which the package does not know: until
4 March 2011 from 12:30 to 14:30, until 2 March 2012 from 12:00 to 13:30 (HKEX news releases of
24 January 2011 and 1 March 2012). The break is taken out of days that open late."""

FLOWS = """Net purchases through Stock Connect are missing on days on which only one of the two markets
traded, and are not compared."""

REACH = """`eventstudy check` refuses an event that is announced after the last day that the calendar of a
market is known for, an unknown calendar, and a time zone that is not that of the calendar."""

OPEN_QUESTIONS = """## What is not known

* Daily prices cannot show at what hour a session began or ended. Days that opened late or closed early
  are corrected where a notice of the exchange or a report of that day could be named. Storms of other
  days may have moved the hours, before 2012 above all; then news from the morning without trading
  counts as news in session, with the same day 0.
* The package has the half days on the eves of Christmas and New Year throughout, those on the eve of the
  Lunar New Year from 2014. Earlier eves on a weekday (8 February 2005, 6 February 2008, 2 February 2011)
  stand as whole sessions: news of such an afternoon has that session as day 0 instead of the next.
* Hong Kong before 2019 has no embedded data to be compared with."""


class _Known(NamedTuple):
    """Sessions of an exchange as the package has them, and as they are used."""

    published: Exchange
    used: Exchange


def calendar_page(table: Table) -> str:
    """Return the page.

    Parameters
    ----------
    table : callable
        Makes a Markdown table of a header and rows.
    """
    from eventstudy.alignment.exchanges import as_published, exchange

    codes = dict.fromkeys([*EXCHANGES, *(code for _, code in WATCHED)])
    known = {code: _Known(as_published(code), exchange(code)) for code in codes}
    corrected = [row for code in EXCHANGES for row in _corrections(code, known[code])]
    watched = [_watched(name, known[code]) for name, code in WATCHED]
    range_ = [(f"`{c}`", *(str(d) for d in known[c].used.sessions[[0, -1]])) for c in known]
    return "\n\n".join(
        [
            INTRO,
            "## Corrected",
            table("calendar | date | exchange_calendars | used | source", corrected),
            SINCE,
            "## Beside the embedded data",
            table(
                "series | calendar | compared | dates | sessions without a price: exchange_calendars | used"
                " | prices without a session: exchange_calendars | used",
                watched,
            ),
            FLOWS,
            "## Range",
            table("calendar | first session | last session", range_),
            REACH,
            OPEN_QUESTIONS,
            "",
        ]
    )


def _corrections(code: str, known: _Known) -> Iterator[tuple[str, ...]]:
    """Yield the days on which hours or sessions differ, but for former lunch breaks."""
    from eventstudy.alignment.exchanges import CLOSED, EARLY_CLOSES, LATE_OPENS

    sources = {
        day: text
        for where in (CLOSED, LATE_OPENS, EARLY_CLOSES)
        for day, *_, text in where.get(code, ())
    }
    theirs, ours = ({day: _hours(one, day) for day in _days(one)} for one in known)
    for day in sorted(theirs.keys() | ours.keys()):
        if theirs.get(day) != ours.get(day):
            yield (
                f"`{code}`",
                str(day),
                theirs.get(day, "no session"),
                ours.get(day, "no session"),
                sources[str(day)],
            )


def _days(one: Exchange) -> np.ndarray:
    return one.sessions[(one.sessions >= FIRST) & (one.sessions <= LAST)]


def _hours(one: Exchange, day: np.datetime64) -> str:
    """Return open and close of a session, local time."""
    row = int(np.searchsorted(one.sessions, day))
    local = (str(moment[row] + np.timedelta64(8, "h"))[11:16] for moment in (one.opens, one.closes))
    return " to ".join(local)


def _watched(name: str, known: _Known) -> tuple[str, ...]:
    """Return how the dates of an embedded series differ from the sessions of its exchange."""
    from eventstudy.sources.snapshot import Snapshot
    from eventstudy.spec import built_in

    prices = Snapshot().fetch([built_in()[name]])
    dates = prices.dates[prices.kind[:, 0] > 0]
    spans = [one.sessions for one in known]
    spans = [days[(days >= dates[0]) & (days <= dates[-1])] for days in spans]
    missing = (_listed(np.setdiff1d(days, dates)) for days in spans)
    extra = (_listed(np.setdiff1d(dates, days)) for days in spans)
    compared = f"{dates[0]} to {dates[-1]}"
    return (f"`{name}`", f"`{known.used.code}`", compared, f"{len(dates):,}", *missing, *extra)


def _listed(days: np.ndarray) -> str:
    return ", ".join(map(str, days)) or "none"
