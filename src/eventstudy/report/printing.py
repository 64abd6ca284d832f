"""A report on paper: all of it in one PDF, however many pages it has on the screen."""

from __future__ import annotations

import tempfile
from pathlib import Path

from eventstudy.export import FOLDER, print_page

FILE = "report.pdf"


def print_report(program: str, text: str, folder: Path) -> None:
    """Print a report to ``export/pdf/report.pdf``.

    Parameters
    ----------
    program : str
        As :func:`eventstudy.export.browser` finds it.
    text : str
        Its page, whole and without script.
    folder : pathlib.Path
        Folder of the report.
    """
    target = folder / FOLDER / "pdf"
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="eventstudy-") as place:
        page = Path(place) / "report.html"
        page.write_text(text, encoding="utf-8")
        print_page(program, page, target / FILE)
