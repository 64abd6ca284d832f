"""From tables of price levels to returns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.errors import DataError
from eventstudy.returns.panel import change

if TYPE_CHECKING:
    from eventstudy.sheets.series import SeriesTable


def returns_of(prices: SeriesTable) -> SeriesTable:
    """Return simple returns from price levels over consecutive dates; gaps are not bridged.

    Raises
    ------
    DataError
        When a level is not positive.
    """
    wrong = np.argwhere(prices.values <= 0)
    if len(wrong):
        row, column = wrong[0]
        raise DataError(
            f"{prices.path}: {prices.names[column]} on {prices.dates[row]} is"
            f" {prices.values[row, column]:g}, which is no price; with --prices the market's table holds"
            " prices too"
        )
    previous = np.full_like(prices.values, np.nan)
    previous[1:] = prices.values[:-1]
    return replace(prices, values=change(prices.values, previous, "simple"))
