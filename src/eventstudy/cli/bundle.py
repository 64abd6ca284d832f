"""The commands that write a replication bundle and verify one."""

from __future__ import annotations

import shlex
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from eventstudy.cli.arguments import Cache, Offline, access_of
from eventstudy.cli.printing import show

if TYPE_CHECKING:
    from eventstudy.bundle import Checked

Studies = Annotated[
    list[Path], typer.Argument(metavar="STUDY…", help="Study files: one bundle of all.")
]
Target = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="PATH",
        help="A .zip file or a new folder; STUDY-bundle.zip, or bundle.zip of several, unless given.",
    ),
]
Authors = Annotated[
    list[str] | None,
    typer.Option("--author", metavar="NAME", help="Name of an author; may be repeated."),
]
Licence = Annotated[
    str, typer.Option("--licence", metavar="SPDX", help="Licence of the bundle, such as CC-BY-4.0.")
]
Day = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Day of the bundle; today unless given."),
]
Included = Annotated[
    bool | None,
    typer.Option(
        "--prices/--no-prices",
        help="Put the prices in, or leave them out; where licences allow unless given.",
    ),
]
Source = Annotated[Path, typer.Argument(metavar="BUNDLE", help="A bundle: zip file or folder.")]
Brought = Annotated[
    list[Path] | None,
    typer.Option(
        "--prices",
        metavar="FILE",
        help="Prices for a bundle without: a file of `data freeze`; may be repeated.",
    ),
]
MOST = 10
"""Changed files that are listed one by one."""
Left = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Leave the new output in this folder.")
]


def bundle(  # noqa: PLR0913 - one parameter per option is how the parser wants them
    studies: Studies,
    *,
    out: Target = None,
    author: Authors = None,
    licence: Licence = "",
    date: Day = None,
    prices: Included = None,
    cache: Cache = None,
    offline: Offline = False,
) -> None:
    """Run studies and write their replication bundle, which anyone can run again."""
    from eventstudy.bundle import Given, write_bundle

    target = out or Path(f"{studies[0].stem}-bundle.zip" if len(studies) == 1 else "bundle.zip")
    _check_free(target)
    given = Given(tuple(author or ()), licence, _day(date), prices)
    with TemporaryDirectory(prefix="eventstudy-") as place:
        folder = Path(place) / target.stem
        folder.mkdir()
        write_bundle(studies, folder, given, access_of(cache, offline=offline))
        _place(folder, target)
    typer.echo(f"{target} written; eventstudy verify {shlex.quote(str(target))} runs it again")


def _check_free(target: Path) -> None:
    """Raise before the run where the bundle cannot go."""
    from eventstudy.errors import OptionError

    if target.suffix == ".zip":
        if target.is_dir():
            raise OptionError(f"--out {target} is a folder; name a .zip file, or a new folder")
    elif target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise OptionError(f"--out {target} is there already; name a new folder, or a .zip file")


def _place(folder: Path, target: Path) -> None:
    """Write a bundle to where it was asked for."""
    from eventstudy.bundle.archive import copy, pack
    from eventstudy.errors import ReportError
    from eventstudy.writing import replace_file

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix == ".zip":
            replace_file(target, lambda fresh: pack(folder, fresh))
        else:
            copy(folder, target)
    except OSError as error:
        raise ReportError(f"{target} cannot be written: {error.strerror or error}") from error


def _day(given: datetime | None) -> str:
    """Return the day of a bundle."""
    return str(given.date() if given else _today())


def _today() -> date:
    """Return the day on which the command runs."""
    return datetime.now(UTC).date()


def verify(source: Source, *, prices: Brought = None, out: Left = None) -> None:
    """Run a bundle again without network and compare every number."""
    from eventstudy.bundle import verify as verified

    found = verified(source, prices=prices or (), out=out)
    show(
        {
            "file": table.file,
            "cells": f"{table.cells:,}",
            "differ": f"{table.differing:,}",
            "bytes": "same" if table.same_bytes else "other",
            "": "DIFF" if table.differing else "MATCH",
        }
        for table in found.tables
    )
    for line in _said(found):
        typer.echo(line)
    raise typer.Exit(0 if found.matches else 1)


def _said(found: Checked) -> list[str]:
    """Return what a replicator has to know, the verdict last."""
    lines = [f"changed since it was written: {text}" for text in found.changed[:MOST]]
    if len(found.changed) > MOST:
        lines.append(f"changed since it was written: {len(found.changed) - MOST} more")
    if found.versions:
        lines.append(f"other versions than in the bundle: {', '.join(found.versions)}")
    if found.code:
        lines.append(f"another program than in the bundle: {_first(found.code)}")
    if found.files:
        why = ", though nothing else differs" if found.promised else ""
        lines.append(f"other bytes than in the bundle{why}: {_first(found.files)}")
    if found.first:
        lines.append(f"first difference: {found.first}")
    verdict = "MATCH" if found.matches else "DIFF"
    lines.append(f"{verdict}: {found.cells:,} cells compared, {found.differing:,} differ")
    return lines


def _first(names: tuple[str, ...]) -> str:
    """Return the first names of a list, and how many more there are."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
