"""The path of cumulative abnormal returns, zero at the close of day -1, with its band."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import labels
from eventstudy.charts.theme import (
    DAY0,
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
from eventstudy.language import marked, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

WIDTH, HEIGHT = 286, 172
PADDING = {"left": 44, "right": 54, "top": 8, "bottom": 40}
AXIS_TITLE = marked("Trading day relative to the event")


def path_bounds(paths: Sequence[pd.DataFrame]) -> tuple[float, float]:
    """Return the vertical bounds, in per cent, that several paths with their bands share.

    Parameters
    ----------
    paths : sequence of DataFrame
        Columns ``value``, ``low``, ``high`` in decimals, as in the frames ``paths`` and
        ``mean_paths``.
    """
    columns = (path[name] for path in paths for name in ("value", "low", "high"))
    return nice_bounds([100 * value for column in columns for value in column])


def return_path(path: pd.DataFrame, accent: Accent, bounds: tuple[float, float]) -> Spec:
    """Draw one path: a line, its pointwise band, day 0 shaded, the last value at its end.

    Parameters
    ----------
    path : DataFrame
        Columns ``tau``, ``value``, ``low``, ``high``; decimals; one row per session.
    accent : Accent
        Colour of the index.
    bounds : tuple of float
        Vertical bounds in per cent, shared by the charts beside it (:func:`path_bounds`).
    """
    points = [_point(row.tau, row.value, row.low, row.high) for row in labels.by_session(path)]
    taus = [point["t"] for point in points]
    x = quantity("t", (taus[0], taus[-1]), _sessions(taus))
    y = quantity("v", bounds, {"labelExpr": SIGNED, "tickCount": 6, "title": None})
    layers = [
        layer(
            {"type": "rect", "color": DAY0, "clip": True},
            [{"t": -0.5, "end": 0.5}],
            x=x,
            x2=end("end"),
        ),
        layer({"type": "rule", "color": RULE}, [{"v": 0}], y=y),
        *([_band(accent, x, y)] if any("l" in point for point in points) else []),
        shared({"type": "line", "color": accent.colour, "strokeWidth": 2}, x=x, y=y),
        _last(points[-1], accent, x, y),
        _targets(len(points), x),
    ]
    return chart((WIDTH, HEIGHT), PADDING, layers, points)


def _point(tau: int, value: float, low: float, high: float) -> Spec:
    """Return one session of a path as the chart's data."""
    label = interval(low, high)
    band = {"l": rounded(low), "h": rounded(high)} if label else {}
    return {
        "t": tau,
        "v": rounded(value),
        **band,
        "day": session(tau),
        "car": percent(value),
        "band": label,
    }


def _sessions(taus: Sequence[int]) -> Spec:
    """Return the axis of sessions, labelled every fifth."""
    step = 5 if taus[-1] - taus[0] <= 40 else 20
    values = [tau for tau in taus if tau % step == 0]
    return {"values": values, "labelExpr": SIGNED, "grid": False, "title": say(AXIS_TITLE)}


def _band(accent: Accent, x: Spec, y: Spec) -> Spec:
    """Draw the interval around the path, on the same axes: one without would hide them for all."""
    mark = {"type": "area", "color": accent.colour, "opacity": 0.2, "clip": True}
    return shared(mark, x=x, y={**y, "field": "l"}, y2=end("h"))


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
        tooltip=tooltip(day="Day", car="CAR, per cent", band="Interval"),
    )
