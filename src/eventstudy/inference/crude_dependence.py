"""Crude dependence adjustment: the group as one portfolio with a history of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Scope, Statistic, StatisticResult
    from eventstudy.models.base import Floats


@dataclass(frozen=True, slots=True)
class CrudeDependence:
    """t = CAAR / (sqrt(L) s) ~ t(M - 1), s = sd (ddof 1) of the mean residual over M days.

    Notes
    -----
    The mean residual is taken day by day in event time, over the events that have one on that day;
    its variance holds whatever correlation the events have. Not robust to a rise of the variance on
    the event.

    References
    ----------
    Brown, S. J. and Warner, J. B. (1980), Journal of Financial Economics 8, 205-258, appendix A;
    (1985), Journal of Financial Economics 14, 3-31, equations 5 to 8.
    """

    name: ClassVar[str] = "crude_dependence"
    reference: ClassVar[str] = "Brown and Warner (1980, appendix A; 1985, equations 5-8)"
    scope: ClassVar[Scope] = "group"
    resampling: ClassVar[bool] = False
    null: ClassVar[str] = "the mean CAR of the group is zero"

    def test(self, cars: CumulativeReturns) -> StatisticResult:
        """Test the group on every window; results have the shape (W,)."""
        import numpy as np

        from eventstudy.aggregate import moments
        from eventstudy.inference import _laws as laws

        n, mean, _ = moments(cars.car)
        days, sd = _history(cars)
        statistic = laws.ratio(mean, np.sqrt(cars.lengths) * sd)
        return laws.result(
            self,
            laws.student(statistic, days - 1),
            estimate=mean,
            n=n,
            reason=laws.first_reason(
                laws.needs_events(n, 2),
                laws.where(~(sd > 0), "the mean residual does not vary over the estimation window"),
            ),
        )


def _history(cars: CumulativeReturns) -> tuple[NDArray[np.int64], Floats]:
    """Return days M and standard deviation of the mean residual by window, each shape (W,).

    The portfolio of a window holds the events that have a CAR there, and no others.
    """
    import numpy as np

    from eventstudy.aggregate import moments
    from eventstudy.inference import _laws as laws

    present = np.isfinite(cars.car)
    patterns, pattern = np.unique(present, axis=1, return_inverse=True)
    means = [_mean_residual(cars, patterns[:, column]) for column in range(patterns.shape[1])]
    history = np.column_stack(means)
    days, _, sd = moments(history)
    size = np.where(np.isfinite(history), np.abs(history), 0.0).max(axis=0)
    sd = np.where(sd > laws.NO_SPREAD * size, sd, 0.0)
    return days[pattern.ravel()], sd[pattern.ravel()]


def _mean_residual(cars: CumulativeReturns, chosen: NDArray[np.bool_]) -> Floats:
    """Return the mean residual of some events by estimation day, shape (L1,); NaN where none is."""
    import numpy as np

    from eventstudy.returns.sample import chunks

    rows = np.flatnonzero(chosen)
    length = cars.abnormal.estimation.length
    total, count = np.zeros(length), np.zeros(length)
    for part in chunks(len(rows)):
        residuals = cars.abnormal.residuals(rows[part])
        present = np.isfinite(residuals)
        total += np.where(present, residuals, 0.0).sum(axis=0)
        count += present.sum(axis=0)
    mean: Floats = np.divide(total, count, out=np.full(length, np.nan), where=count > 0)
    return mean


PLUGIN: type[Statistic] = CrudeDependence
