"""Events: what was announced, when, and where it was reported."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from eventstudy.spec.base import Entry
from eventstudy.spec.fields import Calendar, Day, Finite, Id, Measure, Moment, Text, Url, Zone

ExpectedSign = Literal["up", "down", "none", "unknown"]


class SourceNote(Entry):
    """Where an event was reported.

    Attributes
    ----------
    title : str
        Who reported it.
    url : str or None
        Address of the page, where there is one.
    date : datetime.date or None
        Day of the report, where known.
    """

    title: Text
    url: Url | None = None
    date: Day | None = None


class Reported(Entry):
    """A move as the press printed it, to be held against the data.

    Attributes
    ----------
    asset : str
        Id of an instrument.
    session : datetime.date
        The session that the figure is about.
    measure : str
        ``open``, ``high``, ``low``, ``close`` (each against the previous close), or a time of day
        such as ``15:00`` for a figure taken in the session.
    percent : float
        The figure in per cent, as printed.
    source : str
        Who printed it.
    """

    asset: Id
    session: Day
    measure: Measure
    percent: Finite
    source: str = ""


class SessionOverride(Entry):
    """Day 0 set by hand in one market.

    Attributes
    ----------
    session : datetime.date
        The session to take as day 0.
    reason : str
        Why, in words for the report.
    """

    session: Day
    reason: Text


class Event(Entry):
    """One announcement.

    Attributes
    ----------
    id : str
        Key of everything; neither ``all`` nor a category.
    title : str
        What was announced, in a few words.
    announced : datetime.date or datetime.datetime
        A bare date means "before the open of the first session on or after it".
    timezone : str or None
        Zone of a naive time; needed where the zones of the study's assets differ.
    category : str
        Group over which events are averaged; ``uncategorised`` unless given.
    expected_sign : {'up', 'down', 'none', 'unknown'}
        Direction that the study gives the event; tests treat it as given after the fact.
    assets : tuple of str
        Markets to study; all assets of the study when empty.
    until : datetime.date or None
        Last day of an episode.
    end_known : bool or None
        Whether the end was known beforehand.
    scheduled : bool or None
        Whether the date was known beforehand.
    selection : {'rule', 'remembered'} or None
        How the event came into the sample.
    first_session : dict of str to SessionOverride
        Day 0 per calendar, set by hand with a reason.
    sources : tuple of SourceNote
        Where it was reported.
    reported : tuple of Reported
        Moves as the press printed them, held against the data.
    confounded_by : tuple of str
        Ids of other events nearby, in this study or not.
    notes : str
        Anything a reader should know.
    """

    id: Id
    title: Text
    announced: Moment
    timezone: Zone | None = None
    category: Id = "uncategorised"
    expected_sign: ExpectedSign = "unknown"
    assets: tuple[Id, ...] = ()
    until: Day | None = None
    end_known: bool | None = None
    scheduled: bool | None = None
    selection: Literal["rule", "remembered"] | None = None
    first_session: dict[Calendar, SessionOverride] = Field(default_factory=dict)
    sources: tuple[SourceNote, ...] = ()
    reported: tuple[Reported, ...] = ()
    confounded_by: tuple[Id, ...] = ()
    notes: str = ""
