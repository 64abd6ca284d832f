"""Files that only their owner reads, written whole or not at all, and never through a link."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from errno import EINVAL, EISDIR, ENOTDIR, ENOTSUP
from hashlib import sha256
from typing import TYPE_CHECKING

from eventstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

GUARDS = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
"""No link is followed, no child inherits, no byte is translated, on systems that know these."""

NEW, DAMAGED = ".new", ".damaged"
"""Ends of the names of what is being written, and of what was found damaged."""


@contextmanager
def saying(folder: Path) -> Iterator[None]:
    """Turn what the disk refuses into a message that names the cache."""
    try:
        yield
    except OSError as error:
        raise DataError(
            f"the cache {folder} cannot be used ({error.strerror}: {error.filename or folder}); what it"
            " held is whole: make room or give yourself the right to read and write there, or use another"
            " cache by `--cache DIR`"
        ) from error


def refuse_links(root: Path, path: Path) -> None:
    """Raise when a link stands between the cache and a file of it: it may lead anywhere."""
    places = [path, *path.parents]
    for place in places[: places.index(root)]:
        if place.is_symlink():
            raise DataError(f"{place} is a link, and the cache follows none; remove the link")


def refuse_files(*places: Path) -> None:
    """Raise when something other than a folder stands where the cache has one."""
    for place in places:
        if place.exists() and not place.is_dir():
            raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR), str(place))


def opened(path: Path, flags: int) -> int:
    """Open a file for its owner alone, whatever the umask; not through a link."""
    fresh = bool(flags & os.O_CREAT) and not path.exists()
    descriptor = os.open(path, flags | GUARDS, 0o600)
    if fresh:
        path.chmod(0o600)
    return descriptor


def make_folder(path: Path) -> None:
    """Make a folder and those above it for their owner alone, where they are not there."""
    missing = [place for place in (path, *path.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir(exist_ok=True)
        place.chmod(0o700)
        _settle_names(place.parent)


def read(path: Path) -> bytes:
    """Return the content of a file; not through a link."""
    if path.is_dir():
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(path))
    with os.fdopen(opened(path, os.O_RDONLY), "rb") as file:
        return file.read()


def hash_of(path: Path) -> str:
    """Return the sha256 of a file; not through a link."""
    return sha256(read(path)).hexdigest()


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place, make it safe, then put it there.

    Parameters
    ----------
    path : pathlib.Path
        Its place.
    write : callable
        ``write(file)`` fills an empty file. When it fails, `path` is as it was.

    Raises
    ------
    OSError
        When the disk refuses; nothing half-written stays.
    """
    fresh = path.with_name(f"{path.name}{NEW}")
    fresh.unlink(missing_ok=True)
    try:
        os.close(opened(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        write(fresh)
        _settle(fresh)
        fresh.replace(path)
        _settle_names(path.parent)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file of which the content is known, as :func:`write_whole` does."""

    def write(fresh: Path) -> None:
        fresh.write_bytes(content)

    write_whole(path, write)


def append(path: Path, content: bytes) -> None:
    """Add to the end of a file, all of it or nothing.

    Raises
    ------
    OSError
        When the disk refuses; the file is then as it was.
    """
    fresh = not path.exists()
    descriptor = opened(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        size = os.fstat(descriptor).st_size
        try:
            _write(descriptor, content)
        except BaseException:
            os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)
    if fresh:
        _settle_names(path.parent)


def set_aside(path: Path) -> None:
    """Take a damaged file out of use, and keep it for whoever wants to look."""
    path.replace(path.with_name(f"{path.name}{DAMAGED}"))


def _write(descriptor: int, content: bytes) -> None:
    """Write all bytes and wait until the disk has them."""
    while content:
        content = content[os.write(descriptor, content) :]
    os.fsync(descriptor)


def _settle(path: Path) -> None:
    """Wait until the disk has a file."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _settle_names(folder: Path) -> None:
    """Wait until the disk has the names in a folder, where folders can be read and waited for."""
    with suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in {EINVAL, ENOTSUP}:
                raise
        finally:
            os.close(descriptor)
