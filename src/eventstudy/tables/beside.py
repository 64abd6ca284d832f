"""Flow, volume and volatility: beside the returns, series by series, window by window."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from eventstudy import formats, given, labels
from eventstudy.language import join, marked, retold, say
from eventstudy.tables.table import Cell, Column, Row, Table, figure, number, whole, words

if TYPE_CHECKING:
    import pandas as pd

    from eventstudy.results import StudyResult

VOLATILITY = marked(
    "Garman-Klass: the standard deviation of a session from its open, high, low and close; |return|: the "
    "absolute return, where these are missing."
)
"""What the measures of volatility are."""

MULTIPLES = frozenset({"volume", "volatility"})
"""Outcomes that are printed as multiples of what is usual."""
BESIDE_CAPTION = marked(
    "Returns in per cent, abnormal; in grey their size in standard deviations, and their "
    "placebo p. Flow in {unit}, net purchases positive; volume and volatility as multiples of the mean of "
    "the estimation window, a geometric mean but for absolute returns. In grey the change that the placebo p "
    "beside it tests: from the mean of the 20 sessions before, of a flow in {unit} a session, of the others "
    "as a multiple. Bold where p is at or below the level of the study."
)
HELD_BACK = marked(
    "Limited: price limits may have held day 0 back. Shares locked at their limit hardly trade, and the "
    "volatility of a session leaves the night out: both may be too low, and less than usual says little there."
)
SUMMARY_NOTE = marked(
    "p: placebo of the change from the 20 sessions before, up or down; the median distance is another "
    "number, from the mean of the estimation window. By chance: what the same number of ordinary "
    "days would give, up and down together. Forecast: the same count by an autoregression, of the events for "
    "which its residuals are not autocorrelated."
)
EVERY_CAPTION = marked(
    "Sums over the window for a flow ({unit}), means of its sessions for volume (billion shares) and volatility "
    "(per cent), geometric but for absolute returns. Usual: the mean of the estimation window. Distance: from "
    "it, in its standard deviations. Change: from the mean of the 20 sessions before, of a flow in {unit} a "
    "session, of the others as a multiple; p is that of the change. K: days that the event is compared with."
)


def beside_returns(result: StudyResult) -> Table:
    """Return one row per event: returns and other outcomes side by side on day 0."""
    study, shown = result.study, labels.series_of(result)
    numbers = labels.numbers(study)
    cars = _by_cell(labels.at_window(result, labels.headline(result, "car")))
    placebo = _by_cell(labels.at_window(result, labels.headline(result, "placebo")))
    found = labels.at_window(result, result.frames["outcomes"])
    others = {each: _by_cell(labels.cell(found, outcome=each[0], asset=each[1])) for each in shown}
    mixed = {
        each: len(labels.MEASURES.keys() & labels.measures(result, each)) > 1 for each in shown
    }
    rows = tuple(
        (
            Cell(
                labels.numbered(numbers[event.id], event.title),
                value=event.id,
                href=f"#{labels.event_anchor(event.id)}",
            ),
            *(
                _return(study.alpha, cars.get((event.id, asset)), placebo.get((event.id, asset)))
                for asset in study.assets
            ),
            *(
                _outcome(study.alpha, others[each].get((event.id, each[1])), mixed=mixed[each])
                for each in shown
            ),
        )
        for event in labels.in_order(study)
    )
    titles = [say("{index} return", index=labels.short_name(study, each)) for each in study.assets]
    columns = figure(*titles, *(labels.measured_name(result, each) for each in shown))
    day = formats.capital(formats.window(*labels.window_shown(result)))
    return Table(
        "table-outcomes-beside",
        say("{words}.", words=day),
        (Column(say("Event")), *columns),
        rows,
        say(BESIDE_CAPTION, unit=_unit(result)),
        notes=(*_volatility(found), *_limits(found)),
    )


def _unit(result: StudyResult) -> str:
    """Return the unit of the flows that are shown."""
    instruments = result.study.instruments
    shown = labels.series_of(result)
    return formats.billions(
        instruments[asset].currency for outcome, asset in shown if outcome == "flow"
    )


def _volatility(found: pd.DataFrame) -> tuple[str, ...]:
    """Say what the measures of volatility are, where there is any."""
    return (say(VOLATILITY),) if found["measure"].isin(labels.MEASURES).any() else ()


def _limits(found: pd.DataFrame) -> tuple[str, ...]:
    """Say what price limits do to volume and volatility, where they may have held a day back."""
    return (say(HELD_BACK),) if (found["limited"] == "yes").any() else ()


def _by_cell(found: pd.DataFrame) -> dict[tuple[str, str], labels.Record]:
    """Return the rows of a frame by event and asset."""
    return {(row.event_id, row.asset): row for row in labels.records(found)}


def _return(alpha: float, car: labels.Record | None, placebo: labels.Record | None) -> Cell:
    """Return the abnormal return of one cell."""
    if car is None:
        return number(float("nan"), formats.NOTHING)
    p_value = placebo.p_value if placebo else car.p_value
    detail = say("{size} sd, {p}", size=formats.signed(car.scar, 1), p=formats.p_equals(p_value))
    return Cell(formats.percent(car.car), float(car.car), detail, strong=p_value <= alpha)


def _outcome(alpha: float, row: labels.Record | None, *, mixed: bool) -> Cell:
    """Return one other outcome of one event, with its measure where those of its series differ."""
    if row is None or not math.isfinite(row.level):
        return number(float("nan"), formats.NOTHING)
    parts = (
        say(labels.MEASURES[row.measure]) if mixed else "",
        say("change {size}", size=change(row)),
        formats.p_equals(row.p_value),
        say("limited") if row.limited == "yes" else "",
    )
    detail = join(parts, say(", "))
    return Cell(amount(row), float(row.abnormal), detail, strong=row.p_value <= alpha)


def amount(row: labels.Record) -> str:
    """Return a flow in billion; a volume or volatility as a multiple of what is usual."""
    if row.outcome not in MULTIPLES:
        return formats.large(row.level)
    return _times(row, row.abnormal)


def change(row: labels.Record) -> str:
    """Return the change from the 20 sessions before: of a flow in billion a session, or a multiple."""
    if row.outcome not in MULTIPLES:
        return formats.large(row.change)
    return _times(row, row.change)


def _times(row: labels.Record, beyond: float) -> str:
    """Return a level as a multiple of what it is beyond."""
    if row.measure.startswith("log_"):
        return say("{number}\N{MULTIPLICATION SIGN}", number=formats.number(math.exp(beyond), 1))
    before = row.level - beyond
    if before <= 0:
        return formats.NOTHING
    return say("{number}\N{MULTIPLICATION SIGN}", number=formats.number(row.level / before, 1))


def outcomes_summary(result: StudyResult) -> Table:
    """Return by series how many events stand out, and how many would by chance."""
    found, alpha = labels.at_window(result, result.frames["outcomes"]), result.study.alpha
    rows = []
    for shown in labels.series_of(result):
        mine = labels.cell(found, outcome=shown[0], asset=shown[1])
        tested, forecast = mine["p_value"].dropna(), mine["p_forecast"].dropna()
        up, down = changed(mine, alpha)
        middle = float(mine["abnormal_sd"].median())
        out = int((forecast <= alpha).sum())
        rows.append(
            (
                words(
                    labels.measured_name(result, shown), tone=labels.tone(result.study, shown[1])
                ),
                whole(len(tested)),
                number(middle, formats.signed(middle, 1)),
                *(_count(mine, each) for each in (up, down)),
                number(alpha * len(tested), formats.number(alpha * len(tested), 1)),
                number(out, formats.out_of(out, len(forecast))),
            )
        )
    columns = figure(
        "Events",
        "Median distance, sd",
        say("Up, p ≤ {level}", level=formats.as_given(alpha)),
        say("Down, p ≤ {level}", level=formats.as_given(alpha)),
        "By chance",
        "Forecast",
    )
    day = formats.window(*labels.window_shown(result))
    return Table(
        "table-outcomes-summary",
        say("Series by series, {days}.", days=day),
        (Column(say("Series")), *columns),
        tuple(rows),
        notes=(say(SUMMARY_NOTE), *_volatility(found), *_limits(found), *left_out(result)),
    )


def changed(mine: pd.DataFrame, alpha: float) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Return which events changed a series up, and which down, with a p-value up to a level."""
    out = mine["p_value"] <= alpha
    return out & (mine["change"] > 0), out & (mine["change"] < 0)


