"""Events: the facts of each, then one column per index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import charts, formats, given, labels, prose, tables
from eventstudy.document.blocks import Details, Figure, Note, Panel, Panels, Part, Text
from eventstudy.document.facts import facts
from eventstudy.language import join, marked, retold, say, sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult
    from eventstudy.spec import Event


RETURNS_ONLY = marked("Day 0 is not drawn where the data give returns and no prices.")


@dataclass(frozen=True, slots=True)
class Events:
    """One part per event, in the order of announcement."""

    name: ClassVar[str] = "events"
    order: ClassVar[int] = 40
    title: ClassVar[str] = marked("Events")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return the parts of the events."""
        bare = result.frames["day0_prices"]["close"].isna().any()
        note = Note(
            sentences(
                formats.capital(prose.path_caption(None, given.alpha(result.study))),
                say("Charts of one event share their scale."),
                say("The thin line through the session's bar spans the day's low to high."),
                say(RETURNS_ONLY) if bare else "",
            )
        )
        numbers = labels.numbers(result.study)
        printed = tables.printed(result)
        parts = [
            _part(result, event, numbers[event.id], printed)
            for event in labels.in_order(result.study)
        ]
        return (note, *parts)


def _part(result: StudyResult, event: Event, number: int, printed: pd.DataFrame) -> Part:
    """Return the part of one event."""
    notes = (Text(event.notes),) if event.notes else ()
    return Part(
        id=labels.event_anchor(event.id),
        title=labels.numbered(number, event.title),
        blocks=(
            *notes,
            facts(result, event),
            _panels(result, event),
            *_press(result, event, printed),
        ),
        page=True,
    )


def _panels(result: StudyResult, event: Event) -> Panels:
    """Return the columns of the indices on which the event is studied, with shared scales."""
    assets = result.study.assets_of(event)
    paths = {asset: _path(result, event, asset) for asset in assets}
    days = {asset: _day(result, event, asset) for asset in assets}
    shown = charts.path_bounds([path for path in paths.values() if len(path)])
    split = charts.day0_bounds([day for day in days.values() if day])
    return Panels(
        tuple(
            Panel(
                labels.full_name(result.study, asset),
                labels.tone(result.study, asset),
                (
                    *_verdict(result, event, asset),
                    *_path_figure(result, event, asset, (paths[asset], shown)),
                    *_day_figure(result, event, asset, (days[asset], split)),
                    *_numbers(result, event, asset),
                ),
            )
            for asset in assets
        )
    )


def _path(result: StudyResult, event: Event, asset: str) -> pd.DataFrame:
    """Return the headline path of one cell; empty where it was not studied."""
    return labels.cell(labels.headline(result, "paths"), event_id=event.id, asset=asset)


def _day(result: StudyResult, event: Event, asset: str) -> dict[str, float]:
    """Return the prices of day 0; empty where there is no day 0, or only its return is given."""
    rows = labels.cell(result.frames["day0_prices"], event_id=event.id, asset=asset)
    fields = ["previous_close", "open", "high", "low", "close"]
    known = len(rows) and rows["close"].notna().all()
    return {name: getattr(labels.records(rows)[0], name) for name in fields} if known else {}


def _verdict(result: StudyResult, event: Event, asset: str) -> tuple[Block, ...]:
    """Return the verdict, or why the headline model could not be run."""
    keys: dict[str, str | int] = {"event_id": event.id, "asset": asset}
    found = labels.found(labels.headline(result, "verdicts"), **keys)
    if found:
        row = found[0]
        said = prose.verdict(row, result.study.alpha), prose.doubted(result, event.id, asset)
        lead = say("{outcome}:", outcome=formats.capital(say(row.outcome)))
        return (Text(sentences(*said), lead),)
    lost = labels.found(labels.headline(result, "dropped"), **keys)
    reasons = join((retold(row.reason) for row in lost), say("; "))
    why = reasons or say("the announcement has no session here")
    return (Text(say("{words}.", words=why), say("Not studied:")),)


def _path_figure(
    result: StudyResult, event: Event, asset: str, drawn: tuple[pd.DataFrame, tuple[float, float]]
) -> tuple[Block, ...]:
    """Return the path of one cell."""
    path, bounds = drawn
    if path.empty:
        return ()
    key = f"{event.id}-{asset}"
    name = labels.full_name(result.study, asset)
    return (
        Figure(
            id=labels.anchor("path", key),
            title="",
            caption=say(
                "CAR from the close of day {day}, per cent.", day=formats.session(given.DAY_BEFORE)
            ),
            name=say(
                "{index}, {event}: path of the cumulative abnormal return",
                index=name,
                event=event.title,
            ),
            spec=charts.return_path(path, charts.accent(labels.tone(result.study, asset)), bounds),
            table=tables.path_table(labels.anchor("numbers-path", key), path),
        ),
    )


def _day_figure(
    result: StudyResult,
    event: Event,
    asset: str,
    drawn: tuple[dict[str, float], tuple[float, float]],
) -> tuple[Block, ...]:
    """Return the bars of day 0 of one cell."""
    day, bounds = drawn
    if not day:
        return ()
    key = f"{event.id}-{asset}"
    name = labels.full_name(result.study, asset)
    return (
        Figure(
            id=labels.anchor("day0", key),
            title="",
            caption=prose.day0_caption(day),
            name=say(
                "{index}, {event}: day 0 by overnight, session and whole day",
                index=name,
                event=event.title,
            ),
            spec=charts.day0_bars(day, charts.accent(labels.tone(result.study, asset)), bounds),
            table=tables.day0_split(labels.anchor("numbers-day0", key), day),
        ),
    )


def _numbers(result: StudyResult, event: Event, asset: str) -> tuple[Block, ...]:
    """Return the tables of one cell, closed until a reader opens them."""
    cars = tables.cars(result, event.id, asset)
    if not cars.rows:
        return ()
    legs = tables.legs(result, event.id, asset)
    drift = tables.drift(result, event.id, asset)
    shown = (cars, *((legs,) if legs else ()), *((drift,) if drift.rows else ()))
    name = labels.full_name(result.study, asset)
    return (Details(say("Numbers for {index}", index=name), shown),)


def _press(result: StudyResult, event: Event, printed: pd.DataFrame) -> tuple[Block, ...]:
    """Return the press figures of the event."""
    rows = labels.cell(printed, event_id=event.id)
    if rows.empty:
        return ()
    return (tables.press_of_event(result, rows, labels.anchor("press", event.id)),)


PLUGIN: type[Section] = Events
