"""The store of downloads and of sets of prices in one folder."""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from eventstudy.errors import DataError, shown
from eventstudy.store import disk
from eventstudy.store.inventory import (
    LOG,
    Entry,
    Verified,
    check_files,
    list_entries,
    unlisted_files,
)
from eventstudy.store.lock import locked
from eventstudy.store.log import add_line, newest_first, read_lines, whole
from eventstudy.store.tables import from_parquet, to_parquet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import numpy as np

    from eventstudy.store.download import Download, Request

VERSION = "v1"
"""Folder of this layout; another layout gets another folder."""

FINGERPRINT = re.compile(r"[0-9a-f]{1,64}")
"""The hash of a set of prices, or how one begins."""

PATIENCE = 30.0
"""Seconds to wait for another process that writes."""


def default_folder() -> Path:
    """Return where the system keeps caches of this program."""
    from platformdirs import user_cache_path

    return user_cache_path("eventstudy", appauthor=False)


@dataclass(frozen=True, slots=True)
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
            for line in self._listed(request, as_of):
                content = self._content(place / line["file"], line["file_sha256"])
                if content is not None:
                    found = from_parquet(content, _time(line))
                    return replace(found, revision=line.get("revision", ""))
        return None

    def made(self, request: Request, *, as_of: np.datetime64 | None = None) -> np.datetime64 | None:
        """Return when the newest download that is listed was made, UTC, whole or not; see :meth:`latest`."""
        with disk.saying(self.folder):
            return next((_time(line) for line in self._listed(request, as_of)), None)

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
            if self._damaged(path):
                disk.write_bytes(path, to_parquet(download))
            self._list(path, download.facts())

    def entries(self) -> list[Entry]:
        """Return every download that is listed, by source, symbol and time.

        Raises
        ------
        DataError
            When the cache cannot be read.
        """
        with disk.saying(self.folder):
            return list_entries(self._layout)

    def verify(self) -> list[Verified]:
        """Hold every listed file and every line of the logs against its hash; nothing is changed.

        Raises
        ------
        DataError
            When the cache cannot be read.
        """
        with disk.saying(self.folder):
            return check_files(self.folder, self._layout)

    def unlisted(self) -> list[Path]:
        """Return the files of data that no log lists, which are not used.

        Raises
        ------
        DataError
            When the cache cannot be read.
        """
        with disk.saying(self.folder):
            return unlisted_files(self._layout)

    def remember(self, fingerprint: str, write: Callable[[Path], object]) -> Path:
        """Keep a whole set of prices under its fingerprint.

        Parameters
        ----------
        fingerprint : str
            64 hexadecimal digits.
        write : callable
            ``write(file)`` fills an empty file; not called when the set is there already.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        DataError
            When the cache cannot be written; what it held is whole.
        ValueError
            When it is no fingerprint.
        """
        if len(fingerprint) != 64 or not FINGERPRINT.fullmatch(fingerprint):
            raise ValueError(f"{fingerprint!r} is no fingerprint")
        place = self._layout / "prices"
        path = place / f"{fingerprint}.parquet"
        with self._writing(place):
            if self._damaged(path):
                disk.write_whole(path, write)
                self._list(path, {})
        return path

    def recall(self, fingerprint: str) -> Path:
        """Return the file of a set of prices.

        Parameters
        ----------
        fingerprint : str
            Its hash, or how the hash begins.

        Raises
        ------
        DataError
            When no set begins so, when several do, or when the file is not as it was written, which
            is then set aside.
        """
        place = self._layout / "prices"
        with disk.saying(self.folder):
            lines = [line for line in self._lines(place / LOG) if whole(line)]
        hashes = {str(line["file"]): line["file_sha256"] for line in lines}
        known = FINGERPRINT.fullmatch(fingerprint)
        found = sorted(name for name in hashes if known and name.startswith(fingerprint))
        if len(found) > 1:
            raise DataError(
                f"{len(found)} sets of prices begin with {fingerprint}: {', '.join(found)}; give more"
                " digits"
            )
        with disk.saying(self.folder):
            if found and self._content(place / found[0], hashes[found[0]]) is not None:
                return place / found[0]
        raise DataError(
            f"the cache {self.folder} has no whole set of prices {shown(fingerprint)}; run the study"
            " that had these prices with `as_of: DATE`, use its frozen file, or name the cache that"
            " has them by `--cache DIR`"
        )

    @property
    def _layout(self) -> Path:
        """The folder of the present layout."""
        return self.folder / VERSION

    def _place(self, request: Request) -> Path:
        """Return the folder of the downloads of a request."""
        return self._layout / "downloads" / request.source / request.key

    def _listed(self, request: Request, as_of: np.datetime64 | None) -> Iterator[dict[str, Any]]:
        """Yield the lines of the downloads of a request until a day, the newest first."""
        for line in newest_first(self._lines(self._place(request) / LOG)):
            mine = whole(line) and line["request"] == request.facts()
            if mine and (as_of is None or _time(line).astype("M8[D]") <= as_of):
                yield line

    def _lines(self, path: Path) -> list[dict[str, Any]]:
        """Return the lines of a log that can be read."""
        disk.refuse_links(self.folder, path)
        return read_lines(path)

    @contextmanager
    def _writing(self, place: Path) -> Iterator[None]:
        """Hold the lock of the cache, with a folder of it made, and leave nothing half-written there."""
        lock = self._layout / "lock"
        disk.refuse_links(self.folder, place / LOG)
        with disk.saying(self.folder):
            disk.make_folder(place)
            with locked(lock, limit=self.patience):
                for leftover in place.glob(f"*{disk.NEW}"):
                    leftover.unlink()
                yield

    def _content(self, path: Path, expected: str) -> bytes | None:
        """Return a file that is as it was written; set one aside that is not."""
        if not path.is_symlink() and (path.is_file() or not path.exists()):
            try:
                content = disk.read(path)
            except FileNotFoundError:
                return None
            if sha256(content).hexdigest() == expected:
                return content
        # Whoever may not write, or must wait too long, still knows that the file is none.
        with suppress(DataError), self._writing(path.parent):
            return None if self._damaged(path) else disk.read(path)
        return None

    def _damaged(self, path: Path) -> bool:
        """Tell whether a file is not there as it was written; it is then set aside."""
        if not path.exists() and not path.is_symlink():
            return True
        regular = path.is_file() and not path.is_symlink()
        if regular and disk.hash_of(path) in self._hashes(path):
            return False
        disk.set_aside(path)
        return True

    def _list(self, path: Path, facts: Mapping[str, Any]) -> None:
        """Add a file to the log beside it; one that cannot be listed, and was not, does not stay."""
        kept = {"file": path.name, "file_sha256": disk.hash_of(path), "bytes": path.stat().st_size}
        try:
            add_line(path.with_name(LOG), {**facts, **kept})
        except BaseException:
            if not self._hashes(path):
                path.unlink()
            raise

    def _hashes(self, path: Path) -> set[str]:
        """Return the hashes that a file has had, by the log beside it."""
        lines = self._lines(path.with_name(LOG))
        same = (line for line in lines if line.get("file") == path.name)
        return {line["file_sha256"] for line in same if whole(line)}


def _time(line: Mapping[str, Any]) -> np.datetime64:
    """Return the time of a line, UTC."""
    import numpy as np

    return np.datetime64(line["at"], "s")
