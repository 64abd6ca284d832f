"""Files and folders that programs and people can trust: the same bytes, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import TYPE_CHECKING, Any

from eventstudy.errors import OptionError, ReportError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    import pandas as pd


def write_csv(table: pd.DataFrame | Iterable[pd.DataFrame], path: Path) -> str:
    """Write a frame as CSV.

    Parameters
    ----------
    table : DataFrame or iterable of DataFrame
        Columns of text and numbers; several frames, at least one, are written one below the other.
    path : pathlib.Path
        The file.

    Returns
    -------
    str
        sha256 of its bytes. A float is written with the digits that read back to the same double,
        text is quoted only where it must be, a missing number is an empty cell.
    """
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    digest = hashlib.sha256()
    with path.open("wb") as file:

        def write(lines: list[str]) -> None:
            text = "".join(f"{line}\n" for line in lines).encode()
            digest.update(text)
            file.write(text)

        for number, part in enumerate([table] if isinstance(table, pd.DataFrame) else table):
            if not number:
                write([",".join(part.columns)])
            content = pa.Table.from_pandas(part, preserve_index=False)
            for batch in content.to_batches(max_chunksize=65_536):
                cells = [_cells(column) for column in batch.columns]
                lines = pc.binary_join_element_wise(
                    *cells, ",", null_handling="replace", null_replacement=""
                )
                write(lines.to_pylist())
    return digest.hexdigest()


def _cells(column: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return a column as text, quoted where it holds a comma, a quotation mark or a line end."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.cast(column, pa.string())
    if not pa.types.is_large_string(column.type):
        return text
    coded = text.dictionary_encode()  # ids and words repeat: look at each once
    special = pc.match_substring_regex(coded.dictionary, '[",\r\n]')
    doubled = pc.replace_substring(coded.dictionary, '"', '""')
    quoted = pc.binary_join_element_wise('"', doubled, '"', "")
    return pc.if_else(special, quoted, coded.dictionary).take(coded.indices)


def check_folder(folder: Path, ours: Collection[str], what: str) -> None:
    """Raise when replacing a folder would lose something.

    Parameters
    ----------
    folder : pathlib.Path
        Where results are to be written; need not be there.
    ours : collection of str
        Names of all files and folders that an earlier result may have left.
    what : str
        What left them, as in ``a simulation``.

    Raises
    ------
    OptionError
        When it is a file, lies in one, may not be written, or holds anything else.
    """
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if folder.exists() and not folder.is_dir():
        raise OptionError(f"--out {folder} is a file; name a folder")
    if not there.is_dir() or not os.access(there, os.W_OK):
        why = "may not be written to" if there.is_dir() else "is a file"
        raise OptionError(f"--out {folder}: {there} {why}; choose another folder")
    names = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    foreign = [name for name in names if name not in ours]
    if foreign:
        raise OptionError(
            f"--out {folder} holds {foreign[0]}, which is no result of {what} and would be lost;"
            " choose another folder"
        )


def replace_folder(target: Path, write: Callable[[Path], None]) -> None:
    """Write a folder beside the old one, then put it in its place.

    Parameters
    ----------
    target : pathlib.Path
        The folder; what it held is gone afterwards.
    write : callable
        ``write(folder)`` fills a fresh, empty folder. When it fails, `target` is as it was.

    Raises
    ------
    OSError
        When the disk refuses.
    """
    fresh, old = (target.with_name(f".{target.name}.{state}") for state in ("new", "old"))
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh.mkdir()
    write(fresh)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def fill_folder(folder: Path, write: Callable[[Path], None]) -> None:
    """Put a fresh folder in the place that a user named, :func:`replace_folder`.

    Parameters
    ----------
    folder : pathlib.Path
        Where it goes; the folders above it are made where there are none.
    write : callable
        ``write(folder)`` fills a fresh, empty folder.

    Raises
    ------
    ReportError
        When the disk refuses.
    """
    target = folder.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_folder(target, write)
    except OSError as error:
        raise ReportError(
            f"{folder} cannot be written ({error.strerror}); what it held is whole"
        ) from error


def replace_file(target: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside the old one, then put it in its place.

    Parameters
    ----------
    target : pathlib.Path
        The file; what it held is gone afterwards.
    write : callable
        ``write(file)`` makes the file. When it fails, `target` is as it was.

    Raises
    ------
    OSError
        When the disk refuses.
    """
    fresh = target.with_name(f".{target.name}.new")
    try:
        write(fresh)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
