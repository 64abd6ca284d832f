"""The page of all studies in a folder, beside the folders of their reports."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from eventstudy.errors import EventStudyError, ReportError
from eventstudy.report.unchanged import RECORD, is_unchanged, key_of, record
from eventstudy.writing import replace_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document import Entry
    from eventstudy.report.options import Options
    from eventstudy.results import StudyResult

MANIFEST = "manifest.json"

GENERATOR = '<meta name="generator" content="eventstudy">'
MARKS = {"index.html": GENERATOR, "numbers.json": '"texts": [', RECORD: '"key": "'}
"""By these words a page of ours, its numbers, and what it was made from, are known."""


def refuse_foreign_index(out: Path) -> None:
    """Raise when the page of all studies, or its numbers, would overwrite a file that is not ours."""
    for name, mark in MARKS.items():
        file = out / name
        if file.exists() and mark not in file.read_text(encoding="utf-8", errors="replace"):
            raise ReportError(
                f"{file} was not written by this program; move it away or choose another --out"
            )


def write_index(here: Sequence[Entry], out: Path, options: Options) -> bool:
    """Write the page of all studies: those of this run, and reports that stand in a folder already.

    Parameters
    ----------
    here : sequence of Entry
        The studies of this run.
    out : pathlib.Path
        The folder.
    options : Options
        How pages are written.

    Returns
    -------
    bool
        Whether there was any report to list.
    """
    from eventstudy.document import Entry
    from eventstudy.report.render import index_pages

    stems = {entry.stem for entry in here}
    others = [
        Entry(folder.name, result, "")
        for folder in sorted(out.iterdir())
        if folder.name not in stems and (result := earlier(folder)) is not None
    ]
    entries = [*here, *others]
    if all(entry.result is None for entry in entries):
        return False
    key = key_of(options.static, [_cause(out, entry) for entry in entries])
    if not options.force and is_unchanged(out, key):
        return True
    pages = index_pages(entries, static=options.static)
    for file, text in pages:
        replace_file(out / file, partial(Path.write_text, data=text, encoding="utf-8"))
    record(out, key, [out / file for file, _ in pages])
    return True


def _cause(out: Path, entry: Entry) -> Sequence[str]:
    """Return what the page of all studies takes from one: its result, or why it has none."""
    if entry.result is None:
        return entry.stem, entry.error
    return entry.stem, sha256((out / entry.stem / MANIFEST).read_bytes()).hexdigest()


def earlier(folder: Path) -> StudyResult | None:
    """Return the result that an earlier run left in a folder; None where it left none."""
    from eventstudy.results import StudyResult

    if folder.name.startswith(".") or not (folder / MANIFEST).is_file():
        return None
    try:
        return StudyResult.load(folder)
    except (EventStudyError, ValueError, KeyError, TypeError):
        return None  # a report of another version, or an edited one: not ours to list
