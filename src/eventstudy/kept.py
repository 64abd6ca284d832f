"""What is slow to make and always the same: made once, then kept in the cache of the platform."""

from __future__ import annotations

import gzip
import os
import zlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 4000
"""Files that a folder of the cache may hold before the older half is dropped."""


def kept(name: str, make: Callable[[], str]) -> tuple[str, bytes]:
    """Return a text and its packed form.

    Parameters
    ----------
    name : str
        Path in the cache, which says everything that the text depends on.
    make : callable
        Makes the text where the cache has none, or a damaged one.

    Notes
    -----
    A cache that cannot be read or written only costs the time to make the text.
    """
    file = _folder() / f"{name}.gz"
    try:
        packed = file.read_bytes()
        return gzip.decompress(packed).decode(), packed
    except (OSError, EOFError, ValueError, zlib.error):
        text = make()
        packed = gzip.compress(text.encode(), mtime=0)
        _keep(file, packed)
        return text, packed


def tidy(name: str) -> None:
    """Drop the older half of a folder of the cache that has grown beyond :data:`MOST` files."""
    with suppress(OSError):
        files = list((_folder() / name).glob("*.gz"))
        if len(files) > MOST:
            for file in sorted(files, key=lambda each: each.stat().st_mtime)[: -MOST // 2]:
                file.unlink(missing_ok=True)


def _folder() -> Path:
    """Return the cache's folder, which a test may put elsewhere."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("eventstudy"))


def _keep(file: Path, packed: bytes) -> None:
    """Write a file beside its place and move it there: readers never see half of it."""
    fresh = file.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(packed)
        fresh.replace(file)
