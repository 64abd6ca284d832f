"""The folder of a result, whole or not at all, with the tables that it was made of."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from eventstudy.panel import PanelResult, write_panel
from eventstudy.panel.write import HELD
from eventstudy.writing import check_folder, fill_folder

if TYPE_CHECKING:
    from pathlib import Path

    from eventstudy.results import StudyResult

OURS = ("results", "manifest.json", HELD)
"""What a saved study leaves in its folder."""


def save(numbers: StudyResult | PanelResult, folder: Path, tables: Path | None) -> None:
    """Write a result; parameters and errors as of :meth:`eventstudy.Result.save`."""

    def held(fresh: Path) -> None:
        if tables is not None:
            shutil.copytree(tables, fresh / HELD)

    if isinstance(numbers, PanelResult):
        write_panel(numbers, folder, more=held)
        return
    check_folder(folder, OURS, "a study")

    def write(fresh: Path) -> None:
        numbers.save(fresh)
        held(fresh)

    fill_folder(folder, write)
