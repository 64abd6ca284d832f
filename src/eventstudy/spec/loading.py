"""From a study file to a study: read, take apart, check, take over events, fill in defaults."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from eventstudy.errors import DataError, Problem, SpecError, shown
from eventstudy.registry import build
from eventstudy.spec.base import Choice
from eventstudy.spec.calendars import check_reach
from eventstudy.spec.checks import check_study
from eventstudy.spec.design import Robustness
from eventstudy.spec.draft import Draft, Pieces, take_apart
from eventstudy.spec.event_checks import check_alone, check_event
from eventstudy.spec.fields import RefusedError
from eventstudy.spec.instrument import Instrument, built_in
from eventstudy.spec.messages import Finding
from eventstudy.spec.plugins import HEADLINE, PACKAGES, default_statistics, with_headline
from eventstudy.spec.study import Study, StudyFile
from eventstudy.spec.times import moment_of
from eventstudy.yamlfile import Document, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from eventstudy.spec.base import Window
    from eventstudy.spec.event import Event
    from eventstudy.yamlfile import Where


@dataclass(frozen=True, slots=True)
class _Placed:
    """An event with the place where it is written."""

    event: Event
    document: Document
    where: Where


@dataclass(frozen=True, slots=True)
class _Read:
    """One file, read and checked; its own events come after those it takes over."""

    document: Document
    pieces: Pieces
    instruments: Mapping[str, Instrument]
    events: tuple[_Placed, ...]


@dataclass(slots=True)
class _Reader:
    """Reads a study file and the files it takes events from, each once."""

    problems: list[Problem] = field(default_factory=list)
    files: dict[Path, _Read | None] = field(default_factory=dict)

    def read(self, path: Path, chain: tuple[Path, ...] = ()) -> _Read | None:
        """Return a file with its events; None, with its problems noted, if it cannot be used."""
        try:
            key = path.resolve()
        except (OSError, ValueError, RuntimeError):
            key = path
        if key not in self.files:
            self.files[key] = None
            try:
                self.files[key] = self._file(read(path), (*chain, key))
            except SpecError as error:
                self.problems += error.problems
        return self.files[key]

    def _file(self, document: Document, chain: tuple[Path, ...]) -> _Read:
        self.problems += document.problems
        pieces = take_apart(document.data)
        own = {each.id: each for _, entry in pieces.entries("instruments") for each in entry.each()}
        instruments = {**built_in(), **own}
        self._note(document, [*pieces.findings, *check_study(pieces, instruments)])
        taken = [event for part in self._parts(document, pieces, chain) for event in part.events]
        if len(chain) == 1:  # of a file that lends its events only these count
            self._note(document, _away(document, pieces))
        events = [_Placed(event, document, where) for where, event in pieces.entries("events")]
        if not document.data.get("events") and not document.data.get("events_from"):
            message = "the study has no event; write one under `events`"
            self._note(document, [Finding("no-events", ("events",), message)])
        checked = self._checked((*taken, *events), pieces, instruments)
        return _Read(document, pieces, instruments, tuple(self._unique(checked)))

    def _note(self, document: Document, found: Iterable[Finding]) -> None:
        """Turn findings into problems; those about a value that is missing anyway are left out."""
        for code, where, message, at_key in found:
            if document.blanks.isdisjoint(where[:n] for n in range(1, len(where) + 1)):
                self.problems.append(document.problem(code, where, message, at_key=at_key))

    def _parts(
        self, document: Document, pieces: Pieces, chain: tuple[Path, ...]
    ) -> Iterator[_Read]:
        """Yield the files from which a file takes events."""
        folder = Path(document.page.file).parent
        for name, where in {name: where for where, name in pieces.entries("events_from")}.items():
            path = folder / name
            complaint = _refused_include(folder, name, chain)
            if complaint:
                self._note(document, [Finding(complaint[0], where, complaint[1])])
            elif part := self.read(path, chain):
                yield part

    def _unique(self, events: Sequence[_Placed]) -> Iterator[_Placed]:
        """Yield the first event of each id; note the others."""
        first: dict[str, _Placed] = {}
        for placed in events:
            known = first.setdefault(placed.event.id, placed)
            if known is placed:
                yield placed
                continue
            where = (*placed.where, "id")
            place = known.document.values[(*known.where, "id")]
            message = (
                f"{placed.event.id!r} is also the id of the event in"
                f" {known.document.page.file}:{place.line}:{place.column}; ids must differ"
            )
            self._note(placed.document, [Finding("duplicate-id", where, message)])

    def _checked(
        self, events: tuple[_Placed, ...], pieces: Pieces, instruments: Mapping[str, Instrument]
    ) -> tuple[_Placed, ...]:
        """Return the events with their moments; note what is wrong in the light of the study."""
        categories = {placed.event.category for placed in events}
        for placed in events:
            written = placed.document.values
            self._note(
                placed.document, check_alone(placed.event, placed.where, categories, written.keys())
            )
        assets = set(pieces.draft.assets)
        if pieces.wrong & {"assets", "instruments"} or not assets <= instruments.keys():
            return events
        return tuple(self._in_study(placed, pieces.draft, instruments) for placed in events)

    def _in_study(
        self, placed: _Placed, draft: Draft, instruments: Mapping[str, Instrument]
    ) -> _Placed:
        event, document, where = placed.event, placed.document, placed.where
        self._note(document, check_event(event, where, draft, instruments))
        names = [asset for asset in draft.assets if asset in event.assets] or draft.assets
        markets = [instruments[name] for name in names]
        self._note(document, check_reach(event, where, markets))
        try:
            moment = moment_of(event, markets)
        except RefusedError as error:
            self._note(document, [Finding(error.code, (*where, "announced"), error.message)])
            return placed
        return _Placed(event.model_copy(update={"announced": moment}), document, where)


def load(path: Path | str) -> StudyFile:
    """Read a study file.

    Parameters
    ----------
    path : path
        A YAML file.

    Returns
    -------
    StudyFile
        The study with its defaults filled in. Every time of an event knows its zone.

    Raises
    ------
    eventstudy.errors.SpecError
        With every problem of the file, and of the files it takes events from, each once.
    """
    return _loaded(Path(path))[0]


_LENT: dict[Path, tuple[tuple[Event, ...], Mapping[Path, bytes]]] = {}


def events_of(path: Path) -> tuple[Event, ...]:
    """Return the events of a study file as :func:`load` does; a file that stays the same is read once."""
    events, contents = _LENT.get(path, ((), {}))
    if not contents or any(
        not file.is_file() or file.read_bytes() != content for file, content in contents.items()
    ):
        study, contents = _loaded(path)
        events = study.study.events
        _LENT[path] = events, contents
    return events


def _loaded(path: Path) -> tuple[StudyFile, Mapping[Path, bytes]]:
    """Return a study file with the contents of all files that it is made of."""
    reader = _Reader()
    found = reader.read(path)
    if reader.problems or found is None:
        raise SpecError(_in_order(reader))
    used = {file: part.document.page.content for file, part in reader.files.items() if part}
    digest = sha256(b"".join(used.values()))
    return StudyFile(path=path, sha256=digest.hexdigest(), study=_resolve(found)), used


def from_source(file: StudyFile, name: str) -> StudyFile:
    """Return a study with its prices from another source than the file says, without options.

    Raises
    ------
    UnknownNameError
        When there is no such source.
    DataError
        When the source cannot do without options.
    """
    try:
        build(PACKAGES["source"], name, {}, kind="source")
    except ValidationError as error:
        first = error.errors()[0]
        missing = first["type"] == "missing"
        said = (
            f"needs `{first['loc'][-1]}`" if missing else first["msg"].removeprefix("Value error, ")
        )
        raise DataError(
            f"the source {name!r} {said}: it cannot be chosen on the command line; write it into the"
            " study file"
        ) from error
    source = Choice(name=name, label=name)
    return replace(file, study=file.study.model_copy(update={"source": source}))


def _away(document: Document, pieces: Pieces) -> Iterator[Finding]:
    """Yield the files of ``away_from`` that cannot be there; what they hold is read in the run."""
    folder = Path(document.page.file).parent
    for where, name in pieces.entries("away_from"):
        if complaint := _refused_include(folder, name, ()):
            yield Finding(complaint[0], where, complaint[1])


def _in_order(reader: _Reader) -> list[Problem]:
    """Return each problem once: file by file, from top to bottom."""
    files = list(dict.fromkeys(problem.file for problem in reader.problems))
    return sorted(
        dict.fromkeys(reader.problems),
        key=lambda problem: (files.index(problem.file), problem.line, problem.column),
    )


def _refused_include(folder: Path, name: str, chain: tuple[Path, ...]) -> tuple[str, str] | None:
    """Return code and message when events may not be taken from a file."""
    try:
        target, home = (folder / name).resolve(), folder.resolve()
    except (OSError, ValueError, RuntimeError):
        return "file-not-found", f"{shown(name)} is not the name of a file"
    if Path(name).is_absolute() or not target.is_relative_to(home):
        return "include-outside", f"{shown(name)} must be a path inside the folder of this file"
    if target in chain:
        return "include-cycle", f"{shown(name)} leads back to itself; remove the line"
    try:
        exists = target.is_file()
    except (OSError, ValueError):
        exists = False
    return None if exists else ("file-not-found", f"there is no study file {shown(name)}")


def _resolve(found: _Read) -> Study:
    """Return the study of a file without mistakes, with its defaults filled in."""
    draft = found.pieces.draft
    values: dict[str, Any] = {name: getattr(draft, name) for name in Study.model_fields}
    needed = draft.min_observations
    values |= {
        "instruments": dict(found.instruments),
        "windows": _windows(draft),
        "statistics": draft.statistics or default_statistics(),
        "procedures": _procedures(draft),
        "min_observations": -(-5 * draft.estimation.length // 6) if needed is None else needed,
        "robustness": Robustness(**dict(draft.robustness)) if draft.robustness else None,
        "events": tuple(placed.event for placed in found.events),
    }
    return Study(**values)


def _procedures(draft: Draft) -> tuple[Choice, ...]:
    """Return the procedures; unless the file names some, the headline one where assets stand apart."""
    if draft.procedures is not None:
        return with_headline(draft.procedures)
    return () if draft.pool_assets else (HEADLINE,)


def _windows(draft: Draft) -> tuple[Window, ...]:
    """Return the windows; of the default ones those inside the event window."""
    inside = draft.event_window.contains
    return tuple(window for window in draft.windows if inside(window))
