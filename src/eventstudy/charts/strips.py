"""Strips: one line per series, a dot per event at its distance from what is usual."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from eventstudy.charts.theme import (
    GRID,
    RULE,
    SIGNED,
    Accent,
    Spec,
    chart,
    layer,
    quantity,
    shared,
    tooltip,
)
from eventstudy.formats import nice_bounds, signed
from eventstudy.language import marked, say

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, ROW = 286, 34
PADDING = {"left": 8, "right": 12, "top": 4, "bottom": 40}
TITLE = marked("Standard deviations from the mean of the estimation window")


class Dot(NamedTuple):
    """One event on one series.

    Attributes
    ----------
    series, event : str
        Names.
    value : float
        Distance in standard deviations.
    p : str
        p-value as printed.
    filled : bool
        Whether the dot is filled.
    accent : Accent
        Colour and shape of its index.
    """

    series: str
    event: str
    value: float
    p: str
    filled: bool
    accent: Accent


def strips(names: Sequence[str], dots: Sequence[Dot]) -> Spec:
    """Draw the dots of every series on a line below its name.

    Parameters
    ----------
    names : sequence of str
        Series from top to bottom.
    dots : sequence of Dot
        Their events.
    """
    axis = {"labelExpr": SIGNED, "tickCount": 6, "title": say(TITLE), "grid": False}
    x = quantity("x", nice_bounds([dot.value for dot in dots]), axis)
    height = ROW * len(names)
    y = quantity("y", (height, 0))
    at = {name: ROW * place + 24 for place, name in enumerate(names)}
    lines = [{"y": place, "name": name} for name, place in at.items()]
    text = {"type": "text", "align": "left", "baseline": "bottom", "dy": -7}
    layers = [
        layer({"type": "rule", "color": GRID}, lines, y=y),
        layer({"type": "rule", "color": RULE}, [{"x": 0}], x=x),
        *_points(dots, at, x, y),
        layer(text, lines, y=y, x={"value": 0}, text={"field": "name"}),
    ]
    return chart((WIDTH, height), PADDING, layers)


def _points(dots: Sequence[Dot], at: dict[str, int], x: Spec, y: Spec) -> list[Spec]:
    """Return one layer per accent, hollow dots below filled ones."""
    parts = []
    for filled in (False, True):
        for accent in dict.fromkeys(dot.accent for dot in dots if dot.filled == filled):
            values = [
                {
                    "x": round(dot.value, 3),
                    "y": at[dot.series],
                    "event": dot.event,
                    "sd": signed(dot.value, 1),
                    "p": dot.p,
                }
                for dot in dots
                if (dot.filled, dot.accent) == (filled, accent)
            ]
            mark = {
                "type": "point",
                "shape": accent.shape,
                "color": accent.colour,
                "filled": filled,
                "size": 30,
                "opacity": 0.8,
            }
            parts.append(
                {
                    "data": {"values": values},
                    **shared(
                        mark,
                        x=x,
                        y=y,
                        tooltip=tooltip(event="Event", sd="Distance, sd", p="p of the change"),
                    ),
                }
            )
    return parts
