"""Adjusted Patell: the Patell test for events whose abnormal returns are correlated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Scope, Statistic, StatisticResult


@dataclass(frozen=True, slots=True)
class AdjustedPatell:
    """Z = Patell / sqrt(1 + (N - 1) r) ~ N(0, 1), r the average correlation of the events.

    Attributes
    ----------
    alignment : {'overlap', 'calendar', 'event_time'}
        How r is averaged, as in the adjusted BMP test.

    Notes
    -----
    The factor sqrt(1 - r) of the adjusted BMP test does not belong here: it makes up for a variance
    that BMP, and not Patell, takes from the cross-section. Not robust to a rise of the variance on
    the event.

    References
    ----------
    Kolari, J. W. and Pynnonen, S. (2010), Review of Financial Studies 23, 3996-4025.
    """

    name: ClassVar[str] = "adjusted_patell"
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
        from eventstudy.inference.patell import Patell

        plain, r = Patell().test(cars), average_correlation(cars, self.alignment)
        inflation = 1 + (plain.n - 1) * r
        statistic = laws.ratio(plain.statistic, np.sqrt(np.maximum(inflation, 0.0)))
        return laws.result(
            self,
            laws.normal(statistic),
            estimate=plain.estimate,
            n=plain.n,
            reason=laws.first_reason(
                plain.reason,
                laws.needs_events(plain.n, 2),
                laws.undefined_inflation(inflation),
            ),
        )


PLUGIN: type[Statistic] = AdjustedPatell
