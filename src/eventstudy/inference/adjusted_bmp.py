"""Adjusted BMP: the BMP test for events whose abnormal returns are correlated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Scope, Statistic, StatisticResult


@dataclass(frozen=True, slots=True)
class AdjustedBMP:
    """t = BMP sqrt((1 - r) / (1 + (N - 1) r)) ~ t(N - 1), r the average correlation of the events.

    Attributes
    ----------
    alignment : {'overlap', 'calendar', 'event_time'}
        How r is averaged. ``overlap`` weights each pair by the overlap of its tested windows, so
        that r depends on the window; averaging over all pairs by calendar date drives the size to
        zero for staggered events, matching by event day ignores common dates.

    Notes
    -----
    The cross-sectional variance of BMP estimates only (1 - r) of the variance: hence the numerator.

    References
    ----------
    Kolari, J. W. and Pynnonen, S. (2010), Review of Financial Studies 23, 3996-4025, equation 12.
    """

    name: ClassVar[str] = "adjusted_bmp"
    reference: ClassVar[str] = "Kolari and Pynnonen (2010)"
    scope: ClassVar[Scope] = "group"
    resampling: ClassVar[bool] = False
    null: ClassVar[str] = "the mean standardised CAR of the group is zero"
    alignment: Literal["overlap", "calendar", "event_time"] = "overlap"

    def test(self, cars: CumulativeReturns) -> StatisticResult:
        """Test the group on every window; results have the shape (W,)."""
        import numpy as np

        from eventstudy.inference import _laws as laws
        from eventstudy.inference._correlation import average_correlation
        from eventstudy.inference.bmp import BMP

        plain, r = BMP().test(cars), average_correlation(cars, self.alignment)
        inflation = 1 + (plain.n - 1) * r
        statistic = plain.statistic * np.sqrt(laws.ratio(np.maximum(1 - r, 0.0), inflation))
        return laws.result(
            self,
            laws.student(statistic, plain.n - 1),
            estimate=plain.estimate,
            n=plain.n,
            reason=laws.first_reason(plain.reason, laws.undefined_inflation(inflation)),
        )


PLUGIN: type[Statistic] = AdjustedBMP
