"""Horizons: the returns that broker notes print, beside those of any other time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import labels, tables
from eventstudy.document.blocks import Details, Note
from eventstudy.language import marked, retold, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult

CAVEAT = marked(
    "These are plain returns: what a holder of the index earned, with the market's own drift in them. "
    "They are no evidence of an effect by themselves; the base rates say how often any month looks the "
    "same."
)


@dataclass(frozen=True, slots=True)
class Horizons:
    """All events by index, then the categories of each index."""

    name: ClassVar[str] = "horizons"
    order: ClassVar[int] = 52
    title: ClassVar[str] = marked("Returns over 1, 3, 5, 10, 20 and 30 sessions")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return the tables, or why there are none; nothing where no other days were compared."""
        table = tables.horizons(result)
        if not table.rows:
            reasons = dict.fromkeys(result.frames["horizons"]["reason"])
            return tuple(
                Note(say("None: {reason}.", reason=retold(reason))) for reason in reasons if reason
            )
        groups = [_categories(result, asset) for asset in result.study.assets]
        return (Note(say(CAVEAT)), table, *(block for blocks in groups for block in blocks))


def _categories(result: StudyResult, asset: str) -> tuple[Block, ...]:
    """Return the horizons of the categories of one index, closed until a reader opens them."""
    table = tables.horizons_by_group(result, asset)
    return (
        (
            Details(
                say("{index} by category", index=labels.full_name(result.study, asset)), (table,)
            ),
        )
        if table
        else ()
    )


PLUGIN: type[Section] = Horizons
