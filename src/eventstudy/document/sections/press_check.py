"""Press check: printed figures beside the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import formats, given, tables
from eventstudy.document.blocks import Text
from eventstudy.language import marked, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult


@dataclass(frozen=True, slots=True)
class PressCheck:
    """Every reported figure of the study."""

    name: ClassVar[str] = "press_check"
    order: ClassVar[int] = 60
    title: ClassVar[str] = marked("Press check")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return a sentence and the table; nothing where no figure was reported."""
        rows = tables.printed(result)
        if rows.empty:
            return ()
        agree = int((rows["verdict"] == "PASS").sum())
        measured = int(rows["measured"].notna().sum())
        text = say(
            "Printed figures: {agree} of {all} agree with the data; {unmeasured} could not be measured.",
            agree=given.tally(agree, "press", ("verdict", "=", "PASS")),
            all=given.tally(len(rows), "press"),
            unmeasured=formats.or_none(
                given.tally(len(rows) - measured, "press", ("measured", "empty", True))
            ),
        )
        return (Text(text), tables.press(result, rows))


PLUGIN: type[Section] = PressCheck
