"""The numbers of a category: average abnormal returns by window and by day, every test beside."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.language import marked, retold, say
from eventstudy.tables.events import not_run
from eventstudy.tables.table import Cell, Column, Row, Table, figure, number, whole, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from eventstudy.results import StudyResult
    from eventstudy.spec import Window

DETECTABLE_NOTE = marked(
    "Detectable: the mean, of either sign, that a two-sided t test finds with probability 0.8: at best, were "
    "returns round events as variable as in the estimation windows, and with the spread of these events, "
    "which a t test over events goes by. Beside a p above the level the larger of the two says what that "
    "result could have missed."
)
LEAST = {
    "effect": marked("Detectable, at best"),
    "cross_sectional_effect": marked("Detectable, own spread"),
}
"""Rows of the least effects, by column of the frame ``detectable``."""
FIRST_DAY, LAST_DAY = -1, 5
"""Days shown one by one."""


def group_windows(result: StudyResult, group: str, asset: str) -> Table:
    """Return AAR and CAAR by window: n, mean, median, signs, and the p-value of every test."""
    windows = [tuple(window) for window in result.study.windows]
    means = labels.cell(labels.headline(result, "aggregate"), group=group, asset=asset)
    tests = labels.cell(labels.headline(result, "statistics"), group=group, asset=asset)
    title = say("{index}, by window.", index=labels.full_name(result.study, asset))
    least = labels.cell(labels.headline(result, "detectable"), group=group, asset=asset)
    return by_window((_key("windows", group, asset), title), means, tests, windows, least=least)


def daily(result: StudyResult, group: str, asset: str) -> Table:
    """Return the average abnormal return of each day round day 0 with every test."""
    days = [(day, day) for day in range(FIRST_DAY, LAST_DAY + 1)]
    means = labels.cell(labels.headline(result, "aggregate"), group=group, asset=asset)
    tests = labels.cell(labels.headline(result, "statistics"), group=group, asset=asset)
    title = say("{index}, day by day.", index=labels.full_name(result.study, asset))
    return by_window((_key("days", group, asset), title), means, tests, days)


def _key(kind: str, group: str, asset: str) -> str:
    """Return the anchor of a group's table."""
    return labels.anchor(f"numbers-{kind}", f"{group}-{asset}")


def by_window(
    heading: tuple[str, str],
    means: pd.DataFrame,
    tests: pd.DataFrame,
    windows: Sequence[tuple[int, ...]],
    *,
    least: pd.DataFrame | None = None,
) -> Table:
    """Put means and p-values below each other, one column per window: tests are many.

    Parameters
    ----------
    heading : tuple of str
        Anchor and title.
    means, tests : DataFrame
        Rows of one group in the frames ``aggregate`` and ``statistics``.
    windows : sequence of tuple of int
        Windows to show, of those that `means` has.
    least : DataFrame, optional
        Rows of the group in the frame ``detectable``: what a null result could have missed.
    """
    mean = {(r.window_start, r.window_end): r for r in labels.records(means)}
    shown = [window for window in windows if window in mean]
    found = {(r.window_start, r.window_end, r.statistic): r.p_value for r in labels.records(tests)}
    lines: dict[str, Callable[[labels.Record], Cell]] = {
        say("Events"): lambda row: whole(row.n),
        say("Mean"): lambda row: number(row.mean, formats.percent(row.mean)),
        say("Median"): lambda row: number(row.median, formats.percent(row.median)),
        say("Positive : negative"): lambda row: words(signs(row.positive, row.negative)),
    }
    averages = [
        (words(name), *(line(mean[window]) for window in shown)) for name, line in lines.items()
    ]
    p_values = [
        (
            words(say("p, {test}", test=labels.term(name))),
            *(_p_value(found.get((*window, name), math.nan)) for window in shown),
        )
        for name in dict.fromkeys(tests["statistic"])
    ]
    titles = [formats.capital(formats.window(*window)) for window in shown]
    missed = () if least is None else _detectable(least, shown)
    return Table(
        *heading,
        (Column(say("Window")), *figure(*titles)),
        (*averages, *missed, *p_values),
        say("Mean and median of the CAR in per cent; p of each test."),
        (
            *([say(DETECTABLE_NOTE)] if missed else []),
            *_reasons(tests, shown),
            *_not_run(found, shown),
        ),
    )


