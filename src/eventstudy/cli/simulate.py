"""The command that measures size and power of tests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from eventstudy.cli.arguments import Dask, Processes, workers_of
from eventstudy.cli.printing import show
from eventstudy.formats import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from eventstudy.simulate import SimulationResult

T = TypeVar("T")

File = Annotated[Path, typer.Argument(metavar="FILE", help="The design, YAML.")]
Out = Annotated[Path, typer.Option(metavar="DIR", help="Folder for the results.")]
Samples = Annotated[
    int | None,
    typer.Option(min=10, max=1_000_000, help="Samples in place of the file's, to try a design."),
]

TRIAL = 100
"""Samples with which a design is tried."""

LONG = 20
"""Seconds from which the time that a simulation will take is said first."""


def simulate(
    file: File,
    *,
    out: Out = Path("simulation"),
    workers: Processes = None,
    dask: Dask = "",
    samples: Samples = None,
) -> None:
    """Measure size and power of tests under a design."""
    from eventstudy.simulate import load, seconds
    from eventstudy.simulate import simulate as simulated
    from eventstudy.simulate.write import check_out, write_simulation

    who = workers_of(workers, dask, otherwise=os.cpu_count() or 1)
    design = load(file, samples or 0)
    check_out(out)
    if not dask and (long := seconds(design) / who.processes) >= LONG:
        hint = f"; --samples {TRIAL} tries a design" if design.design.samples > TRIAL else ""
        typer.echo(f"About {_duration(long)}{hint}.", err=True)
    result = simulated(design, who, _shown)
    write_simulation(result, out)
    if rows := list(_verdicts(result)):
        show(rows)
    else:
        typer.echo(f"No test could be made: {_reason(result)}.")
    typer.echo(f"{out / 'index.html'}")


def _reason(result: SimulationResult) -> str:
    """Return the first reason why a test could not be made; without one none was asked for at zero effect."""
    reasons = result.frame["reason"]
    return next(filter(None, reasons), "no effect of 0 in the design: see the table of power")


def _duration(seconds: float) -> str:
    """Return a rough time in words."""
    for unit, size in (("hour", 3600), ("minute", 60)):
        if seconds >= size:
            return counted(round(seconds / size), unit)
    return counted(10 * round(seconds / 10), "second")


def _shown(results: Iterable[T], number: int) -> Iterator[T]:
    """Pass results on, with a bar where someone watches."""
    from rich.console import Console
    from rich.progress import track

    console = Console(stderr=True)
    if not console.is_terminal:
        yield from results
        return
    yield from track(results, description="Samples", total=number, console=console, transient=True)


def _verdicts(result: SimulationResult) -> Iterator[Mapping[str, str]]:
    """Yield one line per statistic: in how many designs it keeps its level."""
    none = result.frame[result.null & (result.frame["tests"] > 0)]
    for statistic, rows in none.groupby("statistic", sort=False):
        counts = rows["verdict"].value_counts()
        yield {
            "statistic": str(statistic),
            **{name: str(counts.get(name, 0)) for name in ("sized", "over", "under")},
            "lowest %": f"{100 * rows['rate'].min():.1f}",
            "highest %": f"{100 * rows['rate'].max():.1f}",
        }
