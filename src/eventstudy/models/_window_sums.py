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
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Sample

    Ints = NDArray[np.int64]

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
    order = np.argsort(sample.column, kind="stable")
    sessions, width = sample.panel.shape
    rows, found = [order[:0]], [np.empty((7, 0))]
    for columns in chunks(width, 32):
        ends = np.searchsorted(sample.column[order], [columns.start, columns.stop])
        some = order[slice(*ends)]
        if len(some) * sample.estimation.length >= (columns.stop - columns.start) * sessions:
            moments, sound = _moments(sample, some, columns)
            rows.append(some[sound])
            found.append(moments[:, sound])
    n_obs, *others = np.concatenate(found, axis=1)
    return np.concatenate(rows), Moments(n_obs.astype(np.int64), *others)


def _moments(sample: Sample, rows: Ints, columns: slice) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the moments of cells in some columns, shape (7, n), and which of them are sound."""
    y = np.ascontiguousarray(sample.panel[:, columns])
    x = sample.factors[sample.column_axis[columns], :, 0].T
    here = np.isfinite(y) & np.isfinite(x)
    (y, level_y), (x, level_x) = _centred(y, here), _centred(x, here)
    which, first = sample.column[rows] - columns.start, sample.day0[rows] + sample.estimation.start
    n_obs, sum_y, sum_x, yy, xx, xy = _window_sums(
        (here, y, x, y * y, x * x, x * y), sample.estimation.length, which, first
    )
    n = np.maximum(n_obs, 1)
    size_y, size_x = yy + n * level_y[which] ** 2, xx + n * level_x[which] ** 2
    yy, xx, xy = yy - sum_y**2 / n, xx - sum_x**2 / n, xy - sum_x * sum_y / n
    sse = yy - np.divide(xy**2, xx, out=yy.copy(), where=xx > 0)
    sound = (yy > LEAST_SHARE * size_y) & (xx > LEAST_SHARE * size_x) & (sse > LEAST_SHARE * yy)
    means = level_y[which] + sum_y / n, level_x[which] + sum_x / n
    return np.stack([n_obs, *means, yy, xx, xy, sse]), sound & (n_obs > 2)


def _centred(series: Floats, here: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return series less their mean, 0 where missing, and the mean, shape (C,)."""
    level = np.where(here, series, 0.0).sum(axis=0) / np.maximum(here.sum(axis=0), 1)
    return np.where(here, series - level, 0.0), level


def _window_sums(
    quantities: Sequence[NDArray[Any]], length: int, which: Ints, first: Ints
) -> Floats:
    """Sum windows of several quantities of C series.

    Parameters
    ----------
    quantities : sequence of ndarray, length Q, each of shape (T, C)
        By session; beyond the ends they count 0.
    length : int
        Sessions of a window.
    which, first : ndarray of int, shape (n,)
        Series of each window, and its first session.

    Returns
    -------
    ndarray, shape (Q, n)
    """
    sessions, width = quantities[0].shape
    size = isqrt(length)
    lead, whole, between = -(-length // size), sessions // size, (length - 1) // size - 1
    begin = np.zeros((size, whole + 1 + 2 * lead, len(quantities), width))
    for kind, values in enumerate(quantities):
        cut = values[: whole * size].reshape(whole, size, width)
        begin[:, lead : lead + whole, kind] = cut.swapaxes(0, 1)
        begin[: sessions - whole * size, lead + whole, kind] = values[whole * size :]
    end = begin.copy()
    for step in range(1, size):
        begin[step] += begin[step - 1]
        end[-step - 1] += end[-step]
    blocks, middle = begin[-1], np.zeros(begin.shape[1:])
    for step in range(between):
        middle[: len(blocks) - step] += blocks[step:]
    start = np.clip(first, -length, sessions) + lead * size
    (head, at), (tail, until) = np.divmod(start, size), np.divmod(start + length - 1, size)
    total: Floats = end[at, head, :, which] + middle[head + 1, :, which]
    total += begin[until, tail, :, which]
    longer = np.flatnonzero(tail - head - 1 > between)
    total[longer] += blocks[tail[longer] - 1, :, which[longer]]
    return total.T
