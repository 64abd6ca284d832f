"""Series by date: a table of returns or of prices, wide or long."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.errors import DataError
from eventstudy.sheets.large import is_large, read_chosen
from eventstudy.sheets.layout import Layout, columns_of
from eventstudy.sheets.reading import open_table, with_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from eventstudy.sheets.layout import Columns
    from eventstudy.sheets.sheet import Mistake, Sheet

    Dates = NDArray[np.datetime64]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SeriesTable:
    """Numbers by date and name.

    Attributes
    ----------
    path : pathlib.Path
        Where they come from, for messages.
    dates : ndarray of datetime64[D], shape (T,)
        Ascending, each once.
    names : tuple of str, length S
        Assets or factors, each once.
    values : ndarray, shape (T, S)
        Returns, decimal, or price levels; NaN = missing.
    """

    path: Path
    dates: Dates
    names: tuple[str, ...]
    values: Floats

    def on(self, dates: Dates) -> Floats:
        """Return the values on other dates, shape (len(dates), S); NaN where there is none."""
        row = np.minimum(np.searchsorted(self.dates, dates), len(self.dates) - 1)
        return np.where((self.dates[row] == dates)[:, None], self.values[row], np.nan)


@dataclass(frozen=True, slots=True)
class Found:
    """What a study reads of one table.

    Attributes
    ----------
    names : tuple of str
        Every series of the table.
    tables : mapping of str to SeriesTable
        By field, of the same series on the same dates.
    """

    names: tuple[str, ...]
    tables: Mapping[str, SeriesTable]


def read_series(path: Path) -> SeriesTable:
    """Read a table of series, wide or long.

    Parameters
    ----------
    path : pathlib.Path
        Wide: a column ``date`` and one column of numbers per series. Long: ``date``, ``asset`` and
        one column of numbers.

    Raises
    ------
    DataError
        When the table has other columns, a date is none or stands twice, a number is none.
    """
    return read_fields(path, Layout(main="number")).tables["number"]


def read_fields(path: Path, layout: Layout, wanted: Collection[str] | None = None) -> Found:
    """Read a table of prices or returns as the user says that it is laid out.

    Parameters
    ----------
    path : pathlib.Path
        Wide, long, or of a single series.
    layout : Layout
        Which column holds what.
    wanted : collection of str, optional
        The series that are needed: of a table above :data:`~eventstudy.sheets.large.LARGE` no others
        are read. A smaller one is read, and checked, whole.

    Raises
    ------
    DataError
        When columns are missing or unclear, a date is none or stands twice, a number is none.
    """
    table = open_table(path, layout.sheet)
    columns = columns_of(path, table.names, layout)
    if wanted is not None and is_large(table):
        chosen = read_chosen(table, columns, wanted)
        found = _found(with_rows(chosen.sheet), chosen.columns, layout)
        return replace(found, names=chosen.names or found.names)
    sheet = table.read([*columns.texts, *columns.numbers], columns.texts)
    return _found(sheet, columns, layout)


def _found(sheet: Sheet, columns: Columns, layout: Layout) -> Found:
    """Return the series of a table that has been read."""
    days, problems = _days(sheet, columns.date, layout)
    if columns.asset:
        return _long(sheet, days, columns, problems)
    values = sheet.numbers(columns.numbers, problems)
    order = np.argsort(days, kind="stable")
    _refuse_twice(sheet, order, days[order], [])
    values, dates = values[order], days[order]
    if columns.wide:
        whole = SeriesTable(sheet.path, dates, columns.wide, values)
        return Found(columns.wide, {layout.main: whole})
    names = (layout.series,)
    return Found(
        names,
        {
            field: SeriesTable(sheet.path, dates, names, values[:, [position]])
            for position, field in enumerate(columns.fields)
        },
    )


def _days(sheet: Sheet, column: str, layout: Layout) -> tuple[Dates, list[Mistake]]:
    """Return the dates of a table, and what is none."""
    say = "" if layout.date_format else layout.say
    days, problems = sheet.dates(column, layout.date_format, say)
    return days, [(row, column, f": {text}") for row, text in problems.items()]


def _long(sheet: Sheet, days: Dates, columns: Columns, problems: Sequence[Mistake]) -> Found:
    """Return the series of a table with one row per date and asset."""
    names, code = sheet.texts(columns.asset)
    blank = np.flatnonzero(code == names.index("")).tolist() if "" in names else []
    nameless = [(row, columns.asset, " is empty; name the asset") for row in blank]
    numbers = sheet.numbers([*columns.fields.values()], [*problems, *nameless])
    dates, row = np.unique(days, return_inverse=True)
    key = row * len(names) + code
    order = np.argsort(key, kind="stable")
    _refuse_twice(sheet, order, key[order], [names[number] for number in code[order]])
    tables = {}
    for position, field in enumerate(columns.fields):
        values = np.full((len(dates), len(names)), np.nan)
        values[row, code] = numbers[:, position]
        tables[field] = SeriesTable(sheet.path, dates, tuple(names), values)
    return Found(tuple(names), tables)


def _refuse_twice(
    sheet: Sheet, order: Ints, keys: NDArray[np.generic], names: Sequence[str]
) -> None:
    """Raise when two rows have one key; `keys` and `names` stand in the sorted `order`."""
    again = np.flatnonzero(keys[1:] == keys[:-1])
    if len(again):
        first, second = order[again[0]], order[again[0] + 1]
        what = f"the date of {names[again[0]]}" if names else "the date"
        raise DataError(
            f"{sheet.place(int(second))}: {what} stands in {'line' if sheet.first > 1 else 'row'}"
            f" {sheet.line(int(first))} already; keep one row"
        )
