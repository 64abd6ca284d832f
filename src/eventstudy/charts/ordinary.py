"""Events among ordinary days: a row per event, or how many events have which p-value."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from eventstudy.charts.forest import WIDE
from eventstudy.charts.theme import (
    INK,
    MUTED,
    RULE,
    SIGNED,
    Accent,
    Spec,
    chart,
    end,
    layer,
    quantity,
    tooltip,
)
from eventstudy.formats import from_to, nice_bounds, number, shorten, signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.charts.forest import Layout

ROW, GAP, TITLE = 34, 8, 17
"""Pixels of a row's bars, between rows, and of a name above them."""

STEP = 0.05
"""Width of a bar of p-values."""
WIDTH, HEIGHT = 286, 150
PADDING = {"left": 44, "right": 54, "top": 18, "bottom": 40}


class Among(NamedTuple):
    """One event among the days that it is compared with.

    Attributes
    ----------
    event, note : str
        Its name; its p-value and number of days in words.
    value : float
        Its statistic.
    bars : sequence of tuple
        Low edge, high edge and count of each bar of the days' histogram.
    """

    event: str
    note: str
    value: float
    bars: Sequence[tuple[float, float, int]]


def ordinary_days(
    events: Sequence[Among], accent: Accent, title: str, *, layout: Layout = WIDE
) -> Spec:
    """Draw a row per event: the histogram of the days it is compared with, and its own value.

    Parameters
    ----------
    events : sequence of Among
        In the order of the page.
    accent : Accent
        Colour of the index.
    title : str
        Title of the horizontal axis.
    layout : Layout
        ``WIDE`` with names at the left and p-values at the right, ``NARROW`` for phones.
    """
    above = TITLE if layout.above else 0
    height = len(events) * (ROW + GAP + above)
    reach = [end_ for each in events for bar in each.bars for end_ in bar[:2]]
    bounds = nice_bounds([*reach, *(each.value for each in events)])
    x = quantity("v", bounds, {"labelExpr": SIGNED, "tickCount": 7, "title": title})
    y = quantity("y", (0, height), reverse=True)
    floors = [(i + 1) * (ROW + GAP + above) - GAP for i in range(len(events))]
    padding = {"left": layout.left, "right": layout.right, "top": 4, "bottom": 40}
    layers = [
        layer({"type": "rule", "color": RULE}, [{"v": 0}], x=x),
        _bars(events, floors, x, y),
        *_values(events, floors, accent, (x, y)),
        *_names(events, floors, layout, y),
    ]
    return chart((layout.width, height), padding, layers)


def _bars(events: Sequence[Among], floors: Sequence[int], x: Spec, y: Spec) -> Spec:
    """Draw the histograms as steps, each as high as its row."""
    values = []
    for number_, (each, floor) in enumerate(zip(events, floors, strict=True)):
        tallest = max((n for *_, n in each.bars), default=1) or 1
        steps = [
            *((low, n) for low, _, n in each.bars),
            *((high, 0) for _, high, _ in each.bars[-1:]),
        ]
        values += [
            {"v": round(at, 2), "y": round(floor - ROW * n / tallest, 1), "b": floor, "e": number_}
            for at, n in steps
        ]
    mark = {"type": "area", "interpolate": "step-after", "color": MUTED, "opacity": 0.32}
    return layer(mark, values, x=x, y=y, y2=end("b"), detail={"field": "e", "type": "nominal"})


def _values(
    events: Sequence[Among], floors: Sequence[int], accent: Accent, axes: tuple[Spec, Spec]
) -> list[Spec]:
    """Mark every event's own value."""
    x, y = axes
    rows = [
        {"v": round(each.value, 3), "y": floor, "top": floor - ROW, "name": each.event}
        | {"z": signed(each.value), "note": each.note}
        for each, floor in zip(events, floors, strict=True)
        if math.isfinite(each.value)
    ]
    lines = [{"v": row["v"], "y": row["y"], "top": row["top"]} for row in rows]
    dot = {"type": "point", "shape": accent.shape, "filled": True, "opacity": 1, "size": 46}
    hint = tooltip(name="Event", z="Value", note="Placebo")
    return [
        layer(
            {"type": "rule", "color": accent.colour, "strokeWidth": 2},
            lines,
            x=x,
            y=y,
            y2=end("top"),
        ),
        layer({**dot, "color": accent.colour}, rows, x=x, y=y, tooltip=hint),
    ]


def _names(events: Sequence[Among], floors: Sequence[int], layout: Layout, y: Spec) -> list[Spec]:
    """Write the names beside the rows, or above them with the p-value."""
    rise = ROW + TITLE / 2 if layout.above else ROW / 2
    place = {"align": "left", "x": 0} if layout.above else {"align": "right", "x": -14}
    names = [
        {"y": floor - rise, "name": shorten(each.event, layout.label)}
        for each, floor in zip(events, floors, strict=True)
    ]
    notes = [
        {"y": floor - rise, "note": each.note} for each, floor in zip(events, floors, strict=True)
    ]
    right = {"type": "text", "align": "right", "x": {"expr": f"width + {layout.right - 8}"}}
    return [
        layer({"type": "text", **place}, names, y=y, text=end("name")),
        layer(right, notes, y=y, text=end("note")),
    ]


def p_value_bars(counts: Sequence[int], accent: Accent, title: str) -> Spec:
    """Draw how many events have a p-value in each twentieth, and how many would without effects.

    Parameters
    ----------
    counts : sequence of int
        Events with a p-value above 0 to 0.05, above 0.05 to 0.10, and so on.
    accent : Accent
        Colour of the index.
    title : str
        Title of the horizontal axis.
    """
    tallest, usual = max(*counts, 1), sum(counts) / len(counts)
    values = [
        {"v": round(i * STEP, 2), "to": round((i + 1) * STEP, 2), "n": 0, "top": n}
        | {"range": from_to(number(i * STEP), number((i + 1) * STEP)), "events": number(n, 0)}
        for i, n in enumerate(counts)
        if n
    ]
    x = quantity("v", (0, 1), {"tickCount": 5, "format": ".1f", "grid": False, "title": title})
    y = quantity("n", (0, tallest), {"tickCount": 4, "title": None, "format": ",d"})
    bars = {"type": "rect", "color": accent.colour, "opacity": 0.6}
    label = [{"n": usual, "v": 1, "label": number(usual, 1)}]
    write = {"type": "text", "align": "left", "dx": 6}
    return chart(
        (WIDTH, HEIGHT),
        PADDING,
        [
            layer(
                bars,
                values,
                x=x,
                x2=end("to"),
                y=y,
                y2=end("top"),
                tooltip=tooltip(range="p", events="Events"),
            ),
            layer({"type": "rule", "color": INK, "strokeDash": [3, 2]}, [{"n": usual}], y=y),
            layer(write, label, x=x, y=y, text=end("label")),
        ],
    )
