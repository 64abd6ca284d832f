"""Timeline: every index on a log scale with the numbered events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import charts, formats, labels, tables
from eventstudy.document.blocks import Figure, Note
from eventstudy.language import marked, say, sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult


HOLLOW = marked("Hollow: the event shares its windows with another, or is confounded by one.")


@dataclass(frozen=True, slots=True)
class Timeline:
    """One chart per index; its table lists the events."""

    name: ClassVar[str] = "timeline"
    order: ClassVar[int] = 30
    title: ClassVar[str] = marked("Timeline")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return one figure per index that has an event and levels."""
        days, levels = result.frames["day0_prices"], result.frames["levels"]
        placed = [asset for asset in result.study.assets if (days["asset"] == asset).any()]
        drawn = [asset for asset in placed if (levels["asset"] == asset).any()]
        bare = len(placed) - len(drawn)
        note = say(
            "{assets} given as returns: no level to draw.",
            assets=formats.capital(formats.count(bare, "asset")),
        )
        return (*(_figure(result, asset) for asset in drawn), *((Note(note),) if bare else ()))


def _figure(result: StudyResult, asset: str) -> Figure:
    """Return the timeline of one index."""
    study = result.study
    levels = labels.cell(result.frames["levels"], asset=asset).sort_values("date")
    accent = charts.accent(labels.tone(study, asset))
    marks = _marks(result, asset)
    name = labels.full_name(study, asset)
    caption = (
        say("Daily close, log scale; numbers are those of the events below."),
        "" if all(mark.apart for mark in marks) else say(HOLLOW),
        "" if len(levels) <= charts.POINTS else say("Thinned to about one close per pixel."),
    )
    return Figure(
        id=labels.anchor("figure-timeline", asset),
        title=say("{words}.", words=name),
        caption=sentences(*caption),
        name=say(
            "Timeline: {index}, daily close on a log scale with {events}",
            index=name,
            events=formats.count(len(marks), "event"),
        ),
        spec=charts.timeline(levels, marks, accent),
        narrow=charts.timeline(levels, marks, accent, width=charts.PHONE),
        table=tables.timeline_table(result, asset),
    )


def _marks(result: StudyResult, asset: str) -> list[charts.Mark]:
    """Return the events of one index in their order."""
    days = labels.cell(result.frames["day0_prices"], asset=asset)
    number = labels.numbers(result.study)
    titles = labels.titles(result.study)
    overlaps = labels.cell(result.frames["overlaps"], asset=asset, apart="yes")
    apart = set(overlaps["event_id"])
    return [
        charts.Mark(
            number[row.event_id],
            row.session,
            row.close,
            titles[row.event_id],
            row.event_id in apart,
        )
        for row in labels.records(days)
    ]


PLUGIN: type[Section] = Timeline
