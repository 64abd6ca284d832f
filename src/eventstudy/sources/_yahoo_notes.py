"""What the client of Yahoo notes for itself, cookies and time zones: in the cache, and readable."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from eventstudy.errors import DataError
from eventstudy.store.disk import make_folder, refuse_links, saying, set_aside

if TYPE_CHECKING:
    from pathlib import Path


def ready_notes(cache: Path) -> Path:
    """Return the folder of the client's notes, made, without notes that the client could not read.

    It would fail on them in every run, and they are soon written anew.

    Raises
    ------
    DataError
        When the cache cannot be used, or the folder is a link.
    """
    folder = cache / "yfinance"
    refuse_links(cache, folder)
    with saying(cache):
        if folder.exists() and not folder.is_dir():
            set_aside(folder)
        make_folder(folder)
        for path in folder.glob("*.db"):
            if not _readable(path):
                for part in folder.glob(f"{path.name}*"):
                    part.unlink()
    return folder


def fault_of_notes(error: Exception, folder: Path) -> DataError | None:
    """Return what an exception says where it comes from the notes and not from Yahoo; else nothing."""
    if not any(kind.__module__ in {"peewee", "sqlite3"} for kind in type(error).__mro__):
        return None
    return DataError(
        f"the cache {folder.parent} cannot be used ({error}: {folder}); what it held is whole: make room"
        " or give yourself the right to read and write there, or use another cache by `--cache DIR`"
    )


def _readable(path: Path) -> bool:
    """Tell whether a file of notes is whole, or only busy."""
    if path.is_symlink() or not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(path, timeout=1)) as notes:
            found: str = notes.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError:
        return True
    except sqlite3.DatabaseError:
        return False
    return found == "ok"
