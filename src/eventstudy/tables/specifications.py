"""Models and samples side by side, as journals print them: one column per specification."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.language import say
from eventstudy.rows import of_model
from eventstudy.tables.joint import in_brackets
from eventstudy.tables.table import Cell, Column, Row, Table, figure, number, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.results import StudyResult

    Rows = Sequence[labels.Record]

MOST_GROUPS = 4
"""Categories up to which each has columns; beyond it all events alone."""


def side_by_side(result: StudyResult, asset: str) -> Table | None:
    """Return the mean CAR by window for every category and model; None for fewer than two of them.

    Parameters
    ----------
    result : StudyResult
        The study.
    asset : str
        One of those that averages are taken over.
    """
    columns = _columns(result, asset)
    if len(columns) < 2:
        return None
    rows = [_means(window, list(columns.values())) for window in result.study.windows]
    return Table(
        labels.anchor("table-specifications", asset),
        say("{index}, models and samples.", index=labels.full_name(result.study, asset)),
        (Column(say("Window")), *figure(*columns)),
        (*rows, (words(say("Events")), *map(_events, columns.values()))),
        say("Mean CAR, per cent; in brackets its standard error over events."),
        plain=say("Mean CAR, per cent."),
    )


def _columns(result: StudyResult, asset: str) -> dict[str, Rows]:
    """Return the rows of every category and model that has a mean of two events, by heading."""
    groups = labels.groups(result)
    shown = groups if len(groups) <= MOST_GROUPS else groups[-1:]
    found: dict[str, Rows] = {}
    for group in shown:
        for choice in result.study.models:
            means = of_model(result.frames["aggregate"], choice.label)
            mine = labels.found(means, group=group, asset=asset)
            if any(row.n > 1 for row in mine):
                found[_heading(group, choice.label, alone=len(shown) == 1)] = mine
    return found


def _heading(group: str, model: str, *, alone: bool) -> str:
    """Return the model, behind its category where there are several."""
    name = formats.capital(labels.term(model))
    if alone:
        return name
    return say("{words}: {name}", words=formats.capital(labels.group_name(group)), name=name)


def _means(window: tuple[int, int], columns: Sequence[Rows]) -> Row:
    """Return the means over one window."""
    start, end = window
    cells = (
        next((row for row in rows if (row.window_start, row.window_end) == (start, end)), None)
        for rows in columns
    )
    return words(formats.capital(formats.window(start, end))), *map(_mean, cells)


def _mean(row: labels.Record | None) -> Cell:
    """Return a mean with its standard error."""
    if row is None:
        return words(formats.NOTHING)
    error = in_brackets(row.std_error) if math.isfinite(row.std_error) else ""
    return number(row.mean, formats.percent(row.mean), detail=error)


def _events(rows: Rows) -> Cell:
    """Return the number of events, from the fewest to the most of any window."""
    fewest, most = min(row.n for row in rows), max(row.n for row in rows)
    if fewest == most:
        return number(most, formats.number(most, 0))
    return words(formats.from_to(formats.number(fewest, 0), formats.number(most, 0)))
