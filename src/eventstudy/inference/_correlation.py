"""Average cross-correlation of the events of a group, for each tested window.

Events whose tested windows share no session have independent abnormal returns, however much their
estimation windows overlap: a pair counts as far as its tested windows overlap.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from eventstudy.returns.sample import chunks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from eventstudy.abnormal import AbnormalReturns
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.models.base import Floats
    from eventstudy.spec import Window

    Ints = NDArray[np.int64]

Alignment = Literal["overlap", "calendar", "event_time"]

PAIRWISE_UP_TO = 2000
"""Largest group whose correlations are computed pair by pair."""

LEAST_COMMON = 30
"""Fewest common dates on which two events are correlated; below, the correlation is taken as 0."""

EVENTS_AT_ONCE, SESSIONS_AT_ONCE = 128, 64
"""Events that are correlated with all later ones, and tested sessions that are summed, in one step."""


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
    n = present.sum(axis=0)
    few = n <= PAIRWISE_UP_TO
    found = np.full(n.shape, np.nan)
    for chosen, total in ((few & (n > 1), _pair_by_pair), (~few, _by_date)):
        columns = np.flatnonzero(chosen)
        rows = np.flatnonzero(present[:, columns].any(axis=1))
        if len(rows):
            windows = [cars.windows[column] for column in columns]
            used = present[np.ix_(rows, columns)]
            found[columns] = total(cars.abnormal.select(rows), windows, used, alignment)
    mean: Floats = found / np.maximum(n * (n - 1) / 2, 1)
    return mean


def _pair_by_pair(
    abnormal: AbnormalReturns,
    windows: Sequence[Window],
    present: NDArray[np.bool_],
    alignment: Alignment,
) -> Floats:
    """Return the sum of w_ij rho_ij over the pairs present in each window, shape (W,).

    w_ij = (1 / L) sum_t m_it m_jt, where m tells which sessions t the tested window of an event
    holds: the weights never stand beside each other, and events far apart are never compared.
    """
    first, last = _reach(abnormal, windows)
    order = np.argsort(first, kind="stable")
    if alignment == "overlap":
        order = order[_met(first[order], last[order])]
    total = np.zeros(len(windows))
    for block in chunks(len(order), EVENTS_AT_ONCE):
        size, end = block.stop - block.start, len(order)
        if alignment == "overlap":
            end = int(np.searchsorted(first[order], last[order[block]].max(), side="right"))
        some = order[block.start : end]
        near = abnormal.select(some)
        rho = np.triu(_pearson(_residual_table(near, alignment), size), 1)
        for column, window in enumerate(windows):
            member, length = present[some, column, None].astype(float), 1
            if alignment == "overlap":
                sessions, length = sessions_of(near, window), window.length
                ends = sessions[:size].min(), sessions[:size].max() + 1
                member = member * _placed(np.ones(sessions.shape), sessions, ends)
            total[column] += ((rho @ member) * member[:size]).sum() / length
    return total


def sessions_of(abnormal: AbnormalReturns, window: Window) -> Ints:
    """Return the clock readings of a window of every event, shape (N, L); -1 beyond the axis."""
    clock = abnormal.clock
    row = abnormal.day0[:, None] + np.arange(window.start, window.end + 1)
    inside = (row >= 0) & (row < clock.shape[1])
    return np.where(inside, clock[abnormal.axis[:, None], np.where(inside, row, 0)], -1)


def _reach(abnormal: AbnormalReturns, windows: Sequence[Window]) -> tuple[Ints, Ints]:
    """Return the first and the last session that any window of an event holds, each shape (N,)."""
    clock = abnormal.clock
    ends = min(window.start for window in windows), max(window.end for window in windows)
    first, last = (
        clock[abnormal.axis, np.clip(abnormal.day0 + end, 0, clock.shape[1] - 1)] for end in ends
    )
    return first, last


def _met(first: Ints, last: Ints) -> NDArray[np.bool_]:
    """Tell of events in the order of their first session whether they share one with another, (N,)."""
    met = np.zeros(len(first), dtype=bool)
    met[1:] = first[1:] <= np.maximum.accumulate(last)[:-1]
    met[:-1] |= last[:-1] >= first[1:]
    return met


def _placed(
    values: Floats, sessions: Ints, ends: tuple[int, int], *, missing: float = 0.0
) -> Floats:
    """Put the values of every event under their sessions, shape (N, ends[1] - ends[0])."""
    start, stop = ends
    inside = (sessions >= start) & (sessions < stop)
    table = np.full((len(sessions), stop - start + 1), missing)
    table[np.arange(len(sessions))[:, None], np.where(inside, sessions - start, -1)] = values
    return table[:, :-1]


def _residual_table(abnormal: AbnormalReturns, alignment: Alignment) -> Floats:
    """Return the estimation residuals by calendar date, shape (N, D), or by event day, (N, L1)."""
    residuals = abnormal.residuals(slice(None))
    if alignment == "event_time":
        return residuals
    sessions = sessions_of(abnormal, abnormal.estimation)
    return _placed(residuals, sessions, _ends(sessions), missing=np.nan)


def _ends(sessions: Ints) -> tuple[int, int]:
    """Return the first session and the one after the last, whatever lies beyond the axis."""
    known = sessions[sessions >= 0]
    return int(known.min(initial=sessions.max())), int(sessions.max()) + 1


def _pearson(table: Floats, size: int) -> Floats:
    """Return the correlations of the first rows with all rows on common columns, (size, N).

    They are 0 where too few columns are common.
    """
    here = np.isfinite(table)
    if table.shape[1] >= LEAST_COMMON and here.all():
        z = _standardised(table)
        whole: Floats = z[:size] @ z.T
        return whole
    values = np.where(here, table, 0.0)
    here = here.astype(float)
    squares = values**2
    count = here[:size] @ here.T
    safe = np.maximum(count, 1)
    left, right = values[:size] @ here.T, here[:size] @ values.T
    covariance = values[:size] @ values.T - left * right / safe
    spread = np.maximum(squares[:size] @ here.T - left**2 / safe, 0.0)
    scale = np.sqrt(spread * np.maximum(here[:size] @ squares.T - right**2 / safe, 0.0))
    usable = (count >= LEAST_COMMON) & (scale > 0)
    rho: Floats = np.divide(covariance, scale, out=np.zeros(scale.shape), where=usable)
    return rho


def _by_date(
    abnormal: AbnormalReturns,
    windows: Sequence[Window],
    present: NDArray[np.bool_],
    alignment: Alignment,
) -> Floats:
    """Return the sum of w_ij rho_ij over the pairs present in each window in O(N M), shape (W,).

    With residuals z of mean 0 and sum of squares 1, rho_ij = sum_d z_id z_jd over dates d, so that
    2 sum w_ij rho_ij = (1 / L) sum_t |sum_i m_it z_i|^2 - sum_i |z_i|^2, and the events of one day 0
    enter through their sum.
    """
    key = abnormal.axis * (abnormal.day0.max() + 1) + abnormal.day0
    _, first, day = np.unique(key, return_index=True, return_inverse=True)
    days = abnormal.select(first)
    patterns = present[:, :1] if present.all() else present
    total, own = _sums_by_day(abnormal, patterns, day, len(first))
    if alignment == "overlap":
        square = _overlapping(days, windows, total)
    else:
        square = np.array([each @ each for each in _all_days(days, total, alignment)])
    return np.broadcast_to((square - own) / 2, (len(windows),))


def _sums_by_day(
    abnormal: AbnormalReturns, patterns: NDArray[np.bool_], day: Ints, days: int
) -> tuple[Floats, Floats]:
    """Return the summed z of the events of each day 0, and the sum of all squares, by pattern.

    Parameters
    ----------
    abnormal : AbnormalReturns
        N events.
    patterns : ndarray of bool, shape (N, P)
        Which of them enter.
    day : ndarray of int, shape (N,)
        Number of each event's day 0.
    days : int
        How many there are.

    Returns
    -------
    total : ndarray, shape (P, days, L1)
    own : ndarray, shape (P,)
    """
    order = np.argsort(day, kind="stable")
    weight = patterns[order].astype(float)
    total = np.zeros((patterns.shape[1], days, abnormal.estimation.length))
    own = np.zeros(patterns.shape[1])
    for rows in chunks(len(order), 1024):
        some, z = day[order[rows]], _standardised(abnormal.residuals(order[rows]))
        own += np.einsum("nt,nt->n", z, z) @ weight[rows]
        ends = [0, *(np.flatnonzero(np.diff(some)) + 1), len(some)]
        for start, stop in pairwise(ends):
            total[:, some[start]] += weight[rows][start:stop].T @ z[start:stop]
    return total, own


def _overlapping(days: AbnormalReturns, windows: Sequence[Window], total: Floats) -> Floats:
    """Return (1 / L) sum_t |sum_i m_it z_i|^2 over the sessions t of each window, shape (W,).

    Where no two days 0 share a session of the window, that is the sum over the days.
    """
    width, estimation = len(windows), sessions_of(days, days.estimation)
    found = np.broadcast_to(np.einsum("pdt,pdt->p", total, total), (width,)).copy()
    totals = np.broadcast_to(total, (width, *total.shape[1:]))
    for column, window in enumerate(windows):
        tested = sessions_of(days, window)
        if np.unique(tested).size < tested.size:
            found[column] = _squares(totals[column], estimation, tested) / window.length
    return found


def _squares(total: Floats, estimation: Ints, tested: Ints) -> float:
    """Return sum_t |sum_i m_it z_i|^2 over the tested sessions t; days 0 lie along the rows."""
    first, last, found = tested.min(axis=1), tested.max(axis=1), 0.0
    for start in range(max(first.min(), 0), last.max() + 1, SESSIONS_AT_ONCE):
        block = start, start + SESSIONS_AT_ONCE
        near = np.flatnonzero((last >= start) & (first < block[1]))
        if len(near):
            member = _placed(np.ones((len(near), tested.shape[1])), tested[near], block)
            dates = estimation[near]
            summed = member.T @ _placed(total[near], dates, _ends(dates))
            found += float(np.vdot(summed, summed))
    return found


def _all_days(days: AbnormalReturns, total: Floats, alignment: Alignment) -> list[Floats]:
    """Return the sum of z over all events, by date or by event day, for each pattern."""
    if alignment == "event_time":
        return list(total.sum(axis=1))
    sessions = sessions_of(days, days.estimation).ravel() + 1
    return [np.bincount(sessions, each.ravel()).astype(float) for each in total]


def _standardised(residuals: Floats) -> Floats:
    """Return residuals with mean 0 and sum of squares 1, by event; gaps are 0."""
    here = np.isfinite(residuals)
    values = np.where(here, residuals, 0.0)
    mean = values.sum(axis=1) / np.maximum(here.sum(axis=1), 1)
    values -= mean[:, None]
    values *= here
    size = np.sqrt(np.einsum("nt,nt->n", values, values))
    values *= np.divide(1.0, size, out=np.zeros(size.shape), where=size > 0)[:, None]
    return values
