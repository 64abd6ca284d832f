"""Episodes: events that last until a day, against stretches of the same length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import prose, tables
from eventstudy.document.blocks import Bullets, Note, Text
from eventstudy.language import marked, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult

CAVEAT = marked(
    "An episode whose end was chosen after a rise has a rise in it, and its start may have been chosen "
    "afterwards too. It is held against the largest moves of other times, up or down, over windows with any start "
    "and any end within a block: that covers the choice of both. Other known events lie in the blocks."
)


@dataclass(frozen=True, slots=True)
class Episodes:
    """Every episode on every index."""

    name: ClassVar[str] = "episodes"
    order: ClassVar[int] = 46
    title: ClassVar[str] = marked("Episodes")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return sentences and the table; nothing where no event has an end."""
        found = result.frames["episodes"]
        if found.empty:
            return ()
        texts = tuple(Text(text) for text in prose.episodes(result))
        caveat = [Note(say(CAVEAT))] if (found["end_known"] != "yes").any() else []
        return (*([Bullets(texts)] if texts else []), *caveat, tables.episodes(result))


PLUGIN: type[Section] = Episodes
