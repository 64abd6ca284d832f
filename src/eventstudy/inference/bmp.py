"""BMP: the standardised CARs against their own spread over the events."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Scope, Statistic, StatisticResult


@dataclass(frozen=True, slots=True)
class BMP:
    """t = sqrt(N) mean(SCAR) / sd(SCAR) ~ t(N - 1), SCAR = CAR / sd(CAR).

    Attributes
    ----------
    window_form : {'full', 'sar_sum'}
        ``full``: SCAR has the whole forecast error of the window. ``sar_sum``: the sum of the
        window's standardised ARs in its place.

    Notes
    -----
    Robust to a rise of the variance on the event; not to events that share their dates. The
    standard deviation of the CAR is that of its full forecast error. Printing the t law with the
    degrees of freedom of the estimation window is a mistake that shows when N is small.

    References
    ----------
    Boehmer, E., Musumeci, J. and Poulsen, A. B. (1991), Journal of Financial Economics 30, 253-272.
    """

    name: ClassVar[str] = "bmp"
    reference: ClassVar[str] = "Boehmer, Musumeci and Poulsen (1991)"
    scope: ClassVar[Scope] = "group"
    resampling: ClassVar[bool] = False
    null: ClassVar[str] = "the mean standardised CAR of the group is zero"
    window_form: Literal["full", "sar_sum"] = "full"

    def test(self, cars: CumulativeReturns) -> StatisticResult:
        """Test the group on every window; results have the shape (W,)."""
        return _tested(self, cars)


@lru_cache(maxsize=1)
def _tested(test: BMP, cars: CumulativeReturns) -> StatisticResult:
    """Test the group; the last answer is kept, for the adjusted test asks for the same."""
    from eventstudy.inference import _laws as laws

    values = cars.scar if test.window_form == "full" else cars.csar
    return laws.mean_over_spread(test, cars, values)


PLUGIN: type[Statistic] = BMP
