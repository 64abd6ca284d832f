"""Market model with a variance that follows from the past: GARCH, GJR, EGARCH."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from eventstudy.models.base import Fit, Model
    from eventstudy.returns.request import FactorRequest
    from eventstudy.returns.sample import Sample


@dataclass(frozen=True, slots=True)
class MarketGARCH:
    """R_t = alpha + beta Rm_t + e_t with Var(e_t) = h_t, calm and turbulent days told apart.

    Attributes
    ----------
    benchmark : str
        Id of the instrument whose return is Rm.
    lag : {'none', 'previous_close'}
        As in the market model.
    volatility : {'garch', 'gjr', 'egarch'}
        How h_t follows from the day before, each of order one.

    Notes
    -----
    ``garch``: h_t = omega + a e_(t-1)^2 + b h_(t-1). ``gjr``: a + g for negative e_(t-1).
    ``egarch``: ln h_t = omega + a (abs(z) - sqrt(2 / pi)) + g z + b ln h_(t-1), z = e_(t-1) /
    sqrt(h_(t-1)). All parameters by maximum likelihood with normal errors over the estimation window;
    a session with a gap is left out. In parameters.csv a is `arch`, g `leverage` and b `garch`.

    h_t of the event window is forecast from the last session of the estimation window, through the
    gap, with parameters fixed: no return after that session moves it. Var(AR_t) = h_t + x_t'V x_t and
    Var(CAR_W) = sum h_t + (sum x_t)'V (sum x_t), x_t = (1, Rm_t), V = (X'H^-1 X)^-1 with the h_t of
    the estimation window; the error of omega, a, g and b is left out. The t law has M - 2 degrees of
    freedom, which the normal errors of the likelihood make an approximation.

    A cell whose likelihood has no maximum, or whose EGARCH variance depends on where it starts, is lost
    with that reason; under 250 returns this is common for ``egarch``.

    sigma^2 = SSE / (M - 2), the mean variance. Residuals are not divided by sqrt(h_t): rank tests, the
    sample quantile and the average correlation compare a day with all days of the estimation window.
    Needs the package arch: pip install 'policy-eventstudy[garch]'.

    References
    ----------
    Bollerslev, T. (1986), Journal of Econometrics 31, 307-327.
    Nelson, D. B. (1991), Econometrica 59, 347-370.
    Straumann, D. and Mikosch, T. (2006), Annals of Statistics 34, 2449-2495: invertibility.
    Glosten, L. R., Jagannathan, R. and Runkle, D. E. (1993), Journal of Finance 48, 1779-1801.
    """

    name: ClassVar[str] = "market_garch"
    reference: ClassVar[str] = "Bollerslev (1986); Nelson (1991); Glosten et al. (1993)"
    benchmark: str
    lag: Literal["none", "previous_close"] = "none"
    volatility: Literal["garch", "gjr", "egarch"] = "garch"

    def inputs(self) -> tuple[FactorRequest, ...]:
        """Return the benchmark."""
        from eventstudy.returns.request import FactorRequest

        return (FactorRequest(self.benchmark, self.lag),)

    def fit(self, sample: Sample) -> Fit:
        """Estimate every cell, one after the other."""
        from eventstudy.models._garch import fit_garch

        return fit_garch(sample, self.volatility)


PLUGIN: type[Model] = MarketGARCH
