"""Patell: the sum of the standardised CARs against their variance under the model."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Scope, Statistic, StatisticResult


@dataclass(frozen=True, slots=True)
class Patell:
    """Z = sum SCAR_i / sqrt(sum nu_i / (nu_i - 2)) ~ N(0, 1), nu = M - k.

    Attributes
    ----------
    window_form : {'full', 'sar_sum'}
        ``full``: SCAR has the whole forecast error of the window. ``sar_sum``: the sum of the
        window's standardised ARs over sqrt(L), which leaves out the estimation error that its
        sessions share, as in the paper.

    Notes
    -----
    SCAR = CAR / sd(CAR) with the full forecast error of the window, and Var(t_nu) = nu / (nu - 2):
    (M - 2) / (M - 4) in the market model. Not robust to a rise of the variance on the event, nor to
    events that share their dates.

    References
    ----------
    Patell, J. M. (1976), Journal of Accounting Research 14, 246-276.
    """

    name: ClassVar[str] = "patell"
    reference: ClassVar[str] = "Patell (1976)"
    scope: ClassVar[Scope] = "group"
    resampling: ClassVar[bool] = False
    null: ClassVar[str] = "the mean standardised CAR of the group is zero"
    window_form: Literal["full", "sar_sum"] = "full"

    def test(self, cars: CumulativeReturns) -> StatisticResult:
        """Test the group on every window; results have the shape (W,)."""
        return _tested(self, cars)


@lru_cache(maxsize=1)
def _tested(test: Patell, cars: CumulativeReturns) -> StatisticResult:
    """Test the group; the last answer is kept, for the adjusted test asks for the same."""
    import numpy as np

    from eventstudy.aggregate import car_moments
    from eventstudy.inference import _laws as laws

    nu = cars.abnormal.dof
    values = cars.scar if test.window_form == "full" else cars.csar / np.sqrt(cars.lengths)
    scar = np.where((nu > 2)[:, None], values, np.nan)
    present = np.isfinite(scar)
    variance = np.divide(nu, nu - 2, out=np.zeros(len(nu)), where=nu > 2)
    total = np.where(present, scar, 0.0).sum(axis=0)
    statistic = laws.ratio(total, np.sqrt(np.where(present, variance[:, None], 0.0).sum(axis=0)))
    n = present.sum(axis=0)
    short = (n < 2) & (np.isfinite(values).sum(axis=0) >= 2)
    return laws.result(
        test,
        laws.normal(statistic),
        estimate=car_moments(cars)[1],
        n=n,
        reason=laws.first_reason(
            laws.where(short, "more than 2 degrees of freedom needed in 2 events"),
            laws.needs_events(n, 2),
        ),
    )


PLUGIN: type[Statistic] = Patell
