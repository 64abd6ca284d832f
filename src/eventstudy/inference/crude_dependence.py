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
    Brown, S. J. and Warner, J. B. (1980), Journal of Financial Economics 8, 205-258, appendix A.
    Brown, S. J. and Warner, J. B. (1985), Journal of Financial Economics 14, 3-31, equations 5 to 8.
    """

    name: ClassVar[str] = "crude_dependence"
    reference: ClassVar[str] = "Brown and Warner (1980, appendix A; 1985, equations 5-8)"
    scope: ClassVar[Scope] = "group"
    resampling: ClassVar[bool] = False
    null: ClassVar[str] = "the mean CAR of the group is zero"

    def test(self, cars: CumulativeReturns) -> StatisticResult:
        """Test the group on every window; results have the shape (W,)."""
        import numpy as np

        from eventstudy.aggregate import car_moments
        from eventstudy.inference import _laws as laws

        n, mean, _ = car_moments(cars)
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

    The portfolio of a window holds the events that have a CAR there, and no others. Its mean residual
    is taken by estimation day.
    """
    import numpy as np

    from eventstudy.aggregate import moments
    from eventstudy.inference import _laws as laws
    from eventstudy.returns.sample import chunks

    present = np.isfinite(cars.car).T.astype(float)
    total, count = np.zeros((2, len(present), cars.abnormal.estimation.length))
    for rows in chunks(len(cars.car), 1024):
        residuals = cars.abnormal.residuals(rows)
        here = np.isfinite(residuals)
        total += present[:, rows] @ np.where(here, residuals, 0.0)
        count += present[:, rows] @ here
    mean = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0).T
    days, _, sd = moments(mean)
    size = np.where(np.isfinite(mean), np.abs(mean), 0.0).max(axis=0)
    return days, np.where(sd > laws.NO_SPREAD * size, sd, 0.0)


PLUGIN: type[Statistic] = CrudeDependence
