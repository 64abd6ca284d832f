"""Three factors of Fama and French: market, size, value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from eventstudy.models.base import Fit, Model
    from eventstudy.returns.request import FactorRequest
    from eventstudy.returns.sample import Sample


@dataclass(frozen=True, slots=True)
class FamaFrench3:
    """R_t - Rf_t = alpha + b (Rm_t - Rf_t) + s SMB_t + h HML_t + e_t, by ordinary least squares.

    Attributes
    ----------
    market : str
        Id of the market's return in excess of the risk-free return, Rm - Rf.
    smb, hml : str
        Ids of the returns of small minus big and of high minus low book-to-market stocks.
    risk_free : str
        Id of the risk-free return Rf.

    Notes
    -----
    The factors and Rf are simple returns in decimals. E[R_t] = Rf_t + alpha + b (Rm_t - Rf_t) + s SMB_t + h HML_t.

    Var(AR_t) = s^2 (1 + x_t'(X'X)^-1 x_t) and Var(CAR_W) = s^2 (L + (sum x_t)'(X'X)^-1 (sum x_t)),
    with x_t the constant and the factors, s^2 = SSE / (M - 4).

    References
    ----------
    Fama, E. F. and French, K. R. (1993), Journal of Financial Economics 33, 3-56, table 6.
    """

    name: ClassVar[str] = "fama_french_3"
    reference: ClassVar[str] = "Fama and French (1993), table 6"
    market: str = "Mkt-RF"
    smb: str = "SMB"
    hml: str = "HML"
    risk_free: str = "RF"

    def inputs(self) -> tuple[FactorRequest, ...]:
        """Return the factors, then the risk-free return."""
        from eventstudy.models._factors import returns_of

        return returns_of(self.market, self.smb, self.hml, self.risk_free)

    def fit(self, sample: Sample) -> Fit:
        """Estimate the factor loadings of every cell."""
        from eventstudy.models._least_squares import fit_regression

        return fit_regression(sample, ("alpha", "beta", "smb", "hml"), excess=True)


PLUGIN: type[Model] = FamaFrench3
