"""Categories: average effects with every test side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import charts, formats, labels, prose, tables
from eventstudy.document.blocks import Details, Figure, Note, Panel, Panels, Part, Text
from eventstudy.language import marked, say, sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult

CAVEAT = marked(
    "Events that lie close together are not independent: the placebo, the adjusted tests, the rank tests and "
    "the crude dependence adjustment allow for that, the others do not."
)
IN_FILE = marked(
    "Every test with its value, its law and n, by every model, is in results/statistics.csv."
)
MANY = 12
"""Groups beyond which only all events have the table of every test by every model."""

FEWEST = 3
"""Events from which on a band sets the scale; that of two events runs off the chart."""


@dataclass(frozen=True, slots=True)
class Categories:
    """One part per category, and one for all events where there are several categories."""

    name: ClassVar[str] = "categories"
    order: ClassVar[int] = 50
    title: ClassVar[str] = marked("Categories")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return a part per group that has an average."""
        shown = labels.groups(result)
        parts = [part for group in shown if (part := _part(result, group)) is not None]
        if not parts:
            return (Text(say("One event has no average.")),)
        return (Note(sentences(say(CAVEAT), say(IN_FILE) if len(shown) > MANY else "")), *parts)


def _part(result: StudyResult, group: str) -> Part | None:
    """Return the part of one group: a column per index with two events or more; None without."""
    found = labels.cell(labels.headline(result, "aggregate"), group=group)
    several = set(found.loc[found["n"] > 1, "asset"])
    assets = [asset for asset in labels.averaged(result.study) if asset in several]
    if not assets:
        return None
    paths = labels.cell(labels.headline(result, "mean_paths"), group=group)
    bounds = _bounds(paths[paths["asset"].isin(assets)])
    panels = tuple(
        Panel(
            labels.full_name(result.study, asset),
            labels.tone(result.study, asset),
            (*_sentence(result, group, asset), *_path(result, group, asset, bounds)),
        )
        for asset in assets
    )
    rest = tuple(block for asset in assets for block in _tables(result, group, asset))
    title = formats.capital(labels.group_name(group))
    return Part(labels.anchor("category", group), title, (Panels(panels), *rest))


def _bounds(paths: pd.DataFrame) -> tuple[float, float]:
    """Return shared bounds that hold all means, and the bands that say something."""
    narrow = paths["n"] >= FEWEST
    return charts.path_bounds(
        [paths.assign(**{end: paths[end].where(narrow) for end in ("low", "high")})]
    )


def _sentence(result: StudyResult, group: str, asset: str) -> tuple[Block, ...]:
    """Return what the average says."""
    text = prose.average(result, group, asset)
    return (Text(say("{words}.", words=text), say("Mean on day 0:")),) if text else ()


def _path(
    result: StudyResult, group: str, asset: str, bounds: tuple[float, float]
) -> tuple[Block, ...]:
    """Return the mean path of a group."""
    path = labels.cell(labels.headline(result, "mean_paths"), group=group, asset=asset)
    if path.empty:
        return ()
    key = f"{group}-{asset}"
    name = labels.full_name(result.study, asset)
    return (
        Figure(
            id=labels.anchor("mean-path", key),
            title="",
            caption=prose.path_caption(_most(path), result.study.alpha),
            name=say(
                "{index}, {group}: mean path of the cumulative abnormal return",
                index=name,
                group=labels.group_name(group),
            ),
            spec=charts.return_path(path, charts.accent(labels.tone(result.study, asset)), bounds),
            table=tables.path_table(labels.anchor("numbers-mean-path", key), path),
        ),
    )


def _most(path: pd.DataFrame) -> int:
    """Return the number of events of a path, the most on any day."""
    most: int = max(row.n for row in labels.records(path))
    return most


def _tables(result: StudyResult, group: str, asset: str) -> tuple[Block, ...]:
    """Return the tables of a group in one index."""
    name, known = labels.full_name(result.study, asset), labels.groups(result)
    found = (
        tables.group_windows(result, group, asset),
        Details(say("{index} day by day", index=name), (tables.daily(result, group, asset),)),
    )
    if len(known) > MANY and group != known[-1]:
        return found
    return (
        *found,
        Details(
            say("{index}: value, law and n of every test, all models", index=name),
            (tables.group_statistics(result, group, asset),),
        ),
    )


PLUGIN: type[Section] = Categories
