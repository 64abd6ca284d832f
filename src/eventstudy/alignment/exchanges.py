"""When the exchanges trade: exchange_calendars as arrays, with what it gets wrong put right.

The library has Hong Kong open on two days on which it stayed shut, on time on days on which storms
kept it from opening or closing on time, and with today's lunch break at all times. The corrections
stand at the top as data; where a later version of the library knows better, they change nothing.
docs/reference/calendars.md lists all of them beside the dates of the embedded data.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from eventstudy.errors import DataError, UnknownNameError
from eventstudy.spec.calendars import END

if TYPE_CHECKING:
    import numpy as np
    from exchange_calendars import ExchangeCalendar
    from numpy.typing import NDArray

    Times = NDArray[np.datetime64]

START = "2004-01-01"
"""Begin of every calendar; its end is that of eventstudy.spec.calendars; never the library's own, which moves with today's date."""

PLACES = {"XSHG": "Shanghai and Shenzhen", "XHKG": "Hong Kong", "XNYS": "New York"}
"""Names of the exchanges in sentences; any other is called by its code."""

CLOSED = {
    "XHKG": (
        ("2023-09-01", "typhoon Saola: HKEX notice 2309012news"),
        ("2023-09-08", "black rainstorm: HKEX notice 2309083news"),
    )
}
"""Days without trading, and who says so."""

LATE_OPENS = {
    "XHKG": (
        ("2012-07-24", "13:00", "typhoon Vicente: Reuters, 24 July 2012"),
        ("2013-09-23", "13:00", "typhoon Usagi: Reuters, 23 September 2013"),
        ("2014-09-16", "13:00", "typhoon Kalmaegi: Businessweek, 16 September 2014"),
        ("2020-08-19", "13:30", "typhoon Higos: HKEX notice 2008192news"),
        ("2021-06-28", "13:30", "black rainstorm: HKEX notice 2106283news"),
        ("2022-08-25", "13:00", "typhoon Ma-on: Bloomberg, 25 August 2022"),
        ("2023-10-09", "14:00", "typhoon Koinu: Bloomberg, 9 October 2023"),
    )
}
"""Local time of the open on days without a morning, and who says so."""

EARLY_CLOSES = {
    "XHKG": (("2022-11-02", "13:55", "typhoon Nalgae: HKEX by Xinhua, 2 November 2022"),),
    "XSHG": (
        ("2016-01-04", "13:34", "circuit breaker: The TRADE, 4 January 2016"),
        ("2016-01-07", "09:59", "circuit breaker: Xinhua, 7 January 2016"),
    ),
}
"""Local time of the close on days that ended early, other than eves of holidays, and who says so."""

BREAKS = {
    "XHKG": (
        ("2011-03-07", "12:30", "14:30"),
        ("2012-03-05", "12:00", "13:30"),
    )
}
"""Lunch breaks in former times: for sessions before a date, local start and end (HKEX news
releases of 24 January 2011 and 1 March 2012)."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """The sessions of one exchange; instants are UTC.

    Attributes
    ----------
    code : str
        Code of the calendar, e.g. ``XSHG``.
    timezone : str
        Time zone of the exchange.
    sessions : ndarray of datetime64[D], shape (T,)
        Local dates, ascending.
    opens, closes : ndarray of datetime64[s], shape (T,)
        First and last instant of trading, without the auctions before and after.
    break_starts, break_ends : ndarray of datetime64[s], shape (T,)
        Lunch break; NaT on days without one.
    """

    code: str
    timezone: str
    sessions: Times
    opens: Times
    break_starts: Times
    break_ends: Times
    closes: Times

    @property
    def place(self) -> str:
        """Name of the exchange in a sentence."""
        return PLACES.get(self.code, self.code)

    def is_session(self, days: Times | np.datetime64) -> NDArray[np.bool_]:
        """Tell for each local date whether it is a session; same shape as `days`."""
        import numpy as np

        row = np.searchsorted(self.sessions, days)
        found: NDArray[np.bool_] = self.sessions[np.minimum(row, len(self.sessions) - 1)] == days
        return found


@cache
def exchange(code: str) -> Exchange:
    """Return the sessions of an exchange from 2004 to 2027, or as far as they are known.

    Parameters
    ----------
    code : str
        Code of the calendar in exchange_calendars, e.g. ``XSHG``, ``XHKG``, ``XNYS``.

    Raises
    ------
    UnknownNameError
        When no calendar has that code.
    DataError
        When the library cannot build the calendar.
    """
    corrected = _with_other_hours(_with_former_breaks(_without_closures(as_published(code))))
    return _frozen(corrected)


def as_published(code: str) -> Exchange:
    """Return the sessions of an exchange as the library has them, nothing put right."""
    with warnings.catch_warnings():
        # The library reads a pandas attribute that will change; nothing a user could act upon.
        warnings.simplefilter("ignore", DeprecationWarning)
        calendar = _calendar(code)
    columns = {
        name: calendar.schedule[name].dt.tz_localize(None).to_numpy().astype("datetime64[s]")
        for name in ("open", "break_start", "break_end", "close")
    }
    return Exchange(
        code=code,
        timezone=str(calendar.tz),
        sessions=calendar.sessions.to_numpy().astype("datetime64[D]"),
        opens=columns["open"],
        break_starts=columns["break_start"],
        break_ends=columns["break_end"],
        closes=columns["close"],
    )


def sessions(code: str) -> Times:
    """Return the sessions of an exchange, ascending datetime64[D]; not to be written to."""
    return exchange(code).sessions


def _calendar(code: str) -> ExchangeCalendar:
    """Build the library's calendar over our range, cut to what the library knows."""
    import exchange_calendars as xc
    from exchange_calendars.errors import InvalidCalendarName

    try:
        return xc.get_calendar(code, start=START, end=END)
    except InvalidCalendarName as error:
        raise UnknownNameError("calendar", code, xc.get_calendar_names()) from error
    except (ValueError, NotImplementedError) as error:
        return _bounded_calendar(code, error)


