"""Sample quantile: the share of estimation days that were at least as abnormal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Scope, Statistic, StatisticResult
    from eventstudy.models.base import Floats, Rows

NO_FREEDOM = 1e-12
"""Share of a residual's variance below which the day was fitted exactly."""


@dataclass(frozen=True, slots=True)
class SampleQuantile:
    """p = (1 + #{|e_t| >= |AR|}) / (M + 1) over the M estimation residuals; one day only.

    Attributes
    ----------
    scaled : bool
        Whether AR is divided by sqrt(1 + h) and e_t by sqrt(1 - h_t): a residual has less variance
        than the error that it estimates, an abnormal return has more.

    Notes
    -----
    h = x'(X'X)^-1 x of the event day, h_t of each estimation day. For a mean of 120 sessions both are
    1 / 120; for a market model h is large where the benchmark moved a lot on the event day.

    Needs no normality, but the event day must be drawn from the same law as the estimation window:
    with GARCH-t(5) returns it rejects .057 at 5 per cent over all dates, .125 on dates that follow
    a fall of more than 10 per cent in 20 sessions. The p-value cannot be below 1 / (M + 1). Ranking
    the CAR of several days among rolling sums of residuals is not valid and is refused.

    References
    ----------
    Gelbach, J. B., Helland, E. and Klick, J. (2013), American Law and Economics Review 15, 495-541.
    """

    name: ClassVar[str] = "sample_quantile"
    reference: ClassVar[str] = "Gelbach, Helland and Klick (2013)"
    scope: ClassVar[Scope] = "event"
    resampling: ClassVar[bool] = False
    null: ClassVar[str] = "the day's abnormal return is drawn like the estimation residuals"
    scaled: bool = False

    def test(self, cars: CumulativeReturns) -> StatisticResult:
        """Test every event on every one-day window; results have the shape (N, W)."""
        import numpy as np

        from eventstudy.inference import _laws as laws

        shape = cars.car.shape
        p_value = np.full(shape, np.nan)
        single = np.flatnonzero(cars.lengths == 1)
        p_value[:, single] = _tail_shares(cars, single, cars.abnormal.hat if self.scaled else None)
        unscaled = self.scaled and cars.abnormal.hat is None
        n = np.broadcast_to(cars.abnormal.n_est[:, None], shape)
        longer = np.broadcast_to(cars.lengths > 1, shape)
        return laws.result(
            self,
            laws.Tested(np.abs(cars.car), p_value, laws.named("empirical", n)),
            estimate=cars.car,
            n=n,
            reason=laws.first_reason(
                laws.where(longer, "for one day only; a sum of days has another law"),
                laws.where(
                    np.full(shape, unscaled), "the model has no leverage of its estimation days"
                ),
                laws.missing_returns(cars),
            ),
        )


def _tail_shares(
    cars: CumulativeReturns, single: NDArray[np.int64], hat: Callable[[Rows], Floats] | None
) -> Floats:
    """Return (1 + #{|e_t| >= |AR|}) / (M + 1) for one-day windows, shape (N, len(single)).

    Parameters
    ----------
    cars : CumulativeReturns
        N events.
    single : ndarray of int
        The one-day windows.
    hat : callable, optional
        Leverage of the estimation days, by which e_t is scaled and AR by its own; None for neither.
    """
    import numpy as np

    from eventstudy.returns.sample import chunks

    share, size = np.empty((len(cars.car), len(single))), np.abs(cars.car[:, single])
    if hat:
        sigma = np.broadcast_to(cars.abnormal.sigma[:, None], size.shape)
        size = np.where(sigma > 0, np.abs(cars.scar[:, single]) * sigma, size)
    for rows in chunks(len(cars.car)):
        residuals = np.abs(cars.abnormal.residuals(rows))
        if hat:
            residuals = residuals / np.sqrt(np.maximum(1 - hat(rows), NO_FREEDOM))
        n = np.isfinite(residuals).sum(axis=1)
        for position in range(len(single)):
            at_least = (residuals >= size[rows, position, None]).sum(axis=1)
            share[rows, position] = (1 + at_least) / (n + 1)
    return share


PLUGIN: type[Statistic] = SampleQuantile
