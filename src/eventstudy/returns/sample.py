"""The Sample: one batch of N cells (event x asset) that travels together.

Every instrument lives on the sessions of its own exchange. A batch may therefore carry several
session axes; a cell refers to a column of the panel, the column to its axis, and day 0 is a row of
that axis. Windows count sessions of the asset's own exchange, never calendar days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.spec import Window

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Dates = NDArray[np.datetime64]

ReturnKind = Literal["simple", "log"]


@dataclass(frozen=True, slots=True)
class Gathered:
    """One window of some cells, as dense arrays.

    Attributes
    ----------
    asset : ndarray, shape (n, L)
        Returns, decimal; NaN = missing.
    factors : ndarray, shape (n, L, k)
        Regressors on the same sessions; NaN = missing.
    """

    asset: Floats
    factors: Floats


@dataclass(frozen=True, slots=True)
class Sample:
    """A batch of N cells with the returns and regressors that they look at.

    Attributes
    ----------
    event_ids, assets : ndarray of object, shape (N,)
        The key of each cell; one security may have many events.
    axes : tuple of ndarray of datetime64[D]
        Sessions of each exchange, ascending.
    column : ndarray of int, shape (N,)
        Column of each cell in the panel.
    day0 : ndarray of int, shape (N,)
        Row of the event session on the cell's axis.
    panel : ndarray, shape (T, S)
        Returns, decimal; row t of a column is session t of the column's own axis; NaN = missing.
    column_axis : ndarray of int, shape (S,)
        Axis of each column.
    factors : ndarray, shape (A, T, k)
        Regressors on each axis.
    estimation, event_window : Window
        Closed intervals of sessions relative to day 0.
    returns : {'simple', 'log'}
        What the panel holds.
    """

    event_ids: NDArray[np.object_]
    assets: NDArray[np.object_]
    axes: tuple[Dates, ...]
    column: Ints
    day0: Ints
    panel: Floats
    column_axis: Ints
    factors: Floats
    estimation: Window
    event_window: Window
    returns: ReturnKind = "simple"

    def __post_init__(self) -> None:
        n, (length, width) = len(self.event_ids), self.panel.shape
        shapes = {
            "assets": (self.assets.shape, (n,)),
            "column": (self.column.shape, (n,)),
            "day0": (self.day0.shape, (n,)),
            "column_axis": (self.column_axis.shape, (width,)),
            "factors": (self.factors.shape[:2], (len(self.axes), length)),
        }
        wrong = [f"{name} {got}, not {want}" for name, (got, want) in shapes.items() if got != want]
        if wrong:
            raise ValueError(f"Sample: {'; '.join(wrong)}")

    def __len__(self) -> int:
        return len(self.event_ids)

    @property
    def axis(self) -> Ints:
        """Axis of each cell, shape (N,)."""
        return self.column_axis[self.column]

    def select(self, rows: Ints | NDArray[np.bool_]) -> Sample:
        """Return the batch of some cells; panel and factors are shared, not copied."""
        return replace(
            self,
            event_ids=self.event_ids[rows],
            assets=self.assets[rows],
            column=self.column[rows],
            day0=self.day0[rows],
        )

    def gather(self, rows: Ints | slice, window: Window) -> Gathered:
        """Return one window of some cells; sessions beyond the axis are NaN.

        Parameters
        ----------
        rows : ndarray of int or slice
            The n cells.
        window : Window
            L sessions relative to day 0.
        """
        index = self.day0[rows, None] + np.arange(window.start, window.end + 1)
        outside = (index < 0) | (index >= len(self.panel))
        index = np.where(outside, 0, index)
        column = self.column[rows]
        asset = self.panel[index, column[:, None]]
        factors = self.factors[self.column_axis[column][:, None], index]
        asset[outside] = np.nan
        factors[outside] = np.nan
        return Gathered(asset, factors)

    def dates(self, tau: int) -> Dates:
        """Return the session of every cell at `tau`, shape (N,); NaT beyond the axis."""
        found = np.full(len(self), np.datetime64("NaT", "D"))
        for number, sessions in enumerate(self.axes):
            row = self.day0 + tau
            here = (self.axis == number) & (row >= 0) & (row < len(sessions))
            found[here] = sessions[row[here]]
        return found


def chunks(n: int, size: int = 4096) -> list[slice]:
    """Cut n cells into slices, so that gathered windows stay small."""
    return [slice(start, min(start + size, n)) for start in range(0, n, size)]
