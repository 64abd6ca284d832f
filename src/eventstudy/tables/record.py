"""What was checked, what was lost, and where the prices come from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.language import join, marked, retold, say
from eventstudy.tables.numbered import by_number, numbered_titles
from eventstudy.tables.table import Cell, Column, Row, Table, figure, number, whole, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from eventstudy.results import StudyResult
    from eventstudy.sources.base import Series

ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
PRESS_CAPTION = marked("Per cent of the previous close.")
PRESS_NOTE = marked(
    "PASS: within 0.15 points. A figure taken during the session, or on a day without the price it "
    "needs, cannot be measured with daily data and is left for review."
)


def _press_columns() -> tuple[Column, ...]:
    """Return the columns of printed figures."""
    return (
        Column(say("Index")),
        Column(say("Session")),
        Column(say("Figure")),
        *figure("Printed", "Measured", "Difference"),
        Column(say("Check")),
    )


def printed(result: StudyResult) -> pd.DataFrame:
    """Return the frame ``press`` with what is to be said of each figure in the column ``note``."""
    return result.frames["press"].assign(note=result.frames["press_notes"]["note"])


def press(result: StudyResult, rows: pd.DataFrame) -> Table:
    """Return printed figures of the whole study beside the measured ones, in per cent.

    Parameters
    ----------
    result : StudyResult
        The study.
    rows : DataFrame
        Rows of :func:`printed`.
    """
    titles = labels.titles(result.study)
    cells = tuple(
        (
            Cell(titles[key], value=key, href=f"#{labels.event_anchor(key)}"),
            *_press_cells(result, row),
        )
        for row in labels.records(rows)
        for key in [row.event_id]
    )
    columns = (Column(say("Event")), *_press_columns())
    return Table(
        *("table-press", say("Press check."), columns, cells),
        *(say(PRESS_CAPTION), (say(PRESS_NOTE),)),
    )


def press_of_event(result: StudyResult, rows: pd.DataFrame, table_id: str) -> Table:
    """Return printed figures of one event beside the measured ones, in per cent."""
    cells = tuple(_press_cells(result, row) for row in labels.records(rows))
    return Table(table_id, say("Press check."), _press_columns(), cells, say(PRESS_CAPTION))


def _press_cells(result: StudyResult, row: labels.Record) -> Row:
    """Return one printed figure beside the measured one."""
    return (
        words(
            labels.short_name(result.study, row.asset), tone=labels.tone(result.study, row.asset)
        ),
        words(formats.day(row.session)),
        words(say(row.measure)),
        number(row.reported, formats.percent(row.reported)),
        number(row.measured, formats.percent(row.measured)),
        number(row.difference, formats.percent(row.difference)),
        Cell(
            say(row.verdict),
            detail="" if row.verdict == "PASS" else retold(row.note),
            value=row.verdict,
            strong=row.verdict != "PASS",
        ),
    )


def quality(result: StudyResult) -> Table:
    """Return the findings of data checks, one row each; series by their ids, as ``accept`` names them."""
    symbols = {each.instrument: each.symbol for each in result.provenance.series if each.proxy}
    cells = tuple(
        (
            words(f"{row.asset} ({symbols[row.asset]})" if row.asset in symbols else row.asset),
            words(say(row.check)),
            Cell(say(row.status), value=row.status, strong=row.status != "PASS"),
            words(retold(row.finding)),
            words(retold(row.recommendation)),
        )
        for row in labels.records(result.frames["quality"])
    )
    columns = (
        Column(say("Series")),
        Column(say("Check")),
        Column(say("Status")),
        Column(say("Finding")),
        Column(say("What it means")),
    )
    return Table("table-quality", "", columns, cells)


def dropped(result: StudyResult) -> Table:
    """Return the cells that could not be studied; models with one reason share a row."""
    titles = numbered_titles(result.study)
    lost = by_number(result.study, result.frames["dropped"])
    rows = tuple(
        (
            Cell(
                titles.get(str(event), str(event)),
                value=str(event),
                href=f"#{labels.event_anchor(str(event))}",
            ),
            words(_names(result, asset)),
            words(formats.listing(labels.term(model) for model in models)),
            words(say(str(stage))),
            words(say("{words}.", words=formats.capital(retold(str(reason))))),
        )
        for (event, asset, stage, reason), models in lost.groupby(
            ["event_id", "asset", "stage", "reason"], sort=False
        )["model"]
    )
    columns = (
        Column(say("Event")),
        Column(say("Index")),
        Column(say("Model")),
        Column(say("Stage")),
        Column(say("Reason")),
    )
    return Table("table-dropped", say("Not studied."), columns, rows)


def _names(result: StudyResult, asset: object) -> str:
    """Return an index's short name."""
    return labels.short_name(result.study, str(asset))


def series(result: StudyResult) -> Table:
    """Return the provenance of every price series."""
    rows = tuple(
        (
            words(one.instrument),
            words(formats.from_to(formats.day(one.first), formats.day(one.last))),
            whole(one.n_obs),
            words(_origin(one)),
            words(one.licence),
            words(one.sha256[:12]),
        )
        for one in result.provenance.series
    )
    columns: Sequence[Column] = (
        Column(say("Series")),
        Column(say("Range")),
        *figure("Days"),
        Column(say("Origin")),
        Column(say("Terms")),
        Column(say("sha256")),
    )
    return Table("table-series", say("Price series."), tuple(columns), rows)


def origins(result: StudyResult) -> Table | None:
    """Return how many cells of each series come from which source; None where each has one."""
    rows = result.frames["origins"]
    if not rows["asset"].duplicated().any():
        return None
    cells = tuple(
        (
            words(row.asset),
            words(f"{row.source} {row.symbol}"),
            whole(row.n),
            words(ISO.sub(lambda found: formats.day(found[0]), row.listed)),
        )
        for row in labels.records(rows)
    )
    columns = (Column(say("Series")), Column(say("Source")), *figure("Days"), Column(say("Dates")))
    return Table("table-origins", say("Cells by source."), columns, cells)


def _origin(one: Series) -> str:
    """Return where a series comes from, what it is, and when it was had."""
    stands = say("{fund}, which stands for the index", fund=one.proxy) if one.proxy else ""
    worked = say("dividends worked in") if one.adjusted else ""
    when = say("downloaded {day}", day=formats.day(one.downloaded)) if one.downloaded else ""
    return join((one.origin, stands, worked, when), say("; "))
