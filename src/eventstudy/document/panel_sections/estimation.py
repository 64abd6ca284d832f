"""Estimation: how the estimates of every model are spread over the events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import tables
from eventstudy.language import marked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, PanelSection
    from eventstudy.panel import PanelResult


@dataclass(frozen=True, slots=True)
class Estimation:
    """One table per model: coefficients, sigma, observations and R squared."""

    name: ClassVar[str] = "estimation"
    order: ClassVar[int] = 50
    title: ClassVar[str] = marked("Estimation")

    def blocks(self, result: PanelResult) -> Sequence[Block]:
        """Return a table per model that could be estimated."""
        return [tables.estimates(result, label) for label, n in result.studied.items() if n]


PLUGIN: type[PanelSection] = Estimation
