"""Method: models, windows, tests and outcome rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import given, prose, tables
from eventstudy.document.blocks import Text
from eventstudy.language import marked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import StudyResult


@dataclass(frozen=True, slots=True)
class Method:
    """How the numbers were made."""

    name: ClassVar[str] = "method"
    order: ClassVar[int] = 70
    title: ClassVar[str] = marked("Method")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return formulas in words, then the tables."""
        return (
            Text(prose.estimation(result.study)),
            *(Text(text) for text in prose.formulas(result.study)),
            tables.outcome_rules(given.alpha(result.study)),
            tables.models(result.study.models, result.study),
            tables.tests(result.study.statistics),
            *([tables.procedures(chosen)] if (chosen := result.study.procedures) else []),
        )


PLUGIN: type[Section] = Method
