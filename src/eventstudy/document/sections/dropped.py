"""Dropped events: what could not be studied, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import formats, given, tables
from eventstudy.document.blocks import Text
from eventstudy.language import derived, marked, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult


@dataclass(frozen=True, slots=True)
class DroppedEvents:
    """The ledger: cells in = cells studied + cells dropped."""

    name: ClassVar[str] = "dropped"
    order: ClassVar[int] = 80
    title: ClassVar[str] = marked("Dropped events")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return the balance and the table of reasons."""
        study = result.study
        cells = sum(len(study.assets_of(event)) for event in study.events) * len(study.models)
        lost = len(result.frames["dropped"])
        text = say(
            "{events} by index and model make {cells} cells: {studied} studied, {lost} dropped.",
            events=formats.count(given.events(study), "event"),
            cells=derived(cells, "events, indices and models of the study"),
            studied=derived(cells - lost, "cells less rows of results/dropped.csv"),
            lost=given.tally(lost, "dropped"),
        )
        table = tables.dropped(result)
        return (Text(formats.capital(text)), *((table,) if table.rows else ()))


PLUGIN: type[Section] = DroppedEvents
