"""Ranks of abnormal returns over estimation and event window; shared by the rank tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eventstudy.aggregate import car_moments
from eventstudy.inference import _laws as laws
from eventstudy.returns.sample import chunks

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Statistic, StatisticResult
    from eventstudy.models.base import Floats

    Series = Callable[[slice], Floats]


def ranks(values: Floats) -> tuple[Floats, Floats]:
    """Return mean ranks 1 … T along each row and the number of values T, leaving out NaN.

    Parameters
    ----------
    values : ndarray, shape (n, T)
        Numbers; NaN = missing, has the rank 0.

    Returns
    -------
    rank : ndarray, shape (n, T)
    count : ndarray, shape (n,)
    """
    here = np.isfinite(values)
    whole = here.all()
    filled = values if whole else np.where(here, values, np.inf)
    order = np.argsort(filled, axis=1)
    order += values.shape[1] * np.arange(len(order))[:, None]
    ordered = filled.ravel()[order]
    place = np.arange(1.0, values.shape[1] + 1)
    tied = ordered[:, 1:] == ordered[:, :-1]
    if not whole:
        tied &= np.isfinite(ordered[:, 1:])
    rows = np.flatnonzero(tied.any(axis=1))
    if len(rows):
        place = np.tile(place, (len(values), 1))
        place[rows] = _share_ties(place[rows], tied[rows])
    flat = np.empty(values.size)
    flat[order] = place
    rank = flat.reshape(values.shape)
    if not whole:
        rank *= here
    return rank, here.sum(axis=1, dtype=float)


def _share_ties(place: Floats, tied: NDArray[np.bool_]) -> Floats:
    """Give every run of equal values the mean of its places; `tied` marks values equal to the last."""
    fresh = np.ones(place.shape, bool)
    fresh[:, 1:] = ~tied
    run = fresh.ravel().cumsum() - 1
    mean = np.bincount(run, place.ravel()) / np.bincount(run)
    shared: Floats = mean[run].reshape(place.shape)
    return shared


def standardised_days(cars: CumulativeReturns, series: Series) -> tuple[Floats, Floats]:
    """Return by day the scaled sum of the rank deviations of a group.

    Parameters
    ----------
    cars : CumulativeReturns
        N events.
    series : callable
        ``series(rows) -> (n, T)``: the returns to be ranked, estimation days first.

    Returns
    -------
    day : ndarray, shape (T,)
        (1 / sqrt(N_t)) sum_i (U_it - 1/2), U = K / (T_i + 1) (Corrado and Zivney 1992); 0 on a day
        without a value.
    count : ndarray, shape (T,)
        N_t.
    """
    length = cars.abnormal.estimation.length + cars.abnormal.event_window.length
    total, count = np.zeros(length), np.zeros(length)
    for rows in chunks(len(cars.car), 1024):
        rank, observed = ranks(series(rows))
        total += (1 / (observed + 1)) @ rank
        count += (rank > 0).sum(axis=0)
    return (total - count / 2) / np.sqrt(np.maximum(count, 1)), count


def rank_test(
    test: Statistic,
    cars: CumulativeReturns,
    series: Series,
    *,
    reason: NDArray[np.object_] | None = None,
) -> StatisticResult:
    """Test a group by Z = (sum over the window of the day deviations) / (sqrt(L) S) ~ N(0, 1).

    S^2 is the mean square of the day deviations over all T days, event window included (Corrado
    1989; for windows Cowan 1992). `reason`, shape (W,), says where the series cannot be ranked.
    """
    day, count = standardised_days(cars, series)
    used = count > 0
    spread = np.sqrt((day[used] ** 2).mean()) if used.any() else np.nan
    event = day[cars.abnormal.estimation.length :]
    total = np.array([event[cars.abnormal.columns(window)].sum() for window in cars.windows])
    statistic = laws.ratio(total, np.sqrt(cars.lengths) * spread)
    n, mean, _ = car_moments(cars)
    few = laws.needs_events(n, 2)
    reason = few if reason is None else laws.first_reason(few, reason)
    return laws.result(test, laws.normal(statistic), estimate=mean, n=n, reason=reason)
