"""The tables of a panel: effects by group, day by day, spreads, losses and inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eventstudy import formats, given, labels
from eventstudy.language import marked, retold, say
from eventstudy.panel import ALPHA
from eventstudy.panel.describe import SHARES, cars, losses, parameters, spread
from eventstudy.tables.groups import by_window, every_test, signs
from eventstudy.tables.table import Cell, Column, Row, Table, figure, number, whole, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from eventstudy.panel import PanelResult
    from eventstudy.panel.describe import Histogram, Spread

    Written = Callable[[float], str]

FIRST_ROWS, MOST_ROWS = 10, 30
"""Lost events, and kinds of reasons, that the page lists; all of them are in dropped.csv."""

PARAMETERS = {
    "alpha": marked("alpha, per cent"),
    "mean": marked("mean, per cent"),
    "sigma": marked("sigma, per cent"),
    "n_obs": marked("returns used"),
    "dof": marked("degrees of freedom"),
    "r_squared": marked("R squared"),
}
"""How the rows of estimates are called; a coefficient keeps its own name."""


def _per_cent(value: float) -> str:
    """Write a decimal as per cent with three decimals."""
    return formats.per_hundred(value, 3)


def _whole(value: float) -> str:
    """Write a number of observations."""
    return formats.number(value, 0)


WRITTEN = {
    **dict.fromkeys(("alpha", "mean", "sigma"), _per_cent),
    **dict.fromkeys(("n_obs", "dof"), _whole),
}
"""How estimates are written; a coefficient has two decimals."""

NAMED = {0.0: marked("Least"), 0.5: marked("Median"), 1.0: marked("Most")}
"""Quantiles that have a name."""


def panel_effects(result: PanelResult, groups: Sequence[str]) -> Table:
    """Return Table 1: the average of every group and window, and how many tests reject zero."""
    rows: list[Row] = []
    for group in groups:
        first, *others = _effect_rows(result, group)
        name = formats.capital(labels.panel_group(result, group))
        rows += [(Cell(name, group, strong=True, rows=1 + len(others)), *first), *others]
    columns = (
        Column(say("Events")),
        Column(say("Window")),
        *figure("n", "Mean CAR", "s.e.", "Median"),
        Column(say("Positive : negative")),
        *figure("Tests that reject", "Least p", "Largest p"),
    )
    note = say(
        "Model: {model}. Mean, standard error across events and median in per cent; tests that reject a mean "
        "of zero at {level}, of those that apply.",
        model=labels.term(result.headline),
        level=formats.level(given.panel_level()),
    )
    return Table("table-effects", say("Effects."), columns, tuple(rows), note)


def _effect_rows(result: PanelResult, group: str) -> list[Row]:
    """Return one row per window of a group."""
    means, tests = group_rows(result, "aggregate", group), group_rows(result, "statistics", group)
    tests = tests[tests["status"] == "ok"]
    rows: list[Row] = []
    for window in result.design.car_windows:
        ends = {"window_start": window.start, "window_end": window.end}
        for row in labels.found(means, **ends):
            p = labels.cell(tests, **ends)["p_value"]
            least, largest = (float(p.min()), float(p.max())) if len(p) else (np.nan, np.nan)
            rows.append(
                (
                    words(formats.capital(formats.window(*window))),
                    whole(row.n),
                    number(row.mean, formats.percent(row.mean)),
                    number(row.std_error, formats.per_hundred(row.std_error, 2)),
                    number(row.median, formats.percent(row.median)),
                    words(signs(row.positive, row.negative)),
                    words(formats.out_of(int((p <= ALPHA).sum()), len(p))),
                    number(least, formats.p_value(least)),
                    number(largest, formats.p_value(largest)),
                )
            )
    return rows


def group_rows(result: PanelResult, name: str, group: str) -> pd.DataFrame:
    """Return the rows of a group by the headline model in a frame of a panel."""
    return labels.cell(result.frames[name], model=result.headline, group=group)


def panel_windows(result: PanelResult, group: str) -> Table:
    """Return AAR and CAAR of a group by window with the p-value of every test."""
    heading = (labels.anchor("windows", group), say("By window."))
    means, tests = group_rows(result, "aggregate", group), group_rows(result, "statistics", group)
    return by_window(heading, means, tests, [tuple(each) for each in result.design.car_windows])


def panel_tests(result: PanelResult) -> Table:
    """Return every test of all events by window and model with its value and law."""
    tests = labels.cell(result.frames["statistics"], group=labels.ALL)
    return every_test("table-all-tests", tests, result.design.car_windows)


def panel_days(result: PanelResult, group: str) -> Table:
    """Return AAR and CAAR of a group by day."""
    means = group_rows(result, "aggregate", group)
    path = group_rows(result, "mean_paths", group).set_index("tau")["value"]
    mean = {row.window_start: row for row in labels.records(means) if _is_day(row)}
    rows = tuple(
        (
            number(day, formats.session(day)),
            number(mean[day].n, formats.number(mean[day].n, 0)),
            number(mean[day].mean, formats.percent(mean[day].mean)),
            number(mean[day].std_error, formats.per_hundred(mean[day].std_error, 2)),
            number(mean[day].median, formats.percent(mean[day].median)),
            words(signs(mean[day].positive, mean[day].negative)),
            number(path[day], formats.percent(path[day])),
        )
        for day in path.index
    )
    columns = (
        *figure("Day", "n", "AAR", "s.e.", "Median"),
        Column(say("Positive : negative")),
        *figure("CAAR"),
    )
    caption = say(
        "AAR, its standard error across events, median, and CAAR from the close of day {day}, in per cent.",
        day=formats.session(given.DAY_BEFORE),
    )
    return Table(labels.anchor("days", group), "", columns, rows, caption)


def _is_day(row: labels.Record) -> bool:
    """Tell whether a window is one day."""
    return bool(row.window_start == row.window_end)


def panel_day_tests(result: PanelResult, group: str) -> Table:
    """Return the p-value of every test of a group by day."""
    means, tests = group_rows(result, "aggregate", group), group_rows(result, "statistics", group)
    first, last = result.design.event_window
    days = [(day, day) for day in range(first, last + 1)]
    return by_window((labels.anchor("day-tests", group), ""), means, tests, days)


def car_spreads(result: PanelResult) -> Table:
    """Return the spread of the CARs of all events by window."""
    found = {
        formats.capital(formats.window(*window)): (spread(cars(result, window)), formats.percent)
        for window in result.design.car_windows
    }
    caption = say("CAR of every event, in per cent; quantiles over events.")
    return _spreads(("table-cars", say("Single events."), caption), say("Window"), found)


def estimates(result: PanelResult, model: str) -> Table:
    """Return the spread of a model's estimates over the events."""
    found: dict[str, tuple[Spread, Written]] = {
        say(PARAMETERS.get(name, name)): (values, WRITTEN.get(name, formats.number))
        for name, values in parameters(result, model).items()
    }
    title = say("{words}.", words=formats.capital(labels.term(model)))
    caption = say("Estimates of every event; quantiles over events.")
    return _spreads((labels.anchor("estimates", model), title, caption), say("Estimate"), found)


