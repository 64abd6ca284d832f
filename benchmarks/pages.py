"""Tables between two comments of a page, and the machine that they were measured on."""

from __future__ import annotations

import platform
import re
from pathlib import Path

import numpy as np

DOCS = Path(__file__).resolve().parents[1] / "docs" / "explanation"


def parts(page: Path, marker: str) -> tuple[str, str, str]:
    """Return a page before, between and after two comments.

    Parameters
    ----------
    page : Path
        A page in Markdown.
    marker : str
        Name of the comments.
    """
    begin, end = _comments(marker)
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    return before, *rest.partition(end)[::2]


def write(page: Path, marker: str, text: str) -> None:
    """Put a text between the two comments of a page."""
    before, _, after = parts(page, marker)
    begin, end = _comments(marker)
    page.write_text(f"{before}{begin}{text}{end}{after}", encoding="utf-8")


def _comments(marker: str) -> tuple[str, str]:
    """Return the two comments."""
    return f"<!-- {marker}: begin -->\n", f"<!-- {marker}: end -->\n"


def machine() -> str:
    """Return processor, memory and versions in one line."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    memory = Path("/proc/meminfo").read_text(encoding="utf-8")
    name = re.search(r"model name\s*: (.*)", info)
    size = re.search(r"MemTotal:\s*(\d+)", memory)
    cores = info.count("processor\t")
    wide = "with AVX-512" if " avx512f" in info else "without AVX-512"
    return (
        f"{cores} cores of {name[1] if name else 'an unnamed processor'} {wide},"
        f" {int(size[1]) / 1024**2 if size else 0:.0f} GB; Python {platform.python_version()},"
        f" numpy {np.__version__}"
    )
