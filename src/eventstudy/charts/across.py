"""A chart as wide as a page of text, with type, marks and margins as large as before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eventstudy.charts.theme import Spec

WIDE = 764
"""Pixels of a chart over the whole width of the text, with its margins."""

HIGHER = 1.25
"""By how much the plotting area of a chart is made higher when it is made wider."""


def outer_width(spec: Spec) -> int:
    """Return the pixels of a chart from edge to edge."""
    return int(spec["width"] + spec["padding"]["left"] + spec["padding"]["right"])


def across(spec: Spec) -> Spec:
    """Return a chart that is drawn over the whole width of the text; a wide one as it is.

    Parameters
    ----------
    spec : dict
        Vega-Lite specification as :func:`~eventstudy.charts.theme.chart` makes it: every position is a
        value on a scale, so that a larger plotting area moves the marks apart and leaves their size.
    """
    missing = WIDE - outer_width(spec)
    if missing <= 0:
        return spec
    return {**spec, "width": spec["width"] + missing, "height": round(HIGHER * spec["height"])}
