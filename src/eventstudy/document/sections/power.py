"""Power: what a null result of this study could have missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import charts, formats, given, labels, tables
from eventstudy.document.blocks import Figure, Note, Panel, Panels, Part
from eventstudy.language import marked, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult

CAVEAT = marked(
    "A result that is not distinguishable from noise excludes only effects that would have been found. "
    "The curves show what could be found at best: by a two-sided t test with normal returns as variable "
    "as in the estimation windows. Returns round events vary more: for the mean of several events the "
    "tables of categories give the effect that their own spread lets a t test find, as a rule a larger "
    "one. Events that lie close together count for fewer."
)


@dataclass(frozen=True, slots=True)
class Power:
    """The power curve of day 0 for every index."""

    name: ClassVar[str] = "power"
    order: ClassVar[int] = 59
    title: ClassVar[str] = marked("Power: what could have been found")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return a curve per index; nothing where day 0 is no window of the study."""
        found = {asset: _day0(result, asset) for asset in labels.averaged(result.study)}
        drawn = {asset: curve for asset, curve in found.items() if len(curve)}
        if not drawn:
            return ()
        furthest = max(float(labels.cell(curve, n=1)["effect"].max()) for curve in drawn.values())
        panels = tuple(
            Panel(
                labels.full_name(result.study, asset),
                labels.tone(result.study, asset),
                (_figure(result, asset, curve, furthest),),
            )
            for asset, curve in drawn.items()
        )
        return (Note(say(CAVEAT)), Part("part-power", say("Day 0"), (Panels(panels),)))


def _day0(result: StudyResult, asset: str) -> pd.DataFrame:
    """Return the power curves of day 0 of one index."""
    found = labels.cell(labels.headline(result, "power"), group=labels.ALL, asset=asset)
    return labels.cell(found, window_start=0, window_end=0)


def _figure(result: StudyResult, asset: str, curve: pd.DataFrame, furthest: float) -> Figure:
    """Return the curves of one index."""
    name = labels.full_name(result.study, asset)
    accent = charts.accent(labels.tone(result.study, asset))
    several = [mine for _, mine in curve.groupby("n", sort=True)]
    return Figure(
        id=labels.anchor("figure-power", asset),
        title="",
        caption=say(
            "Probability of a p at or below {level} if the mean abnormal return of day 0 is as on the "
            "axis, at best; grey line: 80%.",
            level=formats.level(given.alpha(result.study)),
        ),
        name=say("{index}: power of a test of day 0 by the size of the effect", index=name),
        spec=charts.power_curve(several, accent, furthest),
        table=tables.power_table(labels.anchor("numbers-power", asset), curve),
    )


PLUGIN: type[Section] = Power
