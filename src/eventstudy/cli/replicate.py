"""The command that recomputes published results."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eventstudy.cli.printing import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eventstudy.replication import Entry, Replication, Row

INSTALL = "pip install 'policy-eventstudy[replication]' brings the data."

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME]...", help="Results to recompute; all unless given."),
]
Page = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write the page of the ledger as well.")
]


def replicate(names: Names = None, *, out: Page = None) -> None:
    """Recompute published results and print how close they come."""
    from eventstudy.replication import replicate as recomputed

    if out is not None and (not out.name or out.is_dir()):
        raise typer.BadParameter(
            f"--out {out} is a folder; name a file in it, such as {out / 'ledger.html'}"
        )
    entries = list(recomputed(tuple(names or ()), _announce))
    show([_ledger_row(entry) for entry in entries])
    for entry in entries:
        _explain(entry, every=bool(names))
    if out is not None:
        _write(entries, out)
    raise typer.Exit(max(_code(entry, named=bool(names)) for entry in entries))


def _announce(result: type[Replication]) -> None:
    """Say which result is on its way where that takes a while."""
    if result.simulates:
        typer.echo(f"{result.name} draws its samples: about a minute", err=True)


def _code(entry: Entry, *, named: bool) -> int:
    """Return 1 for numbers that differ and nobody knows why, 3 for a result that lacks its data."""
    if entry.missing:
        return 3 if named else 0
    return 1 if entry.grade == "fails" and not entry.result.difference else 0


def _ledger_row(entry: Entry) -> Mapping[str, str]:
    """Return one line of the ledger."""
    from eventstudy.replication import GRADES

    return {
        "result": entry.result.name,
        "expected": entry.result.kind,
        **{grade: "" if entry.missing else str(entry.count(grade)) for grade in GRADES[:3]},
        "grade": entry.grade,
        "source": entry.result.cite,
    }


def _explain(entry: Entry, *, every: bool) -> None:
    """Print the numbers of a result, all or those that are not exact, and why they differ."""
    rows = [row for row in entry.rows if every or row.grade == "fails"]
    if entry.missing:
        typer.echo(f"\n{entry.result.name}: not installed: {', '.join(entry.missing)}. {INSTALL}")
    if not rows:
        return
    typer.echo(f"\n{entry.result.name}: {entry.result.title}")
    show(_number_rows(rows))
    if entry.result.difference:
        typer.echo(f"Why: {entry.result.difference}.")


def _number_rows(rows: Sequence[Row]) -> Iterator[Mapping[str, str]]:
    """Yield numbers as the terminal shows them."""
    from eventstudy.replication.page import fixed, found

    for row in rows:
        yield {
            "number": row.what,
            "expected": fixed(row.expected, row.places),
            "found": found(row),
            "grade": row.grade,
        }


def _write(entries: Sequence[Entry], out: Path) -> None:
    """Write the page of the ledger, whole or not at all."""
    from eventstudy.errors import ReportError
    from eventstudy.replication.page import ledger_document
    from eventstudy.report.render import render_document
    from eventstudy.writing import replace_file

    page = render_document(ledger_document(entries))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        replace_file(out, lambda fresh: fresh.write_text(page, encoding="utf-8"))
    except OSError as error:
        raise ReportError(f"{out} cannot be written: {error.strerror}") from error
    typer.echo(f"\n{out}")
