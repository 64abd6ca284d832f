"""A report on paper: all of it in one PDF, however many pages it has on the screen."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from eventstudy.export import FOLDER, print_page
from eventstudy.report.render import render_study

if TYPE_CHECKING:
    from eventstudy.results import StudyResult

FILE = "report.pdf"


def print_study(program: str, result: StudyResult, folder: Path) -> None:
    """Print the report of a study to ``export/pdf/report.pdf``.

    Parameters
    ----------
    program : str
        As :func:`eventstudy.export.browser` finds it.
    result : StudyResult
        The study.
    folder : pathlib.Path
        Folder of its report.
    """
    target = folder / FOLDER / "pdf"
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="eventstudy-") as place:
        page = Path(place) / "report.html"
        page.write_text(render_study(result, static=True), encoding="utf-8")
        print_page(program, page, target / FILE)
