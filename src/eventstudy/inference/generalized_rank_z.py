"""Generalised rank Z: as the generalised rank t, for events that are independent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Scope, Statistic, StatisticResult


@dataclass(frozen=True, slots=True)
class GeneralizedRankZ:
    """Z = Ubar_0 / sqrt(M / (12 N (M + 2))) ~ N(0, 1).

    Notes
    -----
    Uses the variance that ranks of independent events have; not robust to events that share their
    dates.

    References
    ----------
    Kolari, J. W. and Pynnonen, S. (2011), Journal of Empirical Finance 18, 953-971.
    """

    name: ClassVar[str] = "generalized_rank_z"
    reference: ClassVar[str] = "Kolari and Pynnonen (2011)"
    scope: ClassVar[Scope] = "group"
    resampling: ClassVar[bool] = False
    null: ClassVar[str] = "the standardised CAR ranks like the estimation residuals"

    def test(self, cars: CumulativeReturns) -> StatisticResult:
        """Test the group on every window; results have the shape (W,)."""
        import numpy as np

        from eventstudy.aggregate import car_moments
        from eventstudy.inference import _laws as laws
        from eventstudy.inference._generalized_rank import generalized_ranks

        found = generalized_ranks(cars)
        deviation = np.sqrt(found.days / (12 * np.maximum(found.n, 1) * (found.days + 2)))
        return laws.result(
            self,
            laws.normal(laws.ratio(found.event, deviation)),
            estimate=car_moments(cars)[1],
            n=found.n,
            reason=found.reason,
        )


PLUGIN: type[Statistic] = GeneralizedRankZ
