"""Constant mean: the expected return is the mean of the estimation window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from eventstudy.models.base import Fit, Model
    from eventstudy.returns.request import FactorRequest
    from eventstudy.returns.sample import Sample


@dataclass(frozen=True, slots=True)
class ConstantMean:
    """R_t = mu + e_t.

    Attributes
    ----------
    missing : {'drop', 'trade_to_trade'}
        ``drop``: a return that spans a session without a price is left out. ``trade_to_trade``: log
        returns from one trade to the next are used, whatever lies between.

    Notes
    -----
    Var(AR_t) = s^2 (1 + 1/M) and Var(CAR_W) = s^2 (L + L^2/M), with s^2 = SSE / (M - 1).

    With ``trade_to_trade``, R_d / sqrt(d) = mu sqrt(d) + e
    for the d sessions between two trades, by least squares; s^2 is the variance of one session. A CAR is
    the return from the close before the window to that of its last session less the expected returns of
    all its sessions, with the variance above; without a trade on either it is missing. A study needs
    prices and ``returns: log``; day 0 needs a trade.

    References
    ----------
    Maynes, E. and Rumsey, J. (1993), Journal of Banking and Finance 17, 145-157: trade to trade.
    Brown, S. J. and Warner, J. B. (1985), Journal of Financial Economics 14, 3-31: mean adjusted
    returns.
    """

    name: ClassVar[str] = "constant_mean"
    reference: ClassVar[str] = "Brown and Warner (1985), mean adjusted returns"
    missing: Literal["drop", "trade_to_trade"] = "drop"

    def inputs(self) -> tuple[FactorRequest, ...]:
        """Return no regressor."""
        return ()

    def fit(self, sample: Sample) -> Fit:
        """Estimate the mean of every cell."""
        from eventstudy.models._least_squares import fit_regression
        from eventstudy.models._trade_to_trade import fit_trade_to_trade

        if self.missing == "trade_to_trade":
            return fit_trade_to_trade(sample, ("mean",))
        return fit_regression(sample, ("mean",))


PLUGIN: type[Model] = ConstantMean
