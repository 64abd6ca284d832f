"""Method: event time, models and tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import prose, tables
from eventstudy.document.blocks import Text
from eventstudy.language import marked
from eventstudy.panel.models import read_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, PanelSection
    from eventstudy.panel import PanelResult


@dataclass(frozen=True, slots=True)
class Method:
    """How the numbers were made."""

    name: ClassVar[str] = "method"
    order: ClassVar[int] = 70
    title: ClassVar[str] = marked("Method")

    def blocks(self, result: PanelResult) -> Sequence[Block]:
        """Return the definitions in words, then the tables of models and tests."""
        models = [read_model(label) for label in result.design.labels]
        return (
            *(Text(text) for text in prose.panel_method(result)),
            tables.models(models),
            tables.tests(result.design.choices),
        )


PLUGIN: type[PanelSection] = Method
