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
    slopes : {'separate', 'instrument'}
        ``separate``: three simple regressions, each slope over the variance of its own regressor, as
        in the paper. ``instrument``: all covariances over one variance, which makes beta an
        instrumental-variable estimator.

    Notes
    -----
    b-, b0, b+ are the slopes of R_t on Rm_(t-1), Rm_t, Rm_(t+1), rho1 is the correlation of Rm_t and
    Rm_(t-1), all over the estimation window. alpha = mean R - beta m.

    Either way beta = sum w_t R_t with sum w_t = 0, so that
    Var(CAR_W) = s^2 (L + L^2/M + (sum Rm_t - L m)^2 sum w_t^2), s^2 = SSE / (M - 2).
    ``separate``: w_t = sum_j (Rm_(t+j) - m_j) / SSX_j / (1 + 2 rho1), j = -1, 0, 1; a beta of one is
    met up to a term of the order 1/M, which the variance leaves out. ``instrument``: beta =
    sum (z_t - z) R_t / sum (z_t - z)(Rm_t - m) with z_t = Rm_(t-1) + Rm_t + Rm_(t+1), so that the
    benchmark itself has a beta of exactly one and sum w_t^2 = sum (z_t - z)^2 /
    [sum (z_t - z)(Rm_t - m)]^2. There is no beta where the divisor is not positive. Sessions beside a
    gap of the benchmark are left out.

    References
    ----------
    Scholes, M. and Williams, J. (1977), Journal of Financial Economics 5, 309-327.
    """

    name: ClassVar[str] = "scholes_williams"
    reference: ClassVar[str] = "Scholes and Williams (1977)"
    benchmark: str
    lag: Literal["none", "previous_close"] = "none"
    slopes: Literal["separate", "instrument"] = "separate"

    def inputs(self) -> tuple[FactorRequest, ...]:
        """Return the benchmark, of the session, of the one before and of the one after."""
        from eventstudy.models._leads_lags import leads_and_lags

        return leads_and_lags(self.benchmark, 1, lag=self.lag)

    def fit(self, sample: Sample) -> Fit:
        """Estimate alpha and beta of every cell."""
        from eventstudy.models._slopes import fit_slope

        return fit_slope(sample, _separate if self.slopes == "separate" else _instrument)


def _separate(y: Floats, x: Floats) -> tuple[Floats, Floats]:
    """Return beta and the sum of its squared weights, from three simple regressions."""
    import numpy as np

    from eventstudy.models._slopes import centred, ratio

    market, lag, lead = (centred(x[:, :, column]) for column in range(3))
    sizes = [(series**2).sum(axis=1)[:, None] for series in (market, lag, lead)]
    slopes = np.sum(list(map(ratio, (market, lag, lead), sizes)), axis=0)
    rho = ratio((market * lag).sum(axis=1), np.sqrt(sizes[0] * sizes[1])[:, 0])
    weights = ratio(slopes, np.maximum(1 + 2 * rho, 0)[:, None])
    return (weights * centred(y)).sum(axis=1), (weights**2).sum(axis=1)


def _instrument(y: Floats, x: Floats) -> tuple[Floats, Floats]:
    """Return beta and the sum of its squared weights, with the sum of three sessions as z."""
    import numpy as np

    from eventstudy.models._slopes import centred, ratio

    z, market = centred(x.sum(axis=2)), centred(x[:, :, 0])
    shared = np.maximum((z * market).sum(axis=1), 0)
    return ratio((z * centred(y)).sum(axis=1), shared), ratio((z**2).sum(axis=1), shared**2)


PLUGIN: type[Model] = ScholesWilliams
