"""Parts of a study's design that are blocks of keys: what estimation leaves out, what is varied."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from eventstudy.spec.base import Choice, Entry, Window
from eventstudy.spec.fields import Interval

EventSet = Literal["all", "rule", "apart", "unlimited"]


class Exclusion(Entry):
    """Sessions near other events, which no estimation window uses.

    Attributes
    ----------
    events : {'study', 'catalogue'}
        ``study``: near the events of this study. ``catalogue``: also near those of the files under
        ``away_from``.
    days : Window
        Sessions relative to day 0 of those events, inside the event window.
    """

    events: Literal["study", "catalogue"] = "study"
    days: Interval = Window(-1, 1)


class Robustness(Entry):
    """Choices whose combinations are computed beside the study's own.

    Attributes
    ----------
    models : tuple of Choice
        Expected-return models; those of the study unless given.
    estimation : tuple of Window
        Estimation windows; 60 and 250 sessions with the same end unless given.
    windows : tuple of Window
        Windows of the effect; day 0 and the days from 1 to 5 unless given.
    returns : tuple of str
        ``simple`` and ``log``.
    events : tuple of str
        Sets of events: ``all``; ``rule``, those chosen by a rule; ``apart``, those that share no session
        of the tested windows with another and are not confounded; ``unlimited``, those whose day 0 no
        price limits may have held back.
    """

    models: tuple[Choice, ...] | None = None
    estimation: Annotated[tuple[Interval, ...], Field(min_length=1)] | None = None
    windows: Annotated[tuple[Interval, ...], Field(min_length=1)] | None = None
    returns: Annotated[tuple[Literal["simple", "log"], ...], Field(min_length=1)] = (
        "simple",
        "log",
    )
    events: Annotated[tuple[EventSet, ...], Field(min_length=1)] = (
        "all",
        "rule",
        "apart",
        "unlimited",
    )
