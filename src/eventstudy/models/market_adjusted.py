"""Market-adjusted returns: the expected return is the benchmark's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from eventstudy.models.base import Fit, Model
    from eventstudy.returns.request import FactorRequest
    from eventstudy.returns.sample import Sample


@dataclass(frozen=True, slots=True)
class MarketAdjusted:
    """AR_t = R_t - Rm_t: nothing is estimated but the variance.

    Attributes
    ----------
    benchmark : str
        Id of the instrument whose return is Rm.
    lag : {'none', 'previous_close'}
        As in the market model.

    Notes
    -----
    s^2 = SSE / M about zero, M degrees of freedom, Var(CAR_W) = L s^2: no parameter, hence no
    forecast error.

    References
    ----------
    Brown, S. J. and Warner, J. B. (1985), Journal of Financial Economics 14, 3-31: market adjusted
    returns.
    """

    name: ClassVar[str] = "market_adjusted"
    reference: ClassVar[str] = "Brown and Warner (1985), market adjusted returns"
    benchmark: str
    lag: Literal["none", "previous_close"] = "none"

    def inputs(self) -> tuple[FactorRequest, ...]:
        """Return the benchmark."""
        from eventstudy.returns.request import FactorRequest

        return (FactorRequest(self.benchmark, self.lag),)

    def fit(self, sample: Sample) -> Fit:
        """Measure the variance of every cell's difference to the benchmark."""
        from eventstudy.models._portfolios import fit_fixed_weights

        return fit_fixed_weights(sample, (1.0,))


PLUGIN: type[Model] = MarketAdjusted
