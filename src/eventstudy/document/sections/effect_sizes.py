"""Effect sizes: forest plots of day 0 and of the days after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import charts, formats, labels, tables
from eventstudy.document.blocks import Figure, Keys
from eventstudy.language import marked, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult


@dataclass(frozen=True, slots=True)
class EffectSizes:
    """Two forest plots by the headline model."""

    name: ClassVar[str] = "effect_sizes"
    order: ClassVar[int] = 20
    title: ClassVar[str] = marked("Effect sizes")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return the key of the indices and both plots."""
        verdicts = labels.headline(result, "verdicts")
        if verdicts.empty:
            return ()
        names = tuple(labels.full_name(result.study, asset) for asset in result.study.assets)
        first = formats.capital(labels.first_window(verdicts))
        day0 = _figure(result, "ar0", first, say("Abnormal return, per cent"))
        if not result.study.looks_ahead:
            return (Keys(names), day0)
        later = formats.capital(labels.later_window(result))
        after = _figure(result, "car", later, say("Cumulative abnormal return, per cent"))
        return (Keys(names), day0, after)


def _figure(result: StudyResult, effect: str, days: str, axis: str) -> Figure:
    """Return one forest plot, wide and for phones."""
    effects = _effects(result, effect)
    return Figure(
        id=f"figure-{effect}",
        title=say("{words}.", words=days),
        caption=say(
            "{measure}, with {level} interval, by event and index.",
            measure=axis,
            level=labels.confidence(result.study),
        ),
        name=say(
            "Forest plot: {measure}, {days}, by event and index",
            measure=axis.lower(),
            days=days.lower(),
        ),
        spec=charts.forest(effects, axis),
        narrow=charts.forest(effects, axis, layout=charts.NARROW),
        table=tables.effects(result, effect),
    )


def _effects(result: StudyResult, effect: str) -> list[charts.Effect]:
    """Return the effects in the order of the events."""
    verdicts = labels.headline(result, "verdicts")
    study, number = result.study, labels.numbers(result.study)
    sessions = result.frames["day0"].set_index(["event_id", "asset"])["session"]
    return [
        charts.Effect(
            event=labels.numbered(number[event.id], event.title),
            month=formats.month(sessions[event.id].iloc[0]),
            market=labels.short_name(study, row.asset),
            accent=charts.accent(labels.tone(study, row.asset)),
            value=getattr(row, effect),
            low=getattr(row, f"{effect}_low"),
            high=getattr(row, f"{effect}_high"),
        )
        for event in labels.in_order(study)
        for row in labels.records(labels.cell(verdicts, event_id=event.id))
    ]


PLUGIN: type[Section] = EffectSizes
