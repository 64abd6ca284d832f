"""The store of downloads and of sets of prices in one folder."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from eventstudy.errors import DataError
from eventstudy.store import disk
from eventstudy.store.lock import locked
from eventstudy.store.log import add_line, read_lines, whole
from eventstudy.store.tables import from_parquet, to_parquet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import numpy as np

    from eventstudy.store.download import Download, Request

VERSION = "v1"
"""Folder of this layout; another layout gets another folder."""

LOG = "log.jsonl"
PATIENCE = 30.0
"""Seconds to wait for another process that writes."""


def default_folder() -> Path:
    """Return where the system keeps caches of this program."""
    from platformdirs import user_cache_path

    return user_cache_path("eventstudy", appauthor=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One download in the store.

    Attributes
    ----------
    source, symbol : str
        What was asked.
    options : mapping of str to str
        What else was asked.
    first, last : str
        First and last date, ISO 8601; empty for a download without rows.
    rows : int
        Number of dates.
    downloaded : str
        When, ISO 8601, UTC.
    sha256 : str
        Hash of the content.
    bytes : int
        Size of the file, which equal downloads share.
    """

    source: str
    symbol: str
    options: Mapping[str, str]
    first: str
    last: str
    rows: int
    downloaded: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Verified:
    """One file of the store, or one line of a log, held against its hash.

    Attributes
    ----------
    place : str
        Path from the folder of the cache, with the number of the line where it is one.
    fault : str
        What is wrong and what follows; empty where it is as it was written.
    """

    place: str
    fault: str = ""


@dataclass(frozen=True)
class Store:
    """Downloads and sets of prices, append-only, in a folder that only its owner reads.

    Attributes
    ----------
    folder : pathlib.Path
        The cache; made when something is first written.
    patience : float
        Seconds to wait for another process that writes.

    Notes
    -----
    ``v1/downloads/SOURCE/KEY/log.jsonl`` has a line per download, with a check sum of its own;
    ``SHA256.parquet`` beside it has the content, once for equal downloads. ``v1/prices`` holds whole
    sets of prices by their fingerprint, with a log alike. A file is written under another name, made
    safe and renamed, by one process at a time, which holds ``v1/lock``.
    """

    folder: Path
    patience: float = PATIENCE

    def latest(self, request: Request, *, as_of: np.datetime64 | None = None) -> Download | None:
        """Return the newest download that is whole.

        Parameters
        ----------
        request : Request
            What was asked.
        as_of : datetime64[D], optional
            Last day, UTC, on which it may have been made.

        Returns
        -------
        Download or None
            None where there is none. A file that is not as it was written is set aside as
            ``*.damaged`` and counts as absent.

        Raises
        ------
        DataError
            When the cache cannot be read.
        """
        place = self._place(request)
        with disk.saying(self.folder):
            for line in _newest_first(self._lines(place / LOG)):
                if not whole(line) or line["request"] != request.facts():
                    continue
                if as_of is not None and _time(line).astype("M8[D]") > as_of:
                    continue
                content = self._content(place / line["file"], line["file_sha256"])
                if content is not None:
                    return from_parquet(content, _time(line))
        return None

    def add(self, download: Download) -> None:
        """Add a download; equal content is stored once, each time is noted.

        Raises
        ------
        DataError
            When the cache cannot be written, or another process does not let go of it; what it held
            is whole.
        """
        place = self._place(download.request)
        path = place / f"{download.sha256}.parquet"
        with self._writing(place):
            known = [line for line in self._lines(place / LOG) if line.get("file") == path.name]
            hashes = {line["file_sha256"] for line in known if whole(line)}
            if not hashes or self._damaged(path, hashes):
                disk.write_bytes(path, to_parquet(download))
            add_line(place / LOG, _facts(download, path))

    def _place(self, request: Request) -> Path:
        """Return the folder of the downloads of a request."""
        return self.folder / VERSION / "downloads" / request.source / request.key

    def _lines(self, path: Path) -> list[dict[str, Any]]:
        """Return the lines of a log that can be read."""
        disk.refuse_links(self.folder, path)
        return read_lines(path)

    @contextmanager
    def _writing(self, place: Path) -> Iterator[None]:
        """Hold the lock of the cache, with a folder of it made, and leave nothing half-written there."""
        lock = self.folder / VERSION / "lock"
        disk.refuse_links(self.folder, place)
        with disk.saying(self.folder):
            disk.make_folder(place)
            with locked(lock, limit=self.patience):
                for leftover in place.glob(f"*{disk.NEW}"):
                    leftover.unlink()
                yield

    def _content(self, path: Path, expected: str) -> bytes | None:
        """Return a file that is as it was written; set one aside that is not."""
        try:
            content = disk.read(path)
        except FileNotFoundError:
            return None
        except OSError:
            if not path.is_symlink():
                raise
            content = b""
        if sha256(content).hexdigest() == expected:
            return content
        # Whoever may not write, or must wait too long, still knows that the file is none.
        with suppress(DataError), self._writing(path.parent):
            self._damaged(path, {expected})
        return None

    @staticmethod
    def _damaged(path: Path, hashes: set[str]) -> bool:
        """Tell whether a file is not there as it was written; it is then set aside."""
        if not path.exists() and not path.is_symlink():
            return True
        if not path.is_symlink() and disk.hash_of(path) in hashes:
            return False
        disk.set_aside(path)
        return True


def _facts(download: Download, path: Path) -> dict[str, Any]:
    """Return the line of a download in its log."""
    dates = download.dates
    days = [str(dates.min()), str(dates.max())] if len(dates) else ["", ""]
    return {
        "at": str(download.at),
        "request": download.request.facts(),
        "sha256": download.sha256,
        "file": path.name,
        "file_sha256": disk.hash_of(path),
        "bytes": path.stat().st_size,
        "rows": len(dates),
        "first": days[0],
        "last": days[1],
    }


def _newest_first(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return lines by their time, the newest first; of equal times the last one added."""
    return sorted(lines, key=lambda line: str(line.get("at")))[::-1]


def _time(line: Mapping[str, Any]) -> np.datetime64:
    """Return the time of a line, UTC."""
    import numpy as np

    return np.datetime64(line["at"], "s")
