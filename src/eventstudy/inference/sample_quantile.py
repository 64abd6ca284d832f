"""Sample quantile: the share of estimation days that were at least as abnormal."""

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
class SampleQuantile:
    """p = (1 + #{|e_t| >= |AR|}) / (M + 1) over the M estimation residuals; one day only.

    Notes
    -----
    Needs no normality, but the event day must be drawn from the same law as the estimation window:
    with GARCH-t(5) returns it rejects .057 at 5 per cent over all dates, .125 on dates that follow
    a fall of more than 10 per cent in 20 sessions. The p-value cannot be below 1 / (M + 1). Ranking
    the CAR of several days among rolling sums of residuals is not valid and is refused.

    References
    ----------
    Gelbach, J. B., Helland, E. and Klick, J. (2013), American Law and Economics Review 15, 495-541.
    """

    name: ClassVar[str] = "sample_quantile"
    reference: ClassVar[str] = "Gelbach, Helland and Klick (2013)"
    scope: ClassVar[Scope] = "event"
    resampling: ClassVar[bool] = False
    null: ClassVar[str] = "the day's abnormal return is drawn like the estimation residuals"

    def test(self, cars: CumulativeReturns) -> StatisticResult:
        """Test every event on every one-day window; results have the shape (N, W)."""
        import numpy as np

        from eventstudy.inference import _laws as laws

        shape = cars.car.shape
        p_value = np.full(shape, np.nan)
        single = np.flatnonzero(cars.lengths == 1)
        p_value[:, single] = _tail_shares(cars, single)
        n = np.broadcast_to(cars.abnormal.n_est[:, None], shape)
        longer = np.broadcast_to(cars.lengths > 1, shape)
        return laws.result(
            self,
            laws.Tested(np.abs(cars.car), p_value, laws.named("empirical", n)),
            estimate=cars.car,
            n=n,
            reason=laws.first_reason(
                laws.where(longer, "for one day only; a sum of days has another law"),
                laws.missing_returns(cars),
            ),
        )


def _tail_shares(cars: CumulativeReturns, single: NDArray[np.int64]) -> Floats:
    """Return (1 + #{|e_t| >= |AR|}) / (M + 1) for one-day windows, shape (N, len(single))."""
    import numpy as np

    from eventstudy.returns.sample import chunks

    share = np.empty((len(cars.car), len(single)))
    for rows in chunks(len(cars.car)):
        residuals = np.abs(cars.abnormal.residuals(rows))
        n = np.isfinite(residuals).sum(axis=1)
        for position, window in enumerate(single):
            size = np.abs(cars.car[rows, window])
            share[rows, position] = (1 + (residuals >= size[:, None]).sum(axis=1)) / (n + 1)
    return share


PLUGIN: type[Statistic] = SampleQuantile
