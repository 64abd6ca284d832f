"""Dropped events: how many could not be studied, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import formats, tables
from eventstudy.document.blocks import Details, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, PanelSection
    from eventstudy.panel import PanelResult


@dataclass(frozen=True, slots=True)
class DroppedEvents:
    """The ledger: events by model in = studied + dropped."""

    name: ClassVar[str] = "dropped"
    order: ClassVar[int] = 80
    title: ClassVar[str] = "Dropped events"

    def blocks(self, result: PanelResult) -> Sequence[Block]:
        """Return the balance, the losses by reason, and the first of them."""
        cells, lost = result.events * len(result.studied), len(result.frames["dropped"])
        text = (
            f"{formats.count(result.events, 'event')} by {formats.count(len(result.studied), 'model')}"
            f" make {formats.number(cells, 0)} cells: {formats.number(cells - lost, 0)} studied,"
            f" {formats.number(lost, 0)} dropped."
        )
        balance = Text(formats.capital(text))
        if not lost:
            return (balance,)
        first = tables.panel_dropped(result)
        title = f"The first {len(first.rows)} of them; all are in dropped.csv"
        return (balance, tables.panel_losses(result), Details(title, (first,)))


PLUGIN: type[PanelSection] = DroppedEvents
