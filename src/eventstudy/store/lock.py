"""One writer at a time: a lock that the operating system gives back when its holder dies."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from eventstudy.errors import DataError
from eventstudy.store.disk import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAUSE = 0.02
"""Seconds between two looks at a lock that another process holds."""


@contextmanager
def locked(path: Path, *, limit: float) -> Iterator[None]:
    """Hold the lock of a cache.

    Parameters
    ----------
    path : pathlib.Path
        The file that is locked; it holds the number of the process that last had it.
    limit : float
        Seconds to wait for another process.

    Raises
    ------
    DataError
        When another process does not give it back in time, or the system has no such locks.
    OSError
        When the file cannot be made.
    """
    descriptor = opened(path, os.O_RDWR | os.O_CREAT)
    try:
        _take(descriptor, path, limit)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, path: Path, limit: float) -> None:
    """Wait for the lock."""
    try:
        import fcntl
    except ImportError as error:
        raise DataError("the cache of downloads needs Linux or macOS, which lock files") from error
    end = time.monotonic() + limit
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                holder = os.pread(descriptor, 20, 0).decode("ascii", "replace") or "unknown"
                raise DataError(
                    f"the cache {path.parent.parent} has been in use by another process, number"
                    f" {holder}, for {limit:g} seconds; wait until it is done, end it, or use another"
                    " cache by `--cache DIR`"
                ) from None
            time.sleep(PAUSE)
        else:
            return
