"""Sign: positive CARs against a frequency of one half."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Scope, Statistic, StatisticResult


@dataclass(frozen=True, slots=True)
class Sign:
    """Z = (w - N / 2) / sqrt(N / 4), w = #{CAR > 0}.

    Notes
    -----
    The p-value is that of N(0, 1); for N <= 25 it is that of the binomial law B(N, 1/2) itself.
    Assumes a median of zero: returns are skewed, which the generalised sign test allows for.

    References
    ----------
    Brown, S. J. and Warner, J. B. (1980), Journal of Financial Economics 8, 205-258, appendix A.
    """

    name: ClassVar[str] = "sign"
    reference: ClassVar[str] = "Brown and Warner (1980), appendix A"
    scope: ClassVar[Scope] = "group"
    resampling: ClassVar[bool] = False
    null: ClassVar[str] = "positive and negative CARs are equally frequent"

    def test(self, cars: CumulativeReturns) -> StatisticResult:
        """Test the group on every window; results have the shape (W,)."""
        import numpy as np

        from eventstudy.inference import _laws as laws

        return laws.signs_against(self, cars, np.full(len(cars.windows), 0.5))


PLUGIN: type[Statistic] = Sign
