"""Specifications drawn as SVG: the same text for the same specification, in every process."""

from __future__ import annotations

import hashlib
import json
import os
import re
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from eventstudy.charts.compiled import compiled, still
from eventstudy.charts.theme import CONFIG
from eventstudy.kept import kept

if TYPE_CHECKING:
    from types import ModuleType

    from eventstudy.charts.theme import Spec

VEGA_LITE = "6.4"
"""Version of Vega-Lite for static and live charts alike."""

STILL: Spec = {**CONFIG, "aria": False}
"""Configuration of drawings: the page names the figure, so that marks need no names."""

DRAWINGS, SHAPES = "drawings", "shapes"
"""Folders of the cache."""

FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
"""Where Linux has fonts, for words that the converter's own cannot write."""

_CLIP = re.compile(r'(id="|url\(#)(clip\d+)')


def vega_svg(spec: Spec, key: str) -> str:
    """Return a specification as SVG.

    Parameters
    ----------
    spec : dict
        Vega-Lite specification.
    key : str
        Unique among the drawings of a page; prefix of every id inside.

    Notes
    -----
    Drawing takes some 10 ms: a drawing is kept in the cache under a hash of all that it depends on. Clip
    paths, which the converter numbers through the life of a process, are numbered anew within the
    figure.
    """
    name = _hash(json.dumps(still(spec)))
    return _own_clips(kept(f"{DRAWINGS}/{name}.svg", lambda: _draw(spec))[0], key)


def _draw(spec: Spec) -> str:
    drawing: str = converter().vega_to_svg(compiled(spec, _vega))
    return drawing


def _vega(spec: str) -> str:
    """Return a Vega-Lite specification as Vega, without names of marks, which a page gives to the figure.

    Compiling takes some 20 ms, and other studies draw charts of the same shape: what comes out is kept.
    """
    name = _hash(spec)

    def compile_it() -> str:
        return json.dumps(converter().vegalite_to_vega(spec, vl_version=VEGA_LITE, config=STILL))

    return kept(f"{SHAPES}/{name}.json", compile_it)[0]


def _hash(spec: str) -> str:
    """Return a name for what comes out of a specification, with this converter and configuration."""
    described = "\n".join((_version(), VEGA_LITE, json.dumps(STILL), spec))
    return hashlib.sha256(described.encode()).hexdigest()


@cache
def converter() -> ModuleType:
    """Return the package ``vl_convert``, its own Liberation Sans before a system's.

    Notes
    -----
    It opens the file of a system's font once for every glyph that it measures, and looks for fonts when
    it first needs one: then ``FONTCONFIG_FILE`` names none, unless the user has set it.
    """
    import vl_convert

    name = "FONTCONFIG_FILE"
    folders = [folder for folder in map(os.path.expanduser, FONTS) if Path(folder).is_dir()]
    if name not in os.environ:
        os.environ[name] = str(Path(__file__).with_name("fonts.conf"))
        for folder in folders:
            vl_convert.register_font_directory(folder)
        del os.environ[name]
    package: ModuleType = vl_convert
    return package


@cache
def _version() -> str:
    return version("vl-convert-python")


def _own_clips(svg: str, key: str) -> str:
    """Rename the clip paths of a figure: counted from 1, under the figure's own name."""
    seen: dict[str, str] = {}

    def rename(found: re.Match[str]) -> str:
        return found[1] + seen.setdefault(found[2], f"{key}-c{len(seen) + 1}")

    return _CLIP.sub(rename, svg)
