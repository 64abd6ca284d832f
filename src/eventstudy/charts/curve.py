"""The specification curve: sorted effects with intervals, and below them which choices made each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from eventstudy.charts.theme import (
    GRID,
    INK,
    MUTED,
    RULE,
    Accent,
    Spec,
    chart,
    end,
    layer,
    quantity,
    tooltip,
)
from eventstudy.formats import interval, nice_bounds, p_value, percent, signed
from eventstudy.language import join, say

if TYPE_CHECKING:
    from collections.abc import Sequence

PLOT, LINE, GAP, TITLE = 150, 13, 7, 18
"""Pixels of the effects, of a row of choices, between kinds of choices, and of a title."""

BETWEEN = 14
"""Pixels between two curves."""

THICK = 5
"""Pixels of a mark of a choice."""

TICKS = 7
"""Most lines of the scale."""


class Point(NamedTuple):
    """One specification: effect and interval as decimals, p-value, choices by row, chosen or not."""

    value: float
    low: float
    high: float
    p_value: float
    choices: tuple[str, ...]
    chosen: bool


class Curve(NamedTuple):
    """The specifications of one question, in the order of their effects."""

    title: str
    points: Sequence[Point]


WIDTH = 250
PADDING = {"left": 118, "right": 16, "top": 4, "bottom": 6}


def specification_curve(
    curves: Sequence[Curve],
    rows: Sequence[Sequence[str]],
    accent: Accent,
    *,
    alpha: float,
) -> Spec:
    """Draw curves side by side on one scale above the rows of their choices.

    Parameters
    ----------
    curves : sequence of Curve
        One per question.
    rows : sequence of sequence of str
        Names of the choices of each kind; a point names one of each kind.
    accent : Accent
        Colour of effects with a p-value up to `alpha`; the others are grey and hollow.
    alpha : float
        Level.
    """
    shown = [each for curve in curves for p in curve.points for each in (p.low, p.high, p.value)]
    bounds = nice_bounds([100 * each for each in shown])
    places, height = _places(rows)
    axes = quantity("x", (0, WIDTH)), quantity("y", (0, height), reverse=True)
    drawn = _drawn(curves, bounds)
    layers = [
        *_scale(bounds, axes),
        *_choices(drawn, places, accent, axes),
        *_intervals(drawn, axes),
        *_effects([row for each in drawn for row in each.rows], accent, alpha, axes),
        *_names(drawn, places, axes),
    ]
    return chart((WIDTH, height), PADDING, layers)


def _places(rows: Sequence[Sequence[str]]) -> tuple[dict[tuple[int, str], float], int]:
    """Return the height of each row of choices, and of the whole."""
    found: dict[tuple[int, str], float] = {}
    top = TITLE + PLOT + GAP
    for kind, names in enumerate(rows):
        for name in names:
            found[kind, name] = top + (LINE + THICK) / 2
            top += LINE
        top += GAP
    return found, top


class _Drawn(NamedTuple):
    """A curve in pixels: its title and where it begins, its step, its points."""

    title: str
    start: float
    step: float
    rows: list[Spec]
    points: Sequence[Point]


def _drawn(curves: Sequence[Curve], bounds: tuple[float, float]) -> list[_Drawn]:
    """Place the curves beside each other, every point as wide as every other."""
    count = sum(len(curve.points) for curve in curves)
    step = (WIDTH - BETWEEN * (len(curves) - 1)) / max(count, 1)
    start, found = 0.0, []
    for curve in curves:
        rows = [
            _row(point, start + step * (i + 0.5), bounds) for i, point in enumerate(curve.points)
        ]
        found.append(_Drawn(curve.title, start, step, rows, curve.points))
        start += step * len(curve.points) + BETWEEN
    return found


def _row(point: Point, x: float, bounds: tuple[float, float]) -> Spec:
    """Return one specification as the chart's data."""
    band = interval(point.low, point.high)
    ends = {"low": _height(point.low, bounds), "high": _height(point.high, bounds)} if band else {}
    return {
        "x": round(x, 1),
        "y": _height(point.value, bounds),
        **ends,
        "p": point.p_value,
        "chosen": point.chosen,
        "effect": join((percent(point.value), band)),
        "test": say("p {p}", p=p_value(point.p_value)),
    }


def _height(value: float, bounds: tuple[float, float]) -> float:
    """Return where a decimal stands, in pixels from the top."""
    share = (100 * value - bounds[0]) / (bounds[1] - bounds[0])
    return round(TITLE + PLOT * (1 - share), 1)


