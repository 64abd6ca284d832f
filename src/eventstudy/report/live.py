"""The code behind live charts: Vega in one text, made once per version and kept in the cache."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from eventstudy.charts.drawing import VEGA_LITE
from eventstudy.kept import kept

if TYPE_CHECKING:
    from collections.abc import Iterator

EXPORTS = "window.vegaEmbed = vegaEmbed;"


@dataclass(frozen=True, slots=True)
class Bundle:
    """Vega, Vega-Lite and Vega-Embed as one script that leaves ``vegaEmbed`` behind.

    Attributes
    ----------
    packed : str
        The script as a page holds it: gzip, then base64, less than half the size.
    code : str
        The script as the browser runs it, whose hash the policy of the page allows.
    """

    packed: str
    code: str


@cache
def bundle() -> Bundle:
    """Return the script of live charts; making it takes seconds."""
    import base64
    from importlib.metadata import version

    code, packed = kept(f"vega-{version('vl-convert-python')}-{VEGA_LITE}.js", _made)
    return Bundle(base64.b64encode(packed).decode(), code)


def _made() -> str:
    """Return the script in a scope of its own, with one kind of line end as the browser counts it."""
    import vl_convert

    with _unheard():
        code = vl_convert.javascript_bundle(EXPORTS, vl_version=VEGA_LITE)
    return f"(()=>{{{code}}})();".replace("\r", "")


@contextmanager
def _unheard() -> Iterator[None]:
    """Drop what compiled code writes to the standard error, past Python: some converters tell of every step."""
    kept_open = os.dup(2)
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept_open, 2)
        os.close(kept_open)
