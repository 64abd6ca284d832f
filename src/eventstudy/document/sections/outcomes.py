"""Outcomes: flow, volume and volatility beside the returns of every event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import charts, formats, given, labels, prose, tables
from eventstudy.document.blocks import Bullets, Details, Figure, Note, Text
from eventstudy.language import marked, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult

MANY = 12
"""Events beyond which their table is closed until a reader opens it."""
CAVEAT = marked(
    "These series persist: a busy month makes every day of it busy. What counts is the change from the "
    "sessions before, not the distance from the mean of the estimation window."
)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Series by series, then event by event."""

    name: ClassVar[str] = "outcomes"
    order: ClassVar[int] = 45
    title: ClassVar[str] = marked("Flow, volume and volatility")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return sentences, the chart and the tables; nothing for a study of returns alone."""
        if result.frames["outcomes"].empty:
            return ()
        texts = tuple(map(Text, prose.outcomes(result)))
        apart = prose.apart(result)
        return (
            *([Bullets(texts)] if texts else []),
            *([Text(apart)] if apart else []),
            *_summary(result),
            *_events(result),
        )


def _summary(result: StudyResult) -> tuple[Block, ...]:
    """Return the table of the series; where no event has a place on any, only why."""
    table = tables.outcomes_summary(result)
    if table.rows:
        return (Note(say(CAVEAT)), table)
    return tuple(map(Note, tables.left_out(result)))


def _events(result: StudyResult) -> tuple[Block, ...]:
    """Return the events beside each other: in a table, or drawn where they are many."""
    if not labels.series_of(result):
        return ()
    table = tables.beside_returns(result)
    if len(result.study.events) > MANY:
        return (_figure(result, table),)
    return (table, Details(say("Every window"), (tables.every_window(result),)))


def _figure(result: StudyResult, table: tables.Table) -> Figure:
    """Return the distance of every event from what is usual, a line per series."""
    day = formats.window(*labels.window_shown(result))
    return Figure(
        id="figure-outcomes",
        title="",
        caption=say(
            "{days}, distance from the mean of the estimation window in its standard deviations; filled where "
            "the placebo p of another number, the change from the 20 sessions before, is at or below {level}.",
            days=formats.capital(day),
            level=formats.as_given(given.alpha(result.study)),
        ),
        name=say(
            "Flow, volume and volatility of every event, in standard deviations from the usual"
        ),
        spec=charts.strips(*_strips(result)),
        table=table,
    )


def _strips(result: StudyResult) -> tuple[list[str], list[charts.Dot]]:
    """Return the names of the series, and a dot per event and series."""
    found = labels.at_window(result, result.frames["outcomes"])
    found = found[found["abnormal_sd"].notna()]
    titles = labels.titles(result.study)
    names = [labels.series_name(result, each) for each in labels.series_of(result)]
    dots = [
        charts.Dot(
            labels.series_name(result, (row.outcome, row.asset)),
            titles[row.event_id],
            row.abnormal_sd,
            formats.p_value(row.p_value),
            filled=bool(row.p_value <= result.study.alpha),
            accent=charts.accent(labels.tone(result.study, row.asset)),
        )
        for row in labels.records(found)
    ]
    return names, dots


PLUGIN: type[Section] = Outcomes
