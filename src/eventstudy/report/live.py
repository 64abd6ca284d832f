"""The code behind live charts: Vega in one text, made once per version and kept in the cache."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from eventstudy.report.drawing import VEGA_LITE

if TYPE_CHECKING:
    from pathlib import Path

EXPORTS = "window.vegaEmbed = vegaEmbed;"


@cache
def bundle() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script that leaves ``vegaEmbed`` behind.

    Making it takes seconds; a cache that cannot be read or written only costs that time.
    """
    from importlib.metadata import version
    from pathlib import Path

    import platformdirs

    folder = Path(platformdirs.user_cache_dir("eventstudy"))
    file = folder / f"vega-{version('vl-convert-python')}-{VEGA_LITE}.js"
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        text = _made()
        _keep(file, text)
        return text


def _made() -> str:
    """Return the script in a scope of its own, in a form that a script element can hold."""
    import vl_convert

    code = vl_convert.javascript_bundle(EXPORTS, vl_version=VEGA_LITE)
    wrapped = f"(()=>{{{code}}})();"
    return wrapped.replace("\r", "").replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _keep(file: Path, text: str) -> None:
    """Write the script beside its place and move it there: readers never see half of it."""
    import os
    from contextlib import suppress

    fresh = file.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(text, encoding="utf-8", newline="")
        fresh.replace(file)
