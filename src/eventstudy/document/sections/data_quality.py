"""Data quality: what the checks of the prices found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import formats, given, labels, tables
from eventstudy.document.blocks import Check, Details, Text
from eventstudy.language import marked, retold, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult


@dataclass(frozen=True, slots=True)
class DataQuality:
    """Findings that need a look, then all checks."""

    name: ClassVar[str] = "data_quality"
    order: ClassVar[int] = 65
    title: ClassVar[str] = marked("Data quality")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return the findings; nothing where nothing was checked."""
        rows = result.frames["quality"]
        if rows.empty:
            return ()
        open_ = rows[rows["status"] != "PASS"]
        passed = len(rows) - len(open_)
        checks = [
            Check(
                say(row.status),
                say(
                    "{series}, {check}",
                    series=labels.full_name(result.study, row.asset),
                    check=say(row.check),
                ),
                retold(row.finding),
                retold(row.recommendation),
            )
            for row in labels.records(open_)
        ]
        text = say(
            "{n} of {all} checks passed.",
            n=formats.number(given.tally(passed, "quality", ("status", "=", "PASS")), 0),
            all=formats.number(given.tally(len(rows), "quality"), 0),
        )
        return (Text(text), *checks, Details(say("All checks"), (tables.quality(result),)))


PLUGIN: type[Section] = DataQuality
