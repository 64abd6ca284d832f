"""Reversal: did the move last? What came after the reactions beside what came after matched days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import charts, formats, labels, prose, tables
from eventstudy.document.blocks import Details, Figure, Note, Panel, Panels, Part, Text
from eventstudy.language import marked, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult

COMPARED = marked(
    "Big moves partly reverse by chance alone: noise on day 0 is not repeated. A give-back means "
    "something only beside the same number on comparable days without an event; every number here stands "
    "beside that of such days."
)
ALONE = marked(
    "Big moves partly reverse by chance alone: noise on day 0 is not repeated. A give-back means "
    "something only beside the same number on comparable days without an event, which this study does not "
    "compute."
)
AXIS = marked("Sessions after the reaction")
TITLES = (marked("Drift"), marked("Low"), marked("High"), marked("Matched"))
MANY = 12
"""Events beyond which their table is closed until a reader opens it."""


@dataclass(frozen=True, slots=True)
class Reversal:
    """Drift beside matched days, give-back, times and slopes of groups, then every event."""

    name: ClassVar[str] = "reversal"
    order: ClassVar[int] = 55
    title: ClassVar[str] = marked("Reversal")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return the comparison of the groups, and the table of the events."""
        table = tables.reversal(result)
        if not table.rows:
            return ()
        if not result.study.looks_ahead:
            return (Note(say(labels.NOTHING_AFTER)),)
        if labels.headline(result, "lasting").empty:
            return (table, Note(say(ALONE)))
        many = len(result.study.events) > MANY
        events = Details(say("Event by event"), (table,)) if many else table
        return (Note(say(COMPARED)), *_drawn(result), *_groups(result), events)


def _drawn(result: StudyResult) -> tuple[Block, ...]:
    """Return the drift of all events by index, side by side."""
    paths = {asset: _path(result, asset) for asset in labels.averaged(result.study)}
    shown = {asset: path for asset, path in paths.items() if len(path)}
    if not shown:
        return ()
    bounds = charts.against_bounds(list(shown.values()))
    panels = tuple(
        Panel(
            labels.full_name(result.study, asset),
            labels.tone(result.study, asset),
            (
                Text(prose.reversal(result, asset), say("After the reaction:")),
                _figure(result, asset, path, bounds),
            ),
        )
        for asset, path in shown.items()
    )
    return (Part("part-reversal", say("All events"), (Panels(panels),)),)


def _path(result: StudyResult, asset: str) -> pd.DataFrame:
    """Return the mean signed drift of all events in one index by session."""
    found = labels.of_all(result, "lasting", asset)
    names = {
        "k": "tau",
        "drift": "value",
        "drift_matched": "usual",
        "drift_matched_low": "low",
        "drift_matched_high": "high",
        "drift_p": "p_value",
    }
    return found[found["drift"].notna()].rename(columns=names)


def _figure(
    result: StudyResult, asset: str, path: pd.DataFrame, bounds: tuple[float, float]
) -> Figure:
    """Return the drift of one index in front of matched days."""
    name = labels.full_name(result.study, asset)
    accent = charts.accent(labels.tone(result.study, asset))
    return Figure(
        id=labels.anchor("figure-drift", asset),
        title="",
        caption=say(
            "Mean CAR after the reaction in its direction, per cent; grey: mean and 95% of sets of "
            "matched days."
        ),
        name=say("{index}: mean signed drift after the reaction beside matched days", index=name),
        spec=charts.against(path, accent, bounds, say(AXIS)),
        table=tables.against_table(labels.anchor("numbers-lasting", asset), path, TITLES),
    )


def _groups(result: StudyResult) -> tuple[Block, ...]:
    """Return the tables of the groups; those of many categories closed until a reader opens them."""
    rest = [
        table
        for table in (tables.kinds(result), tables.returning(result), tables.slopes(result))
        if table.rows
    ]
    categories = tables.lasting_by_category(result)
    if categories is None:
        return (tables.lasting(result), *rest)
    closed = [Details(formats.bare(table.title), (table,)) for table in rest]
    return (tables.lasting(result), Details(say("By category"), (categories,)), *closed)


PLUGIN: type[Section] = Reversal
