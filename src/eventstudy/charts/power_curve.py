"""Power: how often a test finds an effect, by the size of the effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import labels
from eventstudy.charts.theme import (
    MUTED,
    RULE,
    Accent,
    Spec,
    chart,
    layer,
    quantity,
    rounded,
    tooltip,
)
from eventstudy.formats import count, number, share
from eventstudy.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

WIDTH, HEIGHT = 286, 172
PADDING = {"left": 44, "right": 54, "top": 8, "bottom": 40}
SINGLE = [4, 3]
"""Dashes of the curve of one event."""


def power_curve(curves: Sequence[pd.DataFrame], accent: Accent, furthest: float) -> Spec:
    """Draw the curves of one index, that of one event dashed, each named where it passes one half.

    Parameters
    ----------
    curves : sequence of DataFrame
        Columns ``n``, ``effect`` (decimal) and ``power``, one n each.
    accent : Accent
        Colour of the index.
    furthest : float
        Right end of the axis, decimal.
    """
    bounds = 0, rounded(furthest)
    x = quantity(
        "e", bounds, {"grid": False, "tickCount": 6, "title": say("True effect, per cent")}
    )
    y = quantity(
        "p", (0, 1), {"format": ".0%", "values": [0, 0.2, 0.4, 0.6, 0.8, 1], "title": None}
    )
    layers = [layer({"type": "rule", "color": RULE}, [{"p": 0.8}], y=y)]
    for curve in curves:
        points = [_point(row) for row in labels.records(curve) if row.effect <= furthest]
        several = points[0]["n"] > 1
        line = {"type": "line", "color": accent.colour, "strokeWidth": 2, "clip": True}
        dashes = {} if several else {"strokeDash": SINGLE}
        layers.append(layer({**line, **dashes}, points, x=x, y=y))
        layers.append(_name(points, rounded(furthest), x, y))
        layers.append(_targets(points, x, y))
    return chart((WIDTH, HEIGHT), PADDING, layers)


def _point(row: labels.Record) -> Spec:
    """Return one point as the chart's data."""
    return {
        "e": rounded(row.effect),
        "p": round(row.power, 4),
        "n": row.n,
        "events": count(row.n, "event"),
        "effect": number(100 * row.effect),
        "found": share(row.power),
    }


def _name(points: Sequence[Spec], furthest: float, x: Spec, y: Spec) -> Spec:
    """Write the number of events beside the point nearest to one half, away from the other curve."""
    middle = min(points, key=lambda point: abs(point["p"] - 0.5))
    outside = middle["n"] > 1 and middle["e"] > furthest / 4
    place = {"align": "right", "dx": -7} if outside else {"align": "left", "dx": 7}
    mark = {"type": "text", "dy": 5, "color": MUTED, **place}
    return layer(mark, [middle], x=x, y=y, text={"field": "events"})


def _targets(points: Sequence[Spec], x: Spec, y: Spec) -> Spec:
    """Lay invisible points over the curve, to point at."""
    lines = tooltip(events="Mean of", effect="True effect, per cent", found="Found in")
    mark = {"type": "point", "size": 90, "opacity": 0, "filled": True, "clip": True}
    return layer(mark, points, x=x, y=y, tooltip=lines)
