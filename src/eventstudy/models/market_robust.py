"""Market model by a robust regression, for estimation windows with outliers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from eventstudy.models.base import Fit, Model
    from eventstudy.returns.request import FactorRequest
    from eventstudy.returns.sample import Sample


@dataclass(frozen=True, slots=True)
class MarketRobust:
    """R_t = alpha + beta Rm_t + e_t, with outliers of the estimation window weighing less.

    Attributes
    ----------
    benchmark : str
        Id of the instrument whose return is Rm.
    lag : {'none', 'previous_close'}
        As in the market model.
    estimator : {'huber', 'lad'}
        ``huber``: squares of small residuals, beyond 1.345 robust standard deviations their size;
        ``lad``: least absolute deviations, the median regression.

    Notes
    -----
    Var(AR_t) = s^2 + x_t'V x_t and Var(CAR_W) = L s^2 + (sum x_t)'V (sum x_t) with x_t = (1, Rm_t)
    and V the covariance of alpha and beta: Huber's, or of least absolute deviations with a kernel
    estimate of the density at the median (bandwidth of Hall and Sheather). s^2 = SSE / (M - 2) of the
    residuals about the robust line, outliers included, because the abnormal return is drawn from the
    same returns; M - 2 degrees of freedom. alpha and beta are robust, the variance is not.

    References
    ----------
    Huber, P. J. (1981), Robust Statistics, section 7.6.
    Koenker, R. and Bassett, G. (1978), Econometrica 46, 33-50.
    """

    name: ClassVar[str] = "market_robust"
    reference: ClassVar[str] = "Huber (1981), section 7.6; Koenker and Bassett (1978)"
    benchmark: str
    lag: Literal["none", "previous_close"] = "none"
    estimator: Literal["huber", "lad"] = "huber"

    def inputs(self) -> tuple[FactorRequest, ...]:
        """Return the benchmark."""
        from eventstudy.returns.request import FactorRequest

        return (FactorRequest(self.benchmark, self.lag),)

    def fit(self, sample: Sample) -> Fit:
        """Estimate alpha and beta of every cell, one after the other."""
        from eventstudy.models._robust import fit_robust

        return fit_robust(sample, self.estimator)


PLUGIN: type[Model] = MarketRobust
