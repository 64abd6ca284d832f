"""What all charts share: sentinel colours, an accent per index, the configuration, small parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from eventstudy.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Spec = dict[str, Any]
"""A Vega-Lite specification or a part of one."""

INK = "#1a2230"
MUTED = "#55606e"
GRID = "#dde2e8"
RULE = "#98a2b0"
DAY0 = "#e7ebf0"


class Accent(NamedTuple):
    """How one index is drawn: colour and shape say the same, for readers who see one of the two."""

    colour: str
    shape: str


ACCENTS = (
    Accent("#0b5fa5", "circle"),
    Accent("#b3450f", "square"),
    Accent("#08735f", "triangle-up"),
    Accent("#7a4596", "diamond"),
)
"""By position of the index in the study; safe for colour blindness."""

FONT = "Liberation Sans"
"""Same widths as Helvetica and Arial, which the stylesheet asks for."""

CONFIG: Spec = {
    "font": FONT,
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "ticks": False,
        "gridColor": GRID,
        "labelColor": MUTED,
        "labelFontSize": 11,
        "labelPadding": 6,
        "labelOverlap": False,
        "labelFlush": False,
        "labelLimit": 0,
        "titleColor": MUTED,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "titleLimit": 0,
    },
    "text": {"color": INK, "fontSize": 11},
}
"""One configuration for all charts, static and live."""

SIGNED = "(datum.value > 0 ? '+' : '') + datum.label"
"""Axis labels with a sign; the format ``+d`` would print "+0"."""


def accent(tone: int | None) -> Accent:
    """Return the accent of an index by its position in the study; grey where it spans all."""
    return Accent(MUTED, "circle") if tone is None else ACCENTS[tone % len(ACCENTS)]


def chart(
    size: tuple[int, int],
    padding: Mapping[str, int],
    layers: Sequence[Spec],
    values: Sequence[Spec] = (),
) -> Spec:
    """Return a chart of fixed outer layout.

    Parameters
    ----------
    size : tuple of int
        Width and height of the plotting area in pixels.
    padding : mapping of str to int
        Pixels ``left``, ``right``, ``top`` and ``bottom`` of it.
    layers : sequence of dict
        Marks; those without data of their own draw `values`.
    values : sequence of dict
        Data that several layers share.
    """
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": size[0],
        "height": size[1],
        "padding": dict(padding),
        "autosize": {"type": "none"},
        "data": {"values": list(values)},
        "layer": list(layers),
    }


def layer(mark: Spec, values: Sequence[Spec], **encoding: object) -> Spec:
    """Return one layer with its own data."""
    return {"data": {"values": list(values)}, **shared(mark, **encoding)}


def shared(mark: Spec, **encoding: object) -> Spec:
    """Return one layer that draws the data of the chart."""
    return {"mark": mark, "encoding": encoding}


def quantity(
    field: str, bounds: tuple[float, float], axis: Spec | None = None, **scale: object
) -> Spec:
    """Return a position on a scale with fixed bounds, linear unless told; no axis unless one is given."""
    whole = {} if scale.get("type") == "log" else {"zero": False}
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": list(bounds), "nice": False, **whole, **scale},
        "axis": axis,
    }


def end(field: str) -> Spec:
    """Return the second end of an interval mark."""
    return {"field": field}


def tooltip(**fields: str) -> list[Spec]:
    """Return the lines that a reader sees on pointing: field and its title, a message."""
    return [
        {"field": field, "type": "nominal", "title": say(title)} for field, title in fields.items()
    ]


def rounded(value: float) -> float:
    """Return per cent with three decimals: finer than a pixel, short in the page."""
    return round(100 * value, 3) + 0.0