def signs(positive: int, negative: int) -> str:
    """Return how many effects are positive and how many negative."""
    return say(
        "{positive} : {negative}",
        positive=formats.number(positive, 0),
        negative=formats.number(negative, 0),
    )


def _not_run(
    found: Mapping[tuple[int, int, str], float], windows: Sequence[tuple[int, ...]]
) -> tuple[str, ...]:
    """Say which tests were run on some of the windows only."""
    ran = {(start, end) for start, end, _ in found}
    names = [
        labels.term(name)
        for name in dict.fromkeys(name for *_, name in found)
        if any((start, end, name) not in found for start, end in windows if (start, end) in ran)
    ]
    if not names:
        return ()
    which = formats.capital(formats.listing(names))
    return (
        say(
            "{dash} {tests}: run on the windows of the study only.",
            dash=formats.NOTHING,
            tests=which,
        ),
    )


def _detectable(least: pd.DataFrame, windows: Sequence[tuple[int, ...]]) -> tuple[Row, ...]:
    """Return the rows of the least effects that a t test would find, where some are known."""
    effects = least.set_index(["window_start", "window_end"])[list(LEAST)].reindex(list(windows))
    return tuple(
        (words(say(name)), *(number(v, formats.per_hundred(v, 2)) for v in effects[column]))
        for column, name in LEAST.items()
        if effects[column].notna().any()
    )


def _p_value(p_value: float) -> Cell:
    """Return the p-value of one test; :func:`group_statistics` has its value and law."""
    return number(p_value, formats.p_value(p_value))


def _reasons(tests: pd.DataFrame, windows: Sequence[tuple[int, ...]]) -> tuple[str, ...]:
    """Say why tests do not apply: one sentence per reason, with the tests it concerns."""
    missing = tests[tests["status"] != "ok"]
    concerned: dict[str, dict[str, None]] = {}
    for row in labels.records(missing):
        if (row.window_start, row.window_end) in windows:
            concerned.setdefault(row.reason, {})[labels.term(row.statistic)] = None
    return tuple(not_run(formats.listing(names), reason) for reason, names in concerned.items())


def group_statistics(result: StudyResult, group: str, asset: str) -> Table:
    """Return every test of a group by window and model: value, p-value, n and law, or the reason."""
    tests = labels.cell(result.frames["statistics"], group=group, asset=asset)
    return every_test(_key("tests", group, asset), tests, result.study.windows)


def every_test(table_id: str, tests: pd.DataFrame, windows: Sequence[Window]) -> Table:
    """Return tests by window and model: value, p-value, n and law, or the reason.

    Parameters
    ----------
    table_id : str
        Anchor.
    tests : DataFrame
        Rows of one group in the frame ``statistics``.
    windows : sequence of Window
        Windows to show.
    """
    rows = []
    for window in windows:
        mine = labels.cell(tests, window_start=window.start, window_end=window.end)
        for row in labels.records(mine):
            applies = row.status == "ok"
            rows.append(
                (
                    words(formats.capital(formats.window(*window))),
                    words(formats.capital(labels.term(row.model))),
                    words(labels.term(row.statistic)),
                    number(row.estimate, formats.percent(row.estimate)),
                    number(row.value, formats.signed(row.value)),
                    number(row.p_value, formats.p_value(row.p_value)),
                    whole(row.n),
                    words(retold(row.distribution if applies else row.reason)),
                )
            )
    columns = (
        Column(say("Window")),
        Column(say("Model")),
        Column(say("Test")),
        *figure("Mean", "Value", "p", "n"),
        Column(say("Law, or why the test does not apply")),
    )
    note = say(
        "Mean CAR in per cent; for calendar time, the mean of a session; for permutation, the "
        "difference from the mean of the other events."
    )
    return Table(table_id, "", columns, tuple(rows), note)
