"""Run a bundle again and compare every number."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from eventstudy.bundle import layout
from eventstudy.bundle.archive import DAMAGED, copy
from eventstudy.bundle.compare import READERS, Compared, Difference, compare
from eventstudy.bundle.contents import sums
from eventstudy.bundle.environment import python, requirements, system
from eventstudy.bundle.opening import opened, read_facts
from eventstudy.bundle.rerun import Frozen, rerun
from eventstudy.bundle.software import other_code
from eventstudy.errors import DataError, ReportError
from eventstudy.sources.fingerprint import fingerprint
from eventstudy.sources.written import read_prices, write_prices
from eventstudy.spec import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventstudy.sources.base import Prices

DIFFERENCES = "differences.csv"
"""Every cell that differs, beside the new output."""
KEYS = ("prices", "second_prices")
"""Where a bundle says which prices a study used."""
MANIFEST = "manifest.json"
"""What a run says of itself, with the versions that it ran with: compared as a file, not cell by cell."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a bundle.

    Attributes
    ----------
    changed : tuple of str
        Files whose hash is not that of the list, or that are missing or not listed.
    versions : tuple of str
        Packages of other versions than those of the bundle, as ``name 1.0 -> 1.1``; Python and system too.
    code : tuple of str
        Files of the program in the bundle that differ from those of the program that ran.
    tables : tuple of Compared
        Every file of numbers on either side, compared cell by cell.
    files : tuple of str
        Other files of the output with other bytes, or that one side lacks.
    """

    changed: tuple[str, ...]
    versions: tuple[str, ...]
    code: tuple[str, ...]
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
    def promised(self) -> bool:
        """Whether every file has to have the same bytes: the same versions, program, system and numbers."""
        return not (self.versions or self.code) and all(table.same_bytes for table in self.tables)

    @property
    def matches(self) -> bool:
        """Whether no file was changed, no cell differs, and bytes are the same where that is promised."""
        return not (self.changed or self.differing or (self.promised and self.files))


def verify(source: Path, *, prices: Sequence[Path] = (), out: Path | None = None) -> Checked:
    """Unpack a bundle into an empty place, run it without network and compare every number.

    Parameters
    ----------
    source : pathlib.Path
        A bundle, as a zip file or a folder.
    prices : sequence of pathlib.Path, optional
        Files of `eventstudy data freeze` for a bundle that holds no prices.
    out : pathlib.Path, optional
        Where the new output is left, with ``differences.csv``; nowhere unless given.

    Raises
    ------
    DataError
        When it is no bundle, is damaged, or lacks prices.
    ReportError
        When the folder for the new output is taken, or cannot be written.
    """
    if out is not None:
        _check_free(out)
    with TemporaryDirectory(prefix="eventstudy-") as place:
        folder = opened(source, Path(place) / "bundle")
        facts = read_facts(folder)
        changed = list(_changed(folder))
        fresh = Path(place) / "fresh"
        brought = _brought(prices, facts)
        for each in facts["studies"]:
            file = load(folder / each["study"])
            frozen = _frozen(file.path.parent, each, brought)
            changed += _other_prices(each, frozen)
            rerun(file, frozen, fresh / each["output"], name=each["study"])
        tables, files = _compared(folder, fresh)
        if out is not None:
            _keep(fresh / layout.OUTPUT, out, tables)
        other = _other_code(folder / facts["software"])
        return Checked(tuple(changed), tuple(_other_versions(facts)), other, tables, files)


def _changed(folder: Path) -> Iterator[str]:
    """Yield the files that are not as the list of hashes says."""
    path = folder / layout.SUMS
    if not path.is_file():
        yield f"{layout.SUMS} is missing"
        return
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    here = sums(folder)
    for name in sorted({*listed, *here}):
        if name not in here:
            yield f"{name} is missing"
        elif name not in listed:
            yield f"{name} is not listed"
        elif listed[name] != here[name]:
            yield f"{name} was changed"


def _brought(paths: Sequence[Path], facts: dict[str, Any]) -> dict[str, Prices]:
    """Return the prices that a replicator brings, by fingerprint; those of no study are refused."""
    wanted = [each[key] for each in facts["studies"] for key in KEYS if each[key]]
    found = {}
    for path in paths:
        prices = read_prices(path)
        mark = fingerprint(prices)
        if mark not in wanted:
            marks = ", ".join(each[:12] for each in wanted)
            raise DataError(
                f"{path} has the fingerprint {mark[:12]}, and the bundle was made with {marks}: other prices give"
                " other numbers"
            )
        found[mark] = prices
    return found


def _frozen(home: Path, facts: dict[str, Any], brought: dict[str, Prices]) -> Frozen:
    """Return the prices of a study, or those that were brought."""
    inside = home / layout.PRICES
    if facts["prices"] in brought:
        prices = brought[facts["prices"]]
    elif inside.is_file():
        prices = read_prices(inside)
    else:
        asked = ", ".join(
            f"{each['instrument']} ({each['source']} {each['symbol']})"
            for each in facts["requests"]
        )
        raise DataError(
            f"the bundle holds no prices for {facts['study']}; it used {asked}. If the terms of a source forbid to"
            " pass them on, fetch them, write them with `eventstudy data freeze`, and give the file with --prices"
        )
    lacking = {each["instrument"] for each in facts["requests"]} - set(prices.instruments)
    if lacking:
        raise DataError(
            f"{layout.PRICES} of {facts['study']} has no {', '.join(sorted(lacking))}: these are other prices than those"
            " of the bundle; fetch it again"
        )
    second = home / layout.SECOND
    if facts["second_prices"] in brought:
        write_prices(brought[facts["second_prices"]], second)
    return Frozen(prices, read_prices(second) if second.is_file() else None)


def _other_prices(facts: dict[str, Any], frozen: Frozen) -> list[str]:
    """Return that prices are not those that the bundle says it was made with."""
    second = "" if frozen.second is None else fingerprint(frozen.second)
    marks = dict(zip(KEYS, (fingerprint(frozen.prices), second), strict=True))
    return [
        f"the {key.replace('_', ' ')} of {facts['study']}: {facts[key][:12] or 'none'} -> {mark[:12] or 'none'}"
        for key, mark in marks.items()
        if mark != facts[key]
    ]


def _compared(expected: Path, found: Path) -> tuple[tuple[Compared, ...], tuple[str, ...]]:
    """Return every file of numbers compared cell by cell, and the other files with other bytes."""
    tables, files = [], []
    inside = (path.relative_to(side) for side in (expected, found) for path in _output_of(side))
    for path in sorted(set(inside)):
        old, new = expected / path, found / path
        if path.suffix in READERS and path.name != MANIFEST:
            tables.append(compare(path.as_posix(), old, new))
        elif not (old.is_file() and new.is_file()) or old.read_bytes() != new.read_bytes():
            files.append(path.as_posix())
    return tuple(tables), tuple(files)


def _output_of(folder: Path) -> Iterator[Path]:
    """Yield the files of the output."""
    return (path for path in (folder / layout.OUTPUT).rglob("*") if path.is_file())


def _other_code(wheel: Path) -> tuple[str, ...]:
    """Return the files of the program in a bundle that are not those of the program that runs."""
    try:
        return other_code(wheel)
    except OSError as error:
        return (f"{wheel.name} cannot be read: {error.strerror or error}",)
    except DAMAGED as error:
        return (f"{wheel.name} is damaged: {error}",)


def _other_versions(facts: dict[str, Any]) -> Iterator[str]:
    """Yield the packages of other versions than those that made the bundle."""
    there = {"python": facts["python"], "system": facts["system"], **facts["versions"]}
    here = {"python": python(), "system": system(), **requirements(facts["versions"])}
    for name in sorted({*here, *there}):
        old, new = there.get(name, "none"), here.get(name, "none")
        if old != new:
            yield f"{name} {old} -> {new}"


def _check_free(out: Path) -> None:
    """Raise for a folder that holds what is no output of an earlier check."""
    try:
        taken = out.exists() and not (out.is_dir() and _replaceable(out))
    except OSError as error:
        raise ReportError(f"{out} cannot be read: {error.strerror or error}") from error
    if taken:
        raise ReportError(
            f"{out} is there already and no output of verify; name a new folder with --out"
        )


def _replaceable(out: Path) -> bool:
    """Tell whether a folder is empty, or what an earlier check left."""
    return (out / DIFFERENCES).is_file() or not any(out.iterdir())


def _keep(fresh: Path, out: Path, tables: tuple[Compared, ...]) -> None:
    """Leave the new output, and every cell that differs, in a folder of the user."""
    try:
        if out.exists():
            shutil.rmtree(out)
        copy(fresh, out)
        with (out / DIFFERENCES).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(Difference._fields)
            writer.writerows(each for table in tables for each in table.differences)
    except OSError as error:
        raise ReportError(f"{out} cannot be written: {error.strerror or error}") from error