def _spreads(
    heading: tuple[str, str, str], what: str, found: Mapping[str, tuple[Spread, Written]]
) -> Table:
    """Return one row per name: n, mean, standard deviation and quantiles."""
    rows = tuple(
        (
            words(name),
            whole(values.n),
            number(values.mean, written(values.mean)),
            number(values.sd, formats.unsigned(written(values.sd))),
            *(number(value, written(value)) for value in values.quantiles),
        )
        for name, (values, written) in found.items()
    )
    table_id, title, caption = heading
    shares = (say(NAMED[each]) if each in NAMED else formats.share(each) for each in SHARES)
    columns = (Column(what), *figure("n", "Mean", "s.d.", *shares))
    return Table(table_id, title, columns, rows, caption)


def histogram_table(table_id: str, bars: Histogram) -> Table:
    """Return the numbers behind a histogram: events by interval of the CAR."""
    between = [
        (formats.from_to(formats.percent(low), formats.percent(high)), int(n))
        for low, high, n in zip(bars.edges[:-1], bars.edges[1:], bars.counts, strict=True)
    ]
    counted = [
        (say("below {number}", number=formats.percent(bars.edges[0])), bars.below),
        *between,
        (say("above {number}", number=formats.percent(bars.edges[-1])), bars.above),
    ]
    rows = tuple((words(text), whole(n)) for text, n in counted)
    return Table(table_id, "", (Column(say("CAR, per cent")), *figure("Events")), rows)


def panel_losses(result: PanelResult) -> Table:
    """Return how many events were lost for which kind of reason, by model."""
    rows = tuple(
        (
            words(formats.capital(labels.term(loss.model))),
            words(say(loss.stage)),
            words(_sentence(loss.reason)),
            whole(loss.n),
            words(loss.example),
        )
        for loss in losses(result)[:MOST_ROWS]
    )
    columns = (
        Column(say("Model")),
        Column(say("Stage")),
        Column(say("Reason")),
        *figure("Events"),
        Column(say("The first")),
    )
    return Table("table-losses", say("Not studied, by reason."), columns, rows)


def _sentence(reason: str) -> str:
    """Return a reason as a sentence; one that was cut ends with its ellipsis."""
    text = formats.capital(retold(reason))
    return text if reason.endswith("…") else say("{words}.", words=text)


def panel_dropped(result: PanelResult) -> Table:
    """Return the first lost events with their reasons."""
    rows = tuple(
        (
            words(row.event_id),
            words(row.asset),
            words(labels.term(row.model)),
            words(_sentence(row.reason)),
        )
        for row in labels.records(result.frames["dropped"].head(FIRST_ROWS))
    )
    columns = (
        Column(say("Event")),
        Column(say("Asset")),
        Column(say("Model")),
        Column(say("Reason")),
    )
    return Table("table-dropped", "", columns, rows)
