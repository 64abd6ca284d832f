"""Table 1 and the tables behind the figures: effects by event and index."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from eventstudy import formats, given, labels
from eventstudy.language import derived, join, marked, say, sentences
from eventstudy.tables.numbered import by_number, numbered_titles
from eventstudy.tables.table import Cell, Column, Row, Table, figure, number, words

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    import pandas as pd

    from eventstudy.results import StudyResult
    from eventstudy.spec import Event, Study

LIMITED_NOTE = marked(
    "Where daily price limits may have held day 0 back, the reaction is the abnormal return of days 0 to "
    "+1, so marked, and what came after begins a day later."
)


LEAST_FLOOR, LARGEST_FLOOR = (
    f"results/verdicts.csv, {which} floor of the headline model" for which in ("least", "largest")
)


def outcomes(result: StudyResult) -> Table:
    """Return Table 1: what happened, event by event and index by index, by the headline model."""
    verdicts = labels.headline(result, "verdicts")
    first, span = labels.first_window(verdicts), labels.later_window(result)
    rows = [row for event in labels.in_order(result.study) for row in _event_rows(result, event)]
    after = (say("CAR, {days}", days=span), "p") if result.study.looks_ahead else ()
    columns = (
        Column(say("Event")),
        Column(say("Index")),
        Column(say("Outcome")),
        *figure("Open gap", say("AR, {days}", days=first), "p", *after),
    )
    return Table(
        "table-outcomes",
        say("Outcomes."),
        columns,
        tuple(rows),
        say(
            "Abnormal returns by event and index, per cent; {level} intervals in brackets.",
            level=labels.confidence(result.study),
        ),
        _outcome_notes(verdicts, result.study, (first, span)),
        plain=say("Abnormal returns by event and index, per cent."),
    )


def _outcome_notes(verdicts: pd.DataFrame, study: Study, spans: tuple[str, str]) -> tuple[str, ...]:
    """Say which test each p comes from and how small it can be, and which reactions take two days."""
    first, span = spans
    notes = sentences(
        _reaction_note(verdicts, first),
        say("p of {days}: forecast t.", days=span)
        if study.looks_ahead
        else say(labels.NOTHING_AFTER),
        say("Intervals: forecast t. Model: {model}.", model=labels.term(study.models[0].label)),
        say("Open gap: simple return; {dash} where no open is known.", dash=formats.NOTHING),
    )
    return (notes, say(LIMITED_NOTE)) if verdicts["reaction_end"].any() else (notes,)


def _reaction_note(verdicts: pd.DataFrame, days: str) -> str:
    """Say which tests the p-values of the reactions are of, and how small they can be."""
    names = formats.listing(dict.fromkeys(map(labels.term, verdicts["p0_test"])))
    known = verdicts["floor"].dropna()
    if known.empty:
        return say("p of {days}: {tests}.", days=days, tests=names)
    ends = derived(known.min(), LEAST_FLOOR), derived(known.max(), LARGEST_FLOOR)
    return say(
        "p of {days}: {tests}; it cannot be below {floor}, by event.",
        days=days,
        tests=names,
        floor=formats.from_to(*(formats.number(end, 3) for end in ends)),
    )


def _event_rows(result: StudyResult, event: Event) -> list[Row]:
    """Return the rows of one event, one per index studied."""
    mine = labels.found(labels.headline(result, "verdicts"), event_id=event.id)
    days = labels.keyed(labels.found(result.frames["day0"], event_id=event.id), "asset")
    sessions = [days[row.plain(["asset"])].session for row in mine]
    shared = len(set(sessions)) == 1
    rows: list[Row] = []
    for position, (row, session) in enumerate(zip(mine, sessions, strict=True)):
        lead = Cell(
            event.title,
            value=event.id,
            detail=formats.day(session) if shared else "",
            href=f"#{labels.event_anchor(event.id)}",
            strong=True,
            rows=len(mine),
        )
        gap = days[row.plain(["asset"])].overnight
        cells = (
            words(
                labels.short_name(result.study, row.asset),
                tone=labels.tone(result.study, row.asset),
                detail="" if shared else formats.day(session),
            ),
            _judged(result, row),
            number(gap, formats.percent(gap)),
            _reaction(row),
            number(row.p0, formats.p_value(row.p0)),
            *(_later(row) if result.study.looks_ahead else ()),
        )
        rows.append(cells if position else (lead, *cells))
    return rows


def _judged(result: StudyResult, row: labels.Record) -> Cell:
    """Return the outcome, and that it rests on prices in doubt where it does."""
    doubted = (row.event_id, row.asset) in labels.doubted(result)
    review = say("REVIEW: prices in doubt") if doubted else ""
    return Cell(formats.capital(say(row.outcome)), value=row.outcome, strong=True, detail=review)


def _reaction(row: labels.Record) -> Cell:
    """Return the reaction with its interval, and with its days where they are more than day 0."""
    cell = _with_interval(row.ar0, row.ar0_low, row.ar0_high)
    return replace(cell, detail=join((cell.detail, days_of(row)), say(", ")))


def _later(row: labels.Record) -> Row:
    """Return what came after the reaction, and its p."""
    car = _with_interval(row.car, row.car_low, row.car_high)
    return car, number(row.car_p, formats.p_value(row.car_p))


def days_of(row: labels.Record) -> str:
    """Return the days of a reaction that is not of day 0 alone; an empty text where it is."""
    return formats.window(given.DAY0, row.reaction_end) if row.reaction_end else ""


def _with_interval(value: float, low: float, high: float) -> Cell:
    """Return an effect with its interval in grey."""
    return number(value, formats.percent(value), detail=formats.interval(low, high))


def effects(
    result: StudyResult, effect: str, ending: str = "", events: Container[int] | None = None
) -> Table:
    """Return the numbers behind a forest plot.

    Parameters
    ----------
    result : StudyResult
        The study.
    effect : {'ar0', 'car'}
        Columns of the frame ``verdicts``: the reaction, or the days after it.
    ending : str, optional
        Behind its anchor, where the plot has several parts.
    events : container of int, optional
        Numbers of the events of the plot; all unless given.
    """
    verdicts = labels.headline(result, "verdicts")
    titles, numbers = numbered_titles(result.study), labels.numbers(result.study)
    rows = tuple(
        (
            words(titles[row.event_id]),
            words(
                labels.short_name(result.study, row.asset),
                tone=labels.tone(result.study, row.asset),
            ),
            words(_span(row, effect)),
            *(
                number(value, formats.percent(value))
                for value in (getattr(row, f"{effect}{end}") for end in ("", "_low", "_high"))
            ),
        )
        for row in labels.records(by_number(result.study, verdicts))
        if events is None or numbers[row.event_id] in events
    )
    columns = (
        Column(say("Event")),
        Column(say("Index")),
        Column(say("Window")),
        *figure("Estimate", "Low", "High"),
    )
    return Table(f"numbers-{effect}{ending}", "", columns, rows, say("Per cent."))


def _span(row: labels.Record, effect: str) -> str:
    """Return the days of one effect."""
    first = formats.window(given.DAY0, row.reaction_end)
    return first if effect == "ar0" else formats.window(row.window_start, row.window_end)


PRICES = {
    "previous_close": marked("Previous close"),
    "open": marked("Open"),
    "high": marked("High"),
    "low": marked("Low"),
    "close": marked("Close"),
}
"""What the prices of day 0 are called."""


def path_table(table_id: str, path: pd.DataFrame) -> Table:
    """Return the numbers behind a path: one row per session, per cent."""
    rows = tuple(
        (
            number(row.tau, formats.session(row.tau)),
            *(number(v, formats.percent(v)) for v in (row.value, row.low, row.high)),
        )
        for row in labels.by_session(path)
    )
    columns = figure("Day", "CAR", "Low", "High")
    return Table(
        table_id,
        "",
        columns,
        rows,
        say("CAR from the close of day {day}, per cent.", day=formats.session(given.DAY_BEFORE)),
    )


def day0_split(table_id: str, day: Mapping[str, float]) -> Table:
    """Return the numbers behind the bars of day 0: prices and per cent of the previous close."""
    base = day["previous_close"]
    rows = tuple(
        (
            words(say(title)),
            number(day[name], formats.number(day[name])),
            number(day[name] / base - 1, formats.percent(day[name] / base - 1)),
        )
        for name, title in PRICES.items()
        if math.isfinite(day[name])
    )
    return Table(table_id, "", (Column(say("Price")), *figure("Level", "Per cent")), rows)


def timeline_table(result: StudyResult, asset: str) -> Table:
    """Return the numbered events of one market: day 0, its close, its return."""
    prices = result.frames["day0_prices"].merge(
        result.frames["day0"], on=["event_id", "asset", "session"], validate="one_to_one"
    )
    days = {row.event_id: row for row in labels.records(prices[prices["asset"] == asset])}
    numbered = labels.numbers(result.study)
    rows = tuple(
        (
            number(numbered[event.id], str(numbered[event.id])),
            words(event.title),
            words(formats.day(days[event.id].session)),
            number(days[event.id].close, formats.number(days[event.id].close)),
            number(days[event.id].close_to_close, formats.percent(days[event.id].close_to_close)),
        )
        for event in labels.in_order(result.study)
        if event.id in days
    )
    columns = (
        *figure("No."),
        Column(say("Event")),
        Column(say("Day 0")),
        *figure("Close", "Return, per cent"),
    )
    return Table(f"numbers-timeline-{labels.anchor('asset', asset)}", "", columns, rows)
