"""Jackknife t: how the estimate changes when one event is left out, event by event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Scope, Statistic, StatisticResult
    from eventstudy.models.base import Floats


@dataclass(frozen=True, slots=True)
class JackknifeT:
    """t = sqrt(N) mean(P) / sd(P) ~ t(N - 1), P_i the jackknife pseudo-values of an estimate.

    Attributes
    ----------
    of : {'mean_over_sd', 'mean'}
        The estimate: ``mean_over_sd``, S = mean(CAR) / sd(CAR), of which the jackknife also removes
        the bias that skewness brings; ``mean``, the mean CAR, whose pseudo-values are the CARs
        themselves: then t is `cross_sectional_t`.

    Notes
    -----
    P_i = N E - (N - 1) E_(-i), E the estimate from all events and E_(-i) the same without event i.
    Robust to a rise of the variance on the event; not to events that share their dates. It draws no
    random numbers. Another jackknife of event studies, which this is not claimed to be, is that of
    Giaccotto and Sfiridis (Journal of Economics and Business 48, 1996, 349-370).

    References
    ----------
    Quenouille, M. H. (1956), Biometrika 43, 353-360; Tukey, J. W. (1958), Annals of Mathematical
    Statistics 29, 614.
    """

    name: ClassVar[str] = "jackknife_t"
    reference: ClassVar[str] = "Quenouille (1956), Tukey (1958)"
    scope: ClassVar[Scope] = "group"
    resampling: ClassVar[bool] = False
    null: ClassVar[str] = "the mean CAR of the group is zero"
    of: Literal["mean_over_sd", "mean"] = "mean_over_sd"

    def test(self, cars: CumulativeReturns) -> StatisticResult:
        """Test the group on every window; results have the shape (W,)."""
        import numpy as np

        from eventstudy.aggregate import car_moments, moments
        from eventstudy.inference import _laws as laws

        if self.of == "mean":
            return laws.mean_over_spread(self, cars, cars.car)
        n, mean, sd = car_moments(cars)
        pseudo, alike = _pseudo_values(cars.car)
        _, centre, spread = moments(pseudo)
        spread = np.where(spread > laws.NO_SPREAD * np.abs(centre), spread, 0.0)
        return laws.result(
            self,
            laws.student(np.sqrt(n) * laws.ratio(centre, spread), n - 1),
            estimate=mean,
            n=n,
            reason=laws.first_reason(
                laws.needs_events(n, 3),
                laws.where(~(sd > laws.NO_SPREAD * np.abs(mean)), "the events do not differ"),
                laws.where(alike, "without one of the events the others do not differ"),
                laws.where(~(spread > 0), "the pseudo-values of the events do not differ"),
            ),
        )


def _pseudo_values(car: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the pseudo-values of mean / sd, shape (N, W), and where one cannot be had, (W,)."""
    import numpy as np

    from eventstudy.aggregate import moments
    from eventstudy.inference import _laws as laws

    n, mean, sd = moments(car)
    deviation = (car - mean) / np.where(sd > 0, sd, np.nan)
    # without event i, in units of sd: mean s - d / (n - 1), squares n - 1 - n d^2 / (n - 1)
    rest = np.maximum(n - 1, 1)
    squares = rest - n * deviation**2 / rest
    squares = np.where(squares > 1e-10 * rest, squares, 0.0)
    s = laws.ratio(mean, sd)
    without = laws.ratio(s - deviation / rest, np.sqrt(squares / np.maximum(n - 2, 1)))
    alike = (np.isfinite(car) & ~(squares > 0)).sum(axis=0) > 0
    return n * s - rest * without, alike


PLUGIN: type[Statistic] = JackknifeT
