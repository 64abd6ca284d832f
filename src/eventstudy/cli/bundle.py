"""The commands that write a replication bundle and verify one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from eventstudy.cli.arguments import Cache, Offline, access_of
from eventstudy.cli.printing import show

if TYPE_CHECKING:
    from eventstudy.bundle import Checked

Study = Annotated[Path, typer.Argument(metavar="STUDY", help="The study file.")]
Target = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="PATH", help="A .zip file or a new folder; STUDY-bundle.zip unless given."
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
    Path | None,
    typer.Option(
        "--prices", metavar="FILE", help="Prices for a bundle without: a file of `data freeze`."
    ),
]
Left = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Leave the new output in this folder.")
]


def bundle(  # noqa: PLR0913 - one parameter per option is how the parser wants them
    study: Study,
    *,
    out: Target = None,
    author: Authors = None,
    licence: Licence = "",
    date: Day = None,
    prices: Included = None,
    cache: Cache = None,
    offline: Offline = False,
) -> None:
    """Run a study and write its replication bundle, which anyone can run again."""
    from eventstudy.bundle import Given, write_bundle
    from eventstudy.bundle.archive import pack
    from eventstudy.errors import OptionError, ReportError
    from eventstudy.writing import replace_file

    target = out or Path(f"{study.stem}-bundle.zip")
    if (
        target.suffix != ".zip"
        and target.exists()
        and (not target.is_dir() or any(target.iterdir()))
    ):
        raise OptionError(f"--out {target} is there already; name a new folder, or a .zip file")
    given = Given(tuple(author or ()), licence, _day(date), prices)
    with TemporaryDirectory(prefix="eventstudy-") as place:
        folder = Path(place) / target.stem
        folder.mkdir()
        write_bundle(study, folder, given, access_of(cache, offline=offline))
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.suffix == ".zip":
                replace_file(target, lambda fresh: pack(folder, fresh))
            else:
                _copy(folder, target)
        except OSError as error:
            raise ReportError(f"{target} cannot be written: {error.strerror or error}") from error
    typer.echo(f"{target} written; eventstudy verify {target} runs it again")


def _day(given: datetime | None) -> str:
    """Return the day of a bundle."""
    return str(given.date() if given else _today())


def _today() -> date:
    """Return the day on which the command runs."""
    return datetime.now(UTC).date()


def _copy(folder: Path, target: Path) -> None:
    """Write a bundle as a folder."""
    import shutil

    shutil.copytree(folder, target, dirs_exist_ok=True)


def verify(source: Source, *, prices: Brought = None, out: Left = None) -> None:
    """Run a bundle again without network and compare every number."""
    from eventstudy.bundle import verify as verified

    found = verified(source, prices=prices, out=out)
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
    lines = [f"changed since it was written: {text}" for text in found.changed]
    if found.versions:
        lines.append(f"other versions than in the bundle: {', '.join(found.versions)}")
    if found.files:
        shown = ", ".join(found.files[:3]) + (
            f" and {len(found.files) - 3} more" if len(found.files) > 3 else ""
        )
        lines.append(f"other bytes, without numbers of their own: {shown}")
    if found.first:
        lines.append(f"first difference: {found.first}")
    verdict = "MATCH" if found.matches else "DIFF"
    lines.append(f"{verdict}: {found.cells:,} cells compared, {found.differing:,} differ")
    return lines