def _scale(bounds: tuple[float, float], axes: tuple[Spec, Spec]) -> list[Spec]:
    """Draw the lines and numbers of the effects' scale."""
    x, y = axes
    ticks = _ticks(bounds)
    places = 0 if all(tick == round(tick) for tick in ticks) else 1
    values = [
        {"y": _height(tick / 100, bounds), "x": 0, "to": WIDTH, "label": signed(tick, places)}
        for tick in ticks
    ]
    zero = [{"y": _height(0.0, bounds), "x": 0, "to": WIDTH}]
    lines = [{key: row[key] for key in ("x", "y", "to")} for row in values]
    labels = [{"y": row["y"], "label": row["label"]} for row in values]
    write = {"type": "text", "align": "right", "x": -8, "color": MUTED}
    return [
        layer({"type": "rule", "color": GRID}, lines, x=x, x2=end("to"), y=y),
        layer({"type": "rule", "color": RULE}, zero, x=x, x2=end("to"), y=y),
        layer(write, labels, y=y, text=end("label")),
    ]


def _ticks(bounds: tuple[float, float]) -> list[float]:
    """Return round values within the bounds, at most :data:`TICKS` steps."""
    span = bounds[1] - bounds[0]
    power = 10.0 ** math.floor(math.log10(span / TICKS))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if span / (power * m) <= TICKS)
    first, last = math.ceil(bounds[0] / step - 1e-9), math.floor(bounds[1] / step + 1e-9)
    return [step * number for number in range(first, last + 1)]


def _intervals(curves: Sequence[_Drawn], axes: tuple[Spec, Spec]) -> list[Spec]:
    """Draw the intervals as a band of steps, one per specification."""
    x, y = axes
    mark = {"type": "area", "interpolate": "step", "color": MUTED, "opacity": 0.18}
    return [
        layer(
            mark,
            [{"x": r["x"], "y": r["low"], "to": r["high"]} for r in curve.rows if "low" in r],
            x=x,
            y=y,
            y2=end("to"),
        )
        for curve in curves
    ]


def _effects(
    rows: Sequence[Spec], accent: Accent, alpha: float, axes: tuple[Spec, Spec]
) -> list[Spec]:
    """Draw the effects, the chosen ones as diamonds in front."""
    x, y = axes
    small = {"type": "point", "shape": "circle", "opacity": 1, "size": 12, "strokeWidth": 1}
    large = {"type": "point", "shape": "diamond", "filled": True, "opacity": 1, "size": 70}
    hint = tooltip(effect="Per cent", test="Test")
    parts: list[Spec] = []
    for colour, below in ((MUTED, False), (accent.colour, True)):
        mine = [_shown(r) for r in rows if not r["chosen"] and (r["p"] <= alpha) == below]
        mark = {**small, "color": colour, "filled": below}
        parts.append(layer(mark, mine, x=x, y=y, tooltip=hint))
    chosen = [_shown(r) for r in rows if r["chosen"]]
    parts.append(layer({**large, "color": INK}, chosen, x=x, y=y, tooltip=hint))
    return parts


def _shown(row: Spec) -> Spec:
    """Return what a point carries: its place and what a reader sees on pointing."""
    return {key: row[key] for key in ("x", "y", "effect", "test")}


def _choices(
    curves: Sequence[_Drawn],
    places: dict[tuple[int, str], float],
    accent: Accent,
    axes: tuple[Spec, Spec],
) -> list[Spec]:
    """Draw a mark under every specification in the row of each of its choices; neighbours join."""
    x, y = axes
    runs = [
        {"x": round(curve.start + curve.step * at, 1), "y": round(place + rise, 1), "b": place}
        for curve in curves
        for (kind, name), place in places.items()
        for run in _runs([point.choices[kind] == name for point in curve.points])
        for at, rise in zip(run, (-THICK, 0), strict=True)
    ]
    marked = [
        {"x": row["x"], "y": TITLE, "to": max(places.values()) + LINE / 2}
        for curve in curves
        for row in curve.rows
        if row["chosen"]
    ]
    line = {"type": "rule", "color": INK, "strokeDash": [2, 3], "strokeWidth": 1}
    bar = {"type": "area", "interpolate": "step-after", "color": accent.colour, "opacity": 0.75}
    row = {"field": "b", "type": "nominal"}
    return [
        layer(bar, runs, x=x, y=y, y2=end("b"), detail=row),
        layer(line, marked, x=x, y=y, y2=end("to")),
    ]


def _runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """Return the beginning and end of every stretch of true values."""
    padded = [False, *flags, False]
    edges = [i for i in range(len(padded) - 1) if padded[i] != padded[i + 1]]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _names(
    curves: Sequence[_Drawn], places: dict[tuple[int, str], float], axes: tuple[Spec, Spec]
) -> list[Spec]:
    """Write the titles of the curves and the names of the choices."""
    x, y = axes
    titles = [
        {"x": round(each.start, 1), "y": TITLE / 2 - 2, "label": each.title} for each in curves
    ]
    names = [{"y": place - THICK / 2, "label": name} for (_, name), place in places.items()]
    return [
        layer({"type": "text", "align": "left"}, titles, x=x, y=y, text=end("label")),
        layer({"type": "text", "align": "right", "x": -8}, names, y=y, text=end("label")),
    ]
