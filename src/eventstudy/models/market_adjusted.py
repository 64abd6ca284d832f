"""Market-adjusted returns: the expected return is the benchmark's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from eventstudy.models.base import Fit, Floats, Model, Rows
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
        import numpy as np

        from eventstudy.models._least_squares import EXACT, EXACT_FIT
        from eventstudy.models.base import Fit
        from eventstudy.returns.sample import chunks

        n, length = len(sample), sample.event_window.length
        n_obs, sigma, expected = np.zeros(n, int), np.full(n, np.nan), np.empty((n, length))
        for rows in chunks(n):
            residuals = _residuals(sample, rows)
            n_obs[rows] = np.isfinite(residuals).sum(axis=1)
            sse = np.nansum(residuals**2, axis=1)
            sigma[rows] = np.sqrt(sse / np.maximum(n_obs[rows], 1))
            size = np.nanmax(
                np.abs(sample.gather(rows, sample.estimation).asset), axis=1, initial=0
            )
            sigma[rows][sigma[rows] <= EXACT * size] = 0.0
            expected[rows] = sample.gather(rows, sample.event_window).factors[:, :, 0]
        failures = np.full(n, "", dtype=object)
        failures[sigma == 0] = EXACT_FIT
        failures[n_obs == 0] = "no returns in the estimation window"
        return Fit(
            parameters=(),
            coefficients=np.empty((n, 0)),
            std_errors=np.empty((n, 0)),
            sigma=sigma,
            dof=n_obs,
            n_obs=n_obs,
            r_squared=np.full(n, np.nan),
            expected=expected,
            leverage=np.empty((n, length, 0)),
            residuals=partial(_residuals, sample),
            failures=failures,
        )


def _residuals(sample: Sample, rows: Rows) -> Floats:
    """Return asset minus benchmark over the estimation window, shape (n, L1)."""
    window = sample.gather(rows, sample.estimation)
    return window.asset - window.factors[:, :, 0]


PLUGIN: type[Model] = MarketAdjusted
