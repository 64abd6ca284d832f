"""The regressions of a panel: a table by model and kind of errors, windows side by side."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.language import derived, join, marked, retold, say
from eventstudy.tables.table import Cell, Column, Table, figure, number, whole, words

if TYPE_CHECKING:
    import pandas as pd

    from eventstudy.panel import PanelResult
    from eventstudy.tables.table import Row

ESTIMATORS = {
    "ols": marked("CARs on characteristics of the events"),
    "fama_macbeth": marked("CARs on characteristics, date by date (Fama-MacBeth)"),
    "event_time": marked("Returns on the days of the event window"),
}
"""What each kind of regression is called."""


def panel_regressions(result: PanelResult) -> list[Table]:
    """Return a table for each model, estimator and kind of errors; none where none was asked for."""
    frame = result.frames.get("regressions")
    if frame is None:
        return []
    keys = list(zip(frame["model"], frame["estimator"], frame["errors"], strict=True))
    found = []
    for model, estimator, errors in dict.fromkeys(keys):
        rows = labels.cell(frame, model=model, estimator=estimator, errors=errors)
        write = _by_term if estimator == "event_time" else _by_window
        found.append(write(rows, model, estimator, errors))
    return found


def _by_window(rows: pd.DataFrame, model: str, estimator: str, errors: str) -> Table:
    """Return the coefficients with their errors, a column for each window."""
    found = {(r.term, r.window_start, r.window_end): r for r in labels.records(rows)}
    windows = list(dict.fromkeys((start, end) for _, start, end in found))
    body: list[Row] = [
        (words(term), *(_coefficient(found.get((term, *window))) for window in windows))
        for term in dict.fromkeys(rows["term"])
    ]
    first = [next(r for key, r in found.items() if key[1:] == window) for window in windows]
    body += [
        (words(say("Events")), *(whole(r.n) for r in first)),
        (words(say("R squared")), *(number(r.r_squared, _plain(r.r_squared)) for r in first)),
    ]
    titles = [formats.capital(formats.window(*window)) for window in windows]
    caption = say(
        "Coefficient, standard error in brackets, p; {model}; errors: {errors}.",
        model=labels.term(model),
        errors=errors,
    )
    return Table(
        labels.anchor("regression", f"{model} {estimator} {errors}"),
        say("{words}.", words=say(ESTIMATORS.get(estimator, estimator))),
        (Column(say("Term")), *figure(*titles)),
        tuple(body),
        caption,
        _reasons(rows),
        plain=say(
            "Coefficients; {model}; errors: {errors}.", model=labels.term(model), errors=errors
        ),
    )


def _by_term(rows: pd.DataFrame, model: str, estimator: str, errors: str) -> Table:
    """Return the coefficients with their errors, one below the other."""
    return Table(
        labels.anchor("regression", f"{model} {estimator} {errors}"),
        say("{words}.", words=say(ESTIMATORS[estimator])),
        (Column(say("Term")), *figure("Coefficient")),
        tuple((words(row.term), _coefficient(row)) for row in labels.records(rows)),
        say("Coefficient, standard error in brackets, p; errors: {errors}.", errors=errors),
        _reasons(rows),
        plain=say("Coefficients; errors: {errors}.", errors=errors),
    )


def _coefficient(row: labels.Record | None) -> Cell:
    """Return a coefficient with its standard error and p."""
    if row is None:
        return words(formats.NOTHING)
    detail = say("({error}), {p}", error=_plain(row.std_error), p=formats.p_value(row.p_value))
    known = not math.isnan(row.p_value)
    return number(row.estimate, _plain(row.estimate), detail=detail if known else "")


def _plain(value: float) -> str:
    """Write a coefficient in decimals."""
    return formats.number(value, 4)


def _reasons(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return why coefficients are missing or doubtful, each reason once."""
    reasons = dict.fromkeys(
        say("{what}: {reason}", what=row.term, reason=retold(row.reason))
        for row in labels.records(rows)
        if row.reason
    )
    listed = join(list(reasons)[:5], say("; "))
    more = derived(len(reasons) - 5, "reasons in results/regressions.csv beyond the fifth")
    if more > 0:
        return (say("{reasons} and {n} more reasons in regressions.csv.", reasons=listed, n=more),)
    return (say("{words}.", words=listed),) if listed else ()
