"""Where the cells of the prices come from, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eventstudy.sources._pieces import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventstudy.sources.base import Prices


def origin_rows(prices: Prices) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the frame ``origins``: each instrument, and each series that it comes from.

    Parameters
    ----------
    prices : Prices
        S instruments; where cells come from several series, with `origin` and `parts`.
    """
    known = (prices.kind > 0) | np.any(
        [~np.isnan(values) for values in prices.values.values()], axis=0
    )
    for column, instrument in enumerate(prices.instruments):
        days = prices.dates[known[:, column]]
        if prices.origin is None:
            parts, origin = prices.series, np.full(len(days), column)
        else:
            parts, origin = prices.parts, prices.origin[known[:, column], column]
        for position in dict.fromkeys(origin.tolist()):
            own, part = days[origin == position], parts[position]
            ends = (str(own[0]), str(own[-1]))
            listed = named(own, days)
            yield instrument, part.source, part.symbol, len(own), *ends, listed, part.downloaded
