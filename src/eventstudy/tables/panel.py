"""The tables of a panel: effects by group, day by day, spreads, losses and inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eventstudy import formats, labels
from eventstudy.panel import ALPHA
from eventstudy.panel.describe import SHARES, cars, losses, parameters, spread
from eventstudy.tables.groups import by_window, every_test
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
    "alpha": "alpha, per cent",
    "mean": "mean, per cent",
    "sigma": "sigma, per cent",
    "n_obs": "returns used",
    "dof": "degrees of freedom",
    "r_squared": "R squared",
}
"""How the rows of estimates are called; a coefficient keeps its own name."""


def _per_cent(value: float) -> str:
    """Write a decimal as per cent with three decimals."""
    return formats.number(100 * value, 3)


def _whole(value: float) -> str:
    """Write a number of observations."""
    return formats.number(value, 0)


WRITTEN = {
    **dict.fromkeys(("alpha", "mean", "sigma"), _per_cent),
    **dict.fromkeys(("n_obs", "dof"), _whole),
}
"""How estimates are written; a coefficient has two decimals."""

QUANTILES = tuple(
    {0.0: "Least", 0.5: "Median", 1.0: "Most"}.get(share, f"{100 * share:.0f}%") for share in SHARES
)


def panel_effects(result: PanelResult, groups: Sequence[str]) -> Table:
    """Return Table 1: the average of every group and window, and how many tests reject zero."""
    rows: list[Row] = []
    for group in groups:
        first, *others = _effect_rows(result, group)
        name = formats.capital(labels.panel_group(result, group))
        rows += [(Cell(name, group, strong=True, rows=1 + len(others)), *first), *others]
    columns = (
        Column("Events"),
        Column("Window"),
        *figure("n", "Mean CAR", "s.e.", "Median"),
        Column("Positive : negative"),
        *figure("Tests that reject", "Least p", "Largest p"),
    )
    note = (
        f"Model: {labels.term(result.headline)}. Mean, standard error across events and median in per"
        f" cent; tests that reject a mean of zero at {100 * ALPHA:g}%, of those that apply."
    )
    return Table("table-effects", "Effects.", columns, tuple(rows), note)


def _effect_rows(result: PanelResult, group: str) -> list[Row]:
    """Return one row per window of a group."""
    means, tests = group_rows(result, "aggregate", group), group_rows(result, "statistics", group)
    tests = tests[tests["status"] == "ok"]
    rows: list[Row] = []
    for window in result.design.car_windows:
        ends = {"window_start": window.start, "window_end": window.end}
        for row in labels.records(labels.cell(means, **ends)):
            p = labels.cell(tests, **ends)["p_value"]
            least, largest = (float(p.min()), float(p.max())) if len(p) else (np.nan, np.nan)
            rows.append(
                (
                    words(formats.capital(formats.window(*window))),
                    whole(row.n),
                    number(row.mean, formats.percent(row.mean)),
                    number(row.std_error, formats.number(100 * row.std_error)),
                    number(row.median, formats.percent(row.median)),
                    words(f"{row.positive:,} : {row.negative:,}"),
                    words(f"{int((p <= ALPHA).sum())} of {len(p)}"),
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
    heading = (labels.anchor("windows", group), "By window.")
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
            number(mean[day].std_error, formats.number(100 * mean[day].std_error)),
            number(mean[day].median, formats.percent(mean[day].median)),
            words(f"{mean[day].positive:,} : {mean[day].negative:,}"),
            number(path[day], formats.percent(path[day])),
        )
        for day in path.index
    )
    columns = (
        *figure("Day", "n", "AAR", "s.e.", "Median"),
        Column("Positive : negative"),
        *figure("CAAR"),
    )
    caption = (
        "AAR, its standard error across events, median, and CAAR from the close of day"
        f" {formats.session(-1)}, in per cent."
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
    caption = "CAR of every event, in per cent; quantiles over events."
    return _spreads(("table-cars", "Single events.", caption), "Window", found)


def estimates(result: PanelResult, model: str) -> Table:
    """Return the spread of a model's estimates over the events."""
    found = {
        PARAMETERS.get(name, name): (values, WRITTEN.get(name, formats.number))
        for name, values in parameters(result, model).items()
    }
    title = f"{formats.capital(labels.term(model))}."
    caption = "Estimates of every event; quantiles over events."
    return _spreads((labels.anchor("estimates", model), title, caption), "Estimate", found)


def _spreads(
    heading: tuple[str, str, str], what: str, found: Mapping[str, tuple[Spread, Written]]
) -> Table:
    """Return one row per name: n, mean, standard deviation and quantiles."""
    rows = tuple(
        (
            words(name),
            whole(values.n),
            number(values.mean, written(values.mean)),
            number(values.sd, written(values.sd).lstrip("+")),
            *(number(value, written(value)) for value in values.quantiles),
        )
        for name, (values, written) in found.items()
    )
    table_id, title, caption = heading
    columns = (Column(what), *figure("n", "Mean", "s.d.", *QUANTILES))
    return Table(table_id, title, columns, rows, caption)


def histogram_table(table_id: str, bars: Histogram) -> Table:
    """Return the numbers behind a histogram: events by interval of the CAR."""
    between = [
        (f"{formats.percent(low)} to {formats.percent(high)}", int(n))
        for low, high, n in zip(bars.edges[:-1], bars.edges[1:], bars.counts, strict=True)
    ]
    counted = [
        (f"below {formats.percent(bars.edges[0])}", bars.below),
        *between,
        (f"above {formats.percent(bars.edges[-1])}", bars.above),
    ]
    rows = tuple((words(text), whole(n)) for text, n in counted)
    return Table(table_id, "", (Column("CAR, per cent"), *figure("Events")), rows)


def panel_losses(result: PanelResult) -> Table:
    """Return how many events were lost for which kind of reason, by model."""
    rows = tuple(
        (
            words(formats.capital(labels.term(loss.model))),
            words(loss.stage),
            words(f"{formats.capital(loss.reason)}{'' if loss.reason.endswith('…') else '.'}"),
            whole(loss.n),
            words(loss.example),
        )
        for loss in losses(result)[:MOST_ROWS]
    )
    columns = (
        Column("Model"),
        Column("Stage"),
        Column("Reason"),
        *figure("Events"),
        Column("The first"),
    )
    return Table("table-losses", "Not studied, by reason.", columns, rows)


def panel_dropped(result: PanelResult) -> Table:
    """Return the first lost events with their reasons."""
    rows = tuple(
        (
            words(row.event_id),
            words(row.asset),
            words(labels.term(row.model)),
            words(f"{formats.capital(row.reason)}."),
        )
        for row in labels.records(result.frames["dropped"].head(FIRST_ROWS))
    )
    columns = (Column("Event"), Column("Asset"), Column("Model"), Column("Reason"))
    return Table("table-dropped", "", columns, rows)
