"""Kinds of event side by side, the events signed by what was expected, and power."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.tables.table import Cell, Column, Row, Table, figure, number, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from eventstudy.results import StudyResult

DAYS = (5, 20)
"""Sessions after the reaction that are tabulated."""
QUESTIONS = {
    "direction": "Expected sign",
    "surprise": "Reaction and expectation",
    "state": "The 20 sessions before",
    "run_up": "The five sessions before",
}
SIDES = {
    ("direction", "up"): "expected up",
    ("direction", "down"): "expected down",
    ("surprise", "as_expected"): "moved as expected",
    ("surprise", "against"): "moved the other way",
    ("state", "after_fall"): "a fall of more than 10%",
    ("state", "otherwise"): "no such fall",
    ("run_up", "same_way"): "abnormal return in the direction of the reaction",
    ("run_up", "otherwise"): "in the other direction",
}
KINDS_CAPTION = (
    "Drift: the mean CAR after the reaction in its direction, per cent, beside the mean over sets of "
    "matched days; p of each kind, and of the difference between the two."
)
KINDS_NOTE = (
    "Where the question can be put to days without an event, matched days have the same answer: events "
    "after a fall stand beside days after a fall. A question that was chosen among four after looking "
    "needs a p four times as small."
)
SIGNED_CAPTION = (
    "Mean CAR in the direction expected, per cent; in grey the placebo p, among relabelled events that "
    "keep their signs."
)


def kinds(result: StudyResult) -> Table:
    """Return the drift of two kinds of event, question by question and index by index."""
    found = labels.headline(result, "kinds")
    found = found[found["k"].isin(DAYS)]
    days = sorted(set(found["k"]))
    rows: list[Row] = []
    for (kind, asset), mine in found.groupby(["kind", "asset"], sort=False):
        if (mine["n"] > 0).groupby(mine["side"]).any().all():
            rows += _question(result, (str(kind), str(asset)), mine, days)
    each = [formats.session(day) for day in days]
    sides = [title for day in each for title in (f"Drift to {day}", "Matched", "p")]
    columns = (
        Column("Question"),
        Column("Events"),
        *figure("n", *sides, *(f"p, difference to {day}" for day in each)),
    )
    heading = "table-kinds", "Which reactions last?"
    return Table(*heading, columns, tuple(rows), KINDS_CAPTION, (KINDS_NOTE,))


def _question(
    result: StudyResult, key: tuple[str, str], mine: pd.DataFrame, days: list[int]
) -> list[Row]:
    """Return the two rows of one question in one index."""
    kind, asset = key
    at = {(row.side, row.k): row for row in labels.records(mine)}
    sides = list(dict.fromkeys(mine["side"]))
    lead = Cell(
        QUESTIONS[kind],
        value=f"{kind}, {asset}",
        detail=labels.short_name(result.study, asset),
        tone=labels.tone(result.study, asset),
        rows=len(sides),
    )
    differences = tuple(
        number(row.difference_p, formats.p_value(row.difference_p))
        for row in (at[sides[0], day] for day in days)
    )
    said = tuple(words("") for _ in days)
    rows = []
    for position, side in enumerate(sides):
        first = at[side, days[0]]
        cells = (words(SIDES[kind, side]), number(first.n, str(first.n)))
        drifts = tuple(cell for day in days for cell in _drift(at[side, day]))
        rows.append((*cells, *drifts, *said) if position else (lead, *cells, *drifts, *differences))
    return rows


def _drift(row: labels.Record) -> tuple[Cell, ...]:
    """Return a drift, that of the matched days, and its p."""
    return (
        number(row.drift, formats.percent(row.drift)),
        number(row.drift_matched, formats.percent(row.drift_matched)),
        number(row.drift_p, formats.p_value(row.drift_p)),
    )


def signed(result: StudyResult) -> Table:
    """Return the means of every window in the direction expected, by index."""
    heading = "table-signed", "Before, on and after, in the direction expected."
    return _signed(result, heading, labels.groups(result)[-1:])


def signed_by_category(result: StudyResult) -> Table | None:
    """Return the same for every category; None for a single one."""
    *named, _ = labels.groups(result)
    return _signed(result, ("table-signed-by-category", ""), named) if named else None


def _signed(result: StudyResult, heading: tuple[str, str], groups: Sequence[str]) -> Table:
    """Return the rows of some groups."""
    found = labels.headline(result, "signed")
    found = found[found["group"].isin(groups)]
    windows = [(window.start, window.end) for window in result.study.windows]
    rows = []
    for (group, asset), mine in found.groupby(["group", "asset"], sort=False):
        at = {(row.window_start, row.window_end): row for row in labels.records(mine)}
        n = int(mine["n"].max())
        rows.append(
            (
                Cell(formats.capital(labels.group_name(str(group))), value=str(group)),
                words(
                    labels.short_name(result.study, str(asset)),
                    tone=labels.tone(result.study, str(asset)),
                ),
                number(n, str(n)),
                *(
                    number(
                        at[window].mean,
                        formats.percent(at[window].mean),
                        detail=formats.p_value(at[window].p_value),
                    )
                    for window in windows
                ),
            )
        )
    titles = [formats.capital(formats.window(*window)) for window in windows]
    columns = (Column("Events"), Column("Index"), *figure("n", *titles))
    return Table(*heading, columns, tuple(rows), SIGNED_CAPTION)


def power_table(table_id: str, curve: pd.DataFrame) -> Table:
    """Return the numbers behind the power curves of one index.

    Parameters
    ----------
    table_id : str
        Anchor.
    curve : DataFrame
        Columns ``n``, ``effect``, ``power``.
    """
    rows = tuple(
        (
            number(row.n, str(row.n)),
            number(row.effect, formats.number(100 * row.effect)),
            number(row.power, formats.share(row.power)),
        )
        for row in labels.records(curve)
    )
    return Table(table_id, "", figure("Events", "True effect, per cent", "Power"), rows)
