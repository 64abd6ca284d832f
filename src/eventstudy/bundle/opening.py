"""A bundle brought to an empty place, and what it says of itself, checked before it is believed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from eventstudy.bundle import layout
from eventstudy.bundle.archive import copy, unpack
from eventstudy.errors import DataError

WORDS = ("study", "output", "prices", "second_prices")
"""What is said of each study in words."""
REQUEST = ("instrument", "source", "symbol")


def opened(source: Path, place: Path) -> Path:
    """Return the folder of a bundle: a copy of what was given.

    Parameters
    ----------
    source : pathlib.Path
        A zip file or a folder.
    place : pathlib.Path
        A folder that is not there yet.

    Raises
    ------
    DataError
        When it is no bundle, is damaged or cannot be read.
    """
    if source.is_dir():
        folder = _copy(source, place)
    elif not source.exists():
        raise DataError(f"there is no bundle {source}; `eventstudy bundle STUDY` writes one")
    else:
        place.mkdir(parents=True)
        folder = unpack(source, place)
    if not (folder / layout.FACTS).is_file():
        raise DataError(f"{source} is no bundle: it has no {layout.FACTS}")
    return folder


def _copy(source: Path, place: Path) -> Path:
    """Return a copy of a folder without the output of the script."""
    if not (source / layout.FACTS).is_file():
        raise DataError(f"{source} is no bundle: it has no {layout.FACTS}")
    inside = (
        path for path in source.rglob("*") if path.relative_to(source).parts[0] != layout.RERUN
    )
    strange = next(
        (path for path in inside if path.is_symlink() or not (path.is_file() or path.is_dir())),
        None,
    )
    if strange is not None:
        name = strange.relative_to(source)
        raise DataError(
            f"{source} is refused: {name} is a link or a device; take it out of the folder"
        )

    try:
        copy(source, place, without=layout.RERUN)
    except OSError as error:
        raise DataError(f"{source} cannot be copied: {error.strerror or error}") from error
    return place


def read_facts(folder: Path) -> dict[str, Any]:
    """Return what a bundle says of itself.

    Parameters
    ----------
    folder : pathlib.Path
        Of the bundle.

    Raises
    ------
    DataError
        When it is damaged, of another format, or names files outside of the bundle.
    """
    path = folder / layout.FACTS
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        known = facts["format"]
        if known == layout.FORMAT:
            _check(facts)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise DataError(
            f"{layout.FACTS} of the bundle is damaged ({type(error).__name__}: {error}); fetch it again"
        ) from error
    if known != layout.FORMAT:
        raise DataError(
            f"the bundle has the format {known}, and this version reads {layout.FORMAT}: install the version that it"
            f" was made with, which its {layout.README} names"
        )
    if not _inside(folder, facts["software"], layout.SOFTWARE):
        raise DataError(f"the program {facts['software']} is not in the bundle")
    for each in facts["studies"]:
        if not (
            _inside(folder, each["study"], layout.STUDY) and (folder / each["study"]).is_file()
        ):
            raise DataError(f"the study {each['study']} is not in the bundle")
        if not _inside(folder, each["output"], layout.OUTPUT):
            raise DataError(f"the output {each['output']} is not in the bundle")
    return dict(facts)


def _check(facts: Any) -> None:  # noqa: ANN401 - whatever JSON holds
    """Raise KeyError, TypeError or AttributeError for facts that lack what is read from them."""
    for word in ("software", "python", "system"):
        Path(facts[word])
    facts["versions"].items()
    if not isinstance(facts["studies"], list) or not facts["studies"]:
        raise TypeError("no list of studies")
    for each in facts["studies"]:
        for word in WORDS:
            Path(each[word])
        for request in each["requests"]:
            for word in REQUEST:
                Path(request[word])


def _inside(folder: Path, name: str, part: str) -> bool:
    """Tell whether a path is in a part of the bundle."""
    return (folder / name).resolve().is_relative_to(folder.resolve() / part)
