"""The folder of a simulation: its rates as tidy CSV, the page, and a manifest."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from eventstudy.report.render import render_document
from eventstudy.results import versions
from eventstudy.simulate.page import simulation_document
from eventstudy.simulate.pool import fingerprints
from eventstudy.writing import check_folder, fill_folder, write_csv

if TYPE_CHECKING:
    from pathlib import Path

    from eventstudy.simulate.run import SimulationResult

RATES, PAGE, MANIFEST = "rates.csv", "index.html", "manifest.json"
OURS = frozenset((RATES, PAGE, MANIFEST))
check_out = partial(check_folder, ours=OURS, what="a simulation")
"""Raise when writing to a folder would lose something."""
PACKAGES = ("policy-eventstudy", "numpy", "scipy", "pandas", "statsmodels")
"""Packages that make the numbers."""


def write_simulation(result: SimulationResult, folder: Path) -> None:
    """Write ``rates.csv``, ``index.html`` and ``manifest.json``, whole or not at all.

    Parameters
    ----------
    result : SimulationResult
        What to write.
    folder : pathlib.Path
        Made when it is not there; what an earlier simulation left is replaced.

    Raises
    ------
    OptionError
        When the folder holds something else.
    ReportError
        When it cannot be written; it is then as it was.
    """
    check_out(folder)

    def write(fresh: Path) -> None:
        digest = write_csv(result.frame, fresh / RATES)
        facts = {
            "file": result.file.path.name,
            "sha256": result.file.sha256,
            "seed": result.file.design.seed,
            "samples": result.file.design.samples,
            "returns_sha256": fingerprints(result.file),
            "rates_sha256": digest,
            "versions": versions(PACKAGES),
        }
        text = json.dumps(facts, ensure_ascii=False, indent=1)
        (fresh / MANIFEST).write_text(f"{text}\n", encoding="utf-8")
        page = render_document(simulation_document(result))
        (fresh / PAGE).write_text(page, encoding="utf-8")

    fill_folder(folder, write)
