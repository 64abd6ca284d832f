"""Reversal: did the move last? Drift and give-back after day 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import tables
from eventstudy.report.blocks import Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.report.blocks import Block, Section
    from eventstudy.results import StudyResult

CAVEAT = (
    "Big moves partly reverse by chance alone: noise on day 0 is not repeated. A give-back means "
    "something only beside the same number on comparable days without an event, which this study "
    "does not compute."
)


@dataclass(frozen=True, slots=True)
class Reversal:
    """Signed drift and give-back of every event and index."""

    name: ClassVar[str] = "reversal"
    order: ClassVar[int] = 55
    title: ClassVar[str] = "Reversal"

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return the table of drift and give-back."""
        table = tables.reversal(result)
        return (table, Note(CAVEAT)) if table.rows else ()


PLUGIN: type[Section] = Reversal