def _bounded_calendar(code: str, cause: Exception) -> ExchangeCalendar:
    """Build a calendar whose holidays are recorded for fewer years than our range."""
    import exchange_calendars as xc
    import pandas as pd

    try:
        kind = type(xc.get_calendar(code))
        start = max(filter(None, [pd.Timestamp(START), kind.bound_min()]))
        end = min(filter(None, [pd.Timestamp(END), kind.bound_max()]))
        return xc.get_calendar(code, start=start, end=end)
    except (ValueError, NotImplementedError) as error:
        raise DataError(
            f"exchange_calendars cannot build the calendar {code} ({cause}): give the instrument"
            " another `calendar` with the same sessions"
        ) from error


def _without_closures(known: Exchange) -> Exchange:
    """Take out the days on which the exchange stayed shut."""
    import numpy as np

    days = [day for day, _ in CLOSED.get(known.code, ())]
    closed = np.array(days, dtype="datetime64[D]")
    keep = ~np.isin(known.sessions, closed)
    return replace(
        known,
        sessions=known.sessions[keep],
        opens=known.opens[keep],
        break_starts=known.break_starts[keep],
        break_ends=known.break_ends[keep],
        closes=known.closes[keep],
    )


def _with_former_breaks(known: Exchange) -> Exchange:
    """Set the lunch breaks of former times, latest first, on days that have one."""
    import numpy as np

    starts, ends = known.break_starts.copy(), known.break_ends.copy()
    for before, start, end in reversed(BREAKS.get(known.code, ())):
        rows = (known.sessions < np.datetime64(before)) & ~np.isnat(starts)
        starts[rows] = _local(known, known.sessions[rows], start)
        ends[rows] = _local(known, known.sessions[rows], end)
    return replace(known, break_starts=starts, break_ends=ends)


def _with_other_hours(known: Exchange) -> Exchange:
    """Set open and close on days of storm or of the circuit breaker; a break that is not between them is none."""
    import numpy as np

    opens, closes = known.opens.copy(), known.closes.copy()
    for hours, changes in ((opens, LATE_OPENS), (closes, EARLY_CLOSES)):
        for day, time, _ in changes.get(known.code, ()):
            row = known.sessions == np.datetime64(day)
            hours[row] = _local(known, known.sessions[row], time)
    starts, ends = known.break_starts.copy(), known.break_ends.copy()
    outside = (starts <= opens) | (ends >= closes)
    starts[outside] = ends[outside] = np.datetime64("NaT", "s")
    return replace(known, opens=opens, closes=closes, break_starts=starts, break_ends=ends)


def _local(known: Exchange, days: Times, time: str) -> Times:
    """Return a local time of day on some dates as UTC instants."""
    import numpy as np
    import pandas as pd

    wall = pd.DatetimeIndex(days.astype("datetime64[s]")) + pd.Timedelta(f"{time}:00")
    instants = wall.tz_localize(known.timezone).tz_convert("UTC").tz_localize(None)
    return np.asarray(instants.to_numpy(), dtype="datetime64[s]")


def _frozen(known: Exchange) -> Exchange:
    """Guard the arrays, which every caller shares."""
    for array in (
        *(known.sessions, known.opens, known.closes),
        *(known.break_starts, known.break_ends),
    ):
        array.setflags(write=False)
    return known
