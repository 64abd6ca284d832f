"""The table of events: one row per event, all its mistakes at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.errors import DataError, Problem, SpecError, did_you_mean, shown
from eventstudy.sheets.reading import open_table
from eventstudy.sheets.sheet import MISSING, is_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from eventstudy.returns.sample import Dates, Floats
    from eventstudy.sheets.sheet import Sheet

REQUIRED = ("event_id", "asset", "event_date")
EVERYTHING = "all"


@dataclass(frozen=True, slots=True)
class Events:
    """Events in the order of their dates, then assets, then ids: that of the table is irrelevant.

    Attributes
    ----------
    event_ids, assets, groups : ndarray of object, shape (N,)
        The id, each once; the asset; the value of the group column, empty where there is none.
    dates : ndarray of datetime64[D], shape (N,)
        When it happened.
    characteristics : mapping of str to ndarray, shape (N,)
        Columns to regress on: floats, NaN being missing, or texts, empty where missing.
    labels : mapping of str to ndarray of object, shape (N,)
        Columns to cluster by, as texts.
    """

    event_ids: NDArray[np.object_]
    assets: NDArray[np.object_]
    groups: NDArray[np.object_]
    dates: Dates
    characteristics: Mapping[str, NDArray[np.object_] | Floats] = field(default_factory=dict)
    labels: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.event_ids)

    def select(self, rows: NDArray[np.int64]) -> Events:
        """Return some events; `rows` are positions, shape (n,)."""
        return Events(
            self.event_ids[rows],
            self.assets[rows],
            self.groups[rows],
            self.dates[rows],
            {name: column[rows] for name, column in self.characteristics.items()},
            {name: column[rows] for name, column in self.labels.items()},
        )


def read_events(
    path: Path, group: str, *, characteristics: Sequence[str] = (), labels: Sequence[str] = ()
) -> Events:
    """Read events from CSV or Parquet.

    Parameters
    ----------
    path : pathlib.Path
        Columns event_id, asset, event_date, and any others.
    group : str
        Column to group by; empty for none.
    characteristics, labels : sequence of str
        Columns to regress on, and to cluster by.

    Raises
    ------
    SpecError
        With every mistake in the table.
    """
    named = filter(None, (*REQUIRED, group, *characteristics, *labels))
    wanted = list(dict.fromkeys(named))
    try:
        table = open_table(path)
        missing = [_missing(path, name, table.names) for name in wanted if name not in table.names]
        if missing:
            raise SpecError(missing)
        sheet = table.read(wanted, wanted)
    except DataError as error:
        raise SpecError([Problem("not-a-table", str(path), 1, 1, "", str(error))]) from error
    return _checked(sheet, group, characteristics, labels)


def _missing(path: Path, name: str, names: Sequence[str]) -> Problem:
    """Return the mistake of a column that is not there."""
    message = (
        f"there is no such column; the table has {', '.join(names)}{did_you_mean(name, names)}"
    )
    return Problem("missing-column", str(path), 1, 1, name, message)


def _checked(
    sheet: Sheet, group: str, characteristics: Sequence[str], labels: Sequence[str]
) -> Events:
    """Return the events of a table, if nothing is wrong with any."""
    days, bad_dates = sheet.dates("event_date")
    texts = {name: _column(sheet, name) for name in ("event_id", "asset")}
    groups = _column(sheet, group) if group else np.full(len(sheet), "", dtype=object)
    problems = [
        *_blank(sheet, texts),
        *_repeated(sheet, texts["event_id"]),
        *_reserved(sheet, "event_id", texts["event_id"]),
        *_reserved(sheet, group, groups),
        *(_problem(sheet, row, "bad-date", "event_date", text) for row, text in bad_dates.items()),
        *(problem for name in characteristics for problem in _neither(sheet, name)),
    ]
    if problems:
        raise SpecError(sorted(problems, key=lambda problem: problem.line))
    order = np.lexsort([_rank(texts["event_id"]), _rank(texts["asset"]), days])
    return Events(
        texts["event_id"][order],
        texts["asset"][order],
        groups[order],
        days[order],
        {name: _numbers_or_texts(sheet, name)[order] for name in characteristics},
        {name: _column(sheet, name)[order] for name in labels},
    )


def _column(sheet: Sheet, name: str) -> NDArray[np.object_]:
    """Return a column of texts, shape (n,)."""
    distinct, code = sheet.texts(name)
    return np.array(distinct, dtype=object)[code]


def _numbers_or_texts(sheet: Sheet, name: str) -> NDArray[np.object_] | Floats:
    """Return a column as floats where all that is not missing is a number, else as texts."""
    distinct, code = sheet.texts(name)
    known = ["" if text in MISSING else text for text in distinct]
    if all(is_number(text) for text in known if text):
        return np.array([float(text or "nan") for text in known])[code]
    return np.array(known, dtype=object)[code]


def _neither(sheet: Sheet, name: str) -> Iterator[Problem]:
    """Yield the first cell that is no number in a column of numbers, or an infinite one."""
    distinct, code = sheet.texts(name)
    known = {text: number for number, text in enumerate(distinct) if text not in MISSING}
    words = [text for text in known if not is_number(text)]
    if words and len(words) < len(known):
        row = int(min(np.argmax(code == known[text]) for text in words))
        message = (
            f"{shown(distinct[code[row]])} is not a number, others of the column are; leave the cell"
            " empty where a number is missing, and write categories as words"
        )
        yield _problem(sheet, row, "bad-number", name, message)
    endless = [] if words else [text for text in known if not np.isfinite(float(text))]
    for text in endless[:1]:
        row = int(np.argmax(code == known[text]))
        yield _problem(sheet, row, "bad-number", name, f"{shown(text)} is not finite")


def _rank(texts: NDArray[np.object_]) -> NDArray[np.int64]:
    """Return the place of each text in the alphabet of all."""
    return np.unique(texts.astype(str), return_inverse=True)[1]


def _problem(sheet: Sheet, row: int, code: str, column: str, message: str) -> Problem:
    """Return a mistake in one cell."""
    return Problem(code, str(sheet.path), sheet.line(row), 1, column, message)


def _blank(sheet: Sheet, texts: dict[str, NDArray[np.object_]]) -> Iterator[Problem]:
    """Yield the cells that must not be empty and are."""
    for name, values in texts.items():
        for row in np.flatnonzero(values == ""):
            yield _problem(sheet, int(row), "empty-value", name, "is empty")


def _repeated(sheet: Sheet, event_ids: NDArray[np.object_]) -> Iterator[Problem]:
    """Yield the ids that stand twice."""
    first: dict[str, int] = {}
    for row, event_id in enumerate(event_ids):
        earlier = first.setdefault(event_id, row)
        if event_id and earlier != row:
            message = (
                f"{shown(event_id)} stands in line {sheet.line(earlier)} already; ids are unique"
            )
            yield _problem(sheet, row, "duplicate-id", "event_id", message)


def _reserved(sheet: Sheet, column: str, values: NDArray[np.object_]) -> Iterator[Problem]:
    """Yield the values that mean something else."""
    for row in np.flatnonzero(values == EVERYTHING)[:1]:
        message = f"{EVERYTHING!r} stands for all events together; choose another word"
        yield _problem(sheet, int(row), "reserved-id", column, message)