def _count(mine: pd.DataFrame, out: pd.Series[bool]) -> Cell:
    """Return a number of events, with those among them whose day 0 was limited."""
    held = int((out & (mine["limited"] == "yes")).sum())
    return whole(out.sum(), detail=say("{n} limited", n=formats.number(held, 0)) if held else "")


def left_out(result: StudyResult) -> list[str]:
    """Say which events have no place on which series: one sentence per series."""
    found = labels.at_window(result, result.frames["outcomes"])
    counts = Counter(
        (row.outcome, row.asset, row.reason)
        for row in labels.records(found[found["status"] != "ok"])
    )
    reasons: dict[str, list[str]] = {}
    start, end = labels.window_shown(result)
    window = ("window_start", "=", start), ("window_end", "=", end)
    for (outcome, asset, reason), n in counts.items():
        name = labels.series_name(result, (outcome, asset))
        of_series = ("outcome", "=", outcome), ("asset", "=", asset), ("reason", "=", reason)
        events = formats.count(given.tally(n, "outcomes", *window, *of_series), "event")
        said = say("{words} ({beside})", words=events, beside=retold(reason))
        reasons.setdefault(name, []).append(said)
    return [
        say("Left out of {series}: {events}.", series=name, events=formats.listing(each))
        for name, each in reasons.items()
    ]


