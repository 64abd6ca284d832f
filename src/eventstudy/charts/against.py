"""A path of events in front of what other days did: their mean and the band that holds most of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from eventstudy import labels
from eventstudy.charts.theme import (
    MUTED,
    RULE,
    SIGNED,
    Accent,
    Spec,
    chart,
    end,
    layer,
    quantity,
    rounded,
    shared,
    tooltip,
)
from eventstudy.formats import interval, nice_bounds, percent, session

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

WIDTH, HEIGHT = 286, 172
PADDING = {"left": 44, "right": 54, "top": 8, "bottom": 40}


def against_bounds(paths: Sequence[pd.DataFrame]) -> tuple[float, float]:
    """Return the vertical bounds, in per cent, that several charts share.

    Parameters
    ----------
    paths : sequence of DataFrame
        Columns ``value``, ``usual``, ``low``, ``high`` in decimals.
    """
    columns = (path[name] for path in paths for name in ("value", "usual", "low", "high"))
    return nice_bounds([100 * value for column in columns for value in column])


def against(path: pd.DataFrame, accent: Accent, bounds: tuple[float, float], title: str) -> Spec:
    """Draw one path in the colour of its index over the grey band and the broken mean of other days.

    Parameters
    ----------
    path : DataFrame
        Columns ``tau``, ``value``, ``usual``, ``low``, ``high``; decimals; ``usual`` may be NaN.
    accent : Accent
        Colour of the index.
    bounds : tuple of float
        Vertical bounds in per cent (:func:`against_bounds`).
    title : str
        Title of the horizontal axis.
    """
    points = [_point(row) for row in labels.records(path.sort_values("tau"))]
    first, last = points[0]["t"], points[-1]["t"]
    ticks = [t for t in range(first, last + 1) if t % 5 == 0 or t == first]
    axis = {"values": ticks, "labelExpr": SIGNED, "grid": False, "title": title}
    x = quantity("t", (first, last), axis)
    y = quantity("v", bounds, {"labelExpr": SIGNED, "tickCount": 6, "title": None})
    area = {"type": "area", "color": MUTED, "opacity": 0.18, "clip": True}
    dashed = {"type": "line", "color": MUTED, "strokeDash": [4, 3], "strokeWidth": 1.2}
    layers = [
        layer({"type": "rule", "color": RULE}, [{"v": 0}], y=y),
        *_if_any(points, "l", shared(area, x=x, y={**y, "field": "l"}, y2=end("h"))),
        *_if_any(points, "u", shared(dashed, x=x, y={**y, "field": "u"})),
        shared({"type": "line", "color": accent.colour, "strokeWidth": 2}, x=x, y=y),
        _last(points[-1], accent, x, y),
        _targets(len(points), x),
    ]
    return chart((WIDTH, HEIGHT), PADDING, layers, points)


def _point(row: labels.Record) -> Spec:
    """Return one session as the chart's data."""
    label = interval(row.low, row.high)
    band = {"l": rounded(row.low), "h": rounded(row.high)} if label else {}
    usual = {"u": rounded(row.usual)} if math.isfinite(row.usual) else {}
    return {
        "t": row.tau,
        "v": rounded(row.value),
        **band,
        **usual,
        "day": session(row.tau),
        "own": percent(row.value),
        "band": label,
    }


def _if_any(points: Sequence[Spec], name: str, drawn: Spec) -> list[Spec]:
    """Return a layer where any point has what it draws."""
    return [drawn] if any(name in point for point in points) else []


def _last(point: Spec, accent: Accent, x: Spec, y: Spec) -> Spec:
    """Write the last value at the end of the path."""
    mark = {"type": "text", "align": "left", "dx": 6, "color": accent.colour}
    values = [{"t": point["t"], "v": point["v"], "label": percent(point["v"] / 100, 1)}]
    return layer(
        {**mark, "fontWeight": "bold", "fontSize": 12}, values, x=x, y=y, text=end("label")
    )


def _targets(n: int, x: Spec) -> Spec:
    """Lay an invisible bar over each of the n sessions, to point at."""
    return shared(
        {"type": "rule", "strokeWidth": round(WIDTH / max(n - 1, 1), 1), "opacity": 0},
        x=x,
        tooltip=tooltip(day="Day", own="Events, per cent", band="Other days"),
    )
