"""From a statistic and its null law to a finished result; shared by the test statistics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.aggregate import car_moments, moments
from eventstudy.formats import counted
from eventstudy.inference.base import StatisticResult

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Named, Statistic
    from eventstudy.models.base import Floats


NO_SPREAD = 1e-12
"""Standard deviation, as a share of the values' own size, that is rounding and no spread."""

ALIKE = "the events do not differ: no spread to divide by"
"""Reason of a test that divides by the spread of its events."""

EXACT_UP_TO = 25
"""Largest group whose p-value is taken from the exact law where there is one."""


@dataclass(frozen=True, slots=True)
class Tested:
    """A statistic with its two-sided p-value and the name of its law, all of one shape."""

    statistic: Floats
    p_value: Floats
    distribution: NDArray[np.object_]


def texts(shape: tuple[int, ...], fill: str = "") -> NDArray[np.object_]:
    """Return an array of texts."""
    return np.full(shape, fill, dtype=object)


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Divide, with NaN where the denominator is not a positive number."""
    unknown = np.full(np.broadcast(numerator, denominator).shape, np.nan)
    quotient: Floats = np.divide(numerator, denominator, out=unknown, where=denominator > 0)
    return quotient


def student(statistic: Floats, dof: NDArray[np.int64]) -> Tested:
    """Hold a statistic against t(dof)."""
    from scipy.special import stdtr

    dof = np.broadcast_to(dof, statistic.shape)
    p_value = 2 * stdtr(np.maximum(dof, 1), -np.abs(statistic))
    return Tested(statistic, p_value, named("t", dof))


def named(law: str, number: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return the names ``law(number)``, elementwise."""
    values = number.ravel().tolist()
    names = {value: f"{law}({value})" for value in set(values)}
    found = np.array([names[value] for value in values], dtype=object)
    return found.reshape(number.shape)


def normal(statistic: Floats) -> Tested:
    """Hold a statistic against N(0, 1)."""
    from scipy.special import ndtr

    return Tested(statistic, 2 * ndtr(-np.abs(statistic)), texts(statistic.shape, "normal"))


def result(
    test: Named,
    tested: Tested,
    *,
    estimate: Floats,
    n: NDArray[np.int64],
    reason: NDArray[np.object_],
) -> StatisticResult:
    """Assemble a result; where there is a reason, the statistic and its p-value are NaN.

    A number that is missing without a reason would reach the reader as a blank: it gets one.
    """
    reason, silent = reason.copy(), reason == ""
    finite = np.isfinite(tested.statistic) & np.isfinite(tested.p_value)
    reason[silent & ~finite] = "no finite value"
    usable = silent & finite
    return StatisticResult(
        name=test.name,
        null=test.null,
        estimate=estimate,
        statistic=np.where(usable, tested.statistic, np.nan),
        p_value=np.where(usable, np.minimum(tested.p_value, 1.0), np.nan),
        n=n,
        distribution=np.where(usable, tested.distribution, ""),
        reason=reason,
    )


def signs_against(test: Statistic, cars: CumulativeReturns, share: Floats) -> StatisticResult:
    """Test a group by Z = (w - N p) / sqrt(N p (1 - p)), w = #{CAR > 0}, with p by window.

    Up to :data:`EXACT_UP_TO` events the p-value is that of the binomial law: twice the smaller of
    its tails.
    """
    n, mean, _ = car_moments(cars)
    positive = (cars.car > 0).sum(axis=0)
    tested = normal(ratio(positive - n * share, np.sqrt(n * share * (1 - share))))
    for window in np.flatnonzero((n > 0) & (n <= EXACT_UP_TO)):
        tested.p_value[window] = _binomial(int(positive[window]), int(n[window]), share[window])
        tested.distribution[window] = "exact"
    one_sided = where((share <= 0) | (share >= 1), "all residuals have one sign")
    reason = first_reason(needs_events(n, 2), one_sided)
    return result(test, tested, estimate=mean, n=n, reason=reason)


def _binomial(positive: int, n: int, share: float) -> float:
    """Return the two-sided p-value of B(n, share): twice the smaller tail, at most 1."""
    from scipy.special import bdtr, bdtrc

    lower, upper = bdtr(positive, n, share), bdtrc(positive - 1, n, share) if positive else 1.0
    return min(1.0, 2 * float(min(lower, upper)))


def needs_events(n: NDArray[np.int64], least: int, *, of: str = "event") -> NDArray[np.object_]:
    """Say of each window whether it has too few events."""
    reason = texts(n.shape)
    few = n < least
    reason[few] = [f"{counted(count, of)}; {least} needed" for count in n[few]]
    return reason


def first_reason(*reasons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the first non-empty reason, elementwise."""
    merged = reasons[0]
    for other in reasons[1:]:
        if other.any():
            merged = np.where(merged == "", other, merged)
    return merged


def where(condition: NDArray[np.bool_], reason: str) -> NDArray[np.object_]:
    """Return `reason` where the condition holds, an empty text elsewhere."""
    found = texts(condition.shape)
    found[condition] = reason
    return found


def missing_returns(cars: CumulativeReturns) -> NDArray[np.object_]:
    """Say of each event and window that a return is missing in it, shape (N, W)."""
    reason = "a return is missing in the window"
    if cars.abnormal.held is not None:
        reason = "no trade on the session before the window, or on its last"
    return where(~np.isfinite(cars.car), reason)


def mean_over_spread(test: Statistic, cars: CumulativeReturns, values: Floats) -> StatisticResult:
    """Test a group by t = sqrt(N) mean / sd ~ t(N - 1) of one value per event and window."""
    n, mean, sd = moments(values)
    sd = np.where(sd > NO_SPREAD * np.abs(mean), sd, 0.0)
    statistic = ratio(np.sqrt(n) * mean, sd)
    return result(
        test,
        student(statistic, n - 1),
        estimate=car_moments(cars)[1],
        n=n,
        reason=first_reason(needs_events(n, 2), where(~(sd > 0), ALIKE)),
    )


def undefined_inflation(inflation: Floats) -> NDArray[np.object_]:
    """Say of each window that correlation makes the variance of the mean negative."""
    return where(
        ~(inflation > 0), "1 + (N - 1) r is not positive: the average correlation is too negative"
    )
