"""The indices together: joint effects of categories and events, and the pooled panel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import formats, labels, prose, tables
from eventstudy.document.blocks import Bullets, Details, Note, Text
from eventstudy.language import derived, marked, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, Section
    from eventstudy.language import Said
    from eventstudy.results import StudyResult

MANY = 12
"""Events beyond which their table is closed until a reader opens it."""
CAVEAT = marked(
    "One system holds the returns of all indices on the sessions that their markets share, compounded from "
    "one to the next. The exact F is exact for normal returns of one variance. On simulated returns with spells of "
    "volatility and no effect it rejected {usual} of single events at 5%, {fallen} after falls of more than 10% "
    "({source}). {decides} Equal means the same number of per cent: "
    "a shock to all markets that one index answers more strongly, with a beta other than one on the others, "
    "moves them differently too."
)
DECIDES = marked("The placebo, which moves the event in all markets at once, decides.")
SIZES = {"usual": 0.107, "fallen": 0.217}
"""Rejections of a true null at 5 per cent by the exact F of one event on day 0, as :data:`SOURCE` has them."""
SOURCE = "docs/explanation/which-test.md"
NOT_RUN = marked("The placebo, which would decide, is not run by this study.")


@dataclass(frozen=True, slots=True)
class Joint:
    """Categories, events and the pooled panel; absent where the study has one index."""

    name: ClassVar[str] = "joint"
    order: ClassVar[int] = 54
    title: ClassVar[str] = marked("The indices together")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return the tables; nothing where there is no system."""
        if labels.headline(result, "joint_effects").empty:
            return ()
        placebo = (labels.headline(result, "joint")["test"] == "placebo").any()
        groups, refused = tables.joint_groups(result), tables.joint_refused(result)
        return (
            Text(prose.jointly(result)),
            Note(_caveat(placebo=bool(placebo))),
            *((groups,) if groups.rows else ()),
            *_events(tables.joint_events(result)),
            *(
                (Details(say("Not in the system"), (Bullets(tuple(map(Text, refused))),)),)
                if refused
                else ()
            ),
            *(() if result.frames["pooled"].empty else (tables.pooled_days(result),)),
        )


def _caveat(*, placebo: bool) -> Said:
    """Return what the tests rest on, with the simulated size of the exact F."""
    place = f"{SOURCE}, two indices at once: exact_f of one event, zero, [0,0]"
    sizes = {key: formats.level(derived(size, place)) for key, size in SIZES.items()}
    return say(CAVEAT, **sizes, source=SOURCE, decides=say(DECIDES if placebo else NOT_RUN))


def _events(table: tables.Table) -> tuple[Block, ...]:
    """Return the table of the events, closed where they are many; nothing where there are none."""
    if len(table.rows) > MANY:
        return (Details(say("Every event"), (table,)),)
    return (table,) if table.rows else ()


PLUGIN: type[Section] = Joint
