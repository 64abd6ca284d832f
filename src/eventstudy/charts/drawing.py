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

from eventstudy.charts.theme import CONFIG
from eventstudy.kept import kept

if TYPE_CHECKING:
    from types import ModuleType

    from eventstudy.charts.theme import Spec

VEGA_LITE = "6.4"
"""Version of Vega-Lite for static and live charts alike."""

DRAWINGS = "drawings"
"""Folder of the cache."""

FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
"""Where Linux has fonts, for words that the converter's own cannot write."""

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
    Drawing takes some 25 ms: a drawing is kept in the cache under a hash of all that it depends on. Clip
    paths, which the converter numbers through the life of a process, are numbered anew within the
    figure.
    """
    return _own_clips(_drawn(json.dumps(spec), json.dumps(config)), key)


def _drawn(spec: str, config: str) -> str:
    """Return the drawing of a specification, which the cache may have."""
    described = f"{_version()}\n{VEGA_LITE}\n{config}\n{spec}"
    name = hashlib.sha256(described.encode()).hexdigest()
    return kept(f"{DRAWINGS}/{name}.svg", lambda: _draw(spec, config))[0]


def _draw(spec: str, config: str) -> str:
    drawing: str = converter().vegalite_to_svg(
        spec, vl_version=VEGA_LITE, config=json.loads(config)
    )
    return drawing


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
    return vl_convert


@cache
def _version() -> str:
    return version("vl-convert-python")


def _own_clips(svg: str, key: str) -> str:
    """Rename the clip paths of a figure: counted from 1, under the figure's own name."""
    seen: dict[str, str] = {}

    def rename(found: re.Match[str]) -> str:
        return found[1] + seen.setdefault(found[2], f"{key}-c{len(seen) + 1}")

    return _CLIP.sub(rename, svg)
