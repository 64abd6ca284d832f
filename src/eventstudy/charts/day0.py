"""Day 0 taken apart: overnight, session and whole day, with the day's low and high."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from eventstudy.charts.theme import (
    INK,
    RULE,
    SIGNED,
    Accent,
    Spec,
    chart,
    end,
    layer,
    quantity,
    rounded,
    tooltip,
)
from eventstudy.formats import nice_bounds, percent
from eventstudy.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, ROW = 256, 26
PADDING = {"left": 74, "right": 54, "top": 4, "bottom": 24}
SESSION = 1
"""Row of the session's bar, through which the day's low and high are drawn."""
LABEL_ROOM = 0.16
"""Share of the drawn span kept free on either side for the numbers at the bars."""


class Bar(NamedTuple):
    """One bar: from and to as decimals of the previous close, and the return it stands for."""

    name: str
    start: float
    stop: float
    change: float
    shade: float


def day0_bounds(days: Sequence[dict[str, float]]) -> tuple[float, float]:
    """Return the horizontal bounds, in per cent, that the day-0 charts of an event share.

    Parameters
    ----------
    days : sequence of dict
        ``previous_close, open, high, low, close`` by name; NaN where there is none.
    """
    names = ("open", "high", "low", "close")
    low, high = nice_bounds(
        [100 * (day[n] / day["previous_close"] - 1) for day in days for n in names]
    )
    room = LABEL_ROOM * (high - low)
    ends = [end for day in days for end in _numbered_ends(day)]
    left = [100 * at for side, at in ends if side == "right"]
    right = [100 * at for side, at in ends if side == "left"]
    return (
        min([low - room if low < 0 else low, *(at - room for at in left)]),
        max([high + room if high > 0 else high, *(at + room for at in right)]),
    )


def _numbered_ends(day: dict[str, float]) -> list[tuple[str, float]]:
    """Return the end of each bar at which its number stands: how this is aligned, and where, in decimals."""
    bars = _bars(day)
    return [
        ("left", high) if bar.change >= 0 else ("right", low)
        for bar, (low, high) in zip(bars, _reach(day, bars), strict=True)
    ]


def day0_bars(day: dict[str, float], accent: Accent, bounds: tuple[float, float]) -> Spec:
    """Draw the legs of day 0 in per cent of the previous close; only those that exist.

    Parameters
    ----------
    day : dict of str to float
        ``previous_close, open, high, low, close``; NaN where only the close is known.
    accent : Accent
        Colour of the index.
    bounds : tuple of float
        Horizontal bounds in per cent (:func:`day0_bounds`).
    """
    bars = _bars(day)
    rows = (0.0, float(len(bars)))
    ticks = {"labelExpr": SIGNED, "tickCount": 5, "title": None}
    x = quantity("from", bounds, ticks)
    y = quantity("row", rows, reverse=True)
    layers = [
        *(_bar(row, bar, accent, (x, y)) for row, bar in enumerate(bars)),
        *_whisker(day, bars, x, y),
        layer({"type": "rule", "color": RULE}, [{"from": 0}], x=x),
        *_labels(bars, _numbered_ends(day), (x, y)),
    ]
    return chart((WIDTH, ROW * len(bars)), PADDING, layers)


def _bars(day: dict[str, float]) -> list[Bar]:
    """Return the bars for which prices exist."""
    base, opened, close = day["previous_close"], day["open"], day["close"]
    whole = Bar(say("Whole day"), 0.0, close / base - 1, close / base - 1, 0.35)
    if not math.isfinite(opened):
        return [whole]
    gap = opened / base - 1
    return [
        Bar(say("Overnight"), 0.0, gap, gap, 0.6),
        Bar(say("Session"), gap, whole.stop, close / opened - 1, 0.95),
        whole,
    ]


def _bar(row: int, bar: Bar, accent: Accent, axes: tuple[Spec, Spec]) -> Spec:
    """Draw one bar with its tooltip."""
    values = [
        {
            "from": rounded(bar.start),
            "to": rounded(bar.stop),
            "row": row + 0.16,
            "bottom": row + 0.84,
            "leg": bar.name,
            "change": percent(bar.change),
        }
    ]
    return layer(
        {"type": "rect", "color": accent.colour, "opacity": bar.shade},
        values,
        x=axes[0],
        x2=end("to"),
        y=axes[1],
        y2=end("bottom"),
        tooltip=tooltip(leg="Leg", change="Per cent"),
    )


def _has_range(day: dict[str, float], bars: Sequence[Bar]) -> bool:
    """Tell whether the session's bar exists and the day's low and high are known."""
    return len(bars) > 1 and math.isfinite(day["low"]) and math.isfinite(day["high"])


def _whisker(day: dict[str, float], bars: Sequence[Bar], x: Spec, y: Spec) -> list[Spec]:
    """Draw the day's low and high through the session's bar, where they are known."""
    if not _has_range(day, bars):
        return []
    low, high = (rounded(day[name] / day["previous_close"] - 1) for name in ("low", "high"))
    line = [{"from": low, "to": high, "row": SESSION + 0.5}]
    ends = [{"from": at, "row": SESSION + 0.33, "bottom": SESSION + 0.67} for at in (low, high)]
    mark = {"type": "rule", "color": INK}
    return [
        layer(mark, line, x=x, x2=end("to"), y=y),
        layer(mark, ends, x=x, y=y, y2=end("bottom")),
    ]


def _reach(day: dict[str, float], bars: Sequence[Bar]) -> list[tuple[float, float]]:
    """Return how far to the left and right each row is drawn, in decimals."""
    reach = [(min(bar.start, bar.stop), max(bar.start, bar.stop)) for bar in bars]
    if _has_range(day, bars):
        low, high = (day[name] / day["previous_close"] - 1 for name in ("low", "high"))
        reach[SESSION] = (min(reach[SESSION][0], low), max(reach[SESSION][1], high))
    return reach


def _labels(
    bars: Sequence[Bar], ends: Sequence[tuple[str, float]], axes: tuple[Spec, Spec]
) -> list[Spec]:
    """Write the names at the left and each return beyond the end that its bar points to."""
    x, y = axes
    names = [{"row": i + 0.5, "name": bar.name} for i, bar in enumerate(bars)]
    numbers: dict[str, list[Spec]] = {"left": [], "right": []}
    for i, (bar, (side, at)) in enumerate(zip(bars, ends, strict=True)):
        numbers[side].append({"row": i + 0.5, "from": rounded(at), "label": percent(bar.change, 1)})
    return [
        layer(
            {"type": "text", "align": "right", "x": -8, "baseline": "middle"},
            names,
            y=y,
            text=end("name"),
        ),
        *(
            layer(
                {"type": "text", "align": align, "dx": 5 if align == "left" else -5},
                values,
                x=x,
                y=y,
                text=end("label"),
            )
            for align, values in numbers.items()
            if values
        ),
    ]
