"""All markets at once: joint effects of categories and events, and the pooled panel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import labels, prose, tables
from eventstudy.report.blocks import Bullets, Details, Note, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.report.blocks import Block, Section
    from eventstudy.results import StudyResult

MANY = 12
"""Events beyond which their table is closed until a reader opens it."""
CAVEAT = (
    "One system holds the returns of all indices on the sessions that their markets share, compounded from "
    "one to the next. The exact F is exact for normal returns of one variance; with spells of volatility it "
    "rejects twice as often as it should, after falls four times. The placebo, which moves the event in all "
    "markets at once, decides. Equal means the same number of per cent: a shock to all markets that one index "
    "answers more strongly, with a beta other than one on the others, moves them differently too."
)


@dataclass(frozen=True, slots=True)
class Joint:
    """Categories, events and the pooled panel; absent where the study has one index."""

    name: ClassVar[str] = "joint"
    order: ClassVar[int] = 54
    title: ClassVar[str] = "All markets at once"

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return the tables; nothing where there is no system."""
        if labels.headline(result, "joint_effects").empty:
            return ()
        events = tables.joint_events(result)
        many = len(events.rows) > MANY
        refused = tables.joint_refused(result)
        return (
            Text(prose.jointly(result)),
            Note(CAVEAT),
            tables.joint_groups(result),
            *((Details("Every event", (events,)),) if many else (events,)),
            *(
                (Details("Not in the system", (Bullets(tuple(map(Text, refused))),)),)
                if refused
                else ()
            ),
            *(() if result.frames["pooled"].empty else (tables.pooled_days(result),)),
        )


PLUGIN: type[Section] = Joint
