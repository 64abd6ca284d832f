"""Map every announcement to the first session able to react, per market, and say why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventstudy.alignment.exchanges import exchange
from eventstudy.alignment.sentences import local_day, sentence, sentence_by_hand

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.alignment.exchanges import Exchange
    from eventstudy.spec import Event, Study

    Times = NDArray[np.datetime64]
    Words = NDArray[np.str_]

CODES = (
    *("pre_open", "in_session", "lunch_break", "after_close", "closed_day"),
    *("date_only", "override", "too_far", "out_of_range"),
)
"""Why a session is day 0; the last two, and a hand-set day that is no session, place nothing."""


@dataclass(frozen=True, slots=True)
class AlignedEvents:
    """Day 0 of E events in C markets.

    Attributes
    ----------
    event_ids : tuple of str, length E
        In the study's order.
    calendars : tuple of str, length C
        Calendars of the study's assets, in their order.
    session : ndarray of datetime64[D], shape (E, C)
        Day 0; NaT where the event could not be placed.
    code : ndarray of str, shape (E, C)
        One of :data:`CODES`.
    reason : ndarray of object, shape (E, C)
        One sentence for readers.
    """

    event_ids: tuple[str, ...]
    calendars: tuple[str, ...]
    session: Times
    code: Words
    reason: NDArray[np.object_]

    def __post_init__(self) -> None:
        shape = (len(self.event_ids), len(self.calendars))
        if not self.session.shape == self.code.shape == self.reason.shape == shape:
            raise ValueError(f"AlignedEvents: session, code, reason must have the shape {shape}")


def align(study: Study) -> AlignedEvents:
    """Return day 0 of every event of a study in every market of its assets.

    Before the open, in the lunch break and in session, the same day; at or after the close and on
    a day without trading, the next session. A bare date means before the open of the first session
    on or after it. A day 0 set by hand wins. Nothing is shifted by more than ``max_shift_days``.

    Parameters
    ----------
    study : Study
        Events whose times carry a zone; assets whose instruments name a calendar.

    Returns
    -------
    AlignedEvents
        E events in C markets; an event that could not be placed has NaT and a reason.

    Raises
    ------
    UnknownNameError, DataError
        When a calendar does not exist or cannot be built.
    """
    import numpy as np

    calendars = tuple(dict.fromkeys(study.instruments[asset].calendar for asset in study.assets))
    columns = [_align_in(exchange(calendar), study) for calendar in calendars]
    session, code, reason = (np.stack(part, axis=1) for part in zip(*columns, strict=True))
    return AlignedEvents(
        tuple(event.id for event in study.events), calendars, session, code, reason
    )


def alignment_rows(aligned: AlignedEvents, study: Study) -> list[tuple[str, str, str, str, str]]:
    """Return the rows of ``alignment.csv``.

    Parameters
    ----------
    aligned : AlignedEvents
        Of this study.
    study : Study
        Says which markets each event is studied in.

    Returns
    -------
    list of tuple of str
        event_id, calendar, announced (ISO 8601, with its offset where a time is given), session
        (ISO 8601, empty where not placed), reason; by event, then by calendar.
    """
    return [
        (event.id, calendar, event.announced.isoformat(), *_shown(aligned, row, column))
        for row, event in enumerate(study.events)
        for column, calendar in enumerate(aligned.calendars)
        if calendar in _calendars_of(study, event)
    ]


def _calendars_of(study: Study, event: Event) -> set[str]:
    return {study.instruments[asset].calendar for asset in study.assets_of(event)}


def _shown(aligned: AlignedEvents, row: int, column: int) -> tuple[str, str]:
    session = aligned.session[row, column].item()
    return (session.isoformat() if session else "", aligned.reason[row, column])


def _align_in(market: Exchange, study: Study) -> tuple[Times, Words, NDArray[np.object_]]:
    """Return session, code and reason of all events in one market, shape (E,) each."""
    import numpy as np

    events, limit = study.events, study.max_shift_days
    days = np.array([local_day(event.announced, market) for event in events], "datetime64[D]")
    row, code = place(market, _instants(events), days, limit)
    lost = (code == "too_far") | (code == "out_of_range")
    session = np.where(lost, np.datetime64("NaT", "D"), market.sessions[row])
    reason = np.empty(len(events), dtype=object)
    for number, event in enumerate(events):
        if market.code in event.first_session:
            day = np.datetime64(event.first_session[market.code].session, "D")
            session[number] = day if market.is_session(day) else np.datetime64("NaT", "D")
            code[number] = "override"
            reason[number] = sentence_by_hand(event, market)
        else:
            reason[number] = sentence(code[number], event, market, row[number], limit)
    return session, code, reason


def place(
    market: Exchange, instants: Times, days: Times, limit: int
) -> tuple[NDArray[np.int64], Words]:
    """Return the row of the first session able to react, and why, for E announcements.

    Parameters
    ----------
    market : Exchange
        T sessions.
    instants : ndarray of datetime64, shape (E,)
        UTC; NaT where only the date is known.
    days : ndarray of datetime64[D], shape (E,)
        Date of the announcement at the exchange.
    limit : int
        Most calendar days between the announcement and its session.

    Returns
    -------
    row : ndarray of int, shape (E,)
        0 to T-1; of no meaning where the code is ``out_of_range``.
    code : ndarray of str, shape (E,)
        One of :data:`CODES` but ``override``.
    """
    import numpy as np

    timed = ~np.isnat(instants)
    row = np.where(
        timed,
        # The close itself no longer belongs to the session: an announcement at 15:00:00 waits.
        np.searchsorted(market.closes, instants, side="right"),
        np.searchsorted(market.sessions, days, side="left"),
    )
    outside = (row == len(market.sessions)) | (days < market.sessions[0])
    row = np.minimum(row, len(market.sessions) - 1)
    early = instants < market.opens[row]
    resting = (market.break_starts[row] <= instants) & (instants < market.break_ends[row])
    rules = {
        "out_of_range": outside,
        "too_far": market.sessions[row] - days > np.timedelta64(limit, "D"),
        "date_only": ~timed,
        "pre_open": early & (days == market.sessions[row]),
        "after_close": early & market.is_session(days),
        "closed_day": early,
        "lunch_break": resting,
    }
    code = np.select(list(rules.values()), list(rules), default="in_session")
    return row, code.astype(f"<U{max(map(len, CODES))}")


def _instants(events: Sequence[Event]) -> Times:
    """Return the announcements as UTC instants; NaT where only a date is known."""
    import numpy as np

    def instant(announced: dt.date) -> np.datetime64:
        if not isinstance(announced, dt.datetime):
            return np.datetime64("NaT", "us")
        return np.datetime64(announced.astimezone(dt.UTC).replace(tzinfo=None), "us")

    return np.array([instant(event.announced) for event in events], dtype="datetime64[us]")
