"""What one event did to one index, in a sentence or two."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

from eventstudy import formats, given
from eventstudy.language import derived, join, marked, say, sentences, source_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventstudy.language import Said


class Verdict(Protocol):
    """A row of the frame ``verdicts``."""

    outcome: str
    p0: float
    floor: float
    reaction_end: int
    ar0: float
    ar0_low: float
    ar0_high: float
    window_start: int
    window_end: int
    car: float
    give_back: float


def verdict(row: Verdict, alpha: float) -> Said:
    """Return the sentence after the outcome word.

    Parameters
    ----------
    row : Verdict
        A row of the frame ``verdicts``.
    alpha : float
        Level of the tests.
    """
    if math.isnan(row.p0):
        return say(
            "{move}; with so few estimation days no p-value could reach the level, so nothing is decided.",
            move=_beyond(row),
        )
    if row.p0 > alpha:
        return sentences(_quiet(row), _reach(row))
    return say("{move} ({p}); {after}.", move=_beyond(row), p=_p0(row), after=_after(row))


def _beyond(row: Verdict) -> Said:
    """Return the reaction with its days."""
    size, days = formats.percent(row.ar0), _reaction(row)
    if row.reaction_end:
        return say("{size} per cent beyond the expected over {days}", size=size, days=days)
    return say("{size} per cent beyond the expected on {day}", size=size, day=days)


def _reaction(row: Verdict) -> Said:
    """Return the days of the reaction in words."""
    return formats.window(given.DAY0, row.reaction_end)


def _quiet(row: Verdict) -> Said:
    """Return what can be said where day 0 is like other days."""
    from eventstudy.verdict import FADED

    size, days, p = formats.percent(row.ar0), _reaction(row), _p0(row)
    if row.outcome != FADED:
        return say(
            "the abnormal return of {days}, {size} per cent, lies within what ordinary days show ({p}).",
            days=days,
            size=size,
            p=p,
        )
    if row.reaction_end:
        return say(
            "the opening gap and the opposite move in the session are both unusual; the abnormal return of "
            "{days}, {size} per cent, is not ({p}).",
            days=days,
            size=size,
            p=p,
        )
    return say(
        "the opening gap and the opposite move in the session are both unusual; the abnormal return of the "
        "whole day, {size} per cent, is not ({p}).",
        size=size,
        p=p,
    )


def _reach(row: Verdict) -> str:
    """Return what the interval leaves open: no finding is not a finding of nothing."""
    band = formats.interval(row.ar0_low, row.ar0_high)
    if not band:
        return ""
    if row.ar0_low > 0 or row.ar0_high < 0:
        return say(
            "The forecast interval {band} would exclude zero: the evidence is mixed.", band=band
        )
    return say("Effects within {band} cannot be ruled out.", band=band)


def _p0(row: Verdict) -> Said:
    """Return the p-value of day 0, and that it is at its floor where it is."""
    p = formats.p_equals(row.p0)
    at_floor = math.isfinite(row.floor) and row.p0 <= row.floor * (1 + 1e-9)
    return say("{p}, the smallest that this test can give", p=p) if at_floor else p


def _after(row: Verdict) -> Said:
    """Return what the days after did to the move."""
    from eventstudy import verdict as rules

    if math.isnan(row.car):
        return say("what came after is not known")
    message = {
        rules.EXTENDED: marked("{days} went on in the same direction, {size} per cent"),
        rules.REVERSED: marked(
            "{days} took back {gone} per cent of it, and by the interval possibly all of it"
        ),
        rules.PARTLY: marked(
            "{days} took back {gone} per cent of it; the interval excludes both none and all"
        ),
        rules.HELD: marked("the interval over {days} excludes a reversal of half or more"),
        rules.UNDECIDED: marked("{days} are too noisy to tell whether it was kept or given back"),
    }[row.outcome]
    return given.filled(
        message,
        days=formats.window(row.window_start, row.window_end),
        size=formats.percent(row.car),
        gone=formats.per_hundred(row.give_back, 0),
    )


PRICES = {
    "open": marked("open {move}"),
    "high": marked("high {move}"),
    "low": marked("low {move}"),
    "close": marked("close {move}"),
}
"""The prices of a session, each with its move."""


def day0_caption(day: Mapping[str, float]) -> Said:
    """Return the words above the bars of day 0: the prices in per cent of the previous close."""
    moves = join(
        (
            say(message, move=formats.percent(_move(day, name)))
            for name, message in PRICES.items()
            if math.isfinite(day[name])
        ),
        say(", "),
    )
    if math.isnan(day["open"]):
        return say(
            "Day 0, per cent of the previous close: {moves}; the series has no open here.",
            moves=moves,
        )
    return say("Day 0, per cent of the previous close: {moves}.", moves=moves)


def _move(day: Mapping[str, float], name: str) -> float:
    """Return a price as its distance from the previous close, with its source."""
    price, base = day[name], day["previous_close"]
    return derived(price / base - 1, f"{source_of(price)} over {source_of(base)}, less 1")


def path_caption(n: int | None, alpha: float) -> Said:
    """Return the words above a path: of one event (`n` is None), or the mean of `n` events."""
    day, level = formats.session(given.DAY_BEFORE), given.confidence(alpha)
    if n is None:
        return say(
            "CAR from the close of day {day}, per cent, with pointwise {level} band.",
            day=day,
            level=level,
        )
    events = formats.count(n, "event")
    if n == 1:
        return say(
            "Mean CAR of {events} from the close of day {day}, per cent, one event has no band.",
            events=events,
            day=day,
        )
    message = (
        marked(
            "Mean CAR of {events} from the close of day {day}, per cent, the {level} band of two events may "
            "leave the chart."
        )
        if n == 2
        else marked(
            "Mean CAR of {events} from the close of day {day}, per cent, with pointwise {level} band."
        )
    )
    return say(message, events=events, day=day, level=level)
