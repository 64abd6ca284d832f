"""Paths that a study file names: they begin at its folder and stay in it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from eventstudy.errors import DataError, closest, shown
from eventstudy.spec.fields import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def _inside(name: str) -> str:
    """Return a path, if it stays in the folder of the study file."""
    path = PurePosixPath(name)
    absolute = path.is_absolute() or PureWindowsPath(name).drive or name.startswith(("\\", "~"))
    if not name.strip() or "\0" in name or absolute or ".." in path.parts:
        message = f"{shown(name)} must be a path inside the folder of this file"
        raise RefusedError("include-outside", message)
    return name


def refuse_absent(folder: Path, names: Iterable[str]) -> None:
    """Raise when files are not there; all of them are named.

    Raises
    ------
    DataError
        With the file beside it that is perhaps meant.
    """
    absent = []
    for name in dict.fromkeys(names):
        path = located(folder, name)
        with suppress(OSError):
            if not path.exists() and not path.is_symlink():
                beside = path.parent.iterdir() if path.parent.is_dir() else ()
                close = closest(path.name, [each.name for each in beside])
                absent.append(f"{path}{f' (did you mean {close!r}?)' if close else ''}")
    if absent:
        some = "does not exist" if len(absent) == 1 else "do not exist"
        raise DataError(
            f"{', '.join(absent)} {some}; a path begins at the folder of the study file, with / between"
            " folders"
        )


Inside = Annotated[str, AfterValidator(_inside)]
"""A path in the options of a source."""


def located(folder: Path, name: str) -> Path:
    """Return where a file lies; a link must not lead out of the folder either.

    Raises
    ------
    DataError
        When one does.
    """
    path = folder / name
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError) as error:
        raise DataError(f"{path} cannot be read ({error})") from error
    if not inside:
        raise DataError(
            f"{path} leads out of the folder of the study file; put the table into the folder"
        )
    return path
