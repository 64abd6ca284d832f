"""How many events had which CAR: bars of one width, zero and the mean marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from eventstudy.formats import from_to, number, percent
from eventstudy.language import say

if TYPE_CHECKING:
    from eventstudy.panel.describe import Histogram

WIDTH, HEIGHT = 286, 150
PADDING = {"left": 44, "right": 54, "top": 18, "bottom": 40}


def histogram(bars: Histogram, mean: float, accent: Accent, title: str) -> Spec:
    """Draw counts by interval.

    Parameters
    ----------
    bars : Histogram
        Intervals in decimals, and how many events lie in each.
    mean : float
        Mean of all events, decimal; marked where it lies within the chart.
    accent : Accent
        Colour.
    title : str
        Title of the horizontal axis.
    """
    ends = [rounded(edge) for edge in bars.edges]
    values = [
        {
            "from": low,
            "to": high,
            "n": 0,
            "top": int(n),
            "range": from_to(percent(low / 100, 1), percent(high / 100, 1)),
            "events": number(int(n), 0),
        }
        for low, high, n in zip(ends[:-1], ends[1:], bars.counts, strict=True)
        if n
    ]
    x = quantity("from", (ends[0], ends[-1]), {"labelExpr": SIGNED, "tickCount": 5, "title": title})
    tallest = max(int(bars.counts.max()), 1)
    y = quantity("n", (0, tallest), {"tickCount": 4, "title": None, "format": ",d"})
    layers = [
        layer(
            {"type": "rect", "color": accent.colour, "opacity": 0.6},
            values,
            x=x,
            x2=end("to"),
            y=y,
            y2=end("top"),
            tooltip=tooltip(range="CAR, per cent", events="Events"),
        ),
        *_marks(ends, mean, tallest, (x, y)),
    ]
    return chart((WIDTH, HEIGHT), PADDING, layers)


def _marks(ends: list[float], mean: float, tallest: int, axes: tuple[Spec, Spec]) -> list[Spec]:
    """Draw lines at zero and at the mean, where they lie within the chart."""
    x, y = axes
    parts = []
    if ends[0] <= 0 <= ends[-1]:
        parts.append(layer({"type": "rule", "color": RULE}, [{"from": 0}], x=x))
    if ends[0] <= rounded(mean) <= ends[-1]:
        at = {
            "from": rounded(mean),
            "n": tallest,
            "label": say("mean {number}", number=percent(mean)),
        }
        parts += [
            layer({"type": "rule", "color": INK, "strokeDash": [3, 2]}, [at], x=x),
            layer(
                {"type": "text", "align": "center", "baseline": "bottom", "dy": -4},
                [at],
                x=x,
                y=y,
                text=end("label"),
            ),
        ]
    return parts
