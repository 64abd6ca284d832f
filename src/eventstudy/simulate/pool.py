"""Returns that were observed, to draw samples from: of a table, or of the embedded data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from eventstudy.returns.sample import Dates, Floats
    from eventstudy.simulate.design import Returns
    from eventstudy.simulate.loading import SimulationFile
    from eventstudy.sources.base import Prices


@dataclass(frozen=True, slots=True)
class Pool:
    """Returns that were observed, to draw from.

    Attributes
    ----------
    dates : ndarray of datetime64[D], shape (T,)
        Sessions.
    returns : ndarray, shape (T, S)
        Of the securities, decimal; NaN = missing.
    market : ndarray, shape (T,)
        Of the market, decimal.
    """

    dates: Dates
    returns: Floats
    market: Floats


def pool_of(file: SimulationFile) -> Pool | None:
    """Return the returns to draw from; None where they come from a law.

    Raises
    ------
    DataError
        When the table cannot be used.
    """
    asked = file.design.returns
    if asked is None:
        return None
    return _of_snapshot(asked) if asked.source else _of_table(asked, file.path.parent / asked.file)


def fingerprints(file: SimulationFile) -> Mapping[str, str]:
    """Return the sha256 of every table or series that is drawn from, by its name."""
    asked = file.design.returns
    if asked is None:
        return {}
    if not asked.source:
        return {asked.file: sha256((file.path.parent / asked.file).read_bytes()).hexdigest()}
    return {series.instrument: series.sha256 for series in _prices(asked).series}


def _of_table(asked: Returns, path: Path) -> Pool:
    """Return the returns of a table."""
    from eventstudy.sheets.series import read_series

    table = read_series(path)
    missing = [name for name in (asked.market, *asked.securities) if name not in table.names]
    if missing:
        raise DataError(
            f"{path} has no column {', '.join(missing)}; it has {', '.join(table.names)}"
        )
    chosen = asked.securities or tuple(name for name in table.names if name != asked.market)
    columns = [table.names.index(name) for name in chosen]
    market = table.values[:, table.names.index(asked.market)]
    return Pool(table.dates, table.values[:, columns], market)


def _of_snapshot(asked: Returns) -> Pool:
    """Return the returns of the embedded closes, between dates on which all series have one.

    The exchanges have sessions of their own: a return from one date that all share to the next spans the same
    days for every series.
    """
    prices = _prices(asked)
    closes = [prices.column(series.instrument, "close") for series in prices.series]
    shared = reduce(np.logical_and, map(np.isfinite, closes))
    level = np.column_stack(closes)[shared]
    moves = level[1:] / level[:-1] - 1
    return Pool(prices.dates[shared][1:], moves[:, 1:], moves[:, 0])


def _prices(asked: Returns) -> Prices:
    """Return the embedded prices of the market, then of the securities."""
    from eventstudy.sources.snapshot import Snapshot
    from eventstudy.spec import built_in

    chosen = asked.securities or tuple(name for name in embedded() if name != asked.market)
    return Snapshot().fetch([built_in()[name] for name in (asked.market, *chosen)])


def embedded() -> tuple[str, ...]:
    """Return the instruments with prices in the embedded data."""
    from eventstudy.sources.snapshot import status_table
    from eventstudy.spec import built_in

    known = built_in()
    return tuple(
        row["instrument"] for row in status_table() if known[row["instrument"]].kind != "flow"
    )
