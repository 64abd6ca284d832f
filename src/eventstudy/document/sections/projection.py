"""Projection: how the index responds to events whose expected sign the study file gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from eventstudy import charts, labels, prose, tables
from eventstudy.document.blocks import Details, Figure, Note, Panel, Panels, Part, Text
from eventstudy.language import marked, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult

CAVEAT = marked(
    "The sign of an event is the one that the study file gives. Signs are given after the fact, "
    "which favours a positive day 0, and so all of it that every later response still carries. No p is printed "
    "for day 0; what the days after did to it is a fair question, and every p is of that change. Other "
    "known events do not serve as comparison days, nor do days, of events or not, that price limits may "
    "have held back."
)
CAPTION = marked(
    "Cumulative abnormal return, per cent; grey: 95% of relabelled events. Line, band and p are three "
    "statistics. The line is estimated from returns as they are. Band and p come from returns over the standard "
    "deviation of the 20 sessions before, the band brought to the mean volatility of the events. "
    "The band is of the whole response, the p in the table of its change since day 0."
)
AXIS = marked("Trading day relative to the event")
TITLES = (marked("Response"), marked("Low"), marked("High"))


@dataclass(frozen=True, slots=True)
class Projection:
    """The response of every index to all signed events; categories in a table."""

    name: ClassVar[str] = "projection"
    order: ClassVar[int] = 56
    title: ClassVar[str] = marked("Response to events whose sign was expected")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return the charts side by side and the table, or the reasons; nothing where no event has a sign."""
        paths = {asset: _path(result, asset) for asset in labels.averaged(result.study)}
        drawn = {asset: path for asset, path in paths.items() if len(path)}
        if not drawn:
            return tuple(map(Note, tables.reasons(result)))
        if not result.study.looks_ahead:
            return (Note(say(CAVEAT)), Note(say(labels.NOTHING_AFTER)), *_signed(result))
        bounds = charts.against_bounds(list(drawn.values()))
        panels = tuple(
            Panel(
                labels.full_name(result.study, asset),
                labels.tone(result.study, asset),
                (*_sentence(result, asset), _figure(result, asset, path, bounds)),
            )
            for asset, path in drawn.items()
        )
        part = Part("part-projection", say("All signed events"), (Panels(panels),))
        return (Note(say(CAVEAT)), part, *_categories(result), *_signed(result))


def _path(result: StudyResult, asset: str) -> pd.DataFrame:
    """Return the response to all signed events in one index; empty where there is none."""
    found = labels.of_all(result, "projections", asset)
    found = found[found["estimate"].notna()]
    return found.rename(columns={"h": "tau", "estimate": "value"}).assign(usual=np.nan)


def _sentence(result: StudyResult, asset: str) -> tuple[Block, ...]:
    """Return what the response says."""
    text = prose.projected(result, asset)
    return (Text(text, say("Response:")),) if text else ()


def _figure(
    result: StudyResult, asset: str, path: pd.DataFrame, bounds: tuple[float, float]
) -> Figure:
    """Return the response of one index in front of the band of relabelled events."""
    name = labels.full_name(result.study, asset)
    accent = charts.accent(labels.tone(result.study, asset))
    return Figure(
        id=labels.anchor("figure-projection", asset),
        title="",
        caption=say(CAPTION),
        name=say(
            "{index}: response to events in the direction of their sign, with the band of other days",
            index=name,
        ),
        spec=charts.against(path, accent, bounds, say(AXIS)),
        table=tables.against_table(labels.anchor("numbers-projection", asset), path, TITLES),
    )


def _categories(result: StudyResult) -> tuple[Block, ...]:
    """Return the table of the categories; open where there is only one."""
    table = tables.projections(result)
    several = len(labels.groups(result)) > 1
    return (Details(say("By category"), (table,)),) if several else (table,)


def _signed(result: StudyResult) -> tuple[Block, ...]:
    """Return the windows before, on and after day 0 in the direction of the signs."""
    categories = tables.signed_by_category(result)
    rest = (Details(say("By category"), (categories,)),) if categories else ()
    return (tables.signed(result), *rest)


PLUGIN: type[Section] = Projection
