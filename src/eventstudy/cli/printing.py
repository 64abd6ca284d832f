"""Tables on the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


def show(rows: Iterable[Mapping[str, str]]) -> None:
    """Print a table: drawn on a terminal, plain aligned columns elsewhere."""
    table = [list(row.items()) for row in rows]
    lines = [[name for name, _ in table[0]], *([value for _, value in row] for row in table)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    if sys.stdout.isatty():
        _draw(lines, widths)
        return
    for line in lines:
        cells = (value.ljust(width) for value, width in zip(line, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


def show_page(page: Path) -> None:
    """Open a page in the browser of the user, where it was written."""
    import webbrowser

    if page.exists() and not webbrowser.open(page.resolve().as_uri()):
        typer.echo(f"no browser can be opened; the page is {page}", err=True)


def _draw(lines: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    """Draw a table as wide as the terminal; long texts wrap, names, dates and hashes do not."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    header, *rest = lines
    drawn = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name, width in zip(header, widths, strict=True):
        drawn.add_column(name, no_wrap=width <= 16, overflow="fold")
    for line in rest:
        drawn.add_row(*line)
    Console(highlight=False, markup=False).print(drawn)
