"""Moments of one regressor from sums over the whole series, so that no window is gathered.

A series is cut into short blocks: every window is the end of one block, some whole blocks, and the
beginning of another. Nothing is subtracted, unlike differences of sums from the start of the series,
which lose the digits of a calm window behind a wild one.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from eventstudy.returns.sample import chunks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Sample

    Ints = NDArray[np.int64]

SERIES = 64
"""Series at a time: sums of more do not fit into the cache, fewer take too many steps."""

LEAST_SHARE = 0.05
"""Least share of a sum of squares that must be left after each subtraction, for twelve digits."""


@dataclass(frozen=True, slots=True)
class Moments:
    """What least squares on a constant and one regressor needs to know of n windows.

    Attributes
    ----------
    n_obs : ndarray of int, shape (n,)
        Sessions M with both values.
    mean_y, mean_x : ndarray, shape (n,)
        Their means; 0 for M = 0.
    yy, xx, xy : ndarray, shape (n,)
        Sums of squares and products of the deviations from these means.
    sse : ndarray, shape (n,)
        Sum of squared residuals.
    """

    n_obs: Ints
    mean_y: Floats
    mean_x: Floats
    yy: Floats
    xx: Floats
    xy: Floats
    sse: Floats


def window_moments(sample: Sample) -> tuple[Ints, Moments]:
    """Return the moments of the estimation windows that sums over the series give to twelve digits.

    Parameters
    ----------
    sample : Sample
        N cells with one regressor.

    Returns
    -------
    rows : ndarray of int, shape (n,)
        The cells. Left out are those of series with so few of them that gathering is less work, and
        those whose deviations are small beside the level of the series, or whose residuals are small
        beside the deviations.
    moments : Moments
        Of these cells.
    """
    sessions, width = sample.panel.shape
    # numbers of two bytes are sorted by counting
    short = sample.column.astype(np.uint16) if width <= 2**16 else sample.column
    order = np.argsort(short, kind="stable")
    parts = chunks(width, SERIES)
    bounds = np.searchsorted(sample.column[order], [part.start for part in parts] + [width])
    found, known = np.empty((7, len(sample))), np.zeros(len(sample), bool)
    sums: SlidingSums | None = None
    for columns, first, last in zip(parts, bounds[:-1], bounds[1:], strict=True):
        some, series = order[first:last], columns.stop - columns.start
        if len(some) * sample.estimation.length >= series * sessions:
            if sums is None or series < SERIES:
                sums = SlidingSums(sessions, sample.estimation.length, series)
            found[:, some], known[some] = _moments(sample, some, columns, sums)
    n_obs, *others = found if known.all() else found[:, known]
    return np.flatnonzero(known), Moments(n_obs.astype(np.int64), *others)


def _moments(
    sample: Sample, rows: Ints, columns: slice, sums: SlidingSums
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the moments of cells in some columns, shape (7, n), and which of them are sound."""
    y = sums.blocked(sample.panel[:, columns])
    x = np.empty_like(y)
    x[:] = sums.blocked(_regressor(sample, columns))
    here = np.isfinite(y)
    here &= np.isfinite(x)
    here[len(sample.panel) - y.shape[0] * (y.shape[1] - 1) :, -1] = False
    gaps = np.flatnonzero(~here)
    level_y, level_x = _centre(y, gaps), _centre(x, gaps)
    which, first = sample.column[rows] - columns.start, sample.day0[rows] + sample.estimation.start
    places = sums.places(which, first)
    n_obs, sum_y, sum_x = (sums.of(values, places) for values in (here, y, x))
    yy, xx, xy = (sums.of(one, places, times=other) for one, other in ((y, y), (x, x), (x, y)))
    n = np.maximum(n_obs, 1)
    level_y, level_x = level_y[which], level_x[which]
    size_y, size_x = yy + n * level_y**2, xx + n * level_x**2
    yy, xx, xy = yy - sum_y**2 / n, xx - sum_x**2 / n, xy - sum_x * sum_y / n
    sse = yy - np.divide(xy**2, xx, out=yy.copy(), where=xx > 0)
    sound = (yy > LEAST_SHARE * size_y) & (xx > LEAST_SHARE * size_x) & (sse > LEAST_SHARE * yy)
    means = level_y + sum_y / n, level_x + sum_x / n
    return np.stack([n_obs, *means, yy, xx, xy, sse]), sound & (n_obs > 2)


