"""The report of a panel: its page, the numbers in it, and the files that were asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from eventstudy.document import NUMBERS, numbers_json, panel_document
from eventstudy.export import Wanted, write_exports
from eventstudy.language import LANGUAGES
from eventstudy.panel import PAGE
from eventstudy.report.printing import print_report
from eventstudy.report.render import render_panel

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from eventstudy.document import Document
    from eventstudy.panel import PanelResult
    from eventstudy.spec import Presentation


@dataclass(frozen=True, slots=True)
class PanelReport:
    """What is written beside the tables of a panel.

    Attributes
    ----------
    page : bool
        Whether a page is.
    language : str
        Of :data:`eventstudy.language.LANGUAGES`.
    static : bool
        Whether the page holds no script, and charts stay as they are drawn.
    wanted : Wanted
        Exports.
    shown : Presentation or None
        What stands in brackets, and the levels of stars; None for what the tables have by themselves.
    """

    page: bool = False
    language: str = LANGUAGES[0]
    static: bool = False
    wanted: Wanted = field(default_factory=Wanted)
    shown: Presentation | None = None

    def pages(self, result: PanelResult) -> Mapping[str, str]:
        """Return the page and the numbers in its words, by name of their file."""
        if not self.page:
            return {}
        return {
            PAGE: render_panel(result, self.language, static=self.static, shown=self.shown),
            NUMBERS: numbers_json(self._document(result)),
        }

    def _document(self, result: PanelResult) -> Document:
        return panel_document(result, self.language, shown=self.shown)

    def write(self, result: PanelResult, folder: Path) -> None:
        """Write the exports below ``export/`` in a folder."""
        if self.wanted.formats:
            document = self._document(result)
            if self.language != LANGUAGES[0]:
                document = document.named_as(panel_document(result))
            write_exports(document, folder, self.wanted.formats, result=result)
        if self.wanted.browser:
            text = render_panel(result, self.language, static=True, shown=self.shown)
            print_report(self.wanted.browser, text, folder)
