"""Specifications drawn as SVG: the same text for the same specification, in every process."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eventstudy.charts.theme import CONFIG

if TYPE_CHECKING:
    from eventstudy.charts.theme import Spec

VEGA_LITE = "6.4"
"""Version of Vega-Lite for static and live charts alike."""

_CLIP = re.compile(r'(id="|url\(#)(clip\d+)')


def vega_svg(spec: Spec, key: str, config: Spec = CONFIG) -> str:
    """Return a specification as SVG.

    Parameters
    ----------
    spec : dict
        Vega-Lite specification.
    key : str
        Unique among the drawings of a page; prefix of every id inside.
    config : dict, optional
        Configuration of Vega-Lite; that of the page unless given.

    Notes
    -----
    Clip paths, which the converter numbers through the life of a process, are numbered anew within the
    figure.
    """
    import vl_convert

    svg = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, config=config)
    return _own_clips(svg, key)


def _own_clips(svg: str, key: str) -> str:
    """Rename the clip paths of a figure: counted from 1, under the figure's own name."""
    seen: dict[str, str] = {}

    def rename(found: re.Match[str]) -> str:
        return found[1] + seen.setdefault(found[2], f"{key}-c{len(seen) + 1}")

    return _CLIP.sub(rename, svg)
