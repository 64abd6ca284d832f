"""Generalised sign: positive CARs against the frequency that the estimation window shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Scope, Statistic, StatisticResult
    from eventstudy.models.base import Floats


@dataclass(frozen=True, slots=True)
class GeneralizedSign:
    """Z = (w - N p) / sqrt(N p (1 - p)), w = #{CAR > 0}.

    Notes
    -----
    p = (1/N) sum_i (1/M_i) #{e_it > 0}: the mean over events of each event's share of positive
    estimation residuals; pooling event-days instead is another number. The p-value is that of
    N(0, 1); for N <= 25 it is that of the binomial law B(N, p) itself, since at N = 5 the normal
    law calls five equal signs significant (.025) where the exact two-sided p-value is .062. Not
    robust to events that share their dates.

    References
    ----------
    Cowan, A. R. (1992), Review of Quantitative Finance and Accounting 2, 343-358.
    """

    name: ClassVar[str] = "generalized_sign"
    reference: ClassVar[str] = "Cowan (1992)"
    scope: ClassVar[Scope] = "group"
    resampling: ClassVar[bool] = False
    null: ClassVar[str] = "positive CARs are as frequent as positive estimation residuals"

    def test(self, cars: CumulativeReturns) -> StatisticResult:
        """Test the group on every window; results have the shape (W,)."""
        from eventstudy.inference import _laws as laws

        return laws.signs_against(self, cars, _shares(cars, _positive_residuals(cars)))


def _positive_residuals(cars: CumulativeReturns) -> Floats:
    """Return each event's share of positive estimation residuals, shape (N,)."""
    import numpy as np

    from eventstudy.returns.sample import chunks

    share = np.empty(len(cars.car))
    for rows in chunks(len(cars.car)):
        residuals = cars.abnormal.residuals(rows)
        count = np.isfinite(residuals).sum(axis=1)
        share[rows] = (residuals > 0).sum(axis=1) / np.maximum(count, 1)
    return share


def _shares(cars: CumulativeReturns, share: Floats) -> Floats:
    """Average the shares over the events that have a CAR, by window, shape (W,)."""
    import numpy as np

    present = np.isfinite(cars.car)
    count = np.maximum(present.sum(axis=0), 1)
    mean: Floats = np.where(present, share[:, None], 0.0).sum(axis=0) / count
    return mean


PLUGIN: type[Statistic] = GeneralizedSign
