"""Corrado-Zivney rank: ranks of standardised abnormal returns, the event's variance taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Scope, Statistic, StatisticResult
    from eventstudy.models.base import Floats


@dataclass(frozen=True, slots=True)
class CorradoZivneyRank:
    """The Corrado test on standardised ARs, each event day divided by its own spread over the events.

    Notes
    -----
    Estimation residuals are divided by s, abnormal returns of the event window by their forecast
    error s sqrt(1 + h); on every day of the event window these are divided again by their standard
    deviation (ddof 1) over the events, so that a rise of the variance on the event does not look
    like extreme ranks. Missing returns are allowed: U = K / (T_i + 1). Events that are equal on a
    day of the window have no spread to divide by there: the window is refused.

    References
    ----------
    Corrado, C. J. and Zivney, T. L. (1992), Journal of Financial and Quantitative Analysis 27,
    465-478.
    """

    name: ClassVar[str] = "corrado_zivney_rank"
    reference: ClassVar[str] = "Corrado and Zivney (1992)"
    scope: ClassVar[Scope] = "group"
    resampling: ClassVar[bool] = False
    null: ClassVar[str] = "the event days rank like all other days"

    def test(self, cars: CumulativeReturns) -> StatisticResult:
        """Test the group on every window; results have the shape (W,)."""
        import numpy as np

        from eventstudy.aggregate import moments
        from eventstudy.inference import _laws as laws
        from eventstudy.inference._ranks import rank_test

        abnormal = cars.abnormal
        sigma = abnormal.sigma[:, None]
        event = laws.ratio(abnormal.ar, np.sqrt(abnormal.ar_variance))
        _, mean, spread = moments(event)
        spread = np.where(spread > laws.NO_SPREAD * np.abs(mean), spread, 0.0)
        event = laws.ratio(event, np.broadcast_to(spread, event.shape))

        def series(rows: slice) -> Floats:
            return np.hstack([laws.ratio(abnormal.residuals(rows), sigma[rows]), event[rows]])

        alike = [(spread[abnormal.columns(window)] == 0).any() for window in cars.windows]
        reason = laws.where(np.array(alike), "on a day of the window the events do not differ")
        return rank_test(self, cars, series, reason=reason)


PLUGIN: type[Statistic] = CorradoZivneyRank
