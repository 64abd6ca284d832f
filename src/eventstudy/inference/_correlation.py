"""Average cross-correlation of the events of a group, for each tested window.

Events whose tested windows share no session have independent abnormal returns, however much their
estimation windows overlap: a pair counts as far as its tested windows overlap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from eventstudy.returns.sample import chunks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.abnormal import AbnormalReturns
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.models.base import Floats
    from eventstudy.spec import Window

Alignment = Literal["overlap", "calendar", "event_time"]

PAIRWISE_UP_TO = 2000
"""Largest group whose correlations are computed pair by pair."""

LEAST_COMMON = 30
"""Fewest common dates on which two events are correlated; below, the correlation is taken as 0."""


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
    """Number the dates of all axes: row t of axis a is session ``clock[a, t]``; shape (A, T)."""
    dates = np.unique(np.concatenate(abnormal.axes))
    length = max(map(len, abnormal.axes))
    clock = np.full((len(abnormal.axes), length), len(dates))
    for number, sessions in enumerate(abnormal.axes):
        clock[number, : len(sessions)] = np.searchsorted(dates, sessions)
    return clock


def _sessions(abnormal: AbnormalReturns, window: Window) -> NDArray[np.int64]:
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
    dates, row = np.unique(_sessions(abnormal, abnormal.estimation), return_inverse=True)
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
    return np.divide(covariance, scale, out=np.zeros(scale.shape), where=usable)


def _overlap(abnormal: AbnormalReturns, clock: NDArray[np.int64], window: Window) -> Floats:
    """Return the share of the tested windows that each pair has in common, shape (N, N)."""
    if len(clock) == 1:
        apart = np.abs(abnormal.day0[:, None] - abnormal.day0)
        return np.maximum(window.length - apart, 0) / window.length
    dates, row = np.unique(_sessions(abnormal, window), return_inverse=True)
    member = np.zeros((len(dates), len(abnormal)))
    member[row.reshape(len(abnormal), -1), np.arange(len(abnormal))[:, None]] = 1.0
    return member.T @ member / window.length


def _by_date(abnormal: AbnormalReturns, windows: list[Window], alignment: Alignment) -> Floats:
    """Return the sum of w_ij rho_ij over pairs in O(N M), shape (len(windows),).

    With residuals z standardised over the estimation window, rho_ij = sum_t z_it z_jt / M, and the
    events of one day 0 enter only through their sum.
    """
    days, member = np.unique(
        np.column_stack([abnormal.axis, abnormal.day0]), axis=0, return_inverse=True
    )
    member = member.ravel()
    sessions = _sessions(abnormal, abnormal.estimation)
    dates = np.unique(sessions) if alignment != "event_time" else np.arange(sessions.shape[1])
    total, own = np.zeros((len(days), len(dates))), np.zeros(len(days))
    for rows in chunks(len(abnormal)):
        z = _standardised(abnormal.residuals(rows))
        column = (
            np.broadcast_to(dates, z.shape)
            if alignment == "event_time"
            else np.searchsorted(dates, sessions[rows])
        )
        np.add.at(total, (member[rows][:, None], column), z)
        np.add.at(own, member[rows], (z**2).sum(axis=1))
    cross = total @ total.T
    if alignment != "overlap":
        return np.full(len(windows), (cross.sum() - own.sum()) / 2)
    first = np.zeros(len(days), int)
    first[member] = np.arange(len(abnormal))
    clock = _clock(abnormal)
    picked = abnormal.select(first)
    return np.array(
        [((_overlap(picked, clock, window) * cross).sum() - own.sum()) / 2 for window in windows]
    )


def _standardised(residuals: Floats) -> Floats:
    """Return residuals with mean 0 and sum of squares 1, by event; gaps are 0."""
    here = np.isfinite(residuals)
    count = np.maximum(here.sum(axis=1, keepdims=True), 1)
    mean = np.where(here, residuals, 0.0).sum(axis=1, keepdims=True) / count
    centred = np.where(here, residuals - mean, 0.0)
    size = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    return np.divide(centred, size, out=np.zeros(centred.shape), where=size > 0)
