"""Wild bootstrap: the t of the mean CAR against that of CARs whose signs are drawn at random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

if TYPE_CHECKING:
    import numpy as np

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference._resampling import Alike, Outcome, Rearranged
    from eventstudy.inference.base import ResamplingStatistic, Scope, StatisticResult
    from eventstudy.models.base import Floats


@dataclass(frozen=True, slots=True)
class WildBootstrap:
    """p = share of sign changes of the CARs whose t is as far from zero as that of the data.

    Attributes
    ----------
    cluster : {'event', 'date', 'overlap'}
        What changes sign as one: each event; the events of one date of day 0; the events whose
        tested windows overlap in calendar time, directly or through others.
    draws : int
        Sign changes drawn; where G clusters have no more of them, 2^G, all are taken.

    Notes
    -----
    t = mean(CAR) / se, se^2 = G / (G - 1) sum_g (sum_(i in g) (CAR_i - mean))^2 / N^2; with each
    event a cluster, t is `cross_sectional_t`. The null is imposed: CAR*_i = w_g CAR_i, w_g = -1 or 1
    with equal chance, and t* is computed from CAR* as t from CAR. Two-sided: all 2^G changes give
    p = #{abs(t*) >= abs(t)} / 2^G, never below 2 / 2^G; B drawn ones
    p = (1 + #{abs(t*) >= abs(t)}) / (B + 1).

    Robust to a rise of the variance on the event; to events that share their dates with `date` or
    `overlap`, as far as there are several clusters: fewer than 6 cannot reject at 5 per cent.

    References
    ----------
    Liu, R. Y. (1988), Annals of Statistics 16, 1696-1708; Cameron, A. C., Gelbach, J. B. and Miller,
    D. L. (2008), Review of Economics and Statistics 90, 414-427, for clusters; Davidson, R. and
    Flachaire, E. (2008), Journal of Econometrics 146, 162-169, for the signs -1 and 1.
    """

    name: ClassVar[str] = "wild_bootstrap"
    reference: ClassVar[str] = "Liu (1988), Cameron, Gelbach and Miller (2008)"
    scope: ClassVar[Scope] = "group"
    resampling: ClassVar[bool] = True
    null: ClassVar[str] = "the CARs of the group are symmetric about zero"
    cluster: Literal["event", "date", "overlap"] = "event"
    draws: Annotated[int, Field(ge=99, le=1_000_000)] = 9_999

    def test(self, cars: CumulativeReturns, rng: np.random.Generator) -> StatisticResult:
        """Test the group on every window; results have the shape (W,)."""
        import numpy as np

        from eventstudy.aggregate import car_moments
        from eventstudy.inference import _laws as laws
        from eventstudy.inference import _resampling as resampling

        cars = cars.select(resampling.order(cars))
        found = resampling.Outcome.empty(len(cars.windows))
        seed = int(rng.integers(2**63))
        for same in resampling.alike(resampling.clusters(cars, self.cluster)):
            if same.groups < 2:
                found.reason[same.columns] = (
                    "all events are one cluster: nothing to hold it against"
                )
                continue
            own = np.random.default_rng(seed)
            changes = resampling.sign_changes(same.groups, self.draws, own)
            _test(cars.car[np.ix_(same.rows, same.columns)], same, changes, found)
        n, mean, _ = car_moments(cars)
        reason = laws.first_reason(laws.needs_events(n, 2), found.reason)
        return laws.result(self, found.tested, estimate=mean, n=n, reason=reason)


def _test(car: Floats, same: Alike, changes: Rearranged, found: Outcome) -> None:
    """Test windows that share events and clusters, CARs of shape (n, w)."""
    import numpy as np

    from eventstudy.inference import _laws as laws
    from eventstudy.inference._resampling import as_extreme

    n, groups = len(car), same.groups
    size = same.sizes[:, None]
    total, mean = same.sums(car), car.mean(axis=0)
    scale = groups / (groups - 1)
    variance = scale * ((total - size * mean) ** 2).sum(axis=0)
    spread = np.sqrt(variance) > laws.NO_SPREAD * n * np.abs(mean)
    statistic = laws.ratio(n * mean, np.where(spread, np.sqrt(variance), 0.0))
    extreme = np.zeros(car.shape[1], dtype=np.int64)
    for signs in changes.parts:
        effect, weighted = signs @ total, signs @ (total * size)
        squares = (total**2).sum(axis=0) - 2 * effect / n * weighted
        squares += (effect / n) ** 2 * (size**2).sum()
        extreme += as_extreme(effect, scale * squares, statistic)
    found.write(same.columns, statistic, changes.p_value(extreme), changes.law)
    found.reason[same.columns[~spread]] = laws.ALIKE


PLUGIN: type[ResamplingStatistic] = WildBootstrap
