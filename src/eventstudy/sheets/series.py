"""Series by date: a table of returns or of prices, wide or long."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.errors import DataError
from eventstudy.sheets.reading import column_names, read_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from eventstudy.sheets.reading import Sheet

    Dates = NDArray[np.datetime64]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

TYPICAL = 0.2
"""Median size of returns above which they cannot be decimals: no market moves so on most days."""

SLIGHT = 0.0003
"""Median size of decimals below which they have been divided by 100 once too often."""


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
    names = column_names(path)
    date = _named(path, names, "date")
    assets = [name for name in names if name.lower() == "asset"]
    values = [name for name in names if name not in {date, *assets}]
    if not values:
        raise DataError(f"{path} has no column of numbers beside {', '.join(names)}")
    if not assets:
        return _wide(read_sheet(path, names, [date]), date, values)
    if len(values) > 1:
        raise DataError(
            f"{path} is a long table (it has a column {assets[0]!r}) with several columns of numbers:"
            f" {', '.join(values)}; keep date, asset and the one that is meant"
        )
    return _long(read_sheet(path, names, [date, *assets]), date, assets[0], values[0])


def _named(path: Path, names: Sequence[str], wanted: str) -> str:
    """Return the column of a name, in capitals or not."""
    for name in names:
        if name.lower() == wanted:
            return name
    raise DataError(
        f"{path} has no column {wanted!r}; it has {', '.join(names[:8])}"
        f"{' …' if len(names) > 8 else ''}. A wide table has date and one column per series, a long one"
        " date, asset and one column of numbers"
    )


def _days(sheet: Sheet, column: str) -> Dates:
    """Return the dates of a table; the first that is none is an error."""
    days, problems = sheet.dates(column)
    if problems:
        row = min(problems)
        raise DataError(f"{sheet.place(row)}: {column}: {problems[row]}")
    return days


def _wide(sheet: Sheet, date: str, names: Sequence[str]) -> SeriesTable:
    """Return the series of a table with one column each."""
    days = _days(sheet, date)
    order = np.argsort(days, kind="stable")
    _refuse_twice(sheet, order, days[order], [])
    return SeriesTable(sheet.path, days[order], tuple(names), sheet.numbers(names)[order])


def _long(sheet: Sheet, date: str, asset: str, value: str) -> SeriesTable:
    """Return the series of a table with one row per date and asset."""
    days = _days(sheet, date)
    names, code = sheet.texts(asset)
    if "" in names:
        blank = int(np.argmax(code == names.index("")))
        raise DataError(f"{sheet.place(blank)}: {asset} is empty; name the asset")
    dates, row = np.unique(days, return_inverse=True)
    key = row * len(names) + code
    order = np.argsort(key, kind="stable")
    _refuse_twice(sheet, order, key[order], [names[number] for number in code[order]])
    values = np.full((len(dates), len(names)), np.nan)
    values[row, code] = sheet.numbers([value])[:, 0]
    return SeriesTable(sheet.path, dates, tuple(names), values)


def _refuse_twice(
    sheet: Sheet, order: Ints, keys: NDArray[np.generic], names: Sequence[str]
) -> None:
    """Raise when two rows have one key; `keys` and `names` stand in the sorted `order`."""
    again = np.flatnonzero(keys[1:] == keys[:-1])
    if len(again):
        first, second = order[again[0]], order[again[0] + 1]
        what = f"the date of {names[again[0]]}" if names else "the date"
        raise DataError(
            f"{sheet.place(int(second))}: {what} stands in line {sheet.line(int(first))} already;"
            " keep one row"
        )


def decimals(series: SeriesTable, *, percent: bool, say: str) -> SeriesTable:
    """Return returns as decimals.

    Parameters
    ----------
    series : SeriesTable
        Returns.
    percent : bool
        Whether they are in per cent.
    say : str
        How the user would say that they are, for the message.

    Raises
    ------
    DataError
        When they are said to be decimals and cannot be: a return is below -1, more than all that
        was there, or the median size of those that are not zero is above :data:`TYPICAL`. When they
        are said to be in per cent and are decimals already: that size is below :data:`SLIGHT` in the
        columns with both signs, which rates of interest do not have.
    """
    if percent:
        return _from_percent(series, say)
    below = np.argwhere(series.values < -1)
    size = np.abs(series.values[np.isfinite(series.values) & (series.values != 0)])
    if len(below):
        row, column = below[0]
        found = (
            f"{series.names[column]} on {series.dates[row]} is {series.values[row, column]:g}, and no"
            " decimal return is below -1"
        )
    elif len(size) and np.median(size) > TYPICAL:
        found = f"the median size of its returns is {np.median(size):.3g}"
    else:
        return series
    raise DataError(
        f"{series.path} does not look like decimals, where 0.01 is one per cent: {found}. If all tables"
        f" are in per cent, say {say}; if only this one is, divide it by 100; leave a cell empty"
        " where a number is missing"
    )


def _from_percent(series: SeriesTable, say: str) -> SeriesTable:
    """Return returns in per cent as decimals; refuse those that are decimals already."""
    known = np.isfinite(series.values) & (series.values != 0)
    falls = (series.values < 0).sum(axis=0) > 0.2 * known.sum(axis=0)
    size = np.abs(series.values[known & falls])
    if len(size) and np.median(size) < 100 * SLIGHT:
        raise DataError(
            f"{series.path} looks like decimals, where 0.01 is one per cent, and not like per cent: the"
            f" median size of its returns is {np.median(size):.3g}. If all tables are decimals, leave out"
            f" {say}; if only this one is, multiply it by 100; if its returns are as small as that, divide"
            f" them by 100 and leave out {say}"
        )
    return replace(series, values=series.values / 100)
