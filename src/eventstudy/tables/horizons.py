"""Returns over the sessions that followed, with what any other time would have given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.language import derived, marked, say, sentences
from eventstudy.tables.table import Cell, Column, Row, Table, chance, figure, number, whole

if TYPE_CHECKING:
    import pandas as pd

    from eventstudy.results import StudyResult

CAPTION = marked(
    "Returns from the close before day 0, per cent, nothing deducted; rises with their Wilson interval "
    "in grey."
)
NOTE = marked(
    "All sessions: the same over every session of the index that could have been a day 0. p: placebo, "
    "the share of rises among events moved to other days of their strata; it concerns the column Rose."
)
FEWEST = 2
"""Events of a category from which on shares are printed."""


def horizons(result: StudyResult) -> Table:
    """Return the horizons of all events, index by index."""
    found = labels.cell(result.frames["horizons"], group=labels.groups(result)[-1])
    rows: list[Row] = []
    for asset in [each for each in result.study.assets if (found["asset"] == each).any()]:
        mine = labels.found(found, asset=asset)
        for position, row in enumerate(mine):
            cells = (whole(row.sessions), *_cells(row))
            rows.append(cells if position else (_index(result, asset, len(mine)), *cells))
    columns = (Column(say("Index")), *figure("Sessions"), *_titles())
    notes = (say(NOTE), *chance(found["p_value"], result.study.alpha))
    return Table("table-horizons", say("All events."), columns, tuple(rows), say(CAPTION), notes)


def _index(result: StudyResult, asset: str, rows: int) -> Cell:
    """Return the cell that names an index, over its rows."""
    name, tone = labels.full_name(result.study, asset), labels.tone(result.study, asset)
    return Cell(name, value=asset, tone=tone, rows=rows)


def _titles() -> tuple[Column, ...]:
    """Return the columns of numbers."""
    return (
        *figure("Mean", "Median", "Median, all sessions"),
        *figure("Rose", "Rose, all sessions", "p"),
    )


def _cells(row: labels.Record) -> Row:
    """Return the numbers of one horizon."""
    ends = formats.limits(formats.share(row.up_low), formats.share(row.up_high))
    return (
        number(row.mean, formats.percent(row.mean)),
        number(row.median, formats.percent(row.median)),
        number(row.base_median, formats.percent(row.base_median)),
        number(row.up, formats.part_of(row.up, row.n), detail=ends if row.n else ""),
        number(row.base_up, formats.share(row.base_up)),
        number(row.p_value, formats.p_value(row.p_value)),
    )


def horizons_by_group(result: StudyResult, asset: str) -> Table | None:
    """Return the horizons of every category of two events or more; None for a single category."""
    found = labels.cell(result.frames["horizons"], asset=asset)
    groups = [group for group in dict.fromkeys(found["group"]) if group != labels.ALL]
    shown = [group for group in groups if labels.cell(found, group=group)["n"].max() >= FEWEST]
    if len(groups) < FEWEST or not shown:
        return None
    rows = [row for group in shown for row in _of_group(labels.cell(found, group=group), group)]
    p_values = found[found["group"].isin(shown)]["p_value"]
    left = derived(len(groups) - len(shown), "results/horizons.csv, groups of one event")
    note = say(
        "Not listed: {categories} with one event.", categories=formats.count(left, "category")
    )
    return Table(
        labels.anchor("table-horizons-by-category", asset),
        "",
        (Column(say("Category")), *figure("Sessions"), *_titles()),
        tuple(rows),
        sentences(say("{words}.", words=labels.full_name(result.study, asset)), say(CAPTION)),
        (*([note] if left else []), *chance(p_values, result.study.alpha)),
    )


def _of_group(found: pd.DataFrame, group: str) -> list[Row]:
    """Return the rows of one category, whose name spans them."""
    rows: list[Row] = []
    for position, row in enumerate(labels.records(found)):
        cells = (whole(row.sessions), *_cells(row))
        name = formats.capital(labels.group_name(group))
        lead = Cell(name, value=group, rows=len(found))
        rows.append(cells if position else (lead, *cells))
    return rows
