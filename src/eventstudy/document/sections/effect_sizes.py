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
        """Return the key of the indices and both plots, each in as many parts as it needs pages."""
        verdicts = labels.headline(result, "verdicts")
        if verdicts.empty:
            return ()
        names = tuple(labels.full_name(result.study, asset) for asset in result.study.assets)
        first = formats.capital(labels.first_window(verdicts))
        day0 = _figures(result, "ar0", first, say("Abnormal return, per cent"))
        if not result.study.looks_ahead:
            return (Keys(names), *day0)
        later = formats.capital(labels.later_window(result))
        after = _figures(result, "car", later, say("Cumulative abnormal return, per cent"))
        return (Keys(names), *day0, *after)


def _figures(result: StudyResult, effect: str, days: str, axis: str) -> list[Figure]:
    """Return one forest plot, wide and for phones; that of many events in parts."""
    effects = _effects(result, effect)
    caption = say(
        "{measure}, with {level} interval, by event and index.",
        measure=axis,
        level=labels.confidence(result.study),
    )
    name = say(
        "Forest plot: {measure}, {days}, by event and index",
        measure=axis.lower(),
        days=days.lower(),
    )
    parts = charts.pages(effects)
    return [
        Figure(
            id=f"figure-{effect}{_ending(at)}",
            title=say("{words}.", words=_of_part(days, part, len(parts))),
            caption=caption,
            name=_of_part(name, part, len(parts)),
            spec=charts.forest(part, axis, among=effects),
            narrow=charts.forest(part, axis, layout=charts.NARROW, among=effects),
            table=tables.effects(result, effect, _ending(at), {each.number for each in part}),
        )
        for at, part in enumerate(parts)
    ]


def _ending(at: int) -> str:
    """Return what makes the anchor of a part another than that of the first."""
    return f"-{at + 1}" if at else ""


def _of_part(text: str, part: Sequence[charts.Effect], parts: int) -> str:
    """Return words with the events of a part, where there are several."""
    if parts == 1:
        return text
    return say(
        "{words}, events {first} to {last}",
        words=text,
        first=part[0].number,
        last=part[-1].number,
    )


def _effects(result: StudyResult, effect: str) -> list[charts.Effect]:
    """Return the effects in the order of the events."""
    verdicts = labels.headline(result, "verdicts")
    study, number = result.study, labels.numbers(result.study)
    days = result.frames["day0"]
    return [
        charts.Effect(
            event=labels.numbered(number[event.id], event.title),
            month=formats.month(labels.found(days, event_id=event.id)[0].session),
            market=labels.short_name(study, row.asset),
            accent=charts.accent(labels.tone(study, row.asset)),
            value=getattr(row, effect),
            low=getattr(row, f"{effect}_low"),
            high=getattr(row, f"{effect}_high"),
            number=number[event.id],
        )
        for event in labels.in_order(study)
        for row in labels.found(verdicts, event_id=event.id)
    ]


PLUGIN: type[Section] = EffectSizes
