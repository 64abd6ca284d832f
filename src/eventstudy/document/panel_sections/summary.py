"""Summary: what the panel finds on average, and Table 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import formats, prose, tables
from eventstudy.document.blocks import Bullets, Note, Text
from eventstudy.language import marked, retold, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, PanelSection
    from eventstudy.panel import PanelResult

MOST_GROUPS = 20
"""Groups that the page shows; every one is in statistics.csv."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Sentences made from the numbers, the averages of every group, and notes on the tables."""

    name: ClassVar[str] = "summary"
    order: ClassVar[int] = 10
    title: ClassVar[str] = marked("Summary")

    def blocks(self, result: PanelResult) -> Sequence[Block]:
        """Return the sentences, Table 1 and the notes."""
        items = tuple(Text(one.text, one.lead) for one in prose.panel_summary(result))
        groups = prose.panel_groups(result)
        table = tables.panel_effects(result, groups[:MOST_GROUPS])
        rest = len(groups) - MOST_GROUPS
        more = (say("{n} smaller groups are in statistics.csv.", n=rest),) if rest > 0 else ()
        notes = (
            *more,
            *(
                say("{words}.", words=formats.capital(retold(note, "manifest.json notes")))
                for note in result.notes
            ),
        )
        return (Bullets(items), table, *(Note(note) for note in notes))


PLUGIN: type[PanelSection] = Summary
