"""Market model: the expected return follows a benchmark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

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

    Notes
    -----
    Var(AR_t) = s^2 (1 + 1/M + (Rm_t - m)^2 / SSX) and
    Var(CAR_W) = s^2 (L + L^2/M + (sum Rm_t - L m)^2 / SSX), with s^2 = SSE / (M - 2).

    References
    ----------
    MacKinlay, A. C. (1997), Journal of Economic Literature 35, 13-39, equations 3 to 8.
    """

    name: ClassVar[str] = "market"
    reference: ClassVar[str] = "MacKinlay (1997), equations 3-8"
    benchmark: str
    lag: Literal["none", "previous_close"] = "none"

    def inputs(self) -> tuple[FactorRequest, ...]:
        """Return the benchmark."""
        from eventstudy.returns.request import FactorRequest

        return (FactorRequest(self.benchmark, self.lag),)

    def fit(self, sample: Sample) -> Fit:
        """Estimate alpha and beta of every cell."""
        from eventstudy.models._least_squares import fit_regression

        return fit_regression(sample, ("alpha", "beta"))


PLUGIN: type[Model] = Market
