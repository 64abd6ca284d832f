"""The mean CAR of some events with an interval: over the events, or of the forecast for one event."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.aggregate import average
from eventstudy.inference.cross_sectional_t import CrossSectionalT
from eventstudy.inference.forecast_t import ForecastT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.models.base import Floats
    from eventstudy.study.frames import Columns
    from eventstudy.study.members import Members

    Texts = NDArray[np.object_]

NUMBERS = ("effect", "std_error", "low", "high", "p_value")


def no_effect(width: int, reason: str | Texts) -> Columns:
    """Return the columns of an effect that does not exist, for one reason or one per window."""
    nothing = {name: np.full(width, np.nan) for name in NUMBERS}
    count = np.zeros(width, int)
    return {**nothing, "n": count, "effective_n": count, **_status(np.full(width, reason, object))}


def mean_effect(
    cars: CumulativeReturns, signs: Mapping[str, float], member: Members, alpha: float
) -> Columns:
    """Return the mean CAR of n events over each of W windows with its interval and p-value.

    Parameters
    ----------
    cars : CumulativeReturns
        n cells.
    signs : mapping of str to float
        Sign by which the CARs of each event are multiplied; empty to leave them as they are.
    member : Members
        Clusters of the events.
    alpha : float
        One minus the confidence of the interval.

    Returns
    -------
    mapping of str to ndarray, shape (W,)
        Effect, standard error, interval, p-value, n, number of clusters, status and reason.

    Notes
    -----
    For two events and more, mean / (sd / sqrt(n)) ~ t(n - 1); for one event CAR / sd(CAR) ~ t(M - k).
    """
    from scipy.special import stdtrit

    width = len(cars.windows)
    if not len(cars.abnormal):
        return no_effect(width, "no event of this set could be studied")
    ids = cars.abnormal.event_ids
    if signs:
        cars = replace(cars, car=cars.car * np.array([signs[each] for each in ids])[:, None])
    mean, test = average(cars.car), CrossSectionalT().test(cars)
    error, dof, p_value, reason = mean.std_error.copy(), mean.n - 1, test.p_value, test.reason
    single = np.flatnonzero(mean.n == 1)
    if len(single):
        alone = ForecastT().test(cars)
        row = np.isfinite(cars.car[:, single]).argmax(axis=0)
        error[single] = np.sqrt(cars.variance[row, single])
        dof[single] = cars.abnormal.dof[row]
        p_value, reason = p_value.copy(), reason.copy()
        p_value[single], reason[single] = alone.p_value[row, single], alone.reason[row, single]
    half: Floats = stdtrit(np.maximum(dof, 1), 1 - alpha / 2) * error
    present = np.isfinite(cars.car)
    return {
        "effect": mean.mean,
        "std_error": error,
        "low": mean.mean - half,
        "high": mean.mean + half,
        "p_value": p_value,
        "n": mean.n,
        "effective_n": np.array([member.clusters(ids[here]) for here in present.T]),
        **_status(reason),
    }


def _status(reason: np.ndarray[tuple[int], np.dtype[np.object_]]) -> Columns:
    """Return status and reason."""
    return {
        "status": np.where(reason == "", "ok", "not_applicable").astype(object),
        "reason": reason,
    }
