"""Events and groups among other days: what their placebo p-values rest on, alone and read together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.language import marked, retold, say
from eventstudy.tables.table import Cell, Column, Row, Table, figure, number, whole, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from eventstudy.results import StudyResult

TOO_FEW = marked("too few")
"""Printed where a stratum has so few days that no p-value could reach the level."""
EVENTS_CAPTION = marked(
    "Two-sided placebo p of every window; in grey K / L, the windows of L sessions among the K days "
    "that do not overlap (K itself for one day)."
)
EVENTS_NOTE = marked(
    "K: days of the same market in the same third of volatility and of past return, away from every "
    "known event. Floor: 1 / (K + 1), below which no p can lie. A p far below 1 / (K / L) is a "
    "statement about few windows. Holm: p of the reaction adjusted for the number of events and "
    "indices; the reaction is day 0, or days 0 to +1 where price limits may have held day 0 back."
)
GROUPS_CAPTION = marked(
    "Two-sided placebo p of the mean; in grey the p adjusted for all of this table (minP)."
)
ADJUSTED_NOTE = marked(
    "minP: by the minimum of the p-values over all groups, indices and windows in one draw, step by step "
    "(Westfall-Young): the chance of even one false finding. maxT: the same by the maximum of the statistics "
    "(Romano-Wolf), to which groups of one event, with their heavy tails, contribute most. BH and BY: by the "
    "expected share of false findings (Benjamini-Hochberg; Benjamini-Yekutieli under any dependence). Groups "
    "of the same events are counted once."
)


WITHOUT = marked("No p for {what}: {reason}.")
UNADJUSTED = marked("No adjusted p for {what}: {reason}.")


def placebo_events(result: StudyResult) -> Table:
    """Return the placebo p-values of every event with the days behind them."""
    found = labels.headline(result, "placebo")
    windows = _windows(found)
    adjusted = {
        (row.event_id, row.asset): row.p0_adjusted
        for row in labels.records(labels.headline(result, "verdicts"))
    }
    rows: list[Row] = []
    for event in labels.in_order(result.study):
        mine = labels.cell(found, event_id=event.id)
        assets = [asset for asset in result.study.assets if (mine["asset"] == asset).any()]
        for position, asset in enumerate(assets):
            cells = _event(result, labels.cell(mine, asset=asset), adjusted.get((event.id, asset)))
            lead = _lead(result, event.id, len(assets))
            rows.append(cells if position else (lead, *cells))
    titles = [formats.capital(formats.window(*window)) for window in windows]
    columns = (
        Column(say("Event")),
        Column(say("Index")),
        Column(say("Compared with")),
        *figure("K", "Floor", *titles, "Holm"),
    )
    notes = (say(EVENTS_NOTE), *_reasons(result))
    return Table(
        *("table-placebo-events", say("Event by event."), columns, tuple(rows)),
        *(say(EVENTS_CAPTION), notes),
    )


def _windows(frame: pd.DataFrame) -> list[tuple[int, int]]:
    """Return the windows of a frame in their order."""
    rows = labels.records(frame[["window_start", "window_end"]].drop_duplicates())
    return [(row.window_start, row.window_end) for row in rows]


def _lead(result: StudyResult, event_id: str, rows: int) -> Cell:
    """Return the cell that names an event, over the rows of its indices."""
    number_ = labels.numbers(result.study)[event_id]
    title = labels.titles(result.study)[event_id]
    return Cell(
        labels.numbered(number_, title),
        value=event_id,
        href=f"#{labels.event_anchor(event_id)}",
        rows=rows,
    )


def _event(result: StudyResult, mine: pd.DataFrame, adjusted: float | None) -> Row:
    """Return the row of one event in one index."""
    rows = labels.records(mine)
    first = rows[0]
    stratum, _, merged = first.stratum.rstrip(")").partition(" (")
    holm = math.nan if adjusted is None else adjusted
    return (
        _index(result, first.asset),
        words(formats.capital(retold(stratum)) or formats.NOTHING, detail=retold(merged)),
        whole(first.n),
        number(first.floor, formats.number(first.floor, 4)),
        *(_p(row, result.study.alpha) for row in rows),
        number(holm, formats.p_value(holm)),
    )


def _p(row: labels.Record, alpha: float) -> Cell:
    """Return one placebo p-value with the number of windows behind it."""
    few = math.isnan(row.p_value) and row.floor > alpha
    text = say(TOO_FEW) if few else formats.p_value(row.p_value)
    one_day = row.window_start == row.window_end
    return number(row.p_value, text, detail="" if one_day else formats.number(row.effective_n, 0))


def _index(result: StudyResult, asset: str) -> Cell:
    """Return the name of an index in its colour."""
    return words(labels.short_name(result.study, asset), tone=labels.tone(result.study, asset))


def _reasons(result: StudyResult) -> Sequence[str]:
    """Say why events have no placebo p-value: one sentence per reason, with their numbers."""
    numbers = labels.numbers(result.study)
    tests = labels.headline(result, "statistics")
    placebo = result.study.placebo
    missing = tests[tests["status"] != "ok"]
    missing = missing[missing["statistic"] == (placebo.label if placebo else "")]
    concerned: dict[str, dict[str, None]] = {}
    for row in labels.records(missing[missing["group"].isin(numbers)]):
        where = say(
            "no. {number} ({index})",
            number=numbers[row.group],
            index=labels.short_name(result.study, row.asset),
        )
        concerned.setdefault(row.reason, {})[where] = None
    return [
        say(WITHOUT, what=formats.listing(places), reason=retold(reason))
        for reason, places in concerned.items()
    ]


def among_days(table_id: str, rows: pd.DataFrame, names: dict[str, str]) -> Table:
    """Return the numbers behind the rows of events among ordinary days.

    Parameters
    ----------
    table_id : str
        Anchor.
    rows : DataFrame
        Rows of the frame ``placebo``, one per event.
    names : dict of str to str
        What each event is called, by id.
    """
    cells = tuple(
        (
            words(names[row.event_id]),
            words(formats.capital(formats.window(row.window_start, row.window_end))),
            number(row.value, formats.signed(row.value)),
            whole(row.n),
            number(row.p_value, formats.p_value(row.p_value)),
        )
        for row in labels.records(rows)
    )
    columns = (Column(say("Event")), Column(say("Reaction")), *figure("Standardised", "K", "p"))
    return Table(table_id, "", columns, cells)


def p_value_counts(table_id: str, counts: Sequence[int], step: float) -> Table:
    """Return the numbers behind a histogram of p-values."""
    usual = sum(counts) / len(counts)
    rows = tuple(
        (
            words(formats.from_to(formats.number(i * step), formats.number((i + 1) * step))),
            whole(n),
            number(usual, formats.number(usual, 1)),
        )
        for i, n in enumerate(counts)
    )
    return Table(table_id, "", (Column(say("p")), *figure("Events", "Without effects")), rows)


def placebo_groups(result: StudyResult) -> Table:
    """Return the p-values of every group and index by window, with those read together."""
    found = labels.of_groups(result, "multiplicity")
    windows = _windows(found)
    rows: list[Row] = []
    for group in labels.groups(result):
        mine = labels.cell(found, group=group)
        assets = list(dict.fromkeys(mine["asset"]))
        for position, asset in enumerate(assets):
            each = labels.found(mine, asset=asset)
            p_values = (
                number(
                    row.p_value, formats.p_value(row.p_value), detail=formats.p_value(row.p_min_p)
                )
                for row in each
            )
            cells = (_index(result, asset), _events_of(result, group, asset), *p_values)
            rows.append(cells if position else (_group(group, len(assets)), *cells))
    titles = [formats.capital(formats.window(*window)) for window in windows]
    columns = (Column(say("Events")), Column(say("Index")), *figure("n", *titles))
    return Table(
        "table-placebo-groups",
        say("Categories."),
        columns,
        tuple(rows),
        say(GROUPS_CAPTION),
        (say(ADJUSTED_NOTE), *_reasons_of_groups(result, found)),
    )


def _reasons_of_groups(result: StudyResult, found: pd.DataFrame) -> list[str]:
    """Say why groups of several events lack a p-value or its adjustment: one sentence per reason."""
    concerned: dict[tuple[str, str], dict[str, None]] = {}
    for row in labels.records(found[found["reason"] != ""]):
        where = labels.group_of(result.study, row.group, row.asset)
        what = UNADJUSTED if math.isfinite(row.p_value) else WITHOUT
        concerned.setdefault((what, row.reason), {})[where] = None
    return [
        say(what, what=formats.listing(places), reason=retold(reason))
        for (what, reason), places in concerned.items()
    ]


def _group(group: str, rows: int) -> Cell:
    """Return the cell that names a group, over the rows of its indices."""
    return Cell(formats.capital(labels.group_name(group)), value=group, rows=rows)


def _events_of(result: StudyResult, group: str, asset: str) -> Cell:
    """Return the number of events of a group in an index."""
    found = labels.cell(labels.headline(result, "detectable"), group=group, asset=asset)
    n = int(found["n"].max()) if len(found) else 0
    return whole(n)


def placebo_adjusted(result: StudyResult) -> Table:
    """Return all p-values of every group, index and window."""
    found = labels.of_groups(result, "multiplicity")
    rows = tuple(
        (
            words(formats.capital(labels.group_name(row.group))),
            _index(result, row.asset),
            words(formats.capital(formats.window(row.window_start, row.window_end))),
            *(
                number(p, formats.p_value(p))
                for p in (row.p_value, row.p_min_p, row.p_max_t, row.p_bh, row.p_by)
            ),
        )
        for row in labels.records(found)
    )
    columns = (
        Column(say("Events")),
        Column(say("Index")),
        Column(say("Window")),
        *figure("p", "p, minP", "p, maxT", "p, BH", "p, BY"),
    )
    return Table(
        *("table-placebo-adjusted", "", columns, rows),
        say("Placebo p-values, alone and adjusted."),
    )
