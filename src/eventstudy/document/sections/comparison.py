"""Comparison: the mean effects of every model and category side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import labels, tables
from eventstudy.language import marked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult


@dataclass(frozen=True, slots=True)
class Comparison:
    """One table per index, its columns the specifications."""

    name: ClassVar[str] = "comparison"
    order: ClassVar[int] = 51
    title: ClassVar[str] = marked("Models side by side")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return the tables; nothing for one model and one category."""
        found = (tables.side_by_side(result, asset) for asset in labels.averaged(result.study))
        return tuple(table for table in found if table is not None)


PLUGIN: type[Section] = Comparison
