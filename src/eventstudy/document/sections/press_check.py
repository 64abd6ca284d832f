"""Press check: printed figures beside the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import tables
from eventstudy.document.blocks import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult


@dataclass(frozen=True, slots=True)
class PressCheck:
    """Every reported figure of the study."""

    name: ClassVar[str] = "press_check"
    order: ClassVar[int] = 60
    title: ClassVar[str] = "Press check"

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return a sentence and the table; nothing where no figure was reported."""
        rows = tables.printed(result)
        if rows.empty:
            return ()
        agree = int((rows["verdict"] == "PASS").sum())
        measured = int(rows["measured"].notna().sum())
        text = (
            f"Printed figures: {agree} of {len(rows)} agree with the data; "
            f"{len(rows) - measured or 'none'} could not be measured."
        )
        return (Text(text), tables.press(result, rows))


PLUGIN: type[Section] = PressCheck
