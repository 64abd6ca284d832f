"""Estimation diagnostics: whether the residuals of the estimation windows are what the tests take them for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import prose, tables
from eventstudy.document.blocks import Details, Note, Text
from eventstudy.language import marked, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult

MEANING = marked(
    "The forecast t and the tests built on it take residuals as independent, of one variance and normal; the "
    "placebo does not. Volatility that comes in clusters makes them too sure after turbulent weeks."
)


@dataclass(frozen=True, slots=True)
class Estimation:
    """How often each property is rejected, then the windows one by one."""

    name: ClassVar[str] = "diagnostics"
    order: ClassVar[int] = 63
    title: ClassVar[str] = marked("Estimation diagnostics")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return the counts and the table, closed until a reader opens it."""
        text = prose.residuals(result)
        if not text:
            return ()
        table = tables.diagnostics(result)
        return (Text(text), Note(say(MEANING)), Details(say("Every estimation window"), (table,)))


PLUGIN: type[Section] = Estimation
