"""The code behind live charts: Vega in one text, made once per version and kept in the cache."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from eventstudy.charts.drawing import VEGA_LITE

if TYPE_CHECKING:
    from pathlib import Path

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
    """Return the script of live charts.

    Making it takes seconds; a cache that cannot be read or written only costs that time.
    """
    import base64
    import gzip
    from importlib.metadata import version
    from pathlib import Path

    import platformdirs

    folder = Path(platformdirs.user_cache_dir("eventstudy"))
    file = folder / f"vega-{version('vl-convert-python')}-{VEGA_LITE}.js.gz"
    try:
        packed = file.read_bytes()
        code = gzip.decompress(packed).decode()
    except (OSError, EOFError, ValueError, zlib.error):
        code = _made()
        packed = gzip.compress(code.encode(), mtime=0)
        _keep(file, packed)
    return Bundle(base64.b64encode(packed).decode(), code)


def _made() -> str:
    """Return the script in a scope of its own, with one kind of line end as the browser counts it."""
    import vl_convert

    code = vl_convert.javascript_bundle(EXPORTS, vl_version=VEGA_LITE)
    return f"(()=>{{{code}}})();".replace("\r", "")


def _keep(file: Path, packed: bytes) -> None:
    """Write the script beside its place and move it there: readers never see half of it."""
    import os
    from contextlib import suppress

    fresh = file.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(packed)
        fresh.replace(file)
