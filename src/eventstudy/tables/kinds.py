"""Kinds of event side by side, and power."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.language import marked, say
from eventstudy.tables.table import Cell, Column, Row, Table, chance, figure, number, whole, words

if TYPE_CHECKING:
    import pandas as pd

    from eventstudy.results import StudyResult

DAYS = (5, 20)
"""Sessions after the reaction that are tabulated."""
QUESTIONS = {
    "direction": marked("Expected sign"),
    "surprise": marked("Reaction and expectation"),
    "state": marked("The 20 sessions before"),
    "run_up": marked("The five sessions before"),
}
SIDES = {
    ("direction", "up"): marked("expected up"),
    ("direction", "down"): marked("expected down"),
    ("surprise", "as_expected"): marked("moved as expected"),
    ("surprise", "against"): marked("moved the other way"),
    ("state", "after_fall"): marked("a fall of more than 10%"),
    ("state", "otherwise"): marked("no such fall"),
    ("run_up", "same_way"): marked("abnormal return in the direction of the reaction"),
    ("run_up", "otherwise"): marked("in the other direction"),
}
KINDS_CAPTION = marked(
    "Drift: the mean CAR after the reaction in its direction, per cent, beside the mean over sets of "
    "matched days; p of each kind, and of the difference between the two."
)
KINDS_NOTE = marked(
    "Where the question can be put to days without an event, matched days have the same answer: events "
    "after a fall stand beside days after a fall."
)


def kinds(result: StudyResult) -> Table:
    """Return the drift of two kinds of event, question by question and index by index."""
    found = labels.headline(result, "kinds")
    found = found[found["k"].isin(DAYS)]
    days = sorted(set(found["k"]))
    rows: list[Row] = []
    p_values: list[float] = []
    for (kind, asset), mine in found.groupby(["kind", "asset"], sort=False):
        if (mine["n"] > 0).groupby(mine["side"]).any().all():
            rows += _question(result, (str(kind), str(asset)), mine, days)
            p_values += [*mine["drift_p"], *mine.drop_duplicates("k")["difference_p"]]
    each = [formats.session(day) for day in days]
    sides = [
        title
        for day in each
        for title in (say("n to {day}", day=day), say("Drift"), say("Matched"), "p")
    ]
    columns = (
        Column(say("Question")),
        Column(say("Events")),
        *figure(*sides, *(say("p, difference to {day}", day=day) for day in each)),
    )
    heading = "table-kinds", say("Which reactions last?")
    notes = (say(KINDS_NOTE), *chance(p_values, result.study.alpha))
    return Table(*heading, columns, tuple(rows), say(KINDS_CAPTION), notes)


def _question(
    result: StudyResult, key: tuple[str, str], mine: pd.DataFrame, days: list[int]
) -> list[Row]:
    """Return the two rows of one question in one index."""
    kind, asset = key
    at = {(row.side, row.k): row for row in labels.records(mine)}
    sides = list(dict.fromkeys(mine["side"]))
    lead = Cell(
        say(QUESTIONS[kind]),
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
        cells = (words(say(SIDES[kind, side])),)
        drifts = tuple(cell for day in days for cell in _drift(at[side, day]))
        rows.append((*cells, *drifts, *said) if position else (lead, *cells, *drifts, *differences))
    return rows


def _drift(row: labels.Record) -> tuple[Cell, ...]:
    """Return the number of events, their drift, that of the matched days, and its p."""
    return (
        whole(row.n),
        number(row.drift, formats.percent(row.drift)),
        number(row.drift_matched, formats.percent(row.drift_matched)),
        number(row.drift_p, formats.p_value(row.drift_p)),
    )


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
            whole(row.n),
            number(row.effect, formats.per_hundred(row.effect, 2)),
            number(row.power, formats.share(row.power)),
        )
        for row in labels.records(curve)
    )
    return Table(table_id, "", figure("Events", "True effect, per cent", "Power"), rows)
