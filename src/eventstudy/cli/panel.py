"""The command ``eventstudy panel``: its options, and what it prints."""

from __future__ import annotations

import re
import shlex
from enum import StrEnum
from functools import partial
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eventstudy.cli.arguments import (
    Dask,
    Export,
    Language,
    Open,
    Pdf,
    Processes,
    Static,
    language_of,
    shown_of,
    wanted_of,
    without_workers,
    workers_of,
)
from eventstudy.cli.printing import show_page
from eventstudy.formats import counted
from eventstudy.language import LANGUAGES

if TYPE_CHECKING:
    from eventstudy.panel import PanelResult
    from eventstudy.spec import Window


class Side(StrEnum):
    """What ``--alternative`` may say."""

    two_sided = "two-sided"
    greater = "greater"
    less = "less"


FURTHEST = 5_000
"""Furthest session from day 0 that a window may reach."""


def _table(text: str, *, folder: bool = False) -> Any:  # noqa: ANN401 - typer gives options no public type
    metavar = "FILE or DIR" if folder else "FILE"
    return typer.Option(exists=True, dir_okay=folder, metavar=metavar, help=text)


def panel(  # noqa: PLR0913 - one parameter per option is how the parser wants them
    context: typer.Context,
    *,
    returns: Annotated[
        Path | None,
        _table(
            "Returns: date and one column per asset, or date, asset, return; or a folder of Parquet.",
            folder=True,
        ),
    ] = None,
    prices: Annotated[
        Path | None,
        _table("Price levels in the place of --returns; the market's table too.", folder=True),
    ] = None,
    events: Annotated[Path, _table("Events: event_id, asset, event_date, groups.")],
    market: Annotated[
        str, typer.Option(metavar="FILE or COLUMN", help="The market: date and one column.")
    ] = "",
    factors: Annotated[Path | None, _table("Factors: date and one column of returns each.")] = None,
    percent: Annotated[
        bool, typer.Option("--percent", help="Returns are in per cent, in every table.")
    ] = False,
    model: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[:OPTION=VALUE]…",
            help="Model, see `eventstudy list models`.  [default: market]",
        ),
    ] = None,
    estimation: Annotated[str, typer.Option(metavar="A:B", help="Estimation window.")] = "-220:-21",
    event_window: Annotated[str, typer.Option(metavar="A:B", help="Event window.")] = "-10:10",
    window: Annotated[
        list[str] | None,
        typer.Option(metavar="A:B", help="Window of a CAR; repeat.  [default: 0:0, -1:1]"),
    ] = None,
    statistic: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Test, see `eventstudy list statistics`; all: those without resampling.  [default: all]",
        ),
    ] = None,
    group: Annotated[
        str, typer.Option(metavar="COLUMN", help="Column of the events to group by.")
    ] = "",
    min_observations: Annotated[
        int | None,
        typer.Option(
            min=2, help="Fewest returns to estimate on.  [default: 100, or all of a shorter window]"
        ),
    ] = None,
    single: Annotated[
        bool, typer.Option("--single", help="Run tests of single events too.")
    ] = False,
    alternative: Annotated[
        Side, typer.Option(help="Side of the p-values in statistics.csv.")
    ] = Side.two_sided,
    seed: Annotated[
        int, typer.Option(min=0, max=2**63 - 1, help="Seed of tests that draw random numbers.")
    ] = 1,
    regress: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN",
            help="Regress the CARs on this column of the events; repeat. Words become dummies.",
        ),
    ] = None,
    errors: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Errors of --regress; repeat: iid, HC0 to HC3, cluster:COLUMN[,COLUMN] (also date, asset),"
            " fama_macbeth[:kernel].  [default: HC3]",
        ),
    ] = None,
    event_time: Annotated[
        bool,
        typer.Option(
            "--event-time",
            help="Regress returns on dummies of event days, with effects of assets and dates.",
        ),
    ] = False,
    memory: Annotated[
        str,
        typer.Option(
            metavar="SIZE",
            help="Read assets from Parquet by chunks and stay below this memory, such as 2GB.",
        ),
    ] = "",
    workers: Processes = None,
    dask: Dask = "",
    report: Annotated[
        bool,
        typer.Option("--report", help="Write report.html, tables and charts, and numbers.json."),
    ] = False,
    language: Language = LANGUAGES[0],
    brackets: Annotated[
        str,
        typer.Option(
            metavar="p|se", help="In brackets beside estimates: p-values or standard errors."
        ),
    ] = "",
    stars: Annotated[
        str,
        typer.Option(metavar="LEVEL,…", help="Stars at these levels, such as 0.1,0.05,0.01."),
    ] = "",
    export: Export = None,
    pdf: Pdf = False,
    static: Static = False,
    open_: Open = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the results.")],
) -> None:
    """Study a panel of securities: CSV, Parquet or Excel in, tidy CSV out."""
    from eventstudy.panel import PAGE, Design, Inputs, check_out, run_panel, write_panel
    from eventstudy.panel.job import MODELS, STATISTICS
    from eventstudy.report.panel import PanelReport

    source = _one_of(returns, prices, percent=percent and not factors)
    command = shlex.join(["eventstudy", *without_workers(context.obj.arguments)])
    who = workers_of(workers, dask)
    most = _most(memory, pages=bool(report or open_ or export or pdf))
    inputs = Inputs(
        returns=source,
        events=events,
        market=market,
        factors=factors,
        prices=prices is not None,
        percent=percent,
    )
    design = Design(
        models=tuple(model or MODELS),
        statistics=tuple(statistic or STATISTICS),
        estimation=parse_window("--estimation", estimation),
        event_window=parse_window("--event-window", event_window),
        windows=tuple(parse_window("--window", text) for text in window or ()),
        group=group,
        min_observations=min_observations,
        single=single,
        alternative=alternative.value,
        seed=seed,
        regress=tuple(regress or ()),
        errors=tuple(errors or ()),
        event_time=event_time,
    )
    shown, wanted = shown_of(brackets, stars), wanted_of(export, pdf=pdf)
    made = PanelReport(report or open_, language_of(language), static, wanted, shown)
    check_out(out)
    result = run_panel(inputs, design, command=command, memory=most, workers=who)
    write_panel(result, out, pages=made.pages(result), more=partial(made.write, result))
    _tell(result, out)
    if open_:
        show_page(out / PAGE)


