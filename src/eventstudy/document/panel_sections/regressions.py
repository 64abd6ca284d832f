"""Regressions: CARs on characteristics, returns on event days, where they were asked for."""

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
class Regressions:
    """One table per model and kind of errors."""

    name: ClassVar[str] = "regressions"
    order: ClassVar[int] = 45
    title: ClassVar[str] = marked("Regressions")

    def blocks(self, result: PanelResult) -> Sequence[Block]:
        """Return the tables of all regressions; none where none was asked for."""
        return tables.panel_regressions(result)


PLUGIN: type[PanelSection] = Regressions
