"""Scholes and Williams: a beta for assets that do not trade at every close."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from eventstudy.models.base import Fit, Floats, Model
    from eventstudy.returns.request import FactorRequest
    from eventstudy.returns.sample import Sample


@dataclass(frozen=True, slots=True)
class ScholesWilliams:
    """R_t = alpha + beta Rm_t + e_t with beta = (b- + b0 + b+) / (1 + 2 rho1).

    Attributes
    ----------
    benchmark : str
        Id of the instrument whose return is Rm.
    lag : {'none', 'previous_close'}
        As in the market model.

    Notes
    -----
    b-, b0, b+ are the slopes of R_t on Rm_(t-1), Rm_t, Rm_(t+1), rho1 is the first-order
    autocorrelation of Rm. All second moments are divided by the one variance of Rm over the
    estimation window, which makes beta the instrumental-variable estimator
    sum (z_t - z)(R_t - R) / sum (z_t - z)(Rm_t - m) with z_t = Rm_(t-1) + Rm_t + Rm_(t+1), and gives
    the benchmark itself a beta of exactly one. alpha = mean R - beta m.

    Var(CAR_W) = s^2 (L + L^2/M + (sum Rm_t - L m)^2 sum (z_t - z)^2 / [sum (z_t - z)(Rm_t - m)]^2),
    with s^2 = SSE / (M - 2). Sessions beside a gap of the benchmark are left out.

    References
    ----------
    Scholes, M. and Williams, J. (1977), Journal of Financial Economics 5, 309-327.
    """

    name: ClassVar[str] = "scholes_williams"
    reference: ClassVar[str] = "Scholes and Williams (1977)"
    benchmark: str
    lag: Literal["none", "previous_close"] = "none"

    def inputs(self) -> tuple[FactorRequest, ...]:
        """Return the benchmark, of the session, of the one before and of the one after."""
        from eventstudy.models._leads_lags import leads_and_lags

        return leads_and_lags(self.benchmark, 1, lag=self.lag)

    def fit(self, sample: Sample) -> Fit:
        """Estimate alpha and beta of every cell."""
        from eventstudy.models._slopes import fit_slope

        return fit_slope(sample, _slope)


def _slope(y: Floats, x: Floats) -> tuple[Floats, Floats]:
    """Return beta and the sum of its squared weights, with the sum of three sessions as z."""
    from eventstudy.models._slopes import centred, ratio

    z, market = centred(x.sum(axis=2)), centred(x[:, :, 0])
    shared = (z * market).sum(axis=1)
    return ratio((z * centred(y)).sum(axis=1), shared), ratio((z**2).sum(axis=1), shared**2)


PLUGIN: type[Model] = ScholesWilliams
