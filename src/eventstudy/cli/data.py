"""``eventstudy data``: what is embedded or downloaded: fetched, listed, checked, compared, frozen."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eventstudy.cli.arguments import (
    Cache,
    Files,
    Offline,
    SourceName,
    access_of,
    loaded,
    refused,
    study_files,
)
from eventstudy.cli.printing import show
from eventstudy.errors import DataError
from eventstudy.formats import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from eventstudy.results import StudyResult
    from eventstudy.sources.base import Access, Prices
    from eventstudy.spec import Study as StudySpec
    from eventstudy.store import Entry

data = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="The embedded data, and the cache of downloads.",
)

Study = Annotated[Path, typer.Argument(metavar="STUDY", help="A study file.")]
Set = Annotated[
    str,
    typer.Argument(
        metavar="PRICES",
        help="A set of prices: its fingerprint, 12 digits or more, or a file of `data freeze`.",
    ),
]
FROZEN = {"source": ".prices.parquet", "second_source": ".second-prices.parquet"}
"""What the files of frozen prices are called beside a study, by the key of the source."""
SHOWN = 20
"""Lines of a comparison that are printed; the rest is counted."""


@data.command()
def fetch(files: Files = None, source: SourceName = "", cache: Cache = None) -> None:
    """Download anew what studies need, into the cache."""
    old: dict[str, str] = {}
    for path in study_files(files):
        access = replace(access_of(cache, refresh=True), folder=path.parent)
        study = loaded(path, source).study
        for key, prices in _sets(study, access):
            of = " (second source)" if key == "second_source" else ""
            typer.echo(f"{path}{of}: {_print_of(prices)}")
            show(_rows(prices))
            if not (study.as_of or study.fingerprint or study.second_fingerprint):
                old |= _not_renewed(prices, access)
    if old:
        raise DataError(
            f"{len(old)} series could not be downloaded anew, and what the cache has stays in use: "
            + "; ".join(f"{name} ({note})" for name, note in old.items())
        )


@data.command()
def status(cache: Cache = None) -> None:
    """Show what the embedded data and the cache hold, and where it comes from."""
    from eventstudy.sources.snapshot import status_table
    from eventstudy.store import Store, default_folder

    show(status_table())
    store = Store(cache or default_folder())
    rows = list(map(_line, store.entries()))
    typer.echo(f"\nDownloads in {store.folder}{':' if rows else ': none'}")
    if rows:
        show(rows)


@data.command()
def verify(cache: Cache = None) -> None:
    """Hold every file of the cache against its hash."""
    from eventstudy.store import Store, default_folder

    store = Store(cache or default_folder())
    if not store.folder.exists():
        typer.echo(f"there is no cache at {store.folder}: nothing has been downloaded to it")
        return
    damaged = [each for each in store.verify() if each.fault]
    for each in damaged:
        typer.echo(f"{each.place}: {each.fault}", err=True)
    lost = store.unlisted()
    if lost:
        typer.echo(
            f"{counted(len(lost), 'file')} that no log lists, such as {lost[0].relative_to(store.folder)}:"
            " left by a process that was killed, or their log was lost; not used",
            err=True,
        )
    if damaged:
        raise DataError(
            f"{counted(len(damaged), 'fault')} in {store.folder}: what is not as it was written is not"
            " used, and `eventstudy data fetch` downloads anew what is missing"
        )
    typer.echo(
        f"{store.folder}: {counted(len(store.entries()), 'download')}, every file as it was written"
    )


@data.command()
def diff(
    before: Set,
    after: Set,
    study: Annotated[
        Path | None, typer.Option(help="A study: which of its conclusions change?")
    ] = None,
    cache: Cache = None,
) -> None:
    """Show which prices differ between two sets, and which conclusions of a study.

    Conclusions are the outcomes of events, and on which side of the level each p-value of `statistics.csv` is.
    """
    from eventstudy.study.differences import changed_cells, changed_conclusions, summary

    old, new = (_set(name, cache) for name in (before, after))
    cells = changed_cells(old, new)
    typer.echo(f"{len(cells):,} prices differ" if len(cells) else "no price differs")
    if len(cells):
        show(summary(cells))
        typer.echo()
        _first(cells)
    if study is not None:
        found = changed_conclusions(
            *(_result(study, name, prices) for name, prices in ((before, old), (after, new)))
        )
        typer.echo(
            f"\n{study}: {len(found) or 'no'} conclusion{'' if len(found) == 1 else 's'} differ"
        )
        if len(found):
            _first(found)


@data.command()
def freeze(
    study: Study, *, source: SourceName = "", cache: Cache = None, offline: Offline = False
) -> None:
    """Write the exact prices of a study next to it, for whoever reruns it."""
    from eventstudy.sources.written import write_prices
    from eventstudy.writing import replace_file

    access = replace(access_of(cache, offline=offline), folder=study.parent)
    lines = []
    for key, prices in list(_sets(loaded(study, source).study, access)):
        target = study.with_suffix(FROZEN[key])
        try:
            replace_file(target, partial(write_prices, prices))
        except OSError as error:
            why = f"cannot be written: {error.strerror}"
            raise refused(target, "unwritable-file", why) from error
        typer.echo(f"{target} written ({_print_of(prices)})")
        lines.append(f"{key}: {{name: frozen, file: {target.name}}}")
    typer.echo("\n".join([f"in {study} write", *lines]))


def _sets(study: StudySpec, access: Access) -> Iterator[tuple[str, Prices]]:
    """Yield the prices of a study, then those of its second source, with the key that names each."""
    from eventstudy.study.fetching import fetch as fetched
    from eventstudy.study.fetching import fetch_second

    prices = fetched(study, access)
    yield "source", prices
    if study.second_source is not None:
        yield "second_source", fetch_second(study, prices, access)


def _set(name: str, cache: Path | None) -> Prices:
    """Return a set of prices by its fingerprint, or from a file."""
    from eventstudy.sources.written import read_prices
    from eventstudy.store import Store, default_folder

    if Path(name).is_file():
        return read_prices(Path(name))
    return read_prices(Store(cache or default_folder()).recall(name))


def _result(study: Path, name: str, prices: Prices) -> StudyResult:
    """Run a study with a set of prices; what stops it is said of that set."""
    from eventstudy.study import run_study

    try:
        return run_study(loaded(study), prices=prices)
    except DataError as error:
        raise DataError(f"{study} with the prices {name}: {error}") from error


def _print_of(prices: Prices) -> str:
    """Return the fingerprint of some prices, in words."""
    from eventstudy.sources.fingerprint import fingerprint

    return f"fingerprint {fingerprint(prices)}"


def _not_renewed(prices: Prices, access: Access) -> dict[str, str]:
    """Return the series that come from an older download although a new one was asked for, and why."""
    return {
        f"{each.instrument} from {each.source}": each.note
        for each in (*prices.series, *prices.parts)
        if each.downloaded and each.downloaded < str(access.now)
    }


def _rows(prices: Prices) -> list[dict[str, str]]:
    """Return one line per series."""
    return [
        {
            "instrument": each.instrument,
            "source": each.source,
            "symbol": each.symbol,
            "first": each.first,
            "last": each.last,
            "rows": str(each.n_obs),
            "downloaded": each.downloaded,
            "note": each.note,
        }
        for each in prices.series
    ]


def _line(entry: Entry) -> dict[str, str]:
    """Return one download as a line."""
    return {
        "source": entry.source,
        "symbol": entry.symbol,
        "first": entry.first,
        "last": entry.last,
        "rows": f"{entry.rows:,}",
        "downloaded": entry.downloaded,
        "bytes": f"{entry.bytes:,}",
        "sha256": entry.sha256[:12],
    }


def _first(rows: pd.DataFrame) -> None:
    """Print the first rows of a table, and how many more there are."""
    names = list(map(str, rows.columns))
    cells = rows.head(SHOWN).astype(object)
    values = cells.where(cells.notna(), "none").to_numpy().tolist()
    show([dict(zip(names, map(str, row), strict=True)) for row in values])
    if len(rows) > SHOWN:
        typer.echo(f"and {len(rows) - SHOWN:,} more")
