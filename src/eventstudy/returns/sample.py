"""The Sample: one batch of N cells (event x asset) that travels together.

Every instrument lives on the sessions of its own exchange. A batch may therefore carry several
session axes; a cell refers to a column of the panel, the column to its axis, and day 0 is a row of
that axis. Windows count sessions of the asset's own exchange, never calendar days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

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
    levels : ndarray, shape (T, S), optional
        Logarithms of prices, in the shape of the panel, for models that measure returns from trade to
        trade; NaN where there was no trade.
    hidden : ndarray of bool, shape (A, T), optional
        Sessions of each axis that no estimation window may use, such as days of other events.
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
    levels: Floats | None = None
    hidden: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        n, (length, width) = len(self.event_ids), self.panel.shape
        shapes = {
            "assets": (self.assets.shape, (n,)),
            "column": (self.column.shape, (n,)),
            "day0": (self.day0.shape, (n,)),
            "column_axis": (self.column_axis.shape, (width,)),
            "factors": (self.factors.shape[:2], (len(self.axes), length)),
        }
        if self.hidden is not None:
            shapes["hidden"] = (self.hidden.shape, (len(self.axes), length))
        wrong = [f"{name} {got}, not {want}" for name, (got, want) in shapes.items() if got != want]
        if wrong:
            raise ValueError(f"Sample: {'; '.join(wrong)}")
        # column by column in memory: every window of a series is then one stretch
        object.__setattr__(self, "panel", np.asfortranarray(self.panel))

    def __len__(self) -> int:
        return len(self.event_ids)

    @property
    def axis(self) -> Ints:
        """Axis of each cell, shape (N,)."""
        return self.column_axis[self.column]

    @property
    def estimable(self) -> Sample:
        """The batch as a model may see it: returns of hidden sessions are missing.

        A model never looks at the asset's returns in the event window, so they may be missing there.
        """
        if self.hidden is None:
            return self
        shown = np.where(self.hidden[self.column_axis].T, np.nan, self.panel)
        return replace(self, panel=shown, hidden=None)

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
        return Gathered(self.asset(rows, window), self.regressors(rows, window))

    def asset(self, rows: Ints | slice, window: Window) -> Floats:
        """Return the returns of one window of some cells, shape (n, L); NaN beyond the axis."""
        first = self.day0[rows] + window.start
        return cut(self.panel.T, self.column[rows], first, window.length)

    def regressors(self, rows: Ints | slice, window: Window) -> Floats:
        """Return the regressors of one window of some cells, shape (n, L, k); NaN beyond the axis."""
        first, axis = self.day0[rows] + window.start, self.column_axis[self.column[rows]]
        parts = [cut(each, axis, first, window.length) for each in np.moveaxis(self.factors, 2, 0)]
        if len(parts) == 1:
            return parts[0][:, :, None]
        return np.stack(parts, axis=2) if parts else np.empty((len(first), window.length, 0))

    def dates(self, tau: int) -> Dates:
        """Return the session of every cell at `tau`, shape (N,); NaT beyond the axis."""
        found = np.full(len(self), np.datetime64("NaT", "D"))
        for number, sessions in enumerate(self.axes):
            row = self.day0 + tau
            here = (self.axis == number) & (row >= 0) & (row < len(sessions))
            found[here] = sessions[row[here]]
        return found


def one_axis(  # noqa: PLR0913 - a sample has these parts
    panel: Floats,
    factors: Floats | None,
    column: Ints,
    day0: Ints,
    *,
    estimation: Window,
    event_window: Window,
    dates: Dates | None = None,
    returns: ReturnKind = "simple",
) -> Sample:
    """Return a sample whose series share one axis of sessions.

    Parameters
    ----------
    panel : ndarray, shape (T, S)
        Returns, decimal; asset number j is called ``sj``.
    factors : ndarray, shape (T, k), optional
        Regressors; none unless given.
    column, day0 : ndarray of int, shape (N,)
        Series and event session of each event; events are called 1, 2, 3 …
    estimation, event_window : Window
        Closed intervals of sessions relative to day 0.
    dates : ndarray of datetime64[D], shape (T,), optional
        Sessions; one calendar day after another from 3 January 2000 unless given.
    returns : {'simple', 'log'}, optional
        What the panel holds.
    """
    if dates is None:
        dates = np.datetime64("2000-01-03", "D") + np.arange(len(panel)).astype("timedelta64[D]")
    return Sample(
        event_ids=np.array([str(number + 1) for number in range(len(column))], dtype=object),
        assets=np.array([f"s{number}" for number in column], dtype=object),
        axes=(dates,),
        column=column,
        day0=day0,
        panel=panel,
        column_axis=np.zeros(panel.shape[1], np.int64),
        factors=(np.empty((len(panel), 0)) if factors is None else factors)[None],
        estimation=estimation,
        event_window=event_window,
        returns=returns,
    )


def cut(series: Floats, which: Ints, first: Ints, length: int) -> Floats:
    """Cut one window out of a series per cell, shape (n, length); NaN beyond the ends.

    Parameters
    ----------
    series : ndarray, shape (C, T)
        Series with their sessions side by side.
    which, first : ndarray of int, shape (n,)
        Series of each cell, and the first session of its window.
    length : int
        Sessions of a window.
    """
    sessions = series.shape[1]
    inside = (first >= 0) & (first + length <= sessions)
    if inside.all() and length <= sessions:
        whole: Floats = sliding_window_view(series, length, axis=1)[which, first]
        return whole
    found = np.full((len(first), length), np.nan)
    if inside.any():
        windows = sliding_window_view(series, length, axis=1)
        found[inside] = windows[which[inside], first[inside]]
    index = first[~inside, None] + np.arange(length)
    known = (index >= 0) & (index < sessions)
    values = series[which[~inside, None], np.where(known, index, 0)]
    found[~inside] = np.where(known, values, np.nan)
    return found


def bridge(levels: Floats) -> tuple[Floats, Floats]:
    """Return the log return of each trade since the one before, and over how many sessions.

    Parameters
    ----------
    levels : ndarray, shape (n, L + 1)
        Log prices; NaN where there was no trade.

    Returns
    -------
    returns, days : ndarray, shape (n, L)
        On all sessions but the first; NaN without a trade, or without one before.
    """
    session = np.arange(levels.shape[1])
    last = np.maximum.accumulate(np.where(np.isfinite(levels), session, -1), axis=1)[:, :-1]
    known = last >= 0
    before = np.take_along_axis(levels, np.where(known, last, 0), axis=1)
    returns = np.where(known, levels[:, 1:] - before, np.nan)
    return returns, np.where(np.isfinite(returns), session[1:] - last, np.nan)


def chunks(n: int, size: int = 4096) -> list[slice]:
    """Cut n cells into slices, so that gathered windows stay small."""
    return [slice(start, min(start + size, n)) for start in range(0, n, size)]
