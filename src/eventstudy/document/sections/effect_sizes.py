"""Effect sizes: forest plots of day 0 and of the days after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import charts, formats, labels, tables
from eventstudy.document.blocks import Figure, Keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult


@dataclass(frozen=True, slots=True)
class EffectSizes:
    """Two forest plots by the headline model."""

    name: ClassVar[str] = "effect_sizes"
    order: ClassVar[int] = 20
    title: ClassVar[str] = "Effect sizes"

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return the key of the indices and both plots."""
        verdicts = labels.headline(result, "verdicts")
        if verdicts.empty:
            return ()
        names = tuple(labels.full_name(result.study, asset) for asset in result.study.assets)
        first = formats.capital(labels.first_window(verdicts))
        day0 = _figure(result, "ar0", f"{first}.", "Abnormal return, per cent")
        if not result.study.looks_ahead:
            return (Keys(names), day0)
        later = formats.capital(labels.later_window(result))
        after = _figure(result, "car", f"{later}.", "Cumulative abnormal return, per cent")
        return (Keys(names), day0, after)


def _figure(result: StudyResult, effect: str, title: str, axis: str) -> Figure:
    """Return one forest plot, wide and for phones."""
    effects = _effects(result, effect)
    level = round(100 * (1 - result.study.alpha))
    return Figure(
        id=f"figure-{effect}",
        title=title,
        caption=f"{axis}, with {level}% interval, by event and index.",
        name=f"Forest plot: {axis.lower()}, {title.rstrip('.').lower()}, by event and index",
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
            event=f"{number[event.id]}. {event.title}",
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
