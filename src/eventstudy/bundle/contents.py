"""What a bundle holds, gathered from one run of each study."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.bundle import layout, metadata
from eventstudy.bundle.environment import lock, pinned, python, requirements, system
from eventstudy.bundle.parts import names_of, write_part
from eventstudy.bundle.readme import readme
from eventstudy.bundle.script import LINE, script
from eventstudy.bundle.software import write_wheel
from eventstudy.errors import DataError, OptionError
from eventstudy.sources.base import Access

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from eventstudy.bundle.parts import Part
    from eventstudy.results import StudyResult

_SPDX = re.compile(r"[A-Za-z0-9.+-]+")


@dataclass(frozen=True, slots=True)
class Given:
    """What the author of a bundle says of it.

    Attributes
    ----------
    authors : tuple of str
        Names, or ``Family, Given``; without any the citation names the study's authors as such.
    licence : str
        SPDX identifier under which the bundle is passed on; empty where it is not decided.
    day : str
        Day of the bundle, ISO 8601.
    prices : bool or None
        Whether prices are in the bundle; by default where no licence forbids it.

    Raises
    ------
    OptionError
        When the licence is no SPDX identifier, or a name is empty.
    """

    authors: tuple[str, ...] = ()
    licence: str = ""
    day: str = ""
    prices: bool | None = None

    def __post_init__(self) -> None:
        if self.licence and not _SPDX.fullmatch(self.licence):
            raise OptionError(
                f"--licence {self.licence!r} is no SPDX identifier; write one such as CC-BY-4.0 or MIT"
            )
        if not all(name.strip() and name.isprintable() for name in self.authors):
            raise OptionError("--author needs a name, such as 'Curie, Marie'")


def write_bundle(
    paths: Sequence[Path], folder: Path, given: Given, access: Access | None = None
) -> tuple[StudyResult, ...]:
    """Run studies and write one bundle of them into an empty folder.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        The study files.
    folder : pathlib.Path
        Where the bundle goes; its name is that of the bundle.
    given : Given
        What its author says of it.
    access : Access, optional
        Where the sources of the studies may look.

    Returns
    -------
    tuple of StudyResult
        The results that the bundle holds.

    Raises
    ------
    OptionError
        When two studies have one name.
    DataError
        When prices cannot be had.
    """
    asked = access or Access(paths[0].parent, now=np.datetime64("now", "s"))
    parts = [
        write_part(path, folder, name, asked, prices=given.prices)
        for path, name in zip(paths, names_of(paths), strict=True)
    ]
    wheel = write_wheel(folder / layout.SOFTWARE)
    needed = requirements(frozenset().union(*(part.packages for part in parts)))
    pins = pinned(needed, lock())
    facts = {
        "format": layout.FORMAT,
        "software": wheel.relative_to(folder).as_posix(),
        "python": python(),
        "system": system(),
        "versions": needed,
        "hashed": "--hash" in pins,
        "studies": [part.facts for part in parts],
    }
    rows = list(_rows(parts))
    _write_rows(folder / layout.EXHIBITS, rows)
    _write(folder, layout.FACTS, json.dumps(facts, indent=1, ensure_ascii=False))
    _write(folder, layout.REQUIREMENTS, pins)
    _write(folder, layout.PYTHON, python())
    _write(folder, layout.SCRIPT, script(hashed="--hash" in pins))
    _write(folder, layout.README, readme(folder, parts, given, facts))
    results = tuple(part.result for part in parts)
    metadata.write(folder, parts, given)
    _write_sums(folder)
    return results


def _rows(parts: Sequence[Part]) -> Iterator[tuple[str, ...]]:
    """Yield every table and figure with its study, what makes it, and its file."""
    for part in parts:
        for name, section, file in part.exhibits:
            yield part.facts["study"], name, section, layout.SCRIPT, str(LINE), file


def _write_rows(path: Path, rows: list[tuple[str, ...]]) -> None:
    """Write the map from tables and figures to programs and files."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("study", "exhibit", "section", "program", "line", "file"))
        writer.writerows(rows)


def _write(folder: Path, name: str, text: str) -> None:
    """Write a text with a line end."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"{text.rstrip()}\n", encoding="utf-8")


def sums(folder: Path) -> dict[str, str]:
    """Return the hash of every file of a bundle by name, but of the list of hashes and the new output.

    Raises
    ------
    DataError
        When a file cannot be read.
    """
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        passed_over = name == layout.SUMS or name.startswith(f"{layout.RERUN}/")
        if not passed_over and path.name not in layout.LITTER:
            try:
                found[name] = sha256(path.read_bytes()).hexdigest()
            except OSError as error:
                raise DataError(f"{path} cannot be read: {error.strerror}") from error
    return found


def _write_sums(folder: Path) -> None:
    """Write the hash of every file, as sha256sum does."""
    _write(
        folder, layout.SUMS, "\n".join(f"{digest}  {name}" for name, digest in sums(folder).items())
    )
