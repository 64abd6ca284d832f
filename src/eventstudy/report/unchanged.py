"""What need not be made again: reports whose causes, and whose files, are as they were left."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from eventstudy.program import identity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

RECORD = "made.json"
"""File beside those of a report that says what they were made from."""


def key_of(*causes: object) -> str:
    """Return one hash for the causes of some files, beside the program itself."""
    return sha256(json.dumps([identity(), *causes], sort_keys=True).encode()).hexdigest()


def record(folder: Path, key: str, files: Iterable[Path] | None = None) -> None:
    """Write down what the files of a folder were made from.

    Parameters
    ----------
    folder : pathlib.Path
        Where they stand.
    key : str
        From :func:`key_of`.
    files : iterable of pathlib.Path, optional
        The files; all in and below `folder` unless given.
    """
    found = [path for path in folder.rglob("*") if path.is_file()] if files is None else files
    hashes = {path.relative_to(folder).as_posix(): _hash(path) for path in sorted(found)}
    text = json.dumps({"key": key, "files": hashes}, ensure_ascii=False, indent=1)
    (folder / RECORD).write_text(f"{text}\n", encoding="utf-8")


def is_unchanged(folder: Path, key: str) -> bool:
    """Tell whether a folder holds what would be made from the same causes: every file, as it was left."""
    try:
        noted = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return bool(noted["key"] == key) and all(
            _hash(folder / name) == digest for name, digest in noted["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False  # none, or an edited one: made again


def _hash(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
