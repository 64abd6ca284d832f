"""The folder of a panel: tidy CSV and a manifest, whole or not at all."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventstudy.panel.dataset import files_of
from eventstudy.results import versions
from eventstudy.writing import check_folder, fill_folder, write_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventstudy.panel.job import Inputs
    from eventstudy.panel.run import PanelResult

FRAMES = (
    "parameters",
    "abnormal",
    "car",
    "aggregate",
    "mean_paths",
    "statistics",
    "dropped",
    "regressions",
)
"""What is written, the last where asked, with the columns that :mod:`eventstudy.results` lists."""

MANIFEST = "manifest.json"
PAGE = "report.html"
NUMBERS = "numbers.json"
"""Numbers in the words of the page, with where each comes from."""
EXPORT = "export"
"""Folder of the tables and figures of the page as files."""
HELD = "inputs"
"""Folder of the tables of a result that was made of frames in memory."""
OURS = frozenset((MANIFEST, PAGE, NUMBERS, EXPORT, HELD, *(f"{name}.csv" for name in FRAMES)))
check_out = partial(check_folder, ours=OURS, what="a panel")
"""Raise when writing to a folder would lose something."""

PACKAGES = (
    "policy-eventstudy",
    "numpy",
    "scipy",
    "pandas",
    "pyarrow",
    "statsmodels",
    "linearmodels",
)
"""Packages that make the numbers."""


def write_panel(
    result: PanelResult,
    folder: Path,
    *,
    pages: Mapping[str, str] | None = None,
    more: Callable[[Path], None] | None = None,
) -> None:
    """Write the frames as CSV, ``manifest.json``, and the pages where there are any.

    Parameters
    ----------
    result : PanelResult
        What to write.
    folder : pathlib.Path
        Made when it is not there; what it held is replaced.
    pages : mapping of str to str, optional
        Further files by name, such as the report: their text.
    more : callable, optional
        ``more(folder)`` writes further files.

    Raises
    ------
    OptionError
        When the folder holds something else than an earlier result.
    ReportError
        When it cannot be written; it is then as it was.
    """
    check_out(folder)

    def write(fresh: Path) -> None:
        files = {
            f"{name}.csv": write_csv(result.frames.pieces(name), fresh / f"{name}.csv")
            for name in FRAMES
            if name in result.frames
        }
        for name, text in (pages or {}).items():
            (fresh / name).write_text(text, encoding="utf-8")
            files[name] = _sha256(fresh / name)
        content = {"command": result.command, **facts(result), "files": files}
        manifest = json.dumps(content, ensure_ascii=False, indent=1)
        (fresh / MANIFEST).write_text(f"{manifest}\n", encoding="utf-8")
        if more:
            more(fresh)

    fill_folder(folder, write)


def facts(result: PanelResult) -> dict[str, Any]:
    """Return what was read, asked and found, and by which versions; all of it fit for JSON."""
    inputs, design = result.inputs, result.design
    return {
        "inputs": {
            role: {
                "path": f"{HELD}/{path.name}" if inputs.held else str(path),
                "sha256": _sha256(path),
            }
            for role, path in _files(inputs)
        },
        "options": {
            "market": inputs.market,
            "prices": inputs.prices,
            "percent": inputs.percent,
            **asdict(design),
            "statistics": [choice.name for choice in design.choices],
            "windows": design.car_windows,
            "min_observations": design.least,
            "errors": [str(each) for each in design.standard_errors],
        },
        "versions": versions(PACKAGES),
        "events": result.events,
        "studied": dict(result.studied),
        "notes": result.notes,
    }


def _files(inputs: Inputs) -> list[tuple[str, Path]]:
    """Return the tables that were read, by what they hold."""
    given = {
        "returns": inputs.returns,
        "events": inputs.events,
        "market": Path(inputs.market),
        "factors": inputs.factors,
    }
    return [
        (role, path)
        for role, path in given.items()
        if path and (path.is_file() or role == "returns")
    ]


def _sha256(path: Path) -> str:
    """Return the hash of a file; of a data set that of the names and hashes of its files."""
    if path.is_dir():
        listed = (
            f"{file.relative_to(path).as_posix()} {_sha256(file)}\n" for file in files_of(path)
        )
        return hashlib.sha256("".join(listed).encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
