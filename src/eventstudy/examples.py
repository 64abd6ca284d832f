"""The example studies: events/ of the repository, which a wheel has inside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from eventstudy.errors import DataError, ReportError, UnknownNameError
from eventstudy.program import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Sequence

PLACES = (Path(__file__).with_name(EXAMPLES), Path(__file__).parents[2] / EXAMPLES)
"""Inside the package where it was built as a wheel, and beside the sources."""


def write_examples(folder: Path, names: Sequence[str] = ()) -> list[Path]:
    """Write every example to a folder.

    Parameters
    ----------
    folder : pathlib.Path
        Made when it is not there; files of other names stay.
    names : sequence of str
        Examples that are wanted; all of them unless given.

    Returns
    -------
    list of pathlib.Path
        The studies that are wanted, sorted by name.

    Raises
    ------
    UnknownNameError
        When there is no such example.
    ReportError
        When the folder holds another file under the name of an example, or cannot be written.
    DataError
        When the package was installed without them.
    """
    sources = _sources()
    studies = [file.stem for file in sources if file.suffix == ".yaml"]
    for name in names:
        if name not in studies:
            raise UnknownNameError("example", name, studies)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in sources:
            _write(file.read_bytes(), folder / file.name)
    except OSError as error:
        raise ReportError(f"{folder} cannot be written ({error.strerror})") from error
    return [folder / f"{name}.yaml" for name in studies if name in names or not names]


def _sources() -> list[Path]:
    """Return the files of the examples: studies, the schema, and what teaches the format."""
    for place in PLACES:
        if found := sorted(path for path in place.glob("*.*") if path.is_file()):
            return found
    raise DataError(
        "this installation has no example studies; install the wheel, or clone the source"
    )


def _write(content: bytes, target: Path) -> None:
    """Write a file, unless that would change what the user has there."""
    if target.exists() and target.read_bytes() != content:
        raise ReportError(
            f"{target} is there already and differs from the example; choose another folder"
        )
    target.write_bytes(content)
