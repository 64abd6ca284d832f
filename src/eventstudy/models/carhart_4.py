"""Four factors of Carhart: market, size, value, momentum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from eventstudy.models.base import Fit, Model
    from eventstudy.returns.request import FactorRequest
    from eventstudy.returns.sample import Sample


@dataclass(frozen=True, slots=True)
class Carhart4:
    """R_t - Rf_t = alpha + b (Rm_t - Rf_t) + s SMB_t + h HML_t + m MOM_t + e_t, by OLS.

    Attributes
    ----------
    market : str
        Id of the market's return in excess of the risk-free return, Rm - Rf.
    smb, hml : str
        Ids of the returns of small minus big and of high minus low book-to-market stocks.
    momentum : str
        Id of the return of past winners minus past losers.
    risk_free : str
        Id of the risk-free return Rf.

    Notes
    -----
    The factors and Rf are simple returns in decimals. E[R_t] = Rf_t + alpha + b (Rm_t - Rf_t) + s SMB_t + h HML_t + m MOM_t.

    Var(AR_t) = s^2 (1 + x_t'(X'X)^-1 x_t) and Var(CAR_W) = s^2 (L + (sum x_t)'(X'X)^-1 (sum x_t)),
    with x_t the constant and the factors, s^2 = SSE / (M - 5).

    References
    ----------
    Carhart, M. M. (1997), Journal of Finance 52, 57-82: the 4-factor model.
    """

    name: ClassVar[str] = "carhart_4"
    reference: ClassVar[str] = "Carhart (1997), 4-factor model"
    market: str = "Mkt-RF"
    smb: str = "SMB"
    hml: str = "HML"
    momentum: str = "Mom"
    risk_free: str = "RF"

    def inputs(self) -> tuple[FactorRequest, ...]:
        """Return the factors, then the risk-free return."""
        from eventstudy.models._factors import returns_of

        return returns_of(self.market, self.smb, self.hml, self.momentum, self.risk_free)

    def fit(self, sample: Sample) -> Fit:
        """Estimate the factor loadings of every cell."""
        from eventstudy.models._least_squares import fit_regression

        return fit_regression(sample, ("alpha", "beta", "smb", "hml", "momentum"), excess=True)


PLUGIN: type[Model] = Carhart4
