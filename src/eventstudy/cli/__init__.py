"""The command line: arguments and exit codes; what the commands do stands elsewhere."""

from __future__ import annotations

import gc
import os
import sys
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eventstudy.cli.arguments import (
    EVENTS,
    Cache,
    Dask,
    Export,
    Files,
    Force,
    Offline,
    Open,
    Pdf,
    Processes,
    Refresh,
    SourceName,
    Static,
    Watch,
    access_of,
    at_present,
    refused,
    study_files,
    wanted_of,
    workers_of,
)
from eventstudy.cli.bundle import bundle, verify
from eventstudy.cli.completion import completion, man
from eventstudy.cli.data import data
from eventstudy.cli.demo import demo
from eventstudy.cli.doctor import doctor
from eventstudy.cli.listing import list_, schema
from eventstudy.cli.panel import panel
from eventstudy.cli.printing import show_page
from eventstudy.cli.replicate import replicate
from eventstudy.cli.simulate import simulate
from eventstudy.errors import EventStudyError, SpecError
from eventstudy.formats import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

app = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Event studies of policy announcements: YAML in, a report out that anyone can check.",
)
app.add_typer(data, name="data")
app.command()(panel)
app.command()(bundle)
app.command()(verify)
app.command()(replicate)
app.command()(simulate)

Out = Annotated[Path, typer.Option(help="Directory for the reports.")]
NewFile = Annotated[Path, typer.Argument(metavar="FILE", help="The study file to write.")]


@dataclass(slots=True)
class Settings:
    """Global options, as the command line sets them, and the arguments as they were given."""

    arguments: tuple[str, ...]
    debug: bool = False


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Arguments without the program's name; those of the process unless given.

    Returns
    -------
    int
        0 done, 1 a mistake of this program, 2 a mistake of the user, 3 data that cannot be had,
        130 interrupted.
    """
    # many small products: threads would wait for each other longer than they compute
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # a report is many small objects, nearly all of which stay: looking for waste less often saves time
    gc.set_threshold(20_000, 50, 50)
    settings = Settings(tuple(sys.argv[1:] if arguments is None else arguments))
    try:
        app(args=settings.arguments, prog_name="eventstudy", obj=settings)
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0
    except EventStudyError as error:
        return _failed(settings, str(error), error.exit_code)
    except Exception as error:  # noqa: BLE001 - the last resort: no user should see a traceback
        text = (
            f"{type(error).__name__}: {error}\nThis is a mistake of the program, not yours. Please"
            " report it with the output of the same command behind `eventstudy --debug`."
        )
        return _failed(settings, text, 1)
    return 0


def _failed(settings: Settings, message: str, code: int) -> int:
    """Print why a command failed; the traceback only on demand."""
    if settings.debug:
        import traceback

        typer.echo(traceback.format_exc(), err=True)
    typer.echo(message, err=True)
    return code


def _version(wanted: bool) -> None:  # noqa: FBT001 - the parser hands the flag over by position
    if wanted:
        from importlib.metadata import version

        typer.echo(f"eventstudy {version('policy-eventstudy')}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    *,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Take the options that stand before the command."""
    context.obj.debug = debug


@app.command()
def run(  # noqa: PLR0913 - one parameter per option is how the parser wants them
    files: Files = None,
    *,
    out: Out = Path("reports"),
    source: SourceName = "",
    cache: Cache = None,
    offline: Offline = False,
    refresh: Refresh = False,
    export: Export = None,
    pdf: Pdf = False,
    static: Static = False,
    force: Force = False,
    watch: Watch = False,
    open_: Open = False,
    workers: Processes = None,
    dask: Dask = "",
) -> None:
    """Run studies and write their reports."""
    from rich.console import Console

    from eventstudy.report.build import build
    from eventstudy.report.options import Options

    console = Console(highlight=False, markup=False)
    access = access_of(cache, offline=offline, refresh=refresh)
    wanted = wanted_of(export, pdf=pdf)
    options = Options(source, access, wanted, static, force, workers_of(workers, dask))
    studies = study_files(files)
    code = build(studies, out=out, console=console, options=options)
    if open_:
        show_page((out / studies[0].stem if len(studies) == 1 else out) / "index.html")
    if watch:
        _watch(
            files or [EVENTS],
            lambda some: build(
                some, out=out, console=console, options=replace(options, access=at_present(access))
            ),
        )
    raise typer.Exit(code)


def _watch(paths: Sequence[Path], build: Callable[[Sequence[Path]], int]) -> None:
    """Build studies again as they are saved, until the user interrupts; what fails does not end it."""
    from eventstudy.report.watch import watch

    def again(files: Sequence[Path]) -> None:
        try:
            build(files)
        except EventStudyError as error:
            tell(str(error))

    tell = partial(typer.echo, err=True)
    typer.echo("Watching the study files; Ctrl-C ends.")
    watch(paths, again, tell)


@app.command()
def check(files: Files = None) -> None:
    """Check study files and show every mistake."""
    from eventstudy.spec import load

    code = 0
    for path in study_files(files):
        try:
            study = load(path).study
        except SpecError as error:
            typer.echo(str(error), err=True)
            code = max(code, error.exit_code)
        else:
            typer.echo(f"{path}: {study.title} ({counted(len(study.events), 'event')})")
    raise typer.Exit(code)


@app.command()
def new(file: NewFile) -> None:
    """Write a commented study file to start from."""
    template = Path(__file__).parents[1] / "spec" / "template.yaml"
    try:
        with file.open("x", encoding="utf-8") as target:
            target.write(template.read_text(encoding="utf-8"))
    except FileExistsError as error:
        raise refused(file, "file-exists", "exists already; choose another name") from error
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        raise refused(file, "unwritable-file", message) from error
    typer.echo(f"{file} written; change it, then: eventstudy check {file}")


for command in (list_, schema, demo, doctor, completion, man):
    app.command(command.__name__.removesuffix("_"))(command)
