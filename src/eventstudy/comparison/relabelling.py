"""Pseudo-dates for all events at once: strata, spacing and the events' own dates are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Ints


def clusters(days: Ints, span: int) -> Ints:
    """Return the cluster of each event: events less than `span` sessions apart belong together.

    Parameters
    ----------
    days : ndarray of int, shape (E,)
        Day 0 of each event.
    span : int
        Sessions from the first to the last of all tested windows.

    Returns
    -------
    ndarray of int, shape (E,)
        0, 1, 2 … in the order of time.
    """
    order = np.argsort(days, kind="stable")
    found = np.empty(len(days), int)
    found[order] = np.cumsum(np.append(False, np.diff(days[order]) >= span))
    return found


def pseudo_dates(
    days: Ints, cluster: Ints, pools: list[Ints], draws: int, rng: np.random.Generator
) -> Ints:
    """Give every event a day drawn from the days like its own, (draws, E).

    Parameters
    ----------
    days : ndarray of int, shape (E,)
        Day 0 of each event.
    cluster : ndarray of int, shape (E,)
        Cluster of each event; a cluster moves as a whole.
    pools : list of ndarray of int, one per cluster
        Days to which the first event of a cluster may move; clusters with equal pools are drawn from
        them without replacement. Its own day is among them.
    draws : int
        Number of relabellings; the identity is not among them unless drawn.
    rng : numpy.random.Generator
        Source of the draws.
    """
    first = np.array([days[cluster == number].min() for number in range(cluster.max() + 1)])
    moved = np.empty((draws, len(first)), int)
    alike: dict[bytes, list[int]] = {}
    for number, pool in enumerate(pools):
        alike.setdefault(pool.tobytes(), []).append(number)
    for members in alike.values():
        pool = pools[members[0]]
        moved[:, members] = pool[without_replacement(len(pool), len(members), draws, rng)]
    pseudo: Ints = moved[:, cluster] + (days - first[cluster])
    return pseudo


def without_replacement(size: int, n: int, draws: int, rng: np.random.Generator) -> Ints:
    """Return n distinct numbers below `size` in random order, (draws, n).

    Floyd's algorithm, all draws at once, then a shuffle of each.
    """
    chosen = np.full((draws, n), -1)
    for step in range(n):
        top = size - n + step
        number = rng.integers(0, top + 1, draws)
        taken = (chosen[:, :step] == number[:, None]).any(axis=1)
        chosen[:, step] = np.where(taken, top, number)
    shuffled: Ints = rng.permuted(chosen, axis=1)
    return shuffled


def tail_counts(values: Floats, reference: Floats) -> tuple[Ints, Ints]:
    """Count the reference values that are at least as large in size, shape (m,) each.

    Parameters
    ----------
    values : ndarray, shape (m,)
        Values; NaN gives a count of 0.
    reference : ndarray, shape (K,)
        What they are compared with; NaN is left out.

    Returns
    -------
    at_least, k : ndarray of int, shape (m,)
        #{|reference| >= |value|}, and K.
    """
    size = np.sort(np.abs(reference[np.isfinite(reference)]))
    at_least = len(size) - np.searchsorted(size, np.abs(values), side="left")
    known = np.isfinite(values)
    return np.where(known, at_least, 0), np.full(len(values), len(size))
