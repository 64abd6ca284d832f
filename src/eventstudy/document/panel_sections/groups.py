"""Groups: the mean path of each, day by day, with every test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import charts, formats, given, labels, prose, tables
from eventstudy.document.blocks import Details, Figure, Part
from eventstudy.language import derived, marked, say, source_of
from eventstudy.tables.panel import group_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from eventstudy.document.blocks import Block, PanelSection
    from eventstudy.language import Whole
    from eventstudy.panel import PanelResult

MOST_GROUPS = 9
"""All events and the largest groups have a part of their own."""


@dataclass(frozen=True, slots=True)
class Groups:
    """One part per group: AAR and CAAR by day and by window."""

    name: ClassVar[str] = "groups"
    order: ClassVar[int] = 20
    title: ClassVar[str] = marked("Average effects")

    def blocks(self, result: PanelResult) -> Sequence[Block]:
        """Return a part per group."""
        groups = prose.panel_groups(result)[:MOST_GROUPS]
        paths = [group_rows(result, "mean_paths", group) for group in groups]
        bounds = charts.path_bounds([path[path["n"] > 2] for path in paths])
        return [_part(result, group, bounds) for group in groups]


def _part(result: PanelResult, group: str, bounds: tuple[float, float]) -> Part:
    """Return the part of one group."""
    title = formats.capital(labels.panel_group(result, group))
    path = group_rows(result, "mean_paths", group)
    figure = Figure(
        id=labels.anchor("mean-path", group),
        title="",
        caption=prose.path_caption(_largest(path), given.panel_level()),
        name=say("{group}: mean path of the cumulative abnormal return", group=title),
        spec=charts.return_path(path, charts.accent(0), bounds),
        table=tables.path_table(labels.anchor("numbers-mean-path", group), path),
    )
    return Part(
        labels.anchor("group", group),
        title,
        (
            figure,
            *_days(result, group),
            tables.panel_windows(result, group),
            Details(say("Every test day by day"), (tables.panel_day_tests(result, group),)),
            *_values(result, group),
        ),
    )


def _largest(path: pd.DataFrame) -> Whole:
    """Return the number of events on the day that has most."""
    most = max(row.n for row in labels.records(path))
    return derived(int(most), source_of(most))


def _days(result: PanelResult, group: str) -> tuple[Block, ...]:
    """Return AAR and CAAR by day; those of a part of the events are closed."""
    table = tables.panel_days(result, group)
    return (table,) if group == labels.ALL else (Details(say("Day by day"), (table,)),)


def _values(result: PanelResult, group: str) -> tuple[Block, ...]:
    """Return value and law of every test of all events; those of groups are in statistics.csv."""
    title = say("Value, law and n of every test, all models")
    return (Details(title, (tables.panel_tests(result),)),) if group == labels.ALL else ()


PLUGIN: type[PanelSection] = Groups
