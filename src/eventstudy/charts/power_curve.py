"""Power: how often a test finds an effect, by the size of the effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eventstudy import labels
from eventstudy.charts.theme import (
    ACCENTS,
    MUTED,
    RULE,
    Accent,
    Spec,
    accent,
    chart,
    layer,
    quantity,
    rounded,
    tooltip,
)
from eventstudy.formats import count, per_hundred, share
from eventstudy.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

WIDTH, HEIGHT = 286, 172
PADDING = {"left": 44, "right": 54, "top": 8, "bottom": 40}
SINGLE = [4, 3]
"""Dashes of the curve of one event."""

DASHES = ([1, 0], [6, 3], [2, 3])
"""Dashes of the curves whose colours are used up."""

TEXT: Spec = {"field": "text", "type": "nominal"}


def power_curve(curves: Sequence[pd.DataFrame], tone: Accent, furthest: float) -> Spec:
    """Draw the curves of one index, that of one event dashed, each named beside it.

    Parameters
    ----------
    curves : sequence of DataFrame
        Columns ``n``, ``effect`` (decimal) and ``power``, one n each.
    tone : Accent
        Colour of the index.
    furthest : float
        Right end of the axis, decimal.
    """
    x, y = _axes(furthest)
    layers = [layer({"type": "rule", "color": RULE}, [{"p": 0.8}], y=y)]
    for curve in curves:
        points = [_point(row) for row in labels.records(curve) if row.effect <= furthest]
        several = points[0]["n"] > 1
        line = {"type": "line", "color": tone.colour, "strokeWidth": 2, "clip": True}
        dashes = {} if several else {"strokeDash": SINGLE}
        layers.append(layer({**line, **dashes}, points, x=x, y=y))
        layers.append(_name(points, rounded(furthest), x, y))
        layers.append(_targets(points, x, y))
    return chart((WIDTH, HEIGHT), PADDING, layers)


def power_curves(curves: Sequence[pd.DataFrame], furthest: float, title: str = "") -> Spec:
    """Draw curves for several numbers of events, each in a colour, its name at a height of its own.

    Parameters
    ----------
    curves : sequence of DataFrame
        Columns ``n``, ``effect`` (decimal) and ``power``, one n each, ascending in both.
    furthest : float
        Right end of the axis, decimal.
    title : str, optional
        Of the axis, where it is not that of the true effect.
    """
    x, y = _axes(furthest, title)
    layers = [layer({"type": "rule", "color": RULE}, [{"p": 0.8}], y=y)]
    heights = np.linspace(0.25, 0.68, len(curves)) if len(curves) > 1 else [0.5]
    for place, (curve, height) in enumerate(zip(curves, heights, strict=True)):
        points = [_point(row) for row in labels.records(curve)]
        colour = accent(place).colour
        line = {"type": "line", "color": colour, "strokeWidth": 2, "clip": True}
        dashes = {"strokeDash": DASHES[place // len(ACCENTS) % len(DASHES)]}
        layers.append(layer({**line, **dashes}, points, x=x, y=y))
        left = place > 0 and place == len(curves) - 1
        side = (
            {"align": "right", "dx": -6, "dy": -3} if left else {"align": "left", "dx": 7, "dy": 8}
        )
        mark = {"type": "text", "color": colour, "fontWeight": "bold", **side}
        passed = _passed(curve, float(height))
        layers.append(layer(mark, [{**passed, "text": str(points[0]["n"])}], x=x, y=y, text=TEXT))
        layers.append(_targets(points, x, y))
    return chart((WIDTH, HEIGHT), PADDING, layers)


def _axes(furthest: float, title: str = "") -> tuple[Spec, Spec]:
    """Return the axes of effects and of power."""
    bounds = 0, rounded(furthest)
    said = title or say("True effect, per cent")
    x = quantity("e", bounds, {"grid": False, "tickCount": 6, "title": said})
    y = quantity(
        "p", (0, 1), {"format": ".0%", "values": [0, 0.2, 0.4, 0.6, 0.8, 1], "title": None}
    )
    return x, y


def _passed(curve: pd.DataFrame, height: float) -> Spec:
    """Return where a curve first passes a height, or its highest point where it never does."""
    effect, power = curve["effect"].to_numpy(), np.maximum.accumulate(curve["power"].to_numpy())
    height = min(max(height, power[0]), power[-1])
    after = int((power >= height).argmax())
    before = max(after - 1, 0)
    ends = [power[before], power[after]]
    found = np.interp(height, ends, [effect[before], effect[after]])
    return {"e": rounded(float(found)), "p": round(height, 4)}


def _point(row: labels.Record) -> Spec:
    """Return one point as the chart's data."""
    return {
        "e": rounded(row.effect),
        "p": round(row.power, 4),
        "n": row.n,
        "events": count(row.n, "event"),
        "effect": per_hundred(row.effect, 2),
        "found": share(row.power),
    }


def _name(points: Sequence[Spec], furthest: float, x: Spec, y: Spec) -> Spec:
    """Write the number of events where the other curve is not: of one event below the middle, at the right."""
    height, side = 0.3, "left"
    if points[0]["n"] > 1:
        steep = _nearest(points, 0.6)["e"] < furthest / 4
        low = points[-1]["p"] < 0.6
        height, side = (0.9, "left") if steep else (1.0, "left") if low else (0.6, "right")
    place = {"align": side, "dx": 7 if side == "left" else -7}
    mark = {"type": "text", "dy": 5, "color": MUTED, **place}
    return layer(mark, [_nearest(points, height)], x=x, y=y, text={"field": "events"})


def _nearest(points: Sequence[Spec], height: float) -> Spec:
    """Return the point whose power is nearest to a height."""
    return min(points, key=lambda point: abs(point["p"] - height))


def _targets(points: Sequence[Spec], x: Spec, y: Spec) -> Spec:
    """Lay invisible points over the curve, to point at."""
    lines = tooltip(events="Mean of", effect="True effect, per cent", found="Found in")
    mark = {"type": "point", "size": 90, "opacity": 0, "filled": True, "clip": True}
    return layer(mark, points, x=x, y=y, tooltip=lines)