def every_window(result: StudyResult) -> Table:
    """Return every event on every series and window."""
    numbers = labels.numbers(result.study)
    found = result.frames["outcomes"]
    rows: list[Row] = []
    for event in labels.in_order(result.study):
        mine = found[(found["event_id"] == event.id) & (found["measure"] != "")]
        for position, row in enumerate(labels.records(mine)):
            lead = Cell(
                labels.numbered(numbers[event.id], event.title), value=event.id, rows=len(mine)
            )
            cells = _window_cells(result, row)
            rows.append(cells if position else (lead, *cells))
    columns = (
        *(Column(say("Event")), Column(say("Series")), Column(say("Window"))),
        *figure("Level", "Usual", "Distance, sd", "Change", "p", "K"),
        *figure("Forecast p", "AR order", "Ljung-Box p"),
    )
    notes = tuple(
        say("{words}.", words=formats.capital(retold(reason)))
        for reason in dict.fromkeys(
            row.forecast_reason for row in labels.records(found[found["status"] == "ok"])
        )
        if reason
    )
    return Table(
        *("table-outcomes-windows", say("Window by window."), columns, tuple(rows)),
        *(say(EVERY_CAPTION, unit=_unit(result)), notes),
    )


def _window_cells(result: StudyResult, row: labels.Record) -> Row:
    """Return the numbers of one window."""
    order = formats.number(row.order, 0)
    return (
        words(
            labels.measured_name(result, (row.outcome, row.asset), row.measure),
            tone=labels.tone(result.study, row.asset),
        ),
        words(formats.window(row.window_start, row.window_end)),
        number(row.level, _level(row, row.level)),
        number(row.usual, _level(row, row.usual)),
        number(row.abnormal_sd, formats.signed(row.abnormal_sd, 1)),
        number(row.change, change(row)),
        number(row.p_value, formats.p_value(row.p_value)),
        whole(row.n),
        number(row.p_forecast, formats.p_value(row.p_forecast)),
        number(row.order, order),
        number(row.ljung_box_p, formats.p_value(row.ljung_box_p)),
    )


def _level(row: labels.Record, value: float) -> str:
    """Return a level in the unit of the caption."""
    if row.measure == "net_purchases":
        return formats.large(value)
    if row.measure == "log_volume":
        return formats.number(formats.in_billions(math.exp(value) / 1e6), 1)
    return formats.number(100 * (math.exp(value) if row.measure.startswith("log_") else value), 2)
