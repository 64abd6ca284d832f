"""Forecast t: the abnormal return of one event against the model's forecast error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Scope, Statistic, StatisticResult


@dataclass(frozen=True, slots=True)
class ForecastT:
    """t = CAR / sd(CAR) ~ t(M - k).

    Notes
    -----
    The standard deviation has the full forecast error of the window (see ``car_variance``). The law
    holds for normal, independent, identically distributed residuals: on dates that follow a fall of
    more than 10 per cent the test rejects .136 at 5 per cent.

    References
    ----------
    Campbell, J. Y., Lo, A. W. and MacKinlay, A. C. (1997), The Econometrics of Financial Markets,
    section 4.4.
    """

    name: ClassVar[str] = "forecast_t"
    reference: ClassVar[str] = "Campbell, Lo and MacKinlay (1997), section 4.4"
    scope: ClassVar[Scope] = "event"
    resampling: ClassVar[bool] = False
    null: ClassVar[str] = "the expected CAR of the event is zero"

    def test(self, cars: CumulativeReturns) -> StatisticResult:
        """Test every event and window by itself; results have the shape (N, W)."""
        import numpy as np

        from eventstudy.inference import _laws as laws

        value = cars.scar
        dof = np.broadcast_to(cars.abnormal.dof[:, None], value.shape)
        exact = (cars.abnormal.sigma == 0)[:, None] & np.isfinite(cars.car)
        reason = laws.first_reason(
            laws.missing_returns(cars),
            laws.where(exact, "the estimation window leaves no residual variance"),
        )
        return laws.result(
            self,
            laws.student(value, dof),
            estimate=cars.car,
            n=np.broadcast_to(cars.abnormal.n_est[:, None], value.shape),
            reason=reason,
        )


PLUGIN: type[Statistic] = ForecastT
