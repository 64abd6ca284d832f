"""The events that have a sign: their local projections, and their means in its direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.language import marked, retold, say
from eventstudy.tables.table import Cell, Column, Row, Table, chance, figure, number, whole, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from eventstudy.results import StudyResult

DAYS = (0, 1, 5, 10, 20)
"""Sessions after day 0 at which the response is tabulated."""
CAPTION = marked(
    "Cumulative abnormal return in the direction of the sign that the study file gives, per cent; in grey the "
    "placebo p of the change since day 0. Day 0 has none: the sign was given after it, and every response "
    "carries that of day 0."
)
NOTE = marked(
    "Joint p: of a response that stays where day 0 put it, by the largest distance from it over all "
    "sessions, among relabelled events. Responses are in returns; both p are of responses over the "
    "standard deviation of the 20 sessions before."
)
SIGNED_CAPTION = marked(
    "Mean CAR in the direction of the sign that the study file gives, per cent. In grey the placebo p, among "
    "relabelled events that keep their signs: it tests another number, the mean of the CARs over the "
    "standard deviation of the 20 sessions before. A window that holds day 0 has none: the sign was given "
    "after that day, which favours a positive mean."
)
HELD = marked(
    "Events left out because price limits may have held day 0 back, so that the rest of it came after: "
    "{events}."
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
    shown = found[found["h"].isin(days)]
    p_values = [*shown["p_value"], *shown[shown["h"] == 0]["joint_p"]]
    notes = (say(NOTE), *_held(result, found), *chance(p_values, result.study.alpha))
    return Table(
        "table-projections",
        say("Responses by category."),
        (Column(say("Events")), Column(say("Index")), *figure("n", *titles, "Joint p")),
        rows,
        say(CAPTION),
        (*notes, *reasons(result)),
    )


def _row(result: StudyResult, mine: pd.DataFrame, days: list[int]) -> Row:
    """Return the response of one group and index."""
    at = {row.h: row for row in labels.records(mine)}
    first = at[0]
    return (
        *_lead(result, first.group, first.asset),
        whole(first.n),
        *(_response(at[day]) for day in days),
        number(first.joint_p, formats.p_value(first.joint_p)),
    )


def _lead(result: StudyResult, group: str, asset: str) -> Row:
    """Return the cells that name a group and its index."""
    name, tone = labels.short_name(result.study, asset), labels.tone(result.study, asset)
    return Cell(formats.capital(labels.group_name(group)), value=group), words(name, tone=tone)


def _response(row: labels.Record) -> Cell:
    """Return one response with its placebo p, which day 0 has not."""
    detail = formats.p_value(row.p_value) if row.h else ""
    return number(row.estimate, formats.percent(row.estimate), detail=detail)


def reasons(result: StudyResult) -> tuple[str, ...]:
    """Say why responses or their errors are missing: one sentence per reason, with the groups."""
    found = labels.of_groups(result, "projections")
    concerned: dict[str, dict[str, None]] = {}
    for row in labels.records(found[found["reason"].fillna("") != ""]):
        concerned.setdefault(row.reason, {})[_where(result, row)] = None
    return tuple(
        say(
            "{what}: {reason}.",
            what=formats.capital(formats.listing(places)),
            reason=retold(reason),
        )
        for reason, places in concerned.items()
    )


def _where(result: StudyResult, row: labels.Record) -> str:
    """Return a group and its index in words."""
    return labels.group_of(result.study, row.group, row.asset)


def _held(result: StudyResult, found: pd.DataFrame) -> tuple[str, ...]:
    """Say how many signed events of each group were left out for price limits."""
    held = found[found["held_back"] > 0].drop_duplicates(["group", "asset"])
    if held.empty:
        return ()
    places = [
        say("{n} of {where}", n=formats.number(row.held_back, 0), where=_where(result, row))
        for row in labels.records(held)
    ]
    return (say(HELD, events=formats.listing(places)),)


def signed(result: StudyResult) -> Table:
    """Return the means of every window in the direction of the signs, by index."""
    heading = "table-signed", say("Before, on and after, in the direction of the sign.")
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
        means = tuple(_signed_mean(at[window]) for window in windows)
        rows.append((*_lead(result, str(group), str(asset)), whole(n), *means))
    titles = [formats.capital(formats.window(*window)) for window in windows]
    columns = (Column(say("Events")), Column(say("Index")), *figure("n", *titles))
    notes = (*_held(result, found), *chance(found["p_value"], result.study.alpha))
    return Table(*heading, columns, tuple(rows), say(SIGNED_CAPTION), notes)


def _signed_mean(row: labels.Record) -> Cell:
    """Return one mean with its placebo p, where it has one."""
    detail = "" if row.reason else formats.p_value(row.p_value)
    return number(row.mean, formats.percent(row.mean), detail=detail)
