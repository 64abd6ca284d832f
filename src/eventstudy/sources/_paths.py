"""Paths that a study file names: they begin at its folder and stay in it."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from eventstudy.errors import DataError, shown
from eventstudy.spec.fields import RefusedError

if TYPE_CHECKING:
    from pathlib import Path


def _inside(name: str) -> str:
    """Return a path, if it stays in the folder of the study file."""
    path = PurePosixPath(name)
    absolute = path.is_absolute() or PureWindowsPath(name).drive or name.startswith(("\\", "~"))
    if not name.strip() or "\0" in name or absolute or ".." in path.parts:
        message = f"{shown(name)} must be a path inside the folder of this file"
        raise RefusedError("include-outside", message)
    return name


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
    if not path.resolve().is_relative_to(folder.resolve()):
        raise DataError(
            f"{path} leads out of the folder of the study file; put the table into the folder"
        )
    return path
