"""A folder as a zip file that every machine writes alike, and back without trusting it."""

from __future__ import annotations

import re
import shutil
import stat
import struct
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from eventstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WHEN = (1980, 1, 1, 0, 0, 0)
"""The time of every entry: the earliest that a zip file knows."""
MOST_FILES, MOST_BYTES, MOST_RATIO = 20_000, 2_000_000_000, 200
"""Bounds of what is unpacked: files, bytes in all, and bytes for each byte of the archive."""
PIECE = 1 << 20
DAMAGED = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error),
    *(EOFError, NotImplementedError, ValueError, RuntimeError),
)
"""What reading a damaged archive may raise."""

_REASON = re.compile(r"\[Errno \d+\] ([^:]+)")


def pack(folder: Path, target: Path) -> None:
    """Write a folder as a zip file: sorted, without times; the same files give the same bytes.

    Parameters
    ----------
    folder : pathlib.Path
        What to pack; its name is the first part of every entry.
    target : pathlib.Path
        The file.
    """
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            add(archive, name, path.read_bytes())


def add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Write one entry without a time."""
    entry = zipfile.ZipInfo(name, WHEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    archive.writestr(entry, content, compresslevel=6)


def copy(source: Path, target: Path, *, without: str = "") -> None:
    """Copy a folder into another one.

    Parameters
    ----------
    source, target : pathlib.Path
        The folders; the second may be there.
    without : str, optional
        A folder at the top of the source that stays behind.

    Raises
    ------
    OSError
        With the first reason, however many files could not be copied.
    """

    def left_out(folder: str, _names: Iterable[str]) -> list[str]:
        return [without] if without and Path(folder) == source else []

    try:
        shutil.copytree(source, target, ignore=left_out, dirs_exist_ok=True)
    except shutil.Error as error:
        name, _, reason = error.args[0][0]
        found = _REASON.match(str(reason))
        raise OSError(f"{Path(name).name}: {found[1] if found else reason}") from error


def unpack(source: Path, folder: Path) -> Path:
    """Unpack a bundle into an empty folder.

    Parameters
    ----------
    source : pathlib.Path
        A zip file.
    folder : pathlib.Path
        Where its files go; nothing is written outside.

    Returns
    -------
    pathlib.Path
        The folder of the bundle inside.

    Raises
    ------
    DataError
        When the archive is damaged, or holds what no bundle holds: paths that lead elsewhere, links,
        encrypted or repeated entries, more than it may.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _refuse(source, entries)
            bound = _bound(source)
            for entry in entries:
                bound -= _extract(archive, entry, folder / entry.filename, bound, source)
    except DAMAGED as error:
        raise DataError(f"{source} is damaged or no zip file ({error}); fetch it again") from error
    except OSError as error:
        raise DataError(f"{source} cannot be read: {error.strerror or error}") from error
    return _home(source, folder)


def _refuse(source: Path, entries: list[zipfile.ZipInfo]) -> None:
    """Raise for what no bundle holds, before a byte is written."""
    names = [entry.filename for entry in entries]
    for found in (_wrong(entry) for entry in entries):
        if found:
            raise DataError(f"{source} is refused: {found}")
    plain = {unicodedata.normalize("NFC", f"{PurePosixPath(name)}").casefold() for name in names}
    if len(plain) < len(names):
        raise DataError(f"{source} is refused: two of its entries have one name")
    if len(names) > MOST_FILES:
        raise DataError(
            f"{source} is refused: it has {len(names):,} files, {MOST_FILES:,} are allowed"
        )
    if sum(entry.file_size for entry in entries) > _bound(source):
        raise DataError(_too_large(source))


def _bound(source: Path) -> int:
    """Return how many bytes may be unpacked."""
    return min(MOST_BYTES, MOST_RATIO * source.stat().st_size)


def _too_large(source: Path) -> str:
    """Return why a bomb is refused."""
    return f"{source} is refused: unpacked it is larger than {MOST_BYTES:,} bytes, or than {MOST_RATIO} times its own size"


def _wrong(entry: zipfile.ZipInfo) -> str:
    """Return what is wrong with an entry; empty for nothing."""
    name, path = entry.filename, PurePosixPath(entry.filename)
    shown = name[:80].encode("unicode_escape").decode()
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or not path.parts:
        return f"the entry {shown} leads out of the folder"
    if any(ord(character) < 32 for character in name):
        return f"the entry {shown} has control characters in its name"
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return f"the entry {shown} is a link or a device"
    if entry.flag_bits & 1:
        return f"the entry {shown} is encrypted"
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return f"the entry {shown} is compressed in a way that no bundle is"
    return ""


def _extract(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, bound: int, source: Path
) -> int:
    """Write one entry and return its bytes, which are counted and not believed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with archive.open(entry) as content, target.open("xb") as file:
        for piece in _pieces(content):
            written += len(piece)
            if written > bound:
                raise DataError(_too_large(source))
            file.write(piece)
    return written


def _pieces(content: object) -> Iterator[bytes]:
    """Yield the bytes of an entry, piece by piece."""
    read = content.read  # type: ignore[attr-defined]  # zipfile's reader has no public type
    while piece := read(PIECE):
        yield piece


def _home(source: Path, folder: Path) -> Path:
    """Return the one folder that an archive holds."""
    inside = list(folder.iterdir())
    if len(inside) == 1 and inside[0].is_dir():
        return inside[0]
    raise DataError(f"{source} is no bundle: it does not hold one folder with everything in it")
