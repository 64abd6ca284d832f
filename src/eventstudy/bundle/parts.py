"""One study of a bundle: its files, its prices, its run and its tables and figures."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from eventstudy.bundle import layout, metadata
from eventstudy.bundle.environment import optional
from eventstudy.bundle.rerun import Frozen, rerun
from eventstudy.errors import OptionError
from eventstudy.export.outline import Exhibit, outline
from eventstudy.sources.fingerprint import fingerprint
from eventstudy.sources.written import write_prices
from eventstudy.spec import load
from eventstudy.study.fetching import fetch, fetch_second
from eventstudy.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from eventstudy.document import Document
    from eventstudy.results import StudyResult
    from eventstudy.sources.base import Access
    from eventstudy.spec import StudyFile

TABLES = frozenset({".csv", ".parquet", ".xls", ".xlsx"})
"""Files that are the data of a study or a panel, and no study."""
PERSONAL = "personal use"
"""What the licence of a source says that does not let its prices be passed on."""


@dataclass(frozen=True, slots=True)
class Part:
    """One study of a bundle after its run.

    Attributes
    ----------
    result : StudyResult
        What came out.
    facts : dict
        What `verify` has to know of it.
    exhibits : tuple of tuple of str
        Name, section, and file of every table and figure.
    packages : frozenset of str
        Packages of extras that it needs.
    seconds : float
        Wall time of its run.
    """

    result: StudyResult
    facts: dict[str, Any]
    exhibits: tuple[tuple[str, str, str], ...]
    packages: frozenset[str]
    seconds: float


def names_of(paths: Sequence[Path]) -> list[str]:
    """Return the folder of each study below those of all; none for a single study.

    Raises
    ------
    OptionError
        When two studies have one name, or a file is a table.
    """
    table = next((path for path in paths if path.suffix.lower() in TABLES), None)
    if table is not None:
        raise OptionError(
            f"{table} is a table, and a bundle is made of study files. A panel has none: its manifest.json holds command,"
            " versions and the hashes of its tables. To bundle it, write a study file with `source: {name: files, …}` and"
            " `pool_assets: true`"
        )
    names = [path.stem for path in paths]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise OptionError(f"two studies are named {twice}; give each file a name of its own")
    return names if len(names) > 1 else [""]


def write_part(
    path: Path, folder: Path, name: str, access: Access, *, prices: bool | None = None
) -> Part:
    """Run a study and write its part of a bundle.

    Parameters
    ----------
    path : pathlib.Path
        The study file.
    folder : pathlib.Path
        Of the bundle.
    name : str
        Folder of this study below those of all; empty for a single study.
    access : Access
        Where its source may look.
    prices : bool, optional
        Whether prices are in the bundle; where no licence forbids it unless given.
    """
    file = load(path)
    frozen = _frozen(file, replace(access, folder=path.parent))
    copied = _copied(path, folder / layout.STUDY / name)
    included = _may_pass_on(frozen) if prices is None else prices
    if included:
        write_prices(frozen.prices, copied.parent / layout.PRICES)
        if frozen.second is not None:
            write_prices(frozen.second, copied.parent / layout.SECOND)
    place = f"{layout.OUTPUT}/{name}".rstrip("/")
    study = copied.relative_to(folder).as_posix()
    start = time.perf_counter()
    result, document = rerun(load(copied), frozen, folder / place, name=study)
    seconds = time.perf_counter() - start
    facts = {
        "study": study,
        "output": place,
        **_facts(frozen, included=included),
    }
    packages = frozenset(optional(file.study))
    return Part(result, facts, tuple(_exhibits(document, place)), packages, seconds)


def _copied(path: Path, home: Path) -> Path:
    """Copy a study with the files that it takes events or days from; return the copy of the study."""
    files = files_of(path)
    for source in files:
        target = home / source.relative_to(files[0].parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return home / files[0].name


def files_of(path: Path) -> list[Path]:
    """Return a study file and those that it takes events or days from, each once, itself first.

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


def _facts(frozen: Frozen, *, included: bool) -> dict[str, object]:
    """Return what `verify` has to know of prices."""
    keys = ("instrument", "source", "symbol", "first", "last", "downloaded", "licence", "sha256")
    return {
        "prices": fingerprint(frozen.prices),
        "second_prices": "" if frozen.second is None else fingerprint(frozen.second),
        "prices_included": included,
        "requests": [{key: getattr(each, key) for key in keys} for each in _series(frozen)],
    }


def _exhibits(document: Document, output: str) -> Iterator[tuple[str, str, str]]:
    """Yield every numbered or named table and figure with its section and its file."""
    for piece in outline(document):
        if isinstance(piece, Exhibit):
            table = isinstance(piece.block, Table)
            place = f"csv/{piece.block.id}.csv" if table else f"figures/{piece.block.id}-double.svg"
            name = f"{piece.number} {piece.title}".strip() or piece.where
            yield name, piece.where, f"{output}/export/{place}"
