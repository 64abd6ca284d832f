"""Forest plots: one effect with its interval per event and index, the numbers at the right."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from eventstudy.charts.theme import (
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
from eventstudy.formats import interval, nice_bounds, percent, shorten, width_of
from eventstudy.language import join, say

if TYPE_CHECKING:
    from collections.abc import Sequence

LINE, GAP = 13, 9
"""Pixels per index, and between events."""
HIGHEST = 900
"""Pixels of the highest plot: a page of paper has room for it with its type at 7 points."""
MONTH = 8
"""Width of a month for which labels have room, in characters."""


class Effect(NamedTuple):
    """One effect: decimals, its interval, and whose it is: event with its month, market, number of the event."""

    event: str
    month: str
    market: str
    accent: Accent
    value: float
    low: float
    high: float
    number: int = 0


class Layout(NamedTuple):
    """Where things stand: the plot's width, its padding, room for a label, labels above or beside."""

    width: int
    left: int
    right: int
    label: int
    above: bool


WIDE = Layout(width=340, left=286, right=138, label=41, above=False)
NARROW = Layout(width=340, left=15, right=15, label=44, above=True)


def pages(effects: Sequence[Effect]) -> list[list[Effect]]:
    """Return effects in as few parts as fit on pages of paper, all of about one height; events stay whole."""
    events: dict[str, list[Effect]] = {}
    for effect in effects:
        events.setdefault(effect.event, []).append(effect)
    height = sum(LINE * len(mine) + GAP for mine in events.values())
    share = height / max(1, math.ceil(height / HIGHEST))
    found: dict[int, list[Effect]] = {}
    above = 0.0
    for mine in events.values():
        high = LINE * len(mine) + GAP
        found.setdefault(int((above + high / 2) // share), []).extend(mine)
        above += high
    return list(found.values())


def forest(
    effects: Sequence[Effect],
    title: str,
    *,
    layout: Layout = WIDE,
    among: Sequence[Effect] = (),
) -> Spec:
    """Draw effects with their intervals, grouped by event.

    Parameters
    ----------
    effects : sequence of Effect
        Those of one event stand next to each other.
    title : str
        Title of the horizontal axis.
    layout : Layout
        ``WIDE`` with names at the left and numbers at the right, ``NARROW`` for phones.
    among : sequence of Effect, optional
        All effects, where this is one of several plots: they share their scale.
    """
    rows, names, height = _rows(effects, layout)
    bounds = nice_bounds([100 * v for e in among or effects for v in (e.low, e.high, e.value)])
    ticks = {"labelExpr": SIGNED, "tickCount": 7, "title": title}
    x = quantity("v", bounds, ticks)
    y = quantity("y", (0, height), reverse=True)
    parts = [layer({"type": "rule", "color": RULE}, [{"v": 0}], x=x)]
    for accent in dict.fromkeys(effect.accent for effect in effects):
        mine = [row for effect, row in zip(effects, rows, strict=True) if effect.accent == accent]
        parts += _marks(mine, accent, (x, y), numbers=not layout.above)
    parts.append(_names(names, layout, y))
    padding = {"left": layout.left, "right": layout.right, "top": 4, "bottom": 40}
    return chart((layout.width, height), padding, parts)


def _rows(effects: Sequence[Effect], layout: Layout) -> tuple[list[Spec], list[Spec], int]:
    """Place the effects: the rows, the event names, and the height in pixels."""
    rows: list[Spec] = []
    names: list[Spec] = []
    top = 0
    for event in dict.fromkeys(effect.event for effect in effects):
        mine = [effect for effect in effects if effect.event == event]
        first = top + (LINE + 4 if layout.above else 0)
        middle = top + LINE / 2 + 2 if layout.above else first + LINE * len(mine) / 2
        room = layout.label + MONTH - width_of(mine[0].month)
        names.append({"y": middle, "name": join((shorten(event, room), mine[0].month), say(", "))})
        rows += [_row(effect, first + LINE * (i + 0.5)) for i, effect in enumerate(mine)]
        top = first + LINE * len(mine) + GAP
    return rows, names, top


def _row(effect: Effect, y: float) -> Spec:
    """Return one effect as the chart's data."""
    band = interval(effect.low, effect.high)
    ends = {"l": rounded(effect.low), "h": rounded(effect.high)} if band else {}
    middle = {"v": rounded(effect.value)} if math.isfinite(effect.value) else {}
    return {
        "y": y,
        **middle,
        **ends,
        "event": effect.event,
        "market": effect.market,
        "label": join((percent(effect.value, 1), band)),
    }


def _marks(
    rows: Sequence[Spec], accent: Accent, axes: tuple[Spec, Spec], *, numbers: bool
) -> list[Spec]:
    """Draw the effects of one index: interval, point, and its number."""
    x, y = axes
    hint = tooltip(event="Event", market="Index", label="Per cent")
    bands = [{"y": row["y"], "v": row["l"], "h": row["h"]} for row in rows if "l" in row]
    known = [row for row in rows if "v" in row]
    point = {
        "type": "point",
        "shape": accent.shape,
        "filled": True,
        "opacity": 1,
        "size": 46,
        "color": accent.colour,
    }
    parts = [
        layer(
            {"type": "rule", "color": accent.colour, "strokeWidth": 1.5},
            bands,
            x=x,
            x2=end("h"),
            y=y,
        ),
        layer(point, known, x=x, y=y, tooltip=hint),
    ]
    if numbers:
        mark = {
            "type": "text",
            "align": "right",
            "color": accent.colour,
            "x": {"expr": "width + 130"},
        }
        values = [{"y": row["y"], "label": row["label"]} for row in rows]
        parts.append(layer(mark, values, y=y, text=end("label")))
    return parts


def _names(names: Sequence[Spec], layout: Layout, y: Spec) -> Spec:
    """Write the names of the events."""
    place = {"align": "left", "x": 0} if layout.above else {"align": "right", "x": -14}
    return layer({"type": "text", **place}, names, y=y, text=end("name"))
