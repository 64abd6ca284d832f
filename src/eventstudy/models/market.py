"""Market model: the expected return follows a benchmark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from eventstudy.spec.fields import RefusedError

if TYPE_CHECKING:
    from eventstudy.models.base import Fit, Model
    from eventstudy.returns.request import FactorRequest
    from eventstudy.returns.sample import Sample


@dataclass(frozen=True, slots=True)
class Market:
    """R_t = alpha + beta Rm_t + e_t, by ordinary least squares.

    Attributes
    ----------
    benchmark : str
        Id of the instrument whose return is Rm.
    lag : {'none', 'previous_close'}
        ``previous_close`` takes the benchmark sessions that closed between the asset's previous
        close and its open: New York for an Asian session, compounded over holidays.
    leads_lags : int
        The benchmark's returns of so many sessions before and after enter as further regressors,
        for assets that trade thinly.
    missing : {'drop', 'trade_to_trade'}
        ``drop``: a return that spans a session without a price is left out. ``trade_to_trade``: log
        returns from one trade to the next are used, whatever lies between.

    Notes
    -----
    With leads_lags = k the regression is R_t = alpha + sum b_j Rm_(t-j) + e_t over j = -k..k; the
    expected return uses all of them.

    Var(AR_t) = s^2 (1 + 1/M + (Rm_t - m)^2 / SSX) and
    Var(CAR_W) = s^2 (L + L^2/M + (sum Rm_t - L m)^2 / SSX), with s^2 = SSE / (M - 2);
    with more regressors x_t it is s^2 (L + (sum x_t)'(X'X)^-1 (sum x_t)), s^2 = SSE / (M - 2 - 2k).

    With ``trade_to_trade``, R_d / sqrt(d) = alpha sqrt(d) + beta Rm_d / sqrt(d) + e
    for the d sessions between two trades, by least squares; s^2 is the variance of one session. A CAR is
    the return from the close before the window to that of its last session less the expected returns of
    all its sessions, with the variance above; without a trade on either it is missing. A study needs
    prices and ``returns: log``; day 0 needs a trade.

    References
    ----------
    Maynes, E. and Rumsey, J. (1993), Journal of Banking and Finance 17, 145-157: trade to trade.
    MacKinlay, A. C. (1997), Journal of Economic Literature 35, 13-39, equations 3 to 8.
    """

    name: ClassVar[str] = "market"
    reference: ClassVar[str] = "MacKinlay (1997), equations 3-8"
    benchmark: str
    lag: Literal["none", "previous_close"] = "none"
    leads_lags: Annotated[int, Field(ge=0, le=5)] = 0
    missing: Literal["drop", "trade_to_trade"] = "drop"

    def __post_init__(self) -> None:
        if self.leads_lags and self.missing == "trade_to_trade":
            message = "leads and lags do not go with returns from trade to trade; choose one"
            raise RefusedError("bad-value", message, at=("missing",))

    def inputs(self) -> tuple[FactorRequest, ...]:
        """Return the benchmark, then its lags, then its leads."""
        from eventstudy.models._leads_lags import leads_and_lags

        return leads_and_lags(self.benchmark, self.leads_lags, lag=self.lag)

    def fit(self, sample: Sample) -> Fit:
        """Estimate alpha and beta of every cell."""
        from eventstudy.models._least_squares import fit_regression
        from eventstudy.models._trade_to_trade import fit_trade_to_trade

        if self.missing == "trade_to_trade":
            return fit_trade_to_trade(sample, ("alpha", "beta"))
        steps = range(1, self.leads_lags + 1)
        further = [f"beta_{side}{step}" for side in ("lag", "lead") for step in steps]
        return fit_regression(sample, ("alpha", "beta", *further))


PLUGIN: type[Model] = Market
