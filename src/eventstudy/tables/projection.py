"""Local projections: the response to events whose sign was expected beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.tables.table import Cell, Column, Row, Table, figure, number, words

if TYPE_CHECKING:
    import pandas as pd

    from eventstudy.results import StudyResult

DAYS = (0, 1, 5, 10, 20)
"""Sessions after day 0 at which the response is tabulated."""
CAPTION = "Cumulative abnormal return in the direction that was expected, per cent; in grey the placebo p."
NOTE = (
    "Joint p: of a response that stays where day 0 put it, by the largest distance from it over all "
    "sessions, among relabelled events."
)


def projections(result: StudyResult) -> Table:
    """Return the responses of every group and index at a few sessions, with the joint test."""
    found = labels.of_groups(result, "projections")
    days = [day for day in DAYS if (found["h"] == day).any()]
    rows = tuple(
        _row(result, mine, days)
        for _, mine in found.groupby(["group", "asset"], sort=False)
        if mine["estimate"].notna().any()
    )
    titles = [formats.capital(formats.window(day, day)) for day in days]
    return Table(
        "table-projections",
        "Responses by category.",
        (Column("Events"), Column("Index"), *figure("n", *titles, "Joint p")),
        rows,
        CAPTION,
        (NOTE, *_reasons(result, found)),
    )


def _row(result: StudyResult, mine: pd.DataFrame, days: list[int]) -> Row:
    """Return the response of one group and index."""
    at = {row.h: row for row in labels.records(mine)}
    first = at[0]
    return (
        Cell(formats.capital(labels.group_name(first.group)), value=first.group),
        words(
            labels.short_name(result.study, first.asset),
            tone=labels.tone(result.study, first.asset),
        ),
        number(first.n, str(first.n)),
        *(_response(at[day]) for day in days),
        number(first.joint_p, formats.p_value(first.joint_p)),
    )


def _response(row: labels.Record) -> Cell:
    """Return one response with its placebo p."""
    return number(row.estimate, formats.percent(row.estimate), detail=formats.p_value(row.p_value))


def _reasons(result: StudyResult, found: pd.DataFrame) -> list[str]:
    """Say why responses or their errors are missing: one sentence per reason, with the groups."""
    concerned: dict[str, dict[str, None]] = {}
    for row in labels.records(found[found["reason"].fillna("") != ""]):
        where = f"{labels.group_name(row.group)} ({labels.short_name(result.study, row.asset)})"
        concerned.setdefault(row.reason, {})[where] = None
    return [
        f"{formats.capital(formats.listing(places))}: {reason}."
        for reason, places in concerned.items()
    ]
