"""What one event did to one index, in a sentence or two."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

from eventstudy import formats

if TYPE_CHECKING:
    from collections.abc import Mapping


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


def verdict(row: Verdict, alpha: float) -> str:
    """Return the sentence after the outcome word.

    Parameters
    ----------
    row : Verdict
        A row of the frame ``verdicts``.
    alpha : float
        Level of the tests.
    """
    if math.isnan(row.p0):
        return (
            f"{_beyond(row)}; with so few estimation days no p-value could reach the level, so nothing "
            "is decided."
        )
    if row.p0 > alpha:
        return f"{_quiet(row)} {_reach(row)}".strip()
    later = formats.window(row.window_start, row.window_end)
    return f"{_beyond(row)} ({_p0(row)}); {_after(row, later)}."


def _beyond(row: Verdict) -> str:
    """Return the reaction with its days."""
    when = formats.window(0, row.reaction_end)
    return f"{formats.percent(row.ar0)} per cent beyond the expected {'over' if row.reaction_end else 'on'} {when}"


def _quiet(row: Verdict) -> str:
    """Return what can be said where day 0 is like other days."""
    from eventstudy.verdict import FADED

    size, days = formats.percent(row.ar0), formats.window(0, row.reaction_end)
    if row.outcome == FADED:
        whole = days if row.reaction_end else "the whole day"
        return (
            "the opening gap and the opposite move in the session are both unusual; the abnormal "
            f"return of {whole}, {size} per cent, is not ({_p0(row)})."
        )
    return (
        f"the abnormal return of {days}, {size} per cent, lies within what ordinary days show "
        f"({_p0(row)})."
    )


def _reach(row: Verdict) -> str:
    """Return what the interval leaves open: no finding is not a finding of nothing."""
    band = formats.interval(row.ar0_low, row.ar0_high)
    if not band:
        return ""
    if row.ar0_low > 0 or row.ar0_high < 0:
        return f"The forecast interval {band} would exclude zero: the evidence is mixed."
    return f"Effects within {band} cannot be ruled out."


def _p0(row: Verdict) -> str:
    """Return the p-value of day 0, and that it is at its floor where it is."""
    text = formats.p_equals(row.p0)
    at_floor = math.isfinite(row.floor) and row.p0 <= row.floor * (1 + 1e-9)
    return f"{text}, the smallest that this test can give" if at_floor else text


def _after(row: Verdict, later: str) -> str:
    """Return what the days after did to the move."""
    from eventstudy import verdict as rules

    if math.isnan(row.car):
        return "what came after is not known"
    gone = f"{formats.number(100 * row.give_back, 0)} per cent of it"
    return {
        rules.EXTENDED: f"{later} went on in the same direction, {formats.percent(row.car)} per cent",
        rules.REVERSED: f"{later} took back {gone}, and by the interval possibly all of it",
        rules.PARTLY: f"{later} took back {gone}; the interval excludes both none and all",
        rules.HELD: f"the interval over {later} excludes a reversal of half or more",
        rules.UNDECIDED: f"{later} are too noisy to tell whether it was kept or given back",
    }[row.outcome]


def day0_caption(day: Mapping[str, float]) -> str:
    """Return the words above the bars of day 0: the prices in per cent of the previous close."""
    base = day["previous_close"]
    parts = [
        f"{name} {formats.percent(day[name] / base - 1)}"
        for name in ("open", "high", "low", "close")
        if math.isfinite(day[name])
    ]
    only = "; the series has no open here" if math.isnan(day["open"]) else ""
    return f"Day 0, per cent of the previous close: {', '.join(parts)}{only}."


def path_caption(n: int | None, alpha: float) -> str:
    """Return the words above a path: of one event (`n` is None), or the mean of `n` events."""
    level = round(100 * (1 - alpha))
    whose = "CAR" if n is None else f"Mean CAR of {formats.count(n, 'event')}"
    bands = {1: "one event has no band", 2: f"the {level}% band of two events may leave the chart"}
    band = bands.get(n or 0, f"with pointwise {level}% band")
    return f"{whose} from the close of day {formats.session(-1)}, per cent, {band}."
