"""The timeline: one index on a log scale with its numbered events."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from eventstudy.charts.theme import (
    INK,
    RULE,
    Accent,
    Spec,
    chart,
    end,
    layer,
    quantity,
    tooltip,
)
from eventstudy.formats import as_date, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

HEIGHT, LINE = 150, 13
WIDE, PHONE = 710, 316
POINTS = 900
"""Most points of a line: about one per pixel."""


EPOCH = 719163
"""The ordinal of 1 January 1970."""


class Mark(NamedTuple):
    """One numbered event: its number, session, close there, title, and whether it stands apart."""

    number: int
    session: str
    close: float
    title: str
    apart: bool = True


def thinned(levels: pd.DataFrame) -> pd.DataFrame:
    """Keep every k-th close so that at most `POINTS` are left, and the last one.

    Parameters
    ----------
    levels : DataFrame
        Columns ``date`` and ``close``, ascending.
    """
    step = math.ceil(len(levels) / POINTS) or 1
    return levels.iloc[sorted({*range(0, len(levels), step), len(levels) - 1})]


def timeline(
    levels: pd.DataFrame, marks: Sequence[Mark], accent: Accent, *, width: int = WIDE
) -> Spec:
    """Draw closes on a log scale with a numbered line at each event.

    Parameters
    ----------
    levels : DataFrame
        Columns ``date`` and ``close``, ascending.
    marks : sequence of Mark
        Events with a day 0 in this market.
    accent : Accent
        Colour of the index.
    width : int
        Width of the plot in pixels: ``WIDE``, or ``PHONE`` for phones.
    """
    shown = thinned(levels)
    line = [
        {"d": _day(date), "c": float(f"{close:.5g}")}
        for date, close in zip(shown["date"], shown["close"], strict=True)
    ]
    span = (_day(shown["date"].iloc[0]), _day(shown["date"].iloc[-1]))
    points = [_placed(mark) for mark in marks]
    lanes = _stack(points, span, width)
    x = quantity("d", span, _years(span, width))
    y = _log("c", [row["c"] for row in (*line, *points)])
    layers = [
        _stems(points, x),
        layer({"type": "line", "color": accent.colour, "strokeWidth": 1.2}, line, x=x, y=y),
        *_dots(points, accent, x, y),
        *_numbers(points, x),
    ]
    padding = {"left": 46, "right": 8, "top": 8 + LINE * lanes, "bottom": 26}
    return chart((width, HEIGHT), padding, layers)


def _day(value: object) -> int:
    """Return a date as days since 1970: no time zone can move it."""
    moment = as_date(value)
    if moment is None:
        raise ValueError(f"no date: {value!r}")
    return moment.toordinal() - EPOCH


def _placed(mark: Mark) -> Spec:
    """Return one event as the chart's data."""
    return {
        "d": _day(mark.session),
        "c": mark.close,
        "n": str(mark.number),
        "title": mark.title,
        "close": number(mark.close, 0),
        "apart": mark.apart,
    }


def _stack(points: list[Spec], span: tuple[int, int], width: int) -> int:
    """Give each event number a level on which no neighbour touches it; return how many levels there are."""
    last: list[float] = []
    for point in sorted(points, key=lambda p: p["d"]):
        at = width * (point["d"] - span[0]) / ((span[1] - span[0]) or 1)
        free = (i for i, taken in enumerate(last) if at - taken > 16)
        level = next(free, len(last))
        last[level : level + 1] = [at]
        point["level"] = level
    return len(last)


def _years(span: tuple[int, int], width: int) -> Spec:
    """Return the axis of years, labelled where each begins."""
    from datetime import date

    start, stop = (date.fromordinal(day + EPOCH).year for day in span)
    step = math.ceil((stop - start + 1) * 44 / width)
    days = [date(year, 1, 1).toordinal() - EPOCH for year in range(start, stop + 1)]
    ticks = [
        day for year, day in zip(range(start, stop + 1), days, strict=True) if year % step == 0
    ]
    return {
        "values": [day for day in ticks if span[0] <= day <= span[1]],
        "labelExpr": "utcFormat(datum.value * 864e5, '%Y')",
        "grid": False,
        "ticks": True,
        "tickColor": RULE,
        "title": None,
    }


def _log(field: str, values: Sequence[float]) -> Spec:
    """Return a log scale labelled at round levels."""
    low, high = min(values), max(values)
    steps = (1, 2, 5) if high / low > 4 else (1, 1.5, 2, 3, 4, 5, 6, 8)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [step * 10**power for power in powers for step in steps]
    axis = {
        "values": [tick for tick in ticks if low <= tick <= high],
        "format": ",~g",
        "title": None,
    }
    return quantity(field, (low * 0.97, high * 1.03), axis, type="log")


def _stems(points: Sequence[Spec], x: Spec) -> Spec:
    """Draw the dotted line of each event from its number down."""
    mark = {"type": "rule", "color": RULE, "strokeDash": [2, 3], "y2": HEIGHT}
    return layer(mark, [{"d": p["d"], "level": p["level"]} for p in points], x=x)


def _dots(points: Sequence[Spec], accent: Accent, x: Spec, y: Spec) -> list[Spec]:
    """Mark the close of day 0; hollow where the event does not stand apart."""
    mark = {
        "type": "point",
        "shape": accent.shape,
        "opacity": 1,
        "size": 44,
        "color": accent.colour,
    }
    hint = tooltip(n="Event", title="Title", close="Close")
    shown = [{key: p[key] for key in ("d", "c", "n", "title", "close", "apart")} for p in points]
    return [
        layer(
            {**mark, "filled": filled},
            [p for p in shown if p["apart"] == filled],
            x=x,
            y=y,
            tooltip=hint,
        )
        for filled in (True, False)
        if any(p["apart"] == filled for p in shown)
    ]


def _numbers(points: Sequence[Spec], x: Spec) -> list[Spec]:
    """Write the events' numbers above the plot, level by level."""
    mark = {"type": "text", "fontWeight": "bold", "color": INK, "align": "center"}
    return [
        layer(
            {**mark, "y": -7 - LINE * level},
            [{"d": p["d"], "n": p["n"]} for p in points if p["level"] == level],
            x=x,
            text=end("n"),
        )
        for level in sorted({p["level"] for p in points})
    ]
