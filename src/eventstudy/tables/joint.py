"""All indices at once: effects of categories and events with their joint tests, and the pooled panel."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from eventstudy import formats, labels
from eventstudy.tables.table import Cell, Column, Row, Table, figure, number, whole, words

if TYPE_CHECKING:
    import pandas as pd

    from eventstudy.results import StudyResult

DATES = 30
"""Dates from which on robust errors are of first rank."""
GROUPS_CAPTION = (
    "Mean abnormal return of {} over the sessions that all markets share, per cent, with its robust "
    "standard error in grey."
)
GROUPS_NOTE = (
    "Dates: sessions that tell a category from the others. Robust standard errors are HC3 below 30 dates, "
    "{}, Newey-West from 30; with one date there are none. The exact F takes the variance of all sessions "
    "of the sample for the same."
)
EVENTS_CAPTION = (
    "Abnormal return of {} over the sessions that all markets share, per cent, with the p of its own "
    "t in grey."
)
BOTH_P = "p: placebo, in grey the exact F with its law."
ONE_P = "p: exact F, in grey its law; no placebo was run, and with spells of volatility this p is too small."
SECOND = "of second rank to the placebo"
FEW = "which reject too often with so few"
"""What is to be said of HC3 errors, with a placebo and without."""
EVENTS_NOTE = (
    "Exact F: by its law for normal errors, from the estimation window of the event. Rank: share of the "
    "sessions of that window, day 0 among them, that lie at least as far out (Mahalanobis). Correlation: "
    "of the residuals of two indices on one session, their mean where there are more than two."
)
POOLED_CAPTION = (
    "Mean return of all indices on the day, above that of other sessions, per cent; t law with n − 1 for "
    "n dates."
)

INDEPENDENT = "Independent: takes the indices of one session for independent, which they are not."


def joint_groups(result: StudyResult) -> Table:
    """Return effect and joint tests of day 0 of every category."""
    window = labels.joint_window(result.study)
    tests = labels.within(labels.of_groups(result, "joint"), window)
    effects = labels.within(labels.of_groups(result, "joint_effects"), window)
    rows = [
        _group(result, labels.cell(tests, group=group), labels.cell(effects, group=group))
        for group in labels.groups(result)
        if (effects["group"] == group).any()
    ]
    return Table(
        "table-joint-groups",
        "Categories.",
        (Column("Events"), *figure("n", "Dates"), *_titles(result), *figure("Correlation")),
        tuple(rows),
        f"{GROUPS_CAPTION.format(formats.window(*window))} {_p_values(tests)}",
        (GROUPS_NOTE.format(SECOND if _compared(tests, "test") else FEW), *_floors(tests)),
    )


def _titles(result: StudyResult) -> tuple[Column, ...]:
    """Return the columns of the effects and of their joint tests."""
    names = [labels.short_name(result.study, asset) for asset in result.study.assets]
    both = "Both zero" if len(names) == 2 else "All zero"
    return figure(*names, f"{both}, p", "Equal, p")


def _group(result: StudyResult, tests: pd.DataFrame, effects: pd.DataFrame) -> Row:
    """Return one category."""
    first = labels.records(effects)[0]
    return (
        Cell(formats.capital(labels.group_name(first.group)), value=first.group),
        whole(first.n),
        whole(first.dates),
        *(
            _effect(labels.cell(effects[effects["errors"] != "iid"], asset=asset))
            for asset in result.study.assets
        ),
        *(_p_value(labels.cell(tests, null=null)) for null in ("zero", "equal")),
        _correlation(tests),
    )


def _effect(found: pd.DataFrame) -> Cell:
    """Return a mean effect with its robust standard error, where there is one."""
    if found.empty:
        return words(formats.NOTHING)
    row = labels.records(found)[0]
    known = math.isfinite(row.std_error)
    error = f"({formats.number(100 * row.std_error)})" if known else ""
    return number(row.estimate, formats.percent(row.estimate), detail=error)


def _p_value(found: pd.DataFrame, beside: str = "exact_f") -> Cell:
    """Return the placebo p with that of another test in grey; that test alone without a placebo."""
    by = {row.test: row for row in labels.records(found)}
    other, placebo = by.get(beside), by.get("placebo")
    if other is None:
        return words(formats.NOTHING)
    text = formats.p_value(other.p_value)
    law = f"{other.distribution} " if beside == "exact_f" and other.distribution else ""
    if placebo is None:
        return number(other.p_value, text, detail=law.strip())
    return number(placebo.p_value, formats.p_value(placebo.p_value), detail=f"{law}{text}")


def _compared(found: pd.DataFrame, column: str) -> bool:
    """Tell whether a placebo stands among some tests or errors."""
    return bool((found[column] == "placebo").any())


def _p_values(tests: pd.DataFrame) -> str:
    """Say which tests the p-values of a table are of."""
    return BOTH_P if _compared(tests, "test") else ONE_P


def _floors(tests: pd.DataFrame, column: str = "test") -> tuple[str, ...]:
    """Say how small the placebo p-values of a table could be, and how many are; nothing without them."""
    found = tests[(tests[column] == "placebo") & tests["p_value"].notna()]
    if found.empty:
        return ()
    ends = dict.fromkeys(f"{end:.4f}" for end in (found["floor"].min(), found["floor"].max()))
    lowest = int((found["p_value"] <= found["floor"] * (1 + 1e-9)).sum())
    at = f"{lowest or 'none'} of {len(found):,} {'is' if lowest == 1 else 'are'} at the floor"
    law = "1 / (K + 1) for one event among K days, 1 / (B + 1) for several and B relabellings"
    return (f"Floor, below which no placebo p can lie: {' to '.join(ends)} ({law}); {at}.",)


def _correlation(tests: pd.DataFrame) -> Cell:
    """Return the correlation of the residuals."""
    known = tests["correlation"].dropna()
    value = known.iloc[0] if len(known) else np.nan
    return number(value, formats.number(value))


def joint_events(result: StudyResult) -> Table:
    """Return effect and joint tests of day 0 of every event that the system holds."""
    window = labels.joint_window(result.study)
    tests = labels.within(labels.headline(result, "joint"), window)
    effects = labels.within(labels.headline(result, "joint_effects"), window)
    rows = [
        _event(result, event.id, labels.cell(tests, group=event.id), effects)
        for event in labels.in_order(result.study)
        if (effects["group"] == event.id).any()
    ]
    rank = Column("Rank", numeric=True)
    return Table(
        "table-joint-events",
        "Events.",
        (Column("Event"), *_titles(result), rank, *figure("Correlation")),
        tuple(rows),
        f"{EVENTS_CAPTION.format(formats.window(*window))} {_p_values(tests)}",
        (
            EVENTS_NOTE,
            *_floors(tests[tests["group"].isin([event.id for event in result.study.events])]),
        ),
    )


def _event(result: StudyResult, event_id: str, tests: pd.DataFrame, effects: pd.DataFrame) -> Row:
    """Return one event."""
    numbered, titles = labels.numbers(result.study), labels.titles(result.study)
    mine = {row.asset: row for row in labels.records(labels.cell(effects, group=event_id))}
    rank = labels.records(labels.cell(tests, test="mahalanobis_rank", null="zero"))[0]
    return (
        Cell(
            f"{numbered[event_id]}. {titles[event_id]}",
            value=event_id,
            href=f"#{labels.event_anchor(event_id)}",
        ),
        *(
            number(
                mine[asset].estimate,
                formats.percent(mine[asset].estimate),
                detail=formats.p_value(mine[asset].p_value),
            )
            for asset in result.study.assets
        ),
        *(_p_value(labels.cell(tests, null=null)) for null in ("zero", "equal")),
        number(rank.p_value, formats.p_value(rank.p_value)),
        _correlation(tests),
    )


def pooled_days(result: StudyResult) -> Table:
    """Return the pooled effect of every day around all events, by errors."""
    found = labels.cell(result.frames["pooled"], group=labels.groups(result)[-1])
    rows = []
    compared = _compared(found, "errors")
    for day in dict.fromkeys(found["tau"]):
        by = {row.errors: row for row in labels.records(labels.cell(found, tau=day))}
        first = next(iter(by.values()))
        robust = by.get("driscoll_kraay") or by.get("HC3")
        placebo = by.get("placebo")
        rows.append(
            (
                words(formats.session(day)),
                number(first.estimate, formats.percent(first.estimate)),
                *([_alone(placebo)] if compared else []),
                *(_error(each) for each in (robust, by["iid"])),
            )
        )
    first = labels.records(found)[0]
    kind = "Driscoll-Kraay" if first.dates >= DATES else "HC3 by date"
    return Table(
        "table-pooled",
        "All indices pooled.",
        (
            Column("Day"),
            *figure("Effect", *(["Placebo p"] if compared else []), kind, "Independent"),
        ),
        tuple(rows),
        POOLED_CAPTION,
        _pooled_notes(found, kind),
    )


def _alone(row: labels.Record | None) -> Cell:
    """Return the placebo p, where there is one."""
    if row is None:
        return words(formats.NOTHING)
    return number(row.p_value, formats.p_value(row.p_value))


def _error(row: labels.Record | None) -> Cell:
    """Return the p under some errors with the standard error in grey."""
    if row is None or not math.isfinite(row.p_value):
        return words(formats.NOTHING)
    error = f"({formats.number(100 * row.std_error)})"
    return number(row.p_value, formats.p_value(row.p_value), detail=error)


def _pooled_notes(found: pd.DataFrame, kind: str) -> tuple[str, ...]:
    """Say what the errors rest on, and which are refused."""
    clusters = labels.records(labels.cell(found, errors="cluster:asset"))[0]
    events, dates = (int(found[name].max()) for name in ("n", "dates"))
    notes = [
        f"{formats.capital(formats.count(events, 'event'))}, {formats.count(dates, 'date')}. {INDEPENDENT}",
    ]
    if clusters.reason:
        notes.append(f"Clusters by index: {clusters.reason}.")
    refused = found[(found["status"] == "not_applicable") & (found["errors"] == "HC3")]
    if len(refused):
        notes.append(f"{kind}: refused with one date, whose residual is zero.")
    elif "HC3" in set(found["errors"]):
        rank = SECOND if _compared(found, "errors") else FEW
        notes.append(f"{kind}: {rank}, below {DATES} dates.")
    return (*notes, *_floors(found, "errors"))


def joint_refused(result: StudyResult) -> tuple[str, ...]:
    """Say which events the system does not hold: one sentence per reason."""
    found = labels.headline(result, "joint")
    numbered = labels.numbers(result.study)
    concerned: dict[str, list[str]] = {}
    for row in labels.records(found[found["n"] == 0]):
        name = str(numbered[row.group]) if row.group in numbered else "This model"
        concerned.setdefault(row.reason, []).append(name)
    return tuple(
        f"{_of_events(sorted(names, key=_place))}: {reason}." for reason, names in concerned.items()
    )


def _place(name: str) -> int:
    return int(name) if name.isdigit() else 0


def _of_events(names: list[str]) -> str:
    """Name some events by their numbers."""
    if not names[0].isdigit():
        return names[0]
    return f"{'Event' if len(names) == 1 else 'Events'} {formats.listing(names)}"
