"""CAPM: excess returns follow the excess return of the market."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from eventstudy.models.base import Fit, Model
    from eventstudy.returns.request import FactorRequest
    from eventstudy.returns.sample import Sample


@dataclass(frozen=True, slots=True)
class CAPM:
    """R_t - Rf_t = alpha + beta (Rm_t - Rf_t) + e_t, by ordinary least squares.

    Attributes
    ----------
    market : str
        Id of the market's return in excess of the risk-free return, Rm - Rf.
    risk_free : str
        Id of the risk-free return Rf.

    Notes
    -----
    The factors and Rf are simple returns in decimals. E[R_t] = Rf_t + alpha + beta (Rm_t - Rf_t).
    alpha is estimated, not set to zero.

    Var(AR_t) = s^2 (1 + x_t'(X'X)^-1 x_t) and Var(CAR_W) = s^2 (L + (sum x_t)'(X'X)^-1 (sum x_t)),
    with x_t the constant and the factors, s^2 = SSE / (M - 2).

    References
    ----------
    Sharpe, W. F. (1964), Journal of Finance 19, 425-442.
    Jensen, M. C. (1968), Journal of Finance 23, 389-416, equation 8: the regression with alpha.
    """

    name: ClassVar[str] = "capm"
    reference: ClassVar[str] = "Sharpe (1964); Jensen (1968), equation 8"
    market: str = "Mkt-RF"
    risk_free: str = "RF"

    def inputs(self) -> tuple[FactorRequest, ...]:
        """Return the factors, then the risk-free return."""
        from eventstudy.models._factors import returns_of

        return returns_of(self.market, self.risk_free)

    def fit(self, sample: Sample) -> Fit:
        """Estimate the factor loadings of every cell."""
        from eventstudy.models._least_squares import fit_regression

        return fit_regression(sample, ("alpha", "beta"), excess=True)


PLUGIN: type[Model] = CAPM
