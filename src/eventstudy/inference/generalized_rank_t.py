"""Generalised rank t: one rank for the whole window, robust to correlation and variance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Scope, Statistic, StatisticResult


@dataclass(frozen=True, slots=True)
class GeneralizedRankT:
    """t = Z sqrt((T - 2) / (T - 1 - Z^2)) ~ t(T - 2), Z = Ubar_0 / S, T = M + 1.

    Notes
    -----
    The CAR of the window, standardised by its forecast error and then by its spread over the
    events, is one point among the M standardised residuals of its event. S is taken over all T
    points, the event included. Slightly oversized (6.5 per cent at 5) when events are correlated.

    References
    ----------
    Kolari, J. W. and Pynnonen, S. (2011), Journal of Empirical Finance 18, 953-971.
    """

    name: ClassVar[str] = "generalized_rank_t"
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
        z = laws.ratio(found.event, found.spread)
        scale = laws.ratio(found.days - np.ones(len(z)), found.days - z**2)
        return laws.result(
            self,
            laws.student(z * np.sqrt(np.maximum(scale, 0.0)), found.days - 1),
            estimate=car_moments(cars)[1],
            n=found.n,
            reason=found.reason,
        )


PLUGIN: type[Statistic] = GeneralizedRankT
