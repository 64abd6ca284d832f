"""Average cross-correlation of the events of a group, for each tested window.

Events whose tested windows share no session have independent abnormal returns, however much their
estimation windows overlap: a pair counts as far as its tested windows overlap.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from eventstudy.returns.sample import chunks
from eventstudy.spec import Window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.abnormal import AbnormalReturns
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.models.base import Floats

Alignment = Literal["overlap", "calendar", "event_time"]

PAIRWISE_UP_TO = 2000
"""Largest group whose correlations are computed pair by pair."""

LEAST_COMMON = 30
"""Fewest common dates on which two events are correlated; below, the correlation is taken as 0."""


@lru_cache(maxsize=1)
def average_correlation(cars: CumulativeReturns, alignment: Alignment) -> Floats:
    """Return the mean correlation r of the events with a CAR, by window, shape (W,).

    Parameters
    ----------
    cars : CumulativeReturns
        N events, W windows.
    alignment : {'overlap', 'calendar', 'event_time'}
        ``overlap``: r = 2 / (N (N-1)) sum w_ij rho_ij over pairs, rho the Pearson correlation of
        estimation residuals on common calendar dates, w the share of the tested windows that
        overlaps. ``calendar``: all w = 1. ``event_time``: residuals matched by event day, w = 1.

    Returns
    -------
    ndarray, shape (W,)
        NaN for fewer than two events. Beyond :data:`PAIRWISE_UP_TO` events the correlations come
        from cross-products of residuals standardised over their whole estimation window.
    """
    present = np.isfinite(cars.car)
    distinct, position = np.unique(present, axis=1, return_inverse=True)
    found = np.full(len(cars.windows), np.nan)
    for pattern in range(distinct.shape[1]):
        rows = np.flatnonzero(distinct[:, pattern])
        columns = np.flatnonzero(position.ravel() == pattern)
        if len(rows) > 1:
            windows = [cars.windows[column] for column in columns]
            found[columns] = _average(cars.abnormal.select(rows), windows, alignment)
    return found


def _average(abnormal: AbnormalReturns, windows: list[Window], alignment: Alignment) -> Floats:
    """Return r of a group without gaps, shape (len(windows),)."""
    n = len(abnormal)
    pairs = n * (n - 1) / 2
    if n > PAIRWISE_UP_TO:
        return _by_date(abnormal, windows, alignment) / pairs
    upper = np.triu_indices(n, 1)
    rho = _pairwise(_residual_table(abnormal, alignment))[upper]
    if alignment != "overlap":
        return np.full(len(windows), rho.sum() / pairs)
    clock = _clock(abnormal)
    return np.array(
        [(_overlap(abnormal, clock, window)[upper] * rho).sum() / pairs for window in windows]
    )


def _clock(abnormal: AbnormalReturns) -> NDArray[np.int64]:
    """Return a number for every date of all axes: row t of axis a is session ``clock[a, t]``."""
    dates = np.unique(np.concatenate(abnormal.axes))
    length = max(map(len, abnormal.axes))
    clock = np.full((len(abnormal.axes), length), len(dates))
    for number, sessions in enumerate(abnormal.axes):
        clock[number, : len(sessions)] = np.searchsorted(dates, sessions)
    return clock


def sessions_of(abnormal: AbnormalReturns, window: Window) -> NDArray[np.int64]:
    """Return the clock readings of a window of every event, shape (N, L); -1 beyond the axis."""
    clock = _clock(abnormal)
    row = abnormal.day0[:, None] + np.arange(window.start, window.end + 1)
    inside = (row >= 0) & (row < clock.shape[1])
    return np.where(inside, clock[abnormal.axis[:, None], np.where(inside, row, 0)], -1)


def _residual_table(abnormal: AbnormalReturns, alignment: Alignment) -> Floats:
    """Return the estimation residuals by calendar date (D, N), or by event day (L1, N)."""
    residuals = abnormal.residuals(slice(None))
    if alignment == "event_time":
        return residuals.T
    dates, row = np.unique(sessions_of(abnormal, abnormal.estimation), return_inverse=True)
    table = np.full((len(dates), len(abnormal)), np.nan)
    table[row.reshape(residuals.shape), np.arange(len(abnormal))[:, None]] = residuals
    return table


def _pairwise(table: Floats) -> Floats:
    """Return Pearson correlations on common rows, shape (N, N); 0 where too few are common."""
    here = np.isfinite(table).astype(float)
    values = np.where(here > 0, table, 0.0)
    count, total = here.T @ here, values.T @ here
    square, cross = (values**2).T @ here, values.T @ values
    safe = np.maximum(count, 1)
    covariance = cross - total * total.T / safe
    variance = np.maximum(square - total**2 / safe, 0.0)
    scale = np.sqrt(variance * variance.T)
    usable = (count >= LEAST_COMMON) & (scale > 0)
    rho: Floats = np.divide(covariance, scale, out=np.zeros(scale.shape), where=usable)
    return rho


def _overlap(abnormal: AbnormalReturns, clock: NDArray[np.int64], window: Window) -> Floats:
    """Return the share of the tested windows that each pair has in common, shape (N, N)."""
    if len(clock) == 1:
        apart = np.abs(abnormal.day0[:, None] - abnormal.day0)
        share: Floats = np.maximum(window.length - apart, 0) / window.length
        return share
    dates, row = np.unique(sessions_of(abnormal, window), return_inverse=True)
    member = np.zeros((len(dates), len(abnormal)))
    member[row.reshape(len(abnormal), -1), np.arange(len(abnormal))[:, None]] = 1.0
    return member.T @ member / window.length


def _by_date(abnormal: AbnormalReturns, windows: list[Window], alignment: Alignment) -> Floats:
    """Return the sum of w_ij rho_ij over pairs in O(N M), shape (len(windows),).

    With residuals z of mean 0 and sum of squares 1, rho_ij = sum_t z_it z_jt, and the events of one
    day 0 enter only through their sum.
    """
    key = np.column_stack([abnormal.axis, abnormal.day0])
    _, first, member = np.unique(key, axis=0, return_index=True, return_inverse=True)
    total, own = _sums_by_day(abnormal, member.ravel(), len(first), alignment)
    if alignment != "overlap":
        return np.full(len(windows), ((total.sum(axis=0) ** 2).sum() - own) / 2)
    days = abnormal.select(first)
    row, column = _near(days, windows)
    pairs = (
        np.concatenate([np.arange(len(first)), row]),
        np.concatenate([np.arange(len(first)), column]),
    )
    product = np.einsum("ij,ij->i", total, total)
    cross = np.concatenate([product, *(2 * part for part in _products(total, row, column))])
    found = [(_shared(days, window, *pairs) * cross).sum() - own for window in windows]
    return np.array(found) / 2


def _products(total: Floats, row: NDArray[np.int64], column: NDArray[np.int64]) -> list[Floats]:
    """Return the inner products of pairs of rows, chunk by chunk."""
    return [
        np.einsum("ij,ij->i", total[row[part]], total[column[part]])
        for part in chunks(len(row), 2048)
    ]


def _sums_by_day(
    abnormal: AbnormalReturns, member: NDArray[np.int64], days: int, alignment: Alignment
) -> tuple[Floats, float]:
    """Return the summed residuals by day 0 and date, shape (days, D), and the sum of squares."""
    sessions = sessions_of(abnormal, abnormal.estimation)
    if alignment == "event_time":
        sessions = np.broadcast_to(np.arange(sessions.shape[1]), sessions.shape)
    first = sessions.min()
    width = int(sessions.max() - first) + 1
    flat, own = np.zeros(days * width), 0.0
    for rows in chunks(len(abnormal)):
        z = _standardised(abnormal.residuals(rows))
        at = member[rows][:, None] * width + sessions[rows] - first
        flat += np.bincount(at.ravel(), z.ravel(), minlength=len(flat))
        own += float((z**2).sum())
    return flat.reshape(days, width), own


def _near(
    days: AbnormalReturns, windows: list[Window]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the unordered pairs of days 0 for which one of the windows shares a session."""
    edges = np.concatenate(
        [sessions_of(days, Window(day, day)) for w in windows for day in w], axis=1
    )
    first, last = np.where(edges < 0, edges.max(), edges).min(axis=1), edges.max(axis=1)
    order = np.argsort(first, kind="stable")
    found = []
    for apart in range(1, len(order)):
        touching = last[order[:-apart]] >= first[order[apart:]]
        if not touching.any():
            break
        found.append(np.stack([order[:-apart][touching], order[apart:][touching]]))
    row, column = np.concatenate([np.empty((2, 0), int), *found], axis=1)
    return row, column


def _shared(
    days: AbnormalReturns, window: Window, row: NDArray[np.int64], column: NDArray[np.int64]
) -> Floats:
    """Return the share of the tested window that pairs of days 0 have in common."""
    if len(days.axes) == 1:
        apart = np.abs(days.day0[row] - days.day0[column])
        share: Floats = np.maximum(window.length - apart, 0) / window.length
        return share
    sessions = sessions_of(days, window)
    common: Floats = (sessions[row][:, :, None] == sessions[column][:, None, :]).sum(axis=(1, 2))
    return common / window.length


def _standardised(residuals: Floats) -> Floats:
    """Return residuals with mean 0 and sum of squares 1, by event; gaps are 0."""
    here = np.isfinite(residuals)
    count = np.maximum(here.sum(axis=1, keepdims=True), 1)
    mean = np.where(here, residuals, 0.0).sum(axis=1, keepdims=True) / count
    centred = np.where(here, residuals - mean, 0.0)
    size = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    unit: Floats = np.divide(centred, size, out=np.zeros(centred.shape), where=size > 0)
    return unit
