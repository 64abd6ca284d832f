"""Cross-sectional t: the mean CAR against its spread over the events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Scope, Statistic, StatisticResult


@dataclass(frozen=True, slots=True)
class CrossSectionalT:
    """t = sqrt(N) mean(CAR) / sd(CAR) ~ t(N - 1).

    Notes
    -----
    Robust to a rise of the variance on the event; not to events that share their dates.

    References
    ----------
    Brown, S. J. and Warner, J. B. (1980), Journal of Financial Economics 8, 205-258, appendix A.
    """

    name: ClassVar[str] = "cross_sectional_t"
    reference: ClassVar[str] = "Brown and Warner (1980), appendix A"
    scope: ClassVar[Scope] = "group"
    resampling: ClassVar[bool] = False
    null: ClassVar[str] = "the mean CAR of the group is zero"

    def test(self, cars: CumulativeReturns) -> StatisticResult:
        """Test the group on every window; results have the shape (W,)."""
        from eventstudy.inference import _laws as laws

        return laws.mean_over_spread(self, cars, cars.car)


PLUGIN: type[Statistic] = CrossSectionalT
