"""Bootstrapped skewness-adjusted t: Johnson's t against its own law in resamples of the events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

if TYPE_CHECKING:
    import numpy as np

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference._resampling import Ints
    from eventstudy.inference._skewness import Form
    from eventstudy.inference.base import ResamplingStatistic, Scope, StatisticResult
    from eventstudy.models.base import Floats

LEAST = 10
"""Fewest events of a resample: with less, its skewness means nothing."""


@dataclass(frozen=True, slots=True)
class JohnsonBootstrapT:
    """J = sqrt(N) (S + g S^2 / 3 + g / (6 N)), S = mean / sd, against J* of resamples.

    Attributes
    ----------
    skewness : {'moment', 'sample'}
        ``moment``: g = (1/N) sum (x - mean)^3 / sd^3; ``sample``: g = N / ((N-1)(N-2)) sum
        (x - mean)^3 / sd^3; sd with ddof 1 in both.
    share : float
        Size of a resample as a share of the events, rounded down; a resample needs 10 events.
    draws : int
        Number of resamples.

    Notes
    -----
    A resample draws n_b = N / 4 events with replacement. The null is imposed by centring it on the
    mean of the data: S*_b = (mean_b - mean) / sd_b, J*_b = sqrt(n_b) (S*_b + g_b S*_b^2 / 3 +
    g_b / (6 n_b)). The law is skewed, so each tail is read by itself: p = 2 min(1 + #{J* <= J},
    1 + #{J* >= J}) / (B + 1), at most 1: J beyond the critical values at alpha / 2 and 1 - alpha / 2.
    A resample without spread counts in both tails. The paper takes B = 1000; 999 makes alpha (B + 1)
    whole.

    Robust to a rise of the variance on the event and to skewness; not to events that share their
    dates. J is not monotone in S: with strong skewness and a large mean of the other sign it turns.

    References
    ----------
    Lyon, J. D., Barber, B. M. and Tsai, C.-L. (1999), Journal of Finance 54, 165-201;
    Johnson, N. J. (1978), Journal of the American Statistical Association 73, 536-544.
    """

    name: ClassVar[str] = "johnson_bootstrap_t"
    reference: ClassVar[str] = "Lyon, Barber and Tsai (1999)"
    scope: ClassVar[Scope] = "group"
    resampling: ClassVar[bool] = True
    null: ClassVar[str] = "the mean CAR of the group is zero"
    skewness: Literal["moment", "sample"] = "moment"
    share: Annotated[float, Field(gt=0, le=1)] = 0.25
    draws: Annotated[int, Field(ge=99, le=100_000)] = 999

    def test(self, cars: CumulativeReturns, rng: np.random.Generator) -> StatisticResult:
        """Test the group on every window; results have the shape (W,)."""
        import numpy as np

        from eventstudy.inference import _laws as laws
        from eventstudy.inference import _resampling as resampling
        from eventstudy.inference._skewness import johnson, shape_of

        cars = cars.select(resampling.order(cars))
        shape = shape_of(cars.car, self.skewness)
        found = resampling.Outcome.empty(len(cars.windows))
        least = int(np.ceil(LEAST / self.share - 1e-9))
        found.tested.statistic[:] = johnson(shape.s, shape.g, shape.n)
        found.tested.distribution[:] = f"empirical({self.draws})"
        seed = int(rng.integers(2**63))
        for same in resampling.alike(resampling.clusters(cars, "event")):
            columns = same.columns[shape.sd[same.columns] > 0]
            if len(same.rows) >= least and len(columns):
                deviation = cars.car[np.ix_(same.rows, columns)] - shape.mean[columns]
                lower, upper = self._tails(
                    deviation / shape.sd[columns],
                    found.tested.statistic[columns],
                    np.random.default_rng(seed),
                )
                p_value = 2 * (1 + np.minimum(lower, upper)) / (self.draws + 1)
                found.tested.p_value[columns] = p_value
        reason = laws.first_reason(
            laws.needs_events(shape.n, least),
            laws.where(~(shape.sd > 0), "the events do not differ"),
        )
        return laws.result(self, found.tested, estimate=shape.mean, n=shape.n, reason=reason)

    def _tails(self, z: Floats, j: Floats, rng: np.random.Generator) -> tuple[Ints, Ints]:
        """Count the resamples with J* <= J and with J* >= J, for standardised CARs (n, w)."""
        import numpy as np

        from eventstudy.inference._resampling import TIE, portions

        size = int(len(z) * self.share + 1e-9)
        lower, upper = np.zeros((2, z.shape[1]), dtype=np.int64)
        for number in portions(self.draws, len(z)):
            drawn = rng.integers(len(z), size=(number, size)) + len(z) * np.arange(number)[:, None]
            times = np.bincount(drawn.ravel(), minlength=number * len(z)).reshape(number, len(z))
            resampled = _resampled(times.astype(float), z, self.skewness)
            alike = np.isnan(resampled)
            tolerance = TIE * np.maximum(np.abs(j), 1)
            lower += (alike | (resampled <= j + tolerance)).sum(axis=0)
            upper += (alike | (resampled >= j - tolerance)).sum(axis=0)
        return lower, upper


def _resampled(times: Floats, z: Floats, form: Form) -> Floats:
    """Return J* of resamples that hold event i so many times, (b, n), of z (n, w); NaN if alike."""
    import numpy as np

    from eventstudy.inference._laws import ratio
    from eventstudy.inference._skewness import factor, johnson

    size = np.array(int(times[0].sum()))
    first, second, third = (times @ z**power / size for power in (1, 2, 3))
    variance = second - first**2
    # the CARs have variance 1: what is left below is rounding
    sd = np.sqrt(np.where(variance > 1e-12, variance, 0.0) * size / (size - 1))
    cubes = size * (third - 3 * first * second + 2 * first**3)
    return johnson(ratio(first, sd), factor(size, form) * ratio(cubes, sd**3), size)


PLUGIN: type[ResamplingStatistic] = JohnsonBootstrapT
