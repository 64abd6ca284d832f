"""Summary: what the study finds, and Table 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import prose, tables
from eventstudy.document.blocks import Bullets, Check, Note, Text
from eventstudy.language import marked, say, sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult


@dataclass(frozen=True, slots=True)
class Summary:
    """Sentences made from the numbers, then the outcome of every event and index."""

    name: ClassVar[str] = "summary"
    order: ClassVar[int] = 10
    title: ClassVar[str] = marked("Summary")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return the sentences and Table 1."""
        items = tuple(Text(one.text, one.lead, one.tone) for one in prose.summary(result))
        table = tables.outcomes(result)
        if not table.rows:
            return (Note(say("No event could be studied; the reasons are listed below.")),)
        care = (
            sentences(say("With care.") if not at else "", text)
            for at, text in enumerate(prose.cautions(result))
        )
        doubt = prose.in_doubt(result)
        review = (Check(say("REVIEW"), say("Prices in doubt"), doubt),) if doubt else ()
        leads = (say("In short:"), say("Did it last:"), say("How sure:"))
        short = (
            Text(text, lead)
            for text, lead in zip(prose.in_short(result), leads, strict=True)
            if text
        )
        return (*review, *short, Bullets(items), table, *map(Note, (*prose.remarks(result), *care)))


PLUGIN: type[Section] = Summary
