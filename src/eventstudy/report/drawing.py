"""Vega-Lite specifications to slim SVG, readable without scripting and by screen readers."""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING

from eventstudy.charts.drawing import vega_svg

if TYPE_CHECKING:
    from eventstudy.charts.theme import Spec

_FRAMES = re.compile(r'<path class="(?:background|foreground)"[^>]*/>')
_UNSEEN = re.compile(r'<(?:line|path|rect)\b[^>]* opacity="0"[^>]*/>')
_IDLE = re.compile(
    r' (?:role|aria-[a-z]+|class|pointer-events|font-family|stroke-miterlimit)="[^"]*"| opacity="1"'
)
_PLACED = re.compile(r' (?:d|transform|x|y|x1|x2|y1|y2|width|height)="[^"]*"')
_LONG = re.compile(r"-?\d+\.\d+")
_EMPTY = re.compile(r"<g[^>]*></g>")
_ROOT = re.compile(r'<svg\b[^>]* width="([\d.]+)" height="([\d.]+)"[^>]*>')


def draw(spec: Spec, key: str, name: str, description: str) -> str:
    """Return a specification as an SVG element for a page.

    Parameters
    ----------
    spec : dict
        Vega-Lite specification.
    key : str
        Unique in the page; prefix of every id inside.
    name, description : str
        Accessible name and description.

    Notes
    -----
    The same specification gives the same text in every process.
    """
    return named(slim(vega_svg(spec, key)), key, name, description)


def slim(svg: str) -> str:
    """Drop what a static page does not use, and digits finer than a tenth of a pixel."""
    svg = _UNSEEN.sub("", _FRAMES.sub("", svg))
    svg = _PLACED.sub(lambda found: _LONG.sub(_tenth, found[0]), _IDLE.sub("", svg))
    while (less := _EMPTY.sub("", svg)) != svg:
        svg = less
    return svg


def _tenth(found: re.Match[str]) -> str:
    """Return a number with one decimal, or none where it is whole."""
    return f"{round(float(found[0]), 1) + 0.0:g}" if abs(float(found[0])) < 1e5 else found[0]


def named(svg: str, key: str, name: str, description: str) -> str:
    """Give the root its role, size, accessible name and description."""
    opening, rest = _ROOT.search(svg), _ROOT.sub("", svg, count=1)
    if opening is None:
        raise ValueError(f"{key}: no SVG root in {svg[:80]!r}")
    width, height = opening.groups()
    return (
        f'<svg role="img" aria-labelledby="{key}-t {key}-d" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">'
        f'<title id="{key}-t">{escape(name)}</title><desc id="{key}-d">{escape(description)}</desc>'
        f"{rest}"
    )


def as_json(value: object) -> str:
    """Return a value as JSON that cannot end the script element around it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
