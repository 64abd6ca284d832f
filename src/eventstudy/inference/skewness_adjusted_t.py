"""Skewness-adjusted t: the cross-sectional t transformed for skewed CARs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Scope, Statistic, StatisticResult


@dataclass(frozen=True, slots=True)
class SkewnessAdjustedT:
    """Z = sqrt(N) (S + g S^2 / 3 + g^2 S^3 / 27 + g / (6 N)) ~ N(0, 1), S = mean / sd.

    Attributes
    ----------
    skewness : {'sample', 'moment'}
        ``sample``: g = N / ((N-1)(N-2)) sum (x - mean)^3 / sd^3; ``moment``: g = (1/N) sum
        (x - mean)^3 / sd^3; sd with ddof 1 in both.

    Notes
    -----
    Robust to a rise of the variance on the event; not to events that share their dates.

    References
    ----------
    Hall, P. (1992), Journal of the Royal Statistical Society B 54, 221-228.
    """

    name: ClassVar[str] = "skewness_adjusted_t"
    reference: ClassVar[str] = "Hall (1992)"
    scope: ClassVar[Scope] = "group"
    resampling: ClassVar[bool] = False
    null: ClassVar[str] = "the mean CAR of the group is zero"
    skewness: Literal["sample", "moment"] = "sample"

    def test(self, cars: CumulativeReturns) -> StatisticResult:
        """Test the group on every window; results have the shape (W,)."""
        import numpy as np

        from eventstudy.inference import _laws as laws
        from eventstudy.inference._skewness import johnson, shape_of

        shape = shape_of(cars.car, self.skewness)
        n, s, g = shape.n, shape.s, shape.g
        return laws.result(
            self,
            laws.normal(johnson(s, g, n) + np.sqrt(n) * g**2 * s**3 / 27),
            estimate=shape.mean,
            n=n,
            reason=laws.first_reason(
                laws.needs_events(n, 3), laws.where(~(shape.sd > 0), "the events do not differ")
            ),
        )


PLUGIN: type[Statistic] = SkewnessAdjustedT
