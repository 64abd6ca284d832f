"""Where the series of the assets come from: a table that is read whole, or a data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from eventstudy.panel.dataset import open_dataset
from eventstudy.sheets.series import read_series

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from eventstudy.returns.sample import Dates
    from eventstudy.sheets.series import SeriesTable


class Series(Protocol):
    """Where the series of the assets come from: a table in memory, or a data set."""

    @property
    def dates(self) -> Dates:
        """All dates, shape (T,)."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """All assets."""
        ...

    def series(self, names: Sequence[str]) -> SeriesTable:
        """Return some assets at least, on all dates."""
        ...


@dataclass(frozen=True, slots=True)
class Whole:
    """A table that has been read.

    Attributes
    ----------
    table : SeriesTable
        All assets.
    """

    table: SeriesTable

    @property
    def dates(self) -> Dates:
        """All dates, shape (T,)."""
        return self.table.dates

    @property
    def names(self) -> tuple[str, ...]:
        """All assets."""
        return self.table.names

    def series(self, names: Sequence[str]) -> SeriesTable:  # noqa: ARG002 - all are there
        """Return all assets."""
        return self.table


def open_series(path: Path, *, by_parts: bool) -> Series:
    """Return where the series of the assets come from.

    Parameters
    ----------
    path : pathlib.Path
        A table, or a folder with a data set.
    by_parts : bool
        Whether a table is not to be read whole.
    """
    if by_parts:
        return open_dataset(path)
    if path.is_dir():
        found = open_dataset(path)
        return Whole(found.series(found.names))
    return Whole(read_series(path))
