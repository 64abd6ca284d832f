"""The command that measures size and power of tests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eventstudy.cli.printing import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from eventstudy.simulate import SimulationResult

File = Annotated[Path, typer.Argument(metavar="FILE", help="The design, YAML.")]
Out = Annotated[Path, typer.Option(metavar="DIR", help="Folder for the results.")]
Processes = Annotated[
    int | None,
    typer.Option("--workers", min=1, max=1024, help="Local processes; all cores unless given."),
]
Dask = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Scheduler of a Dask cluster that does the work.")
]


def simulate(
    file: File,
    *,
    out: Out = Path("simulation"),
    workers: Processes = None,
    dask: Dask = "",
) -> None:
    """Measure size and power of tests under a design."""
    from eventstudy.simulate import Workers, load
    from eventstudy.simulate import simulate as simulated
    from eventstudy.simulate.write import check_folder, write_simulation

    design = load(file)
    check_folder(out)
    result = simulated(design, Workers(workers or os.cpu_count() or 1, dask))
    write_simulation(result, out)
    show(_verdicts(result))
    typer.echo(f"{out / 'index.html'}")


def _verdicts(result: SimulationResult) -> Iterator[Mapping[str, str]]:
    """Yield one line per statistic: in how many designs it keeps its level."""
    none = result.frame[(result.frame["effect"] == 0) & (result.frame["tests"] > 0)]
    for statistic, rows in none.groupby("statistic", sort=False):
        counts = rows["verdict"].value_counts()
        yield {
            "statistic": str(statistic),
            **{name: str(counts.get(name, 0)) for name in ("sized", "over", "under")},
            "lowest %": f"{100 * rows['rate'].min():.1f}",
            "highest %": f"{100 * rows['rate'].max():.1f}",
        }
