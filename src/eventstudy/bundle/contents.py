"""What a bundle holds, gathered from one run of a study."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.bundle import layout, metadata
from eventstudy.bundle.environment import python, requirements
from eventstudy.bundle.readme import readme
from eventstudy.bundle.rerun import Frozen, rerun
from eventstudy.errors import DataError
from eventstudy.export.outline import Exhibit, outline
from eventstudy.sources.base import Access
from eventstudy.sources.fingerprint import fingerprint
from eventstudy.sources.written import write_prices
from eventstudy.spec import load
from eventstudy.study.fetching import fetch, fetch_second
from eventstudy.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eventstudy.document import Document
    from eventstudy.results import StudyResult
    from eventstudy.sources.base import Prices
    from eventstudy.spec import StudyFile

PERSONAL = "personal use"
"""What the licence of a source says that does not let its prices be passed on."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the author of a bundle says of it.

    Attributes
    ----------
    authors : tuple of str
        Names; without any the citation names the study's authors as such.
    licence : str
        SPDX identifier under which the bundle is passed on; empty where it is not decided.
    day : str
        Day of the bundle, ISO 8601.
    prices : bool or None
        Whether prices are in the bundle; by default where no licence forbids it.
    """

    authors: tuple[str, ...] = ()
    licence: str = ""
    day: str = ""
    prices: bool | None = None


def write_bundle(
    path: Path, folder: Path, given: Given, access: Access | None = None
) -> StudyResult:
    """Run a study and write its bundle into an empty folder.

    Parameters
    ----------
    path : pathlib.Path
        The study file.
    folder : pathlib.Path
        Where the bundle goes; its name is that of the bundle.
    given : Given
        What its author says of it.
    access : Access, optional
        Where the source of the study may look.

    Returns
    -------
    StudyResult
        The result that the bundle holds.

    Raises
    ------
    DataError
        When prices cannot be had.
    """
    file = load(path)
    access = access or Access(path.parent, now=np.datetime64("now", "s"))
    frozen = _frozen(file, replace(access, folder=path.parent))
    for source in files_of(path):
        target = folder / layout.STUDY / source.relative_to(path.resolve().parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    passed_on = _may_pass_on(frozen) if given.prices is None else given.prices
    if passed_on:
        _write_prices(frozen, folder / layout.STUDY)
    result, document = rerun(
        load(folder / layout.STUDY / path.name), frozen, folder / layout.OUTPUT
    )
    exhibits = list(_exhibits(document))
    _write_rows(folder / layout.EXHIBITS, exhibits)
    facts = _facts(path.name, frozen, passed_on=passed_on)
    _write(folder, layout.FACTS, json.dumps(facts, indent=1, ensure_ascii=False))
    _write(folder, layout.REQUIREMENTS, _locked())
    _write(folder, layout.PYTHON, python())
    _write(folder, layout.SCRIPT, SCRIPT)
    _write(folder, layout.README, readme(result, given, exhibits, facts))
    metadata.write(folder, result, given)
    _write_sums(folder)
    return result


SCRIPT = """#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")"
python -m pip install -r environment/requirements.txt
eventstudy verify . --out rerun
"""
"""The program that makes every table and figure; its last line does."""
LINE = SCRIPT.count("\n")


def files_of(path: Path) -> list[Path]:
    """Return a study file and those that it takes events or days from, each once.

    Parameters
    ----------
    path : pathlib.Path
        A study file.
    """
    found: list[Path] = []
    todo = [path.resolve()]
    while todo:
        here = todo.pop(0)
        if here in found:
            continue
        found.append(here)
        study = load(here).study
        todo += [(here.parent / name).resolve() for name in (*study.events_from, *study.away_from)]
    return found


def _frozen(file: StudyFile, access: Access) -> Frozen:
    """Return the prices that the study uses now."""
    prices = fetch(file.study, access)
    second = None if file.study.second_source is None else fetch_second(file.study, prices, access)
    return Frozen(prices, second)


def _may_pass_on(frozen: Frozen) -> bool:
    """Tell whether no licence of a series forbids to pass it on."""
    return not any(PERSONAL in each.licence for each in _series(frozen))


def _series(frozen: Frozen) -> Iterator[metadata.Series]:
    """Yield where the prices come from."""
    for prices in (frozen.prices, frozen.second):
        if prices is not None:
            yield from (*prices.series, *prices.parts)


def _write_prices(frozen: Frozen, folder: Path) -> None:
    """Write the prices, and those of the second source where there is one."""
    write_prices(frozen.prices, folder / layout.PRICES)
    if frozen.second is not None:
        write_prices(frozen.second, folder / layout.SECOND)


def _facts(name: str, frozen: Frozen, *, passed_on: bool) -> dict[str, object]:
    """Return what `verify` has to know."""
    second: Prices | None = frozen.second
    return {
        "format": layout.FORMAT,
        "study": f"{layout.STUDY}/{name}",
        "prices": fingerprint(frozen.prices),
        "second_prices": "" if second is None else fingerprint(second),
        "prices_included": passed_on,
        "requests": [
            {
                "instrument": each.instrument,
                "source": each.source,
                "symbol": each.symbol,
                "first": each.first,
                "last": each.last,
                "downloaded": each.downloaded,
                "licence": each.licence,
                "sha256": each.sha256,
            }
            for each in _series(frozen)
        ],
        "python": python(),
        "versions": requirements(),
    }


def _locked() -> str:
    """Return the versions as a file of requirements."""
    return "\n".join(f"{name}=={version}" for name, version in requirements().items())


def _exhibits(document: Document) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield every numbered or named table and figure with what makes it, and its file."""
    for piece in outline(document):
        if not isinstance(piece, Exhibit):
            continue
        table = isinstance(piece.block, Table)
        place = f"csv/{piece.block.id}.csv" if table else f"figures/{piece.block.id}-double.svg"
        name = f"{piece.number} {piece.title}".strip() or piece.where
        yield name, piece.where, layout.SCRIPT, str(LINE), f"{layout.OUTPUT}/export/{place}"


def _write_rows(path: Path, rows: list[tuple[str, str, str, str, str]]) -> None:
    """Write the map from tables and figures to programs and files."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("exhibit", "section", "program", "line", "file"))
        writer.writerows(rows)


def _write(folder: Path, name: str, text: str) -> None:
    """Write a text with a line end."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"{text.rstrip()}\n", encoding="utf-8")


def sums(folder: Path) -> dict[str, str]:
    """Return the hash of every file of a bundle but the list of hashes, by name.

    Raises
    ------
    DataError
        When a file cannot be read.
    """
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if name != layout.SUMS:
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
