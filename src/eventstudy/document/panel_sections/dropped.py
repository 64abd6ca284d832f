"""Dropped events: how many could not be studied, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import formats, given, tables
from eventstudy.document.blocks import Details, Text
from eventstudy.language import derived, marked, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, PanelSection
    from eventstudy.panel import PanelResult


@dataclass(frozen=True, slots=True)
class DroppedEvents:
    """The ledger: events by model in = studied + dropped."""

    name: ClassVar[str] = "dropped"
    order: ClassVar[int] = 80
    title: ClassVar[str] = marked("Dropped events")

    def blocks(self, result: PanelResult) -> Sequence[Block]:
        """Return the balance, the losses by reason, and the first of them."""
        cells, lost = result.events * len(result.studied), len(result.frames["dropped"])
        text = say(
            "{events} by {models} make {cells} cells: {studied} studied, {lost} dropped.",
            events=formats.count(given.panel_events(result), "event"),
            models=formats.count(derived(len(result.studied), "manifest.json studied"), "model"),
            cells=formats.number(derived(cells, "manifest.json events, times models studied"), 0),
            studied=formats.number(
                derived(cells - lost, "cells less rows of results/dropped.csv"), 0
            ),
            lost=formats.number(given.tally(lost, "dropped"), 0),
        )
        balance = Text(formats.capital(text))
        if not lost:
            return (balance,)
        first = tables.panel_dropped(result)
        title = say("The first {n} of them; all are in dropped.csv", n=len(first.rows))
        return (balance, tables.panel_losses(result), Details(title, (first,)))


PLUGIN: type[PanelSection] = DroppedEvents
