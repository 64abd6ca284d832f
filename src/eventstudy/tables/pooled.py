"""All indices pooled: the mean effect of every day, by errors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.language import derived, marked, retold, say, sentences
from eventstudy.tables.joint import FEW, SECOND, compared, floors, in_brackets
from eventstudy.tables.table import Cell, Column, Table, figure, number, words

if TYPE_CHECKING:
    import pandas as pd

    from eventstudy.results import StudyResult

DATES = 30
"""Dates from which on robust errors are of first rank."""
POOLED_CAPTION = marked(
    "Mean return of all indices on the day, above that of other sessions, per cent; t law with n − 1 for "
    "n dates."
)
INDEPENDENT = marked(
    "Independent: takes the indices of one session for independent, which they are not."
)


def pooled_days(result: StudyResult) -> Table:
    """Return the pooled effect of every day around all events, by errors."""
    found = labels.cell(result.frames["pooled"], group=labels.groups(result)[-1])
    rows = []
    beside = compared(found, "errors")
    for day in dict.fromkeys(found["tau"]):
        by = {row.errors: row for row in labels.found(found, tau=day)}
        first = next(iter(by.values()))
        robust = by.get("driscoll_kraay") or by.get("HC3")
        placebo = by.get("placebo")
        rows.append(
            (
                words(formats.session(day)),
                number(first.estimate, formats.percent(first.estimate)),
                *([_alone(placebo)] if beside else []),
                *(_error(each) for each in (robust, by["iid"])),
            )
        )
    first = labels.records(found)[0]
    kind = say("Driscoll-Kraay") if first.dates >= DATES else say("HC3 by date")
    return Table(
        "table-pooled",
        say("All indices pooled."),
        (
            Column(say("Day")),
            *figure("Effect", *([say("Placebo p")] if beside else []), kind, "Independent"),
        ),
        tuple(rows),
        say(POOLED_CAPTION),
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
    error = in_brackets(row.std_error)
    return number(row.p_value, formats.p_value(row.p_value), detail=error)


def _pooled_notes(found: pd.DataFrame, kind: str) -> tuple[str, ...]:
    """Say what the errors rest on, and which are refused."""
    clusters = labels.found(found, errors="cluster:asset")[0]
    events, dates = (
        derived(int(found[name].max()), f"results/pooled.csv, largest {name}")
        for name in ("n", "dates")
    )
    notes = [
        sentences(
            say(
                "{events}, {dates}.",
                events=formats.capital(formats.count(events, "event")),
                dates=formats.count(dates, "date"),
            ),
            say(INDEPENDENT),
        ),
    ]
    if clusters.reason:
        notes.append(say("Clusters by index: {reason}.", reason=retold(clusters.reason)))
    refused = found[(found["status"] == "not_applicable") & (found["errors"] == "HC3")]
    if len(refused):
        notes.append(say("{kind}: refused with one date, whose residual is zero.", kind=kind))
    elif "HC3" in set(found["errors"]):
        rank = say(SECOND if compared(found, "errors") else FEW)
        notes.append(
            say(
                "{kind}: {rank}, below {n} dates.",
                kind=kind,
                rank=rank,
                n=derived(DATES, "method: fewest dates"),
            )
        )
    return (*notes, *floors(found, "errors"))
