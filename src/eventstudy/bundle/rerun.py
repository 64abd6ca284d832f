"""Run the study of a bundle with its prices, and write everything that comes out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.bundle import layout
from eventstudy.document import study_document
from eventstudy.export import write_exports
from eventstudy.report.render import study_pages
from eventstudy.sources.base import Access
from eventstudy.spec import Choice
from eventstudy.study import run_study

if TYPE_CHECKING:
    from pathlib import Path

    from eventstudy.document import Document
    from eventstudy.results import StudyResult
    from eventstudy.sources.base import Prices
    from eventstudy.spec import StudyFile

WHEN = np.datetime64("1970-01-01T00:00:00", "s")
"""The time of a run that looks nowhere: nothing in a bundle may depend on it."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """Prices of a study, and those of its second source where it has one."""

    prices: Prices
    second: Prices | None = None


def rerun(
    file: StudyFile, frozen: Frozen, folder: Path, *, name: str
) -> tuple[StudyResult, Document]:
    """Run a study with prices at hand, without network, and write results, pages, tables and figures.

    Parameters
    ----------
    file : StudyFile
        The study, in the folder of the bundle.
    frozen : Frozen
        Its prices.
    folder : pathlib.Path
        Where the output goes.
    name : str
        Path of the study in the bundle.
    """
    asked = file
    if frozen.second is not None and (file.path.parent / layout.SECOND).is_file():
        second = Choice(name="frozen", label="frozen", options={"file": layout.SECOND})
        asked = replace(file, study=file.study.model_copy(update={"second_source": second}))
    result = run_study(
        asked,
        prices=frozen.prices,
        access=Access(file.path.parent, offline=True, now=WHEN),
        command=f"eventstudy run {name}",
    )
    folder.mkdir(parents=True, exist_ok=True)
    result.save(folder)
    for page, text in study_pages(result):
        (folder / page).parent.mkdir(parents=True, exist_ok=True)
        (folder / page).write_text(text, encoding="utf-8")
    document = study_document(result)
    write_exports(document, folder, layout.EXPORTS, result=result)
    return result, document
