"""What a cache holds, and whether all of it is as it was written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eventstudy.errors import DataError
from eventstudy.store import disk
from eventstudy.store.log import damaged_lines, read_lines, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LOG = "log.jsonl"
"""Name of every log."""


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


def list_entries(layout: Path) -> list[Entry]:
    """Return the downloads below a folder, by source, symbol and time."""
    lines = (line for log in _logs(layout / "downloads") for line in read_lines(log))
    found = [_entry(line) for line in lines if whole(line)]
    return sorted(found, key=lambda each: (each.source, each.symbol, each.downloaded))


def check_files(folder: Path, layout: Path) -> list[Verified]:
    """Hold every listed file and every line of every log against its hash.

    Parameters
    ----------
    folder : pathlib.Path
        The cache, from which places are named.
    layout : pathlib.Path
        Its folder of the present layout.

    Returns
    -------
    list of Verified
        In the order of the paths; nothing is changed.
    """
    return [
        Verified(f"{path.relative_to(folder)}{line}", fault)
        for log in _logs(layout)
        for path, line, fault in _checked(folder, log)
    ]


def unlisted_files(layout: Path) -> list[Path]:
    """Return the files of data that no log lists: a killed process leaves such, and a lost log all of its own."""
    listed = {
        log.with_name(line["file"])
        for log in _logs(layout)
        for line in filter(whole, read_lines(log))
    }
    return sorted(set(layout.rglob("*.parquet")) - listed)


def _checked(folder: Path, log: Path) -> Iterator[tuple[Path, str, str]]:
    """Yield each file of a log, and each damaged line, with what is wrong."""
    try:
        disk.refuse_links(folder, log)
    except DataError as error:
        yield log, "", str(error)
        return
    for number in damaged_lines(log):
        fault = "is torn or was edited; it is not used, and the next download sets it aside"
        yield log, f", line {number}", fault
    listed: dict[str, set[str]] = {}
    for line in filter(whole, read_lines(log)):
        listed.setdefault(line["file"], set()).add(line["file_sha256"])
    for name, hashes in sorted(listed.items()):
        yield log.with_name(name), "", _fault(log.with_name(name), hashes)


def _fault(path: Path, hashes: set[str]) -> str:
    """Return what is wrong with a file."""
    if path.is_symlink():
        return "is a link, and the cache follows none; remove the link"
    if not path.exists():
        return "is not there, or was set aside; download it anew"
    if path.is_file() and disk.hash_of(path) in hashes:
        return ""
    return "is torn or was edited; it is set aside when it is next needed, and downloaded anew"


def _logs(layout: Path) -> list[Path]:
    """Return every log below a folder."""
    disk.refuse_files(*layout.parents[1::-1], layout)
    return sorted(layout.rglob(LOG))


def _entry(line: Mapping[str, Any]) -> Entry:
    return Entry(
        **line["request"],
        **{name: line[name] for name in ("first", "last", "rows", "sha256", "bytes")},
        downloaded=line["at"],
    )
