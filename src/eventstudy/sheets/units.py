"""Returns in per cent or decimals: what a table says, and what its numbers say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.errors import DataError

if TYPE_CHECKING:
    from eventstudy.sheets.series import SeriesTable

TYPICAL = 0.2
"""Median size of returns above which they cannot be decimals: no market moves so on most days."""

DOUBTFUL = 0.05
"""Median size above which decimals would be a market that moves by 5% on most days."""

DEAR = 0.002
"""Median above which a rate of interest, decimal and per day, would be over 60% a year."""

SLIGHT = 0.0003
"""Median size of decimals below which they have been divided by 100 once too often."""

ENOUGH = 20
"""Fewest numbers of a column that show that it never falls."""


def decimals(
    series: SeriesTable, *, percent: bool | None, say: str, alone: str = ""
) -> SeriesTable:
    """Return returns as decimals.

    Parameters
    ----------
    series : SeriesTable
        Returns.
    percent : bool or None
        Whether they are in per cent; None where the user has not said so.
    say : str
        How the user would say that they are, for the message.
    alone : str
        How the user would say so of this table alone, with ``true`` or ``false`` behind it; empty
        where that is not possible.

    Raises
    ------
    DataError
        When they are said to be decimals and cannot be: a return is below -1, more than all that
        was there, or the median size of those that are not zero is above :data:`TYPICAL`. When they
        are said to be in per cent and are decimals already: that size is below :data:`SLIGHT` in the
        columns with both signs, which rates of interest do not have. When nothing is said and both
        may be meant: that size is above :data:`DOUBTFUL`, or the median of a column that never falls
        is above :data:`DEAR`.
    """
    if percent:
        return _from_percent(series, say, alone)
    if found := _impossible(series):
        one = f"say {alone}true`" if alone else "divide it by 100"
        raise DataError(
            f"{series.path} does not look like decimals, where 0.01 is one per cent: {found}. If all"
            f" tables are in per cent, say {say}; if only this one is, {one}; of prices, take simple"
            " returns; leave a cell empty where a number is missing"
        )
    if percent is None and (doubt := _doubtful(series)):
        raise DataError(
            f"{series.path} may be in per cent or decimals, where 0.01 is one per cent: {doubt}. Say"
            f" {say}, or false, for all tables, or {alone}true` or {alone}false` for this one"
        )
    return series


def _impossible(series: SeriesTable) -> str:
    """Return why returns cannot be decimals; empty where they can."""
    below = np.argwhere(series.values < -1)
    if len(below):
        row, column = below[0]
        return (
            f"{series.names[column]} on {series.dates[row]} is {series.values[row, column]:g}, and no"
            " decimal return is below -1"
        )
    size = np.abs(series.values[np.isfinite(series.values) & (series.values != 0)])
    if len(size) and np.median(size) > TYPICAL:
        prices = "" if (series.values < 0).any() else ", and none is negative: are they prices?"
        return f"the median size of its returns is {np.median(size):.3g}{prices}"
    return ""


def _doubtful(series: SeriesTable) -> str:
    """Return why returns may be per cent as well as decimals; empty where they are decimals."""
    known = np.isfinite(series.values) & (series.values != 0)
    size = np.abs(series.values[known])
    if len(size) and np.median(size) > DOUBTFUL:
        return f"the median size of its returns is {np.median(size):.3g}"
    never = (known.sum(axis=0) >= ENOUGH) & ~(series.values < 0).any(axis=0)
    for column in np.flatnonzero(never):
        typical = np.median(series.values[known[:, column], column])
        if typical > DEAR:
            return f"{series.names[column]} never falls, and its median is {typical:.3g}"
    return ""


def _from_percent(series: SeriesTable, say: str, alone: str) -> SeriesTable:
    """Return returns in per cent as decimals; refuse those that are decimals already."""
    known = np.isfinite(series.values) & (series.values != 0)
    falls = (series.values < 0).sum(axis=0) > 0.2 * known.sum(axis=0)
    size = np.abs(series.values[known & falls])
    if len(size) and np.median(size) < 100 * SLIGHT:
        one = f"say {alone}false`" if alone else "multiply it by 100"
        raise DataError(
            f"{series.path} looks like decimals, where 0.01 is one per cent, and not like per cent: the"
            f" median size of its returns is {np.median(size):.3g}. If all tables are decimals, leave out"
            f" {say}; if only this one is, {one}; if its returns are as small as that, divide them by 100"
            f" and leave out {say}"
        )
    return replace(series, values=series.values / 100)
