"""Robustness: the mean effect under other choices of the design, and without some of the events."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import charts, formats, given, labels, prose, tables
from eventstudy.document.blocks import Details, Figure, Note, Panel, Panels, Part, Text
from eventstudy.language import marked, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult

NOT_ASKED = marked(
    "The study file asks for no other specifications: how far the mean effect hangs on the model, the "
    "estimation window, the kind of return and the events is not known from this page."
)
NONE = marked("No specification has an effect of all events.")
FEWEST = 3
"""Specifications from which on there is a curve."""


@dataclass(frozen=True, slots=True)
class Robustness:
    """A curve per index, the table of what the specifications say together, events apart."""

    name: ClassVar[str] = "robustness"
    order: ClassVar[int] = 62
    title: ClassVar[str] = marked("Robustness")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return curves and tables, or why there are none."""
        if result.study.robustness is None:
            return (Note(say(NOT_ASKED)),)
        found = {asset: tables.studied(result, asset) for asset in labels.averaged(result.study)}
        found = {asset: rows for asset, rows in found.items() if len(rows)}
        lost = tuple(map(Note, tables.lost(result)))
        if not found:
            return (Text(say(NONE)), *lost)
        panels = tuple(
            _panel(result, asset, rows) for asset, rows in found.items() if len(rows) >= FEWEST
        )
        signed = (
            [Note(say(tables.SIGNED))]
            if any((r["signed"] == "yes").any() for r in found.values())
            else []
        )
        pairs = tables.with_and_without(result)
        return (
            Text(prose.specifications(result)),
            *((Note(said),) if (said := prose.varied_models(result)) else ()),
            *signed,
            *lost,
            *(
                (Part("part-robustness", say("Specification curves"), (Panels(panels),)),)
                if panels
                else ()
            ),
            tables.robustness(result),
            *((Details(say("With and without overlapping events"), (pairs,)),) if pairs else ()),
        )


def _panel(result: StudyResult, asset: str, rows: pd.DataFrame) -> Panel:
    """Return the column of one index: what its specifications say, and their curve."""
    text = Text(formats.capital(prose.specification_spread(result, asset)))
    return Panel(
        labels.full_name(result.study, asset),
        labels.tone(result.study, asset),
        (text, _figure(result, asset, rows)),
    )


def _figure(result: StudyResult, asset: str, rows: pd.DataFrame) -> Figure:
    """Return the specification curve of one index."""
    alpha = given.alpha(result.study)
    curves = [
        charts.Curve(formats.capital(formats.window(*window)), _points(mine))
        for window in tables.varied_windows(result)
        if len(mine := labels.cell(rows, window_start=window[0], window_end=window[1]))
    ]
    chosen = [tables.choices_of(row) for row in labels.records(rows.sort_index())]
    kinds = [list(dict.fromkeys(names)) for names in zip(*chosen, strict=True)]
    accent = charts.accent(labels.tone(result.study, asset))
    return Figure(
        id=labels.anchor("figure-robustness", asset),
        title="",
        caption=say(
            "Mean CAR of all events, per cent, with its {level} interval, by specification; full dots: "
            "p up to {alpha}; diamond: the study's own. Bars below: its choices.",
            level=labels.confidence(result.study),
            alpha=formats.as_given(alpha),
        ),
        name=say(
            "Specification curve: {index}, {specifications}",
            index=labels.full_name(result.study, asset),
            specifications=formats.count(len(rows), "specification"),
        ),
        spec=charts.specification_curve(curves, kinds, accent, alpha=alpha),
        table=tables.by_choice(result, asset),
    )


def _points(rows: pd.DataFrame) -> list[charts.Point]:
    """Return the specifications of one window in their order."""
    return [
        charts.Point(
            row.effect,
            row.low,
            row.high,
            row.p_value if tables.tested(row) else math.nan,
            tables.choices_of(row),
            row.chosen == "yes",
        )
        for row in labels.records(rows)
    ]


PLUGIN: type[Section] = Robustness
