"""Wilcoxon signed rank: the ranks of the positive CARs against those of the negative."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Scope, Statistic, StatisticResult
    from eventstudy.models.base import Floats


@dataclass(frozen=True, slots=True)
class Wilcoxon:
    """W+ = sum of the ranks of |CAR| over the positive CARs.

    Notes
    -----
    Zeros are left out, ties share their mean rank. Up to 25 CARs the p-value is exact over all 2^N
    signs given the ranks; beyond, normal with mean N (N+1) / 4 and variance
    N (N+1) (2N+1) / 24 - sum (t^3 - t) / 48 over ties of size t, without continuity correction.
    Needs a symmetric law under the null; not robust to events that share their dates. With fewer
    than 6 events no p-value can fall below 5 per cent.

    References
    ----------
    Wilcoxon, F. (1945), Biometrics Bulletin 1, 80-83.
    """

    name: ClassVar[str] = "wilcoxon"
    reference: ClassVar[str] = "Wilcoxon (1945)"
    scope: ClassVar[Scope] = "group"
    resampling: ClassVar[bool] = False
    null: ClassVar[str] = "the CARs of the group are symmetric about zero"

    def test(self, cars: CumulativeReturns) -> StatisticResult:
        """Test the group on every window; results have the shape (W,)."""
        import numpy as np

        from eventstudy.aggregate import car_moments
        from eventstudy.inference import _laws as laws

        width = len(cars.windows)
        statistic, p_value = np.zeros(width), np.full(width, np.nan)
        n, law = np.zeros(width, int), laws.texts((width,), "normal")
        for window in range(width):
            values = cars.car[:, window]
            values = values[np.isfinite(values) & (values != 0)]
            n[window] = len(values)
            if len(values) >= 2:
                statistic[window], p_value[window] = _signed_rank(values)
        law[n <= laws.EXACT_UP_TO] = "exact"
        return laws.result(
            self,
            laws.Tested(statistic, p_value, law),
            estimate=car_moments(cars)[1],
            n=n,
            reason=laws.needs_events(n, 2),
        )


def _signed_rank(values: Floats) -> tuple[float, float]:
    """Return W+ and its two-sided p-value for non-zero values, shape (n,)."""
    import numpy as np
    from scipy.special import ndtr

    from eventstudy.inference import _ranks
    from eventstudy.inference._laws import EXACT_UP_TO

    n = len(values)
    ranks = _ranks.ranks(np.abs(values)[None])[0][0]
    positive = float(ranks[values > 0].sum())
    if n <= EXACT_UP_TO:
        return positive, _exact(ranks, positive)
    _, ties = np.unique(ranks, return_counts=True)
    variance = n * (n + 1) * (2 * n + 1) / 24 - (ties**3 - ties).sum() / 48
    return positive, float(2 * ndtr(-abs(positive - n * (n + 1) / 4) / np.sqrt(variance)))


def _exact(ranks: NDArray[np.float64], positive: float) -> float:
    """Return the share of the 2^n sign patterns whose W+ is as far from its mean, or farther."""
    import numpy as np

    doubled = np.rint(2 * ranks).astype(int)
    ways = np.zeros(doubled.sum() + 1)
    ways[0] = 1.0
    for rank in doubled:
        ways[rank:] += ways[:-rank].copy()
    distance = np.abs(2 * np.arange(len(ways)) - doubled.sum())
    as_far = distance >= abs(4 * positive - doubled.sum()) - 0.5
    return float(ways[as_far].sum() / ways.sum())


PLUGIN: type[Statistic] = Wilcoxon
