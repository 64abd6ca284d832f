"""Table 1 and the tables behind the figures: effects by event and index."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from eventstudy import formats, labels
from eventstudy.tables.table import Cell, Column, Row, Table, figure, number, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from eventstudy.results import StudyResult
    from eventstudy.spec import Event, Study

LIMITED_NOTE = (
    "Where daily price limits may have held day 0 back, the reaction is the abnormal return of days 0 to "
    "+1, so marked, and what came after begins a day later."
)


def outcomes(result: StudyResult) -> Table:
    """Return Table 1: what happened, event by event and index by index, by the headline model."""
    verdicts = labels.headline(result, "verdicts")
    first, span = labels.first_window(verdicts), labels.later_window(result)
    level = round(100 * (1 - result.study.alpha))
    rows = [row for event in labels.in_order(result.study) for row in _event_rows(result, event)]
    after = (f"CAR, {span}", "p") if result.study.looks_ahead else ()
    columns = (
        Column("Event"),
        Column("Index"),
        Column("Outcome"),
        *figure("Open gap", f"AR, {first}", "p", *after),
    )
    return Table(
        "table-outcomes",
        "Outcomes.",
        columns,
        tuple(rows),
        f"Abnormal returns by event and index, per cent; {level}% intervals in brackets.",
        _outcome_notes(verdicts, result.study, (first, span)),
    )


def _outcome_notes(verdicts: pd.DataFrame, study: Study, spans: tuple[str, str]) -> tuple[str, ...]:
    """Say which test each p comes from and how small it can be, and which reactions take two days."""
    first, span = spans
    floors = " to ".join(dict.fromkeys(f"{end:.3f}" for end in _ends(verdicts["floor"])))
    names = formats.listing(dict.fromkeys(map(labels.term, verdicts["p0_test"])))
    floor = f"; it cannot be below {floors}, by event" if floors else ""
    later = f"p of {span}: forecast t." if study.looks_ahead else labels.NOTHING_AFTER
    tests = f"p of {first}: {names}{floor}. {later}"
    model = labels.term(study.models[0].label)
    gap = f" Open gap: simple return; {formats.NOTHING} where no open is known."
    notes = f"{tests} Intervals: forecast t. Model: {model}.{gap}"
    return (notes, LIMITED_NOTE) if verdicts["reaction_end"].any() else (notes,)


def _ends(values: pd.Series[float]) -> list[float]:
    """Return the least and the largest of some numbers; nothing where there is none."""
    known = values.dropna()
    return [known.min(), known.max()] if len(known) else []


def _event_rows(result: StudyResult, event: Event) -> list[Row]:
    """Return the rows of one event, one per index studied."""
    verdicts = labels.headline(result, "verdicts")
    mine = verdicts[verdicts["event_id"] == event.id]
    days = result.frames["day0"].set_index(["event_id", "asset"])
    sessions = [days.loc[(event.id, asset), "session"] for asset in mine["asset"]]
    shared = len(set(sessions)) == 1
    rows: list[Row] = []
    for position, (row, session) in enumerate(zip(labels.records(mine), sessions, strict=True)):
        lead = Cell(
            event.title,
            value=event.id,
            detail=formats.day(session) if shared else "",
            href=f"#{labels.event_anchor(event.id)}",
            strong=True,
            rows=len(mine),
        )
        gap = days.loc[(event.id, row.asset), "overnight"]
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
    review = "REVIEW: prices in doubt" if doubted else ""
    return Cell(formats.capital(row.outcome), value=row.outcome, strong=True, detail=review)


def _reaction(row: labels.Record) -> Cell:
    """Return the reaction with its interval, and with its days where they are more than day 0."""
    cell = _with_interval(row.ar0, row.ar0_low, row.ar0_high)
    return replace(cell, detail=f"{cell.detail}{_marked(row)}")


def _later(row: labels.Record) -> Row:
    """Return what came after the reaction, and its p."""
    car = _with_interval(row.car, row.car_low, row.car_high)
    return car, number(row.car_p, formats.p_value(row.car_p))


def _marked(row: labels.Record) -> str:
    """Return the days of a reaction that is not of day 0 alone; an empty text where it is."""
    return f", {formats.window(0, row.reaction_end)}" if row.reaction_end else ""


def _with_interval(value: float, low: float, high: float) -> Cell:
    """Return an effect with its interval in grey."""
    return number(value, formats.percent(value), detail=formats.interval(low, high))


def effects(result: StudyResult, effect: str) -> Table:
    """Return the numbers behind a forest plot.

    Parameters
    ----------
    result : StudyResult
        The study.
    effect : {'ar0', 'car'}
        Columns of the frame ``verdicts``: the reaction, or the days after it.
    """
    verdicts = labels.headline(result, "verdicts")
    titles = labels.titles(result.study)
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
        for row in labels.records(verdicts)
    )
    columns = (
        Column("Event"),
        Column("Index"),
        Column("Window"),
        *figure("Estimate", "Low", "High"),
    )
    return Table(f"numbers-{effect}", "", columns, rows, "Per cent.")


def _span(row: labels.Record, effect: str) -> str:
    """Return the days of one effect."""
    first = formats.window(0, row.reaction_end)
    return first if effect == "ar0" else formats.window(row.window_start, row.window_end)


def path_table(table_id: str, path: pd.DataFrame) -> Table:
    """Return the numbers behind a path: one row per session, per cent."""
    rows = tuple(
        (
            number(row.tau, formats.session(row.tau)),
            *(number(v, formats.percent(v)) for v in (row.value, row.low, row.high)),
        )
        for row in labels.records(path.sort_values("tau"))
    )
    columns = figure("Day", "CAR", "Low", "High")
    return Table(
        table_id, "", columns, rows, "CAR from the close of day \N{MINUS SIGN}1, per cent."
    )


def day0_split(table_id: str, day: Mapping[str, float]) -> Table:
    """Return the numbers behind the bars of day 0: prices and per cent of the previous close."""
    base = day["previous_close"]
    fields = ("previous_close", "open", "high", "low", "close")
    rows = tuple(
        (
            words(formats.capital(name.replace("_", " "))),
            number(day[name], formats.number(day[name])),
            number(day[name] / base - 1, formats.percent(day[name] / base - 1)),
        )
        for name in fields
        if math.isfinite(day[name])
    )
    return Table(table_id, "", (Column("Price"), *figure("Level", "Per cent")), rows)


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
        Column("Event"),
        Column("Day 0"),
        *figure("Close", "Return, per cent"),
    )
    return Table(f"numbers-timeline-{labels.anchor('asset', asset)}", "", columns, rows)


def overview(result: StudyResult, stem: str) -> Table:
    """Return one row per event for the page of all studies: day 0 and the outcome by index.

    Parameters
    ----------
    result : StudyResult
        The study.
    stem : str
        Folder of its report; links lead into its page.
    """
    study = result.study
    verdicts = labels.records(labels.headline(result, "verdicts"))
    found = {(row.event_id, row.asset): row for row in verdicts}
    days, doubted = result.frames["day0"], labels.doubted(result)
    rows = tuple(
        (
            Cell(
                event.title,
                value=event.id,
                href=f"{quote(stem)}/index.html#{labels.event_anchor(event.id)}",
                strong=True,
            ),
            words(_days(labels.cell(days, event_id=event.id)["session"])),
            *_outcomes(study, event, found, doubted),
            words(formats.capital(labels.group_name(event.category))),
        )
        for event in labels.in_order(study)
    )
    each = () if study.pool_assets else study.assets
    indices = [Column(labels.full_name(study, asset)) for asset in each] or [Column("Outcome")]
    columns = (Column("Event"), Column("Day 0"), *indices, Column("Category"))
    caption = "Outcome by index, with the abnormal return of day 0, or of the days that are named, in per cent."
    return Table(labels.anchor("table", stem), "", columns, rows, caption)


def _days(sessions: Iterable[str]) -> str:
    """Return the days 0 of an event; markets that agree share one."""
    return " / ".join(dict.fromkeys(map(formats.day, sessions))) or formats.NOTHING


def _outcomes(
    study: Study,
    event: Event,
    found: Mapping[tuple[str, str], labels.Record],
    doubted: set[tuple[str, str]],
) -> list[Cell]:
    """Return the outcomes of one event: one cell per index, or one for all pooled assets."""
    assets = study.assets_of(event) if study.pool_assets else study.assets
    keys = [(event.id, asset) for asset in assets]
    cells = [_outcome(found.get(key), review=key in doubted) for key in keys]
    if not study.pool_assets:
        return cells
    if len(cells) == 1:
        return cells
    tally = Counter(cell.text.lower() for cell in cells).most_common()
    return [words(formats.capital(formats.listing(f"{n} {word}" for word, n in tally)))]


def _outcome(row: labels.Record | None, *, review: bool) -> Cell:
    """Return the outcome of one event in one index."""
    if row is None:
        return Cell("Not studied")
    return Cell(
        formats.capital(row.outcome),
        row.outcome,
        detail=f"{formats.percent(row.ar0)}{_marked(row)}{', REVIEW' if review else ''}",
    )
