"""Residuals of the estimation windows, one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.language import retold, say
from eventstudy.tables.numbered import by_number, numbered_titles
from eventstudy.tables.table import Cell, Column, Row, Table, figure, number, whole, words

if TYPE_CHECKING:
    from eventstudy.results import StudyResult


def diagnostics(result: StudyResult) -> Table:
    """Return the estimation windows of the headline model with the tests of their residuals."""
    titles = numbered_titles(result.study)
    found = by_number(result.study, labels.headline(result, "diagnostics"))
    rows = tuple(
        (
            Cell(titles[row.event_id], row.event_id, href=f"#{labels.event_anchor(row.event_id)}"),
            words(
                labels.short_name(result.study, row.asset),
                tone=labels.tone(result.study, row.asset),
            ),
            *_numbers(row),
        )
        for row in labels.records(found)
    )
    columns = (
        Column(say("Event")),
        Column(say("Index")),
        *figure("n", "sigma", "R²", "Autocorrelation", "Ljung-Box p", "ARCH p", "Normal p"),
        *figure("Outliers", "Largest"),
    )
    caption = say(
        "Sigma in per cent; autocorrelation at lag 1; Ljung-Box of 10 lags, Engle's test of ARCH with 5, Jarque "
        "and Bera's of normality; outliers beyond four standard deviations, in which the largest is given."
    )
    return Table("table-diagnostics", say("Residuals."), columns, rows, caption)


def _numbers(row: labels.Record) -> Row:
    """Return the numbers of one window, and why nothing was tested where nothing was."""
    first = (
        whole(row.n, detail=retold(row.reason)),
        number(row.sigma, formats.per_hundred(row.sigma, 2)),
        number(row.r_squared, formats.number(row.r_squared, 2)),
    )
    if row.reason:
        return (*first, *(Cell(formats.NOTHING) for _ in range(6)))
    return (
        *first,
        number(row.autocorrelation, formats.signed(row.autocorrelation)),
        *(
            number(value, formats.p_value(value))
            for value in (row.ljung_box_p, row.arch_p, row.jarque_bera_p)
        ),
        whole(row.outliers),
        number(row.largest, formats.number(row.largest, 1)),
    )
