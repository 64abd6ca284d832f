"""Run study files and write their reports: whole or not at all, one failure stops no other."""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from eventstudy.charts.drawing import DRAWINGS, SHAPES
from eventstudy.document import Entry
from eventstudy.errors import EventStudyError, Problem, ReportError, SpecError
from eventstudy.kept import tidy
from eventstudy.labels import ALL, averaged
from eventstudy.report.index import MANIFEST, earlier, refuse_foreign_index, write_index
from eventstudy.report.options import Options
from eventstudy.report.unchanged import is_unchanged, key_of, record
from eventstudy.workers import at_work, employed, spread
from eventstudy.writing import replace_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from rich.console import Console
    from rich.table import Table

    from eventstudy.export import Wanted
    from eventstudy.results import StudyResult


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one study file.

    Attributes
    ----------
    file : pathlib.Path
        The study file.
    result : StudyResult or None
        Its result; None when the study failed.
    error : str
        Why it failed, as the terminal shows it; empty otherwise.
    exit_code : int
        0, or the code of its failure.
    unchanged : bool
        Whether the report of an earlier run was kept.
    """

    file: Path
    result: StudyResult | None = None
    error: str = ""
    exit_code: int = 0
    unchanged: bool = False

    @property
    def word(self) -> str:
        """What became of it, in a word."""
        return "failed" if self.error else "unchanged" if self.unchanged else "done"


def build(
    files: Sequence[Path], out: Path, *, console: Console, options: Options | None = None
) -> int:
    """Run every study and write ``<out>/<stem>/`` and ``<out>/index.html``.

    Parameters
    ----------
    files : sequence of pathlib.Path
        Study files.
    out : pathlib.Path
        Directory for the reports; made when it is not there.
    console : rich.console.Console
        Where progress, messages and the summary go.
    options : Options, optional
        How the studies are run and what is written.

    Returns
    -------
    int
        The highest exit code of the studies: a failed one stops no other and leaves its old report
        whole.

    Raises
    ------
    SpecError
        When two studies would write to one folder.
    ReportError
        When `out` cannot be written.
    """
    _refuse_shared_stems(files)
    _make(out)
    _recover(out)
    refuse_foreign_index(out)
    options = options or Options()
    run = partial(_run, out=out, options=options)
    with employed(options.workers):
        outcomes = _run_all(files, console, run)
    for outcome in outcomes:
        for line in _said(outcome):
            console.print(line, soft_wrap=True)
    for folder in (DRAWINGS, SHAPES):
        tidy(folder)
    results = {o.file.stem: o.result for o in outcomes if o.result is not None}
    if results:
        console.print(_summary(results))
    entries = [Entry(each.file.stem, each.result, each.error) for each in outcomes]
    if write_index(entries, out, options):
        console.print(f"{out / 'index.html'}", soft_wrap=True)
    return max(outcome.exit_code for outcome in outcomes)


def _refuse_shared_stems(files: Sequence[Path]) -> None:
    """Raise when two files have one stem: the second would overwrite the first."""
    problems = [
        Problem(
            code="shared-stem",
            file=str(file),
            line=1,
            column=1,
            path="",
            message=f"writes to the same folder {file.stem!r} as {first}; rename one of them",
        )
        for position, file in enumerate(files)
        for first in files[:position]
        if first.stem == file.stem
    ]
    if problems:
        raise SpecError(problems)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(
            f"{folder} cannot be made ({error.strerror}); choose another place with --out"
        ) from error


def _recover(out: Path) -> None:
    """Put back the report of a run that was killed between taking it away and replacing it."""
    for old in out.glob(".*.old"):
        target = out / old.name.removeprefix(".").removesuffix(".old")
        if not target.exists():
            old.rename(target)


def _said(outcome: Outcome) -> list[str]:
    """Return what the user has to read about one study: why it failed, or what its prices are worth."""
    if outcome.result is None:
        return [outcome.error]
    from eventstudy.prose import in_doubt

    series, doubt = outcome.result.provenance.series, in_doubt(outcome.result)
    notes = [f"{outcome.file}: {one.instrument}: {one.note}" for one in series if one.note]
    return [*notes, f"{outcome.file}: REVIEW: {doubt}"] if doubt else notes


def _run_all(
    files: Sequence[Path], console: Console, run: Callable[[Path], Outcome]
) -> list[Outcome]:
    """Run the studies in order, with a bar on a terminal and plain lines elsewhere.

    Local processes take a whole study each, with its pages, where there are several; of a single one, and on
    a cluster, whose machines need not see these folders, what is drawn is spread.
    """
    whole = len(files) > 1 and not at_work().dask
    found = spread(run, files) if whole else map(run, files)
    if not console.is_terminal:
        outcomes = []
        for outcome in found:
            outcomes.append(outcome)
            console.print(f"{outcome.file}: {outcome.word}", soft_wrap=True)
        return outcomes
    from rich.progress import track

    bar = partial(track, description="Studies", console=console, transient=True)
    return list(bar(found, total=len(files)))


def _run(file: Path, *, out: Path, options: Options) -> Outcome:
    """Run one study and write its folder, unless it holds the same already."""
    from eventstudy.report.render import study_pages
    from eventstudy.spec import from_source, load
    from eventstudy.study import answer, gather

    source, access, target = options.source, options.access, out / file.stem
    command = shlex.join(_command(file, out, options))
    try:
        study = from_source(load(file), source) if source else load(file)
        inputs = gather(study, access=replace(access, folder=file.parent) if access else None)
        key = key_of(inputs.fingerprint(), command, asdict(options.wanted))
        if not options.force and is_unchanged(target, key) and (kept := earlier(target)):
            return Outcome(file, kept, unchanged=True)
        result = answer(inputs, command)
        pages = study_pages(result, static=options.static)
        _replace(target, result, pages, options.wanted, key)
    except EventStudyError as error:
        return Outcome(file, error=_message(file, error), exit_code=error.exit_code)
    return Outcome(file, result)


def _command(file: Path, out: Path, options: Options) -> Sequence[str]:
    """Return the command that makes a report again."""
    source = ["--source", options.source] if options.source else []
    static = ["--static"] if options.static else []
    return ["eventstudy", "run", file.as_posix(), "--out", out.as_posix(), *source, *static]


def _message(file: Path, error: EventStudyError) -> str:
    """Return the message behind the file's name, with which a file's own problems begin already."""
    return str(error) if isinstance(error, SpecError) else f"{file}: {error}"


def _replace(
    target: Path, result: StudyResult, pages: Iterable[tuple[str, str]], wanted: Wanted, key: str
) -> None:
    """Write a study's folder beside the old one, then put it in its place."""
    from eventstudy.report.printing import print_report
    from eventstudy.report.render import render_study

    if target.exists() and not (target / MANIFEST).exists() and any(target.iterdir()):
        raise ReportError(
            f"{target} holds something that is no report; move it away or choose another --out"
        )

    def write(folder: Path) -> None:
        result.save(folder)
        for file, page in pages:
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_text(page, encoding="utf-8")
        wanted.write(result, folder)
        if wanted.browser:
            print_report(wanted.browser, render_study(result, static=True), folder)
        record(folder, key)

    try:
        replace_folder(target, write)
    except OSError as error:
        raise ReportError(
            f"{target} cannot be written ({error.strerror}); the old report is whole"
        ) from error


def _summary(results: Mapping[str, StudyResult]) -> Table:
    """Return one line per study and asset: how many events, and what became of them."""
    from rich.table import Table

    table = Table("study", "asset", "events", "outcomes", box=None, pad_edge=False)
    for stem, result in results.items():
        study, verdicts = result.study, result.frames["verdicts"]
        headline = verdicts[verdicts["model"] == study.models[0].label]
        for asset in averaged(study):
            mine = headline if asset == ALL else headline[headline["asset"] == asset]
            words = Counter(mine["outcome"])
            listed = ", ".join(f"{number} {word}" for word, number in words.most_common())
            table.add_row(stem, asset, str(words.total()), listed or "none studied")
    return table
