"""Corrado rank: the rank of the event days among all days, averaged over the events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Scope, Statistic, StatisticResult
    from eventstudy.models.base import Floats


@dataclass(frozen=True, slots=True)
class CorradoRank:
    """Z = mean_i (K_i0 - (T + 1) / 2) / S ~ N(0, 1), K the rank of the AR among all T days.

    Notes
    -----
    T counts the estimation window and the whole event window, whatever sub-window is tested; S is
    the standard deviation of the mean rank deviation over all T days, event days included. With
    missing returns the ranks are divided by T_i + 1. A window adds the deviations of its L days and
    divides by sqrt(L); it loses size when L is long, since ranks of one event depend on each other.

    References
    ----------
    Corrado, C. J. (1989), Journal of Financial Economics 23, 385-395. Cowan, A. R. (1992), Review of
    Quantitative Finance and Accounting 2, 343-358, for windows.
    """

    name: ClassVar[str] = "corrado_rank"
    reference: ClassVar[str] = "Corrado (1989); windows after Cowan (1992)"
    scope: ClassVar[Scope] = "group"
    resampling: ClassVar[bool] = False
    null: ClassVar[str] = "the event days rank like all other days"

    def test(self, cars: CumulativeReturns) -> StatisticResult:
        """Test the group on every window; results have the shape (W,)."""
        import numpy as np

        from eventstudy.inference._ranks import rank_test

        abnormal = cars.abnormal

        def series(rows: slice) -> Floats:
            return np.hstack([abnormal.residuals(rows), abnormal.ar[rows]])

        return rank_test(self, cars, series)


PLUGIN: type[Statistic] = CorradoRank
