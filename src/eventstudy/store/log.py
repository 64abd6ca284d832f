"""A log of one JSON object per line, each with its own check sum; lines are only ever added."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from eventstudy.store.disk import DAMAGED, append, read, write_bytes
from eventstudy.store.download import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Line = dict[str, Any]

CHECK = "check"
"""Key of the check sum."""


def add_line(path: Path, fields: Mapping[str, Any]) -> None:
    """Add a line; whoever calls holds the lock.

    Parameters
    ----------
    path : pathlib.Path
        The log. A torn last line is cut off first, and an edited line moved to ``*.damaged``.
    fields : mapping of str
        What the line says.

    Raises
    ------
    OSError
        When the disk refuses; the log is then as it was.
    """
    _mend(path)
    append(path, f"{canonical({**fields, CHECK: _check(fields)})}\n".encode())


def read_lines(path: Path) -> list[Line]:
    """Return the lines that can be read, in their order, none for no log; :func:`whole` checks one."""
    return [fields for fields in map(_parsed, _split(path)) if fields is not None]


def newest_first(lines: list[Line]) -> list[Line]:
    """Return lines by their time, the newest first; of equal times the last one added."""
    return sorted(lines, key=lambda line: str(line.get("at")))[::-1]


def whole(fields: Line) -> bool:
    """Tell whether a line is as it was written."""
    rest = {key: value for key, value in fields.items() if key != CHECK}
    return bool(fields.get(CHECK) == _check(rest))


def damaged_lines(path: Path) -> list[int]:
    """Return the numbers of the lines, from 1, that are not as they were written."""
    return [number for number, text in enumerate(_split(path), start=1) if not _good(text)]


def _mend(path: Path) -> None:
    """Leave only whole lines in a log."""
    texts = _split(path)
    bad = [text for text in texts if not _good(text)]
    ends = not texts or read(path).endswith(b"\n")
    if not bad and ends:
        return
    if bad:
        append(path.with_name(f"{path.name}{DAMAGED}"), b"".join(text + b"\n" for text in bad))
    content = b"".join(text + b"\n" for text in texts if _good(text))
    write_bytes(path, content)


def _split(path: Path) -> list[bytes]:
    """Return the lines of a log as bytes; the last one may be torn."""
    return read(path).splitlines() if path.exists() or path.is_symlink() else []


def _good(text: bytes) -> bool:
    fields = _parsed(text)
    return fields is not None and whole(fields)


def _parsed(text: bytes) -> Line | None:
    """Return what a line says; nothing where it says nothing that can be read."""
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None


def _check(fields: Mapping[str, Any]) -> str:
    """Return the check sum of what a line says."""
    return sha256(canonical(fields).encode()).hexdigest()[:16]
