"""Run a bundle again and compare every number."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from eventstudy.bundle import layout
from eventstudy.bundle.archive import unpack
from eventstudy.bundle.compare import Compared, Difference, compare_tables
from eventstudy.bundle.contents import sums
from eventstudy.bundle.environment import python, requirements
from eventstudy.bundle.rerun import Frozen, rerun
from eventstudy.errors import DataError
from eventstudy.sources.fingerprint import fingerprint
from eventstudy.sources.written import read_prices
from eventstudy.spec import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventstudy.sources.base import Prices

DIFFERENCES = "differences.csv"
"""Every cell that differs, beside the new output."""
UNORDERED = ".pdf"
"""Files whose writer orders their objects at random; the SVG beside each has the same drawing."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a bundle.

    Attributes
    ----------
    changed : tuple of str
        Files whose hash is not that of the list, or that are missing or not listed.
    versions : tuple of str
        Packages of other versions than those of the bundle, as ``name 1.0 -> 1.1``.
    tables : tuple of Compared
        Every table of numbers of the bundle, compared cell by cell.
    files : tuple of str
        Other files of the output with other bytes.
    """

    changed: tuple[str, ...]
    versions: tuple[str, ...]
    tables: tuple[Compared, ...]
    files: tuple[str, ...]

    @property
    def cells(self) -> int:
        """Number of cells compared."""
        return sum(table.cells for table in self.tables)

    @property
    def differing(self) -> int:
        """Number of cells that differ."""
        return sum(table.differing for table in self.tables)

    @property
    def first(self) -> Difference | None:
        """The first difference."""
        return next((each for table in self.tables for each in table.differences), None)

    @property
    def matches(self) -> bool:
        """Whether no file was changed and no cell differs."""
        return not self.changed and not self.differing


def verify(source: Path, *, prices: Path | None = None, out: Path | None = None) -> Checked:
    """Unpack a bundle into an empty place, run it without network and compare every number.

    Parameters
    ----------
    source : pathlib.Path
        A bundle, as a zip file or a folder.
    prices : pathlib.Path, optional
        A file of `eventstudy data freeze` for a bundle that holds no prices.
    out : pathlib.Path, optional
        Where the new output is left, with ``differences.csv``; nowhere unless given.

    Raises
    ------
    DataError
        When it is no bundle, is damaged, or lacks prices.
    """
    with TemporaryDirectory(prefix="eventstudy-") as place:
        folder = _opened(source, Path(place) / "bundle")
        facts = _facts(folder)
        changed = tuple(_changed(folder))
        study = folder / facts["study"]
        frozen = _frozen(folder, facts, prices)
        fresh = Path(place) / "output"
        rerun(load(study), frozen, fresh)
        tables, files = _compared(folder / layout.OUTPUT, fresh)
        if out is not None:
            _keep(fresh, out, tables)
    return Checked(changed, tuple(_other_versions(facts)), tables, files)


def _opened(source: Path, place: Path) -> Path:
    """Return the folder of a bundle: a copy of what was given."""
    if source.is_dir():
        if not (source / layout.FACTS).is_file():
            raise DataError(f"{source} is no bundle: it has no {layout.FACTS}")
        links = [path for path in source.rglob("*") if path.is_symlink()]
        if links:
            raise DataError(f"{source} is refused: {links[0].name} is a link")
        return Path(shutil.copytree(source, place))
    if not source.exists():
        raise DataError(f"there is no bundle {source}; `eventstudy bundle STUDY` writes one")
    place.mkdir(parents=True)
    folder = unpack(source, place)
    if not (folder / layout.FACTS).is_file():
        raise DataError(f"{source} is no bundle: it has no {layout.FACTS}")
    return folder


def _facts(folder: Path) -> dict[str, Any]:
    """Return what a bundle says of itself."""
    path = folder / layout.FACTS
    try:
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        known = (
            facts["format"],
            Path(facts["study"]),
            facts["prices"],
            facts["versions"],
            facts["python"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"{layout.FACTS} of the bundle is damaged ({error}); fetch it again"
        ) from error
    if known[0] != layout.FORMAT:
        raise DataError(f"the bundle has the format {known[0]}; this version reads {layout.FORMAT}")
    inside = (folder / known[1]).resolve()
    if not inside.is_relative_to(folder.resolve()) or not inside.is_file():
        raise DataError(f"the study {known[1]} is not in the bundle")
    return facts


def _changed(folder: Path) -> Iterator[str]:
    """Yield the files that are not as the list of hashes says."""
    path = folder / layout.SUMS
    if not path.is_file():
        yield f"{layout.SUMS} is missing"
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    here = sums(folder)
    for name in sorted({*listed, *here}):
        if name not in here:
            yield f"{name} is missing"
        elif name not in listed:
            yield f"{name} is not listed"
        elif listed[name] != here[name]:
            yield f"{name} was changed"


def _frozen(folder: Path, facts: dict[str, Any], given: Path | None) -> Frozen:
    """Return the prices of a bundle, or those that were given."""
    inside = (folder / facts["study"]).parent
    path = given or inside / layout.PRICES
    if given is None and not path.is_file():
        asked = ", ".join(
            f"{each['instrument']} ({each['source']} {each['symbol']})"
            for each in facts["requests"]
        )
        raise DataError(
            f"the bundle holds no prices, for the terms of a source forbid it; it used {asked}. Fetch them, write them"
            " with `eventstudy data freeze`, and give the file with --prices"
        )
    prices = read_prices(path)
    _same_prices(prices, facts["prices"], path, given=given is not None)
    second = inside / layout.SECOND
    return Frozen(prices, read_prices(second) if second.is_file() else None)


def _same_prices(prices: Prices, expected: str, path: Path, *, given: bool) -> None:
    """Raise when prices that a replicator brings are not those of the bundle."""
    found = fingerprint(prices)
    if given and found != expected:
        raise DataError(
            f"{path} has the fingerprint {found[:12]}, and the bundle was made with {expected[:12]}: other prices give"
            " other numbers"
        )


def _compared(expected: Path, found: Path) -> tuple[tuple[Compared, ...], tuple[str, ...]]:
    """Return every table compared cell by cell, and the other files with other bytes."""
    tables, files = [], []
    for path in sorted(path for path in expected.rglob("*") if path.is_file()):
        name = path.relative_to(expected).as_posix()
        other = found / name
        if path.suffix == ".csv" and other.is_file():
            tables.append(compare_tables(f"{layout.OUTPUT}/{name}", path, other))
        elif path.suffix == ".csv":
            lost = Difference(f"{layout.OUTPUT}/{name}", 0, "(file)", "a table", "nothing")
            tables.append(Compared(lost.file, 0, (lost,), same_bytes=False))
        elif path.suffix == UNORDERED:
            continue
        elif not other.is_file() or path.read_bytes() != other.read_bytes():
            files.append(f"{layout.OUTPUT}/{name}")
    return tuple(tables), tuple(files)


def _other_versions(facts: dict[str, Any]) -> Iterator[str]:
    """Yield the packages of other versions than those that made the bundle."""
    here = {"python": python(), **requirements()}
    there = {"python": facts["python"], **facts["versions"]}
    for name in sorted({*here, *there}):
        old, new = there.get(name, "none"), here.get(name, "none")
        if old != new:
            yield f"{name} {old} -> {new}"


def _keep(fresh: Path, out: Path, tables: tuple[Compared, ...]) -> None:
    """Leave the new output, and every cell that differs, in a folder of the user."""
    try:
        shutil.copytree(fresh, out, dirs_exist_ok=True)
        with (out / DIFFERENCES).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(Difference._fields)
            writer.writerows(each for table in tables for each in table.differences)
    except OSError as error:
        raise DataError(f"{out} cannot be written: {error.strerror or error}") from error
