"""Watching study files: a report is built again when its study, or one it takes events from, is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

STUDIES = frozenset({".yaml", ".yml"})


def watch(
    paths: Sequence[Path],
    rebuild: Callable[[Sequence[Path]], object],
    tell: Callable[[str], object],
) -> None:
    """Build studies again whenever they are saved, until the user interrupts.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        Study files, and folders of them, in which new ones may appear.
    rebuild : callable
        ``rebuild(files)`` builds some of them and says what is wrong with a broken one.
    tell : callable
        ``tell(message)`` says which study is gone.

    Raises
    ------
    KeyboardInterrupt
        When the user ends it.
    """
    from pathlib import Path

    from watchfiles import watch as changes

    folders = sorted({str((p if p.is_dir() else p.parent).resolve()) for p in paths})
    known = listed(paths)
    for batch in changes(*folders, watch_filter=lambda _, name: Path(name).suffix in STUDIES):
        saved = {Path(name) for _, name in batch}
        before, known = known, listed(paths)
        for file in before:
            if file not in known:
                tell(f"{file} is gone; its report is left as it is")
        if touched := affected(known, saved):
            rebuild(touched)


def listed(paths: Sequence[Path]) -> list[Path]:
    """Return the study files that exist: those named, and the ``*.yaml`` files of the folders named."""
    found: dict[Path, None] = {}
    for path in paths:
        found |= dict.fromkeys(sorted(path.glob("*.yaml")) if path.is_dir() else [path])
    return [file for file in found if file.is_file()]


def affected(files: Sequence[Path], saved: Collection[Path]) -> list[Path]:
    """Return the studies to build again: those that were saved, and those that name one of these.

    Parameters
    ----------
    files : sequence of pathlib.Path
        Study files.
    saved : collection of pathlib.Path
        Files that changed, studies or not.

    Notes
    -----
    Names are looked for in the text, so that a file that is broken for the moment is not lost sight of.
    """
    names = {path.name for path in saved}
    known = {path.resolve() for path in saved}
    return [file for file in files if file.resolve() in known or _names_one(file, names)]


def _names_one(file: Path, names: set[str]) -> bool:
    """Tell whether a study file names one of some files."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return any(name in text for name in names - {file.name})