def _one_of(returns: Path | None, prices: Path | None, *, percent: bool) -> Path:
    """Return the table of the securities, the only one that may be in per cent."""
    source = returns or prices
    if source is None or (returns and prices):
        raise typer.BadParameter("give either --returns or --prices")
    if percent and prices:
        raise typer.BadParameter(
            "returns are in per cent or not, price levels are neither: leave out --percent"
        )
    return source


def _most(memory: str, *, pages: bool) -> int | None:
    """Return the bytes that may be used; None where nothing is said."""
    from eventstudy.panel.chunks import read_memory

    if memory and pages:
        raise typer.BadParameter(
            "pages and exports take the rows of all events at once; leave out --memory, or --report,"
            " --export, --pdf and --open"
        )
    return read_memory(memory) if memory else None


def _tell(result: PanelResult, out: Path) -> None:
    """Print how many events were studied, and what to know of the tables."""
    for note in result.notes:
        typer.echo(f"note: {note}")
    for label, studied in result.studied.items():
        lost = result.events - studied
        why = f", {lost} lost: see {out / 'dropped.csv'}" if lost else ""
        typer.echo(f"{label}: {studied:,} of {counted(result.events, 'event')} studied{why}")
    typer.echo(f"{out}")


def parse_window(option: str, text: str) -> Window:
    """Return the window that ``a:b`` writes.

    Raises
    ------
    typer.BadParameter
        When it writes none.
    """
    from eventstudy.spec import Window

    match = re.fullmatch(r"([+-]?\d{1,6}):([+-]?\d{1,6})", text.strip(), re.ASCII)
    if not match:
        message = f"{text!r} is not a window; write first:last session, such as -1:1"
        raise typer.BadParameter(message, param_hint=option)
    found = Window(int(match[1]), int(match[2]))
    if found.start > found.end:
        message = f"{text} ends before it starts; write {found.end}:{found.start}"
        raise typer.BadParameter(message, param_hint=option)
    if max(-found.start, found.end) > FURTHEST:
        message = f"{text} reaches too far; allowed: -{FURTHEST} to {FURTHEST}"
        raise typer.BadParameter(message, param_hint=option)
    return found