def _regressor(sample: Sample, columns: slice) -> Floats:
    """Return the regressor of some columns, shape (T, C), or (T, 1) where they share it."""
    axis = sample.column_axis[columns]
    series: Floats = sample.factors[axis[:1] if (axis == axis[0]).all() else axis, :, 0]
    return series.T


def _centre(blocks: Floats, gaps: Ints) -> Floats:
    """Take the mean off each series in place, 0 at the gaps; return the means, shape (C,)."""
    flat, width = blocks.reshape(-1), blocks.shape[2]
    flat[gaps] = 0.0
    known = len(flat) // width - np.bincount(gaps % width, minlength=width)
    level: Floats = flat.reshape(-1, width).sum(axis=0) / np.maximum(known, 1)
    blocks -= level
    flat[gaps] = 0.0
    return level


class SlidingSums:
    """Sums over windows of some quantities of many series, batch by batch in the same memory.

    Fresh memory for every batch would cost as much as the sums: the system clears it page by page. One
    quantity passes after the other, so that what is summed stays in the cache.

    Parameters
    ----------
    sessions, length : int
        Sessions of the series, T, and of a window.
    width : int
        Series of a batch, C.
    """

    def __init__(self, sessions: int, length: int, width: int) -> None:
        self._sessions, self._length, self._size = sessions, length, isqrt(length)
        self._lead, self._whole = -(-length // self._size), sessions // self._size
        blocks = self._whole + 1 + 2 * self._lead
        self._begin, self._end = np.zeros((2, self._size, blocks, width))
        self._middle: Floats = np.zeros((blocks, width))

    def blocked(self, values: NDArray[Any]) -> Floats:
        """Cut series of shape (T, C) into blocks, session s of block b at [s, b], zeros at the end."""
        size, whole, width = self._size, self._whole, values.shape[1]
        cut = np.zeros((size, whole + 1, width))
        cut[:, :whole] = values[: whole * size].reshape(whole, size, width).swapaxes(0, 1)
        cut[: len(values) - whole * size, whole] = values[whole * size :]
        return cut

    def places(self, which: Ints, first: Ints) -> tuple[Ints, ...]:
        """Return where the parts of windows stand: their ends, blocks between, beginnings, one block more.

        Parameters
        ----------
        which, first : ndarray of int, shape (n,)
            Series of each window, and its first session.
        """
        start = np.clip(first, -self._length, self._sessions) + self._lead * self._size
        head, at = np.divmod(start, self._size)
        tail, until = np.divmod(start + self._length - 1, self._size)
        longer = np.flatnonzero(tail - head - 1 > self._between)
        blocks, width = self._middle.shape
        return (
            (at * blocks + head) * width + which,
            (head + 1) * width + which,
            (until * blocks + tail) * width + which,
            longer,
            (tail[longer] - 1) * width + which[longer],
        )

    @property
    def _between(self) -> int:
        """Whole blocks that every window holds between its first block and its last."""
        return (self._length - 1) // self._size - 1

    def of(
        self, values: Floats, places: tuple[Ints, ...], *, times: Floats | None = None
    ) -> Floats:
        """Sum windows of one quantity, or of its product with another; beyond the ends they count 0.

        Parameters
        ----------
        values, times : ndarray
            From :meth:`blocked`.
        places : tuple of ndarray
            From :meth:`places`.

        Returns
        -------
        ndarray, shape (n,)
        """
        begin, end, middle = self._begin, self._end, self._middle
        here = begin[:, self._lead : self._lead + self._whole + 1]
        np.multiply(values, 1.0 if times is None else times, out=here)
        end[-1] = begin[-1]
        for step in range(1, self._size):
            np.add(begin[-step - 1], end[-step], out=end[-step - 1])
        for step in range(1, self._size):
            begin[step] += begin[step - 1]
        blocks = begin[-1]
        middle[:] = 0.0
        for step in range(self._between):
            middle[: len(middle) - step] += blocks[step:]
        ends, between, beginnings, longer, more = places
        total: Floats = end.reshape(-1)[ends]
        total += middle.reshape(-1)[between]
        total += begin.reshape(-1)[beginnings]
        total[longer] += blocks.reshape(-1)[more]
        return total
