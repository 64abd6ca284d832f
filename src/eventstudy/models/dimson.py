"""Dimson's beta from leads and lags, with the correction of Fowler and Rorke."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

if TYPE_CHECKING:
    from eventstudy.models.base import Fit, Floats, Model
    from eventstudy.returns.request import FactorRequest
    from eventstudy.returns.sample import Sample


@dataclass(frozen=True, slots=True)
class Dimson:
    """R_t = alpha + beta Rm_t + e_t with beta = sum w_|j| b_j over leads and lags j.

    Attributes
    ----------
    benchmark : str
        Id of the instrument whose return is Rm.
    lag : {'none', 'previous_close'}
        As in the market model.
    leads_lags : int
        Sessions before and after that enter, 1 or 2.

    Notes
    -----
    b_j are the coefficients of R_t = a + sum b_j Rm_(t-j) + u_t, j = -k..k, by ordinary least
    squares. w_0 = 1; one lead and lag: w_1 = (1 + rho1) / (1 + 2 rho1); two:
    w_1 = (1 + 2 rho1 + rho2) / (1 + 2 rho1 + 2 rho2), w_2 = (1 + rho1 + rho2) / (1 + 2 rho1 +
    2 rho2). rho_j is the correlation of Rm_t and Rm_(t-j) over the estimation window. (Dimson's own
    weights, all one, are biased.) alpha = mean R - beta m.

    beta = c'b with c the weights and 0 for a, so its error is uncorrelated with that of the mean
    return and Var(CAR_W) = s^2 (L + L^2/M + (sum Rm_t - L m)^2 c'(X'X)^-1 c), X the design of the
    regression with leads and lags, s^2 = SSE / (M - 2) of the abnormal returns R_t - alpha -
    beta Rm_t. Sessions beside a gap of the benchmark are left out.

    References
    ----------
    Dimson, E. (1979), Journal of Financial Economics 7, 197-226.
    Fowler, D. J. and Rorke, C. H. (1983), Journal of Financial Economics 12, 279-283.
    """

    name: ClassVar[str] = "dimson"
    reference: ClassVar[str] = "Dimson (1979), corrected by Fowler and Rorke (1983)"
    benchmark: str
    lag: Literal["none", "previous_close"] = "none"
    leads_lags: Annotated[int, Field(ge=1, le=2)] = 1

    def inputs(self) -> tuple[FactorRequest, ...]:
        """Return the benchmark, then its lags, then its leads."""
        from eventstudy.models._leads_lags import leads_and_lags

        return leads_and_lags(self.benchmark, self.leads_lags, lag=self.lag)

    def fit(self, sample: Sample) -> Fit:
        """Estimate alpha and beta of every cell."""
        from eventstudy.models._slopes import fit_slope

        return fit_slope(sample, _slope)


def _slope(y: Floats, x: Floats) -> tuple[Floats, Floats]:
    """Return beta = c'b and c'(X'X)^-1 c, the sum of its squared weights."""
    import numpy as np

    from eventstudy.models._least_squares import least_squares

    design = np.concatenate([np.ones_like(x[:, :, :1]), x], axis=2)
    part, sides = least_squares(y, design), _weights(x)
    ends = np.zeros((len(x), 1)), np.ones((len(x), 1))
    c = np.concatenate([*ends, sides, sides], axis=1)
    beta = (c * part.coefficients).sum(axis=1)
    return beta, ((c[:, None, :] @ part.basis)[:, 0, :] ** 2).sum(axis=1)


def _weights(x: Floats) -> Floats:
    """Return w_1..w_k from the autocorrelations of the market, shape (n, k).

    w_j = sum of rho_|i| over i = -k..k-j, divided by the sum over i = -k..k.
    """
    import numpy as np

    from eventstudy.models._slopes import centred, ratio

    lags = (x.shape[2] - 1) // 2
    market, *past = (centred(x[:, :, column]) for column in range(lags + 1))
    sizes = [(series**2).sum(axis=1) for series in (market, *past)]
    rho = np.stack(
        [
            ratio((market * lag).sum(axis=1), np.sqrt(sizes[0] * size))
            for lag, size in zip(past, sizes[1:], strict=True)
        ],
        axis=1,
    )
    left_out = rho[:, ::-1].cumsum(axis=1)
    total = np.broadcast_to(1 + 2 * rho.sum(axis=1, keepdims=True), rho.shape)
    return 1 - ratio(left_out, total)


PLUGIN: type[Model] = Dimson
