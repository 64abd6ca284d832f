"""``eventstudy demo``: the studies that come with the package, in a folder of the user's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eventstudy.cli.arguments import Open  # noqa: TC001 - typer reads the annotations
from eventstudy.cli.printing import show_page

Folder = Annotated[Path, typer.Argument(metavar="[FOLDER]", help="Where they go.")]
Names = Annotated[
    list[str] | None,
    typer.Option("--study", metavar="NAME", help="Run this one only; repeat.", show_default=False),
]


def demo(
    folder: Folder = Path("eventstudy-demo"), *, study: Names = None, open_: Open = False
) -> None:
    """Write the example studies to a folder, and run them on the embedded data."""
    from rich.console import Console

    from eventstudy.examples import write_examples
    from eventstudy.report.build import build

    files = write_examples(folder, study or ())
    out = folder / "reports"
    typer.echo(f"{folder}: studies to read and to change; their reports go to {out}")
    code = build(files, out, console=Console(highlight=False, markup=False))
    if open_:
        show_page(out / "index.html")
    raise typer.Exit(code)
