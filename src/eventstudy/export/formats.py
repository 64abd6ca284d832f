"""The formats by name, and the folder that they go into."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eventstudy.errors import UnknownNameError
from eventstudy.export.cars import write_cars
from eventstudy.export.drawings import Drawings, write_figures
from eventstudy.export.excel import write_workbook
from eventstudy.export.jsonfile import write_json
from eventstudy.export.latex import write_latex
from eventstudy.export.markdown import write_markdown
from eventstudy.export.paper import write_paper
from eventstudy.export.tabular import write_csv_tables, write_parquet_tables
from eventstudy.export.word import write_word
from eventstudy.language import using

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from eventstudy.document import Document
    from eventstudy.panel import PanelResult
    from eventstudy.results import StudyResult

    Writer = Callable[[Document, Drawings, Path], None]

FOLDER = "export"
"""Folder of the exports in that of a report."""

FORMATS: Mapping[str, Writer] = {
    "tex": write_latex,
    "xlsx": write_workbook,
    "docx-html": write_word,
    "md": write_markdown,
    "csv": write_csv_tables,
    "parquet": write_parquet_tables,
    "json": write_json,
    "figures": write_figures,
}
"""What writes each format."""


MEANT = {
    "excel": "xlsx",
    "xls": "xlsx",
    "word": "docx-html",
    "html": "docx-html",
    "markdown": "md",
    **dict.fromkeys(("pdf", "png", "svg", "figure"), "figures"),
}
"""Other words for formats."""


def chosen(text: str) -> tuple[str, ...]:
    """Return the formats that a list with commas names, each once.

    Raises
    ------
    UnknownNameError
        When a format does not exist.
    """
    names = tuple(dict.fromkeys(re.split(r"[\s,;]+", text.lower().strip(" ,;"))))
    for name in filter(None, names):
        if name not in FORMATS:
            raise UnknownNameError("export format", name, FORMATS, meant=MEANT.get(name, ""))
    return tuple(filter(None, names))


def write_exports(
    document: Document,
    folder: Path,
    formats: Iterable[str],
    *,
    result: StudyResult | PanelResult | None = None,
) -> None:
    """Write a document in some formats below ``export/``.

    Parameters
    ----------
    document : Document
        What the report says.
    folder : pathlib.Path
        Folder of the report.
    formats : iterable of str
        Names in :data:`FORMATS`; nothing is written without any.
    result : StudyResult or PanelResult, optional
        The study, or the panel, of which ``cars.csv`` is written too, and its methods section with ``tex`` or
        ``md``.
    """
    drawings = Drawings()
    with using(document.language):
        for name in formats:
            target = folder / FOLDER / name
            target.mkdir(parents=True, exist_ok=True)
            FORMATS[name](document, drawings, target)
    if result is not None and (folder / FOLDER).is_dir():
        write_cars(result, folder / FOLDER)
        write_paper(result, folder / FOLDER)
