"""Placebo: every event and category among days of the same market in the same state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from eventstudy import charts, formats, given, labels, prose, tables
from eventstudy.document.blocks import Details, Figure, Note, Panel, Panels, Part, Text
from eventstudy.language import marked, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from eventstudy.document.blocks import Block, Section
    from eventstudy.language import Whole
    from eventstudy.results import StudyResult

MANY = 12
"""Events beyond which the p-values are counted instead of drawing a row for each."""
AXIS = marked("Abnormal return over its standard deviation as known before")
CAVEAT = marked(
    "The comparison answers what else happened on such days; it cannot answer why an event is in the "
    "study. Events that are remembered because the market moved are rare among other days whatever "
    "they caused."
)


@dataclass(frozen=True, slots=True)
class Placebo:
    """The events among ordinary days, then the p-values of categories, alone and together."""

    name: ClassVar[str] = "placebo"
    order: ClassVar[int] = 58
    title: ClassVar[str] = marked("Placebo: events among other days")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return the charts and tables; nothing where no placebo was computed."""
        found = labels.headline(result, "placebo")
        if found.empty:
            return ()
        table = tables.placebo_events(result)
        events = (Details(formats.bare(table.title), (table,)),) if _many(result) else (table,)
        texts = (Text(formats.capital(text)) for text in (prose.by_placebo(result),) if text)
        return (*texts, *_figures(result), Note(say(CAVEAT)), *events, *_groups(result))


def _many(result: StudyResult) -> bool:
    """Tell whether the study has too many events for a row each."""
    return len(result.study.events) > MANY


def _groups(result: StudyResult) -> tuple[Block, ...]:
    """Return the p-values of the groups."""
    text = prose.together(result)
    every = Details(say("All p-values with all adjustments"), (tables.placebo_adjusted(result),))
    return (*([Text(text)] if text else []), tables.placebo_groups(result), every)


def _figures(result: StudyResult) -> tuple[Block, ...]:
    """Return a figure per index: a row per event, or counts of p-values where events are many."""
    reactions = _reactions(result)
    each = {
        asset: reactions if asset == labels.ALL else labels.cell(reactions, asset=asset)
        for asset in labels.averaged(result.study)
    }
    drawn = {asset: found for asset, found in each.items() if len(found)}
    if not _many(result):
        return tuple(_rows(result, asset, found) for asset, found in drawn.items())
    panels = tuple(
        Panel(
            labels.full_name(result.study, asset),
            labels.tone(result.study, asset),
            (_counts(result, asset, found),),
        )
        for asset, found in drawn.items()
    )
    return (
        (Part("part-placebo", say("p-values of the events"), (Panels(panels),)),) if panels else ()
    )


def _reactions(result: StudyResult) -> pd.DataFrame:
    """Return the placebo of every event's reaction that has one: day 0, or days 0 to +1."""
    verdicts = labels.headline(result, "verdicts")[["event_id", "asset", "reaction_end"]]
    placebo = labels.headline(result, "placebo")
    rows = placebo.assign(row=placebo.index)
    found = rows.merge(verdicts, on=["event_id", "asset"]).set_index("row").rename_axis("placebo")
    chosen = (found["window_start"] == 0) & (found["window_end"] == found["reaction_end"])
    return found[chosen & found["p_value"].notna()]


def _rows(result: StudyResult, asset: str, reactions: pd.DataFrame) -> Figure:
    """Return the events of one index among their ordinary days."""
    numbered, titles = labels.numbers(result.study), labels.titles(result.study)
    rows = reactions.assign(number=reactions["event_id"].map(numbered)).sort_values("number")
    names = {key: labels.numbered(numbered[key], titles[key]) for key in rows["event_id"]}
    among = [_among(result, row, names[row.event_id]) for row in labels.records(rows)]
    accent = charts.accent(labels.tone(result.study, asset))
    name = labels.full_name(result.study, asset)
    return Figure(
        id=labels.anchor("figure-placebo", asset),
        title=say("{words}.", words=name),
        caption=say(
            "Grey: the days that each event is compared with, by their abnormal return in standard "
            "deviations; in colour the event."
        ),
        name=say("{index}: every event among the days that it is compared with", index=name),
        spec=charts.ordinary_days(among, accent, say(AXIS)),
        narrow=charts.ordinary_days(among, accent, say(AXIS), layout=charts.NARROW),
        table=tables.among_days(labels.anchor("numbers-placebo", asset), rows, names),
    )


def _among(result: StudyResult, row: labels.Record, name: str) -> charts.Among:
    """Return one event with the histogram of its stratum."""
    bins = labels.cell(
        labels.headline(result, "placebo_bins"),
        asset=row.asset,
        stratum=row.stratum,
        window_start=row.window_start,
        window_end=row.window_end,
    )
    bars = [(each.low, each.high, each.n) for each in labels.records(bins)]
    days = formats.number(row.n, 0)
    note = say("{p}, K {days}", p=formats.p_equals(row.p_value), days=days)
    return charts.Among(name, note, row.value, bars)


def _number(reactions: pd.DataFrame) -> Whole:
    """Return the number of some reactions, which no column tells from other rows."""
    rows = tuple(int(row) + 1 for row in reactions.index)
    return given.rows(reactions, ("row", "in", rows))


def _counts(result: StudyResult, asset: str, reactions: pd.DataFrame) -> Figure:
    """Return how many events of one index have which p-value."""
    bars = round(1 / charts.STEP)
    place = np.ceil(reactions["p_value"].to_numpy() / charts.STEP - 1e-9).astype(int) - 1
    counts = np.bincount(place, minlength=bars).tolist()
    accent = charts.accent(labels.tone(result.study, asset))
    return Figure(
        id=labels.anchor("figure-placebo", asset),
        title="",
        caption=say(
            "{events} by placebo p of the reaction; broken line: without effects.",
            events=formats.counted(_number(reactions), "event"),
        ),
        name=say(
            "{index}: number of events by placebo p-value",
            index=labels.full_name(result.study, asset),
        ),
        spec=charts.p_value_bars(counts, accent, say("Placebo p of the reaction")),
        table=tables.p_value_counts(labels.anchor("numbers-placebo", asset), counts, charts.STEP),
    )


PLUGIN: type[Section] = Placebo
