"""What a run is asked to write beside the pages of a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventstudy.document import study_document
from eventstudy.export.formats import write_exports
from eventstudy.language import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

    from eventstudy.results import StudyResult


@dataclass(frozen=True, slots=True)
class Wanted:
    """Exports of a run.

    Attributes
    ----------
    formats : tuple of str or None
        Formats in the place of those that the studies name; None for these.
    browser : str
        Program that prints the report as PDF; empty for none.
    """

    formats: tuple[str, ...] | None = None
    browser: str = ""

    def write(self, result: StudyResult, folder: Path) -> None:
        """Write the exports of a study below ``export/`` in the folder of its report.

        Parameters
        ----------
        result : StudyResult
            The study.
        folder : pathlib.Path
            Where its pages stand already.
        """
        formats = result.study.export if self.formats is None else self.formats
        if formats:
            document = study_document(result)
            if document.language != LANGUAGES[0]:
                document = document.named_as(study_document(result, LANGUAGES[0]))
            write_exports(document, folder, formats, result=result)
