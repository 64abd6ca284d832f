"""Arguments that several commands share: study files, and where prices are looked for."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eventstudy.errors import OptionError, Problem, SpecError, UnknownNameError
from eventstudy.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from eventstudy.export import Wanted
    from eventstudy.sources.base import Access
    from eventstudy.spec import Presentation, StudyFile
    from eventstudy.workers import Workers


EVENTS = Path("events")
"""Where studies are looked for unless some are named."""


def _at_home(folder: Path | None) -> Path | None:
    """Return a folder that may begin with ~, which not every shell puts in full."""
    try:
        return folder.expanduser() if folder else folder
    except RuntimeError as error:
        raise typer.BadParameter(f"{folder}: {error}; write the whole path") from error


Files = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[FILES or DIRS]...",
        help="Study files; a directory stands for its *.yaml files. Default: events",
        show_default=False,
    ),
]
SourceName = Annotated[
    str,
    typer.Option(
        "--source",
        metavar="NAME",
        help="Source of the prices in place of that of the studies, see `eventstudy list sources`.",
        show_default=False,
    ),
]
Cache = Annotated[
    Path | None,
    typer.Option(
        "--cache",
        metavar="DIR",
        callback=_at_home,
        envvar="EVENTSTUDY_CACHE",
        help="Folder of the downloads; that of the system unless given.",
        show_default=False,
    ),
]
Offline = Annotated[bool, typer.Option("--offline", help="Use the cache, never the network.")]
Refresh = Annotated[
    bool, typer.Option("--refresh", help="Download anew even where the cache would do.")
]

Export = Annotated[
    str | None,
    typer.Option(
        "--export",
        metavar="FORMAT,…",
        help="Write every table and figure as files too: tex, xlsx, docx-html, md, csv, parquet, json,"
        " figures. In place of those that a study names.",
        show_default=False,
    ),
]
Pdf = Annotated[
    bool, typer.Option("--pdf", help="Print the report as PDF too, by an installed Chromium.")
]
Static = Annotated[
    bool, typer.Option("--static", help="Write pages without script: charts as they are drawn.")
]
Force = Annotated[
    bool, typer.Option("--force", help="Run studies again whose report would be the same.")
]
Watch = Annotated[
    bool, typer.Option("--watch", help="Build a report again whenever its study file is saved.")
]
Open = Annotated[
    bool, typer.Option("--open", help="Open the page in the browser when it is written.")
]
Language = Annotated[
    str,
    typer.Option(metavar="|".join(LANGUAGES), help="Language of the report and the exports."),
]
Processes = Annotated[
    int | None,
    typer.Option("--workers", min=1, max=1024, help="Local processes that share the work."),
]
Dask = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Scheduler of a Dask cluster that does the work.")
]


def workers_of(processes: int | None, dask: str, *, otherwise: int = 1) -> Workers:
    """Return who does the work.

    Parameters
    ----------
    processes : int, optional
        Local processes; `otherwise` unless given.
    dask : str
        Address of a cluster; empty for none.
    otherwise : int
        Local processes unless the user says something.
    """
    from eventstudy.workers import Workers

    if dask and processes:
        raise typer.BadParameter(
            "--workers are processes of this machine, --dask is a cluster: name one"
        )
    return Workers(processes or otherwise, dask)


def without_workers(arguments: Sequence[str]) -> list[str]:
    """Return the arguments of a command without those that say who does the work."""
    named = ("--workers", "--dask")
    return [
        word
        for before, word in zip(("", *arguments), arguments, strict=False)
        if word.partition("=")[0] not in named and before not in named
    ]


def language_of(name: str) -> str:
    """Return a language of reports.

    Raises
    ------
    UnknownNameError
        When there are none in it.
    """
    if name not in LANGUAGES:
        raise UnknownNameError("language", name, LANGUAGES)
    return name


def shown_of(brackets: str, stars: str) -> Presentation:
    """Return what stands in brackets beside estimates, and the levels of stars.

    Raises
    ------
    OptionError
        When there is no such choice, or a level is none.
    """
    from pydantic import ValidationError

    from eventstudy.spec import Presentation

    levels = [text for text in re.split(r"[\s,;]+", stars) if text]
    try:
        return Presentation.model_validate(
            {"brackets": brackets.lower() or None, "stars": [float(text) for text in levels]}
        )
    except (ValidationError, ValueError) as error:
        raise OptionError(
            f"--brackets {brackets!r} --stars {stars!r}: brackets hold p or se, stars up to four different "
            "levels between 0 and 1, such as 0.1,0.05,0.01"
        ) from error


def wanted_of(export: str | None, *, pdf: bool = False) -> Wanted:
    """Return what a run writes beside its pages.

    Raises
    ------
    UnknownNameError
        When a format does not exist.
    OptionError
        When no program can print pages.
    """
    from eventstudy.export import Wanted, browser, chosen

    formats = None if export is None else chosen(export)
    return Wanted(formats, browser() if pdf else "")


def access_of(cache: Path | None, *, offline: bool = False, refresh: bool = False) -> Access:
    """Return where sources may look, from the options of a command and the clock."""
    from eventstudy.sources.base import Access

    if offline and refresh:
        raise typer.BadParameter("--offline and --refresh contradict each other; leave one out")
    return at_present(Access(Path(), cache=cache, offline=offline, refresh=refresh))


def at_present(access: Access) -> Access:
    """Return where sources may look, the clock read anew."""
    return replace(access, now=clock())


def clock() -> np.datetime64:
    """Return what time it is, UTC."""
    import numpy as np

    return np.datetime64("now", "s")


def study_files(paths: Sequence[Path] | None) -> list[Path]:
    """Return the study files that the user names, each once.

    Parameters
    ----------
    paths : sequence of Path, optional
        Files and directories; ``events`` unless given. A directory stands for its ``*.yaml``
        files, sorted by name.

    Raises
    ------
    eventstudy.errors.SpecError
        When a directory holds no study.
    """
    found: dict[Path, None] = {}
    for path in paths or [EVENTS]:
        inside = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not inside:
            message = "there is no study (*.yaml) in this directory; `eventstudy new` writes one"
            raise refused(path, "no-study", message)
        found |= dict.fromkeys(inside)
    return list(found)


def refused(path: Path, code: str, message: str) -> SpecError:
    """Return the error of a file as a whole."""
    return SpecError([Problem(code, str(path), 1, 1, "", message)])


def loaded(path: Path, source: str = "") -> StudyFile:
    """Return a study, with its prices from another source where one is named."""
    from eventstudy.spec import from_source, load

    file = load(path)
    return from_source(file, source) if source else file
