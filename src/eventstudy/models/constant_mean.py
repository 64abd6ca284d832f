"""Constant mean: the expected return is the mean of the estimation window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from eventstudy.models.base import Fit, Model
    from eventstudy.returns.request import FactorRequest
    from eventstudy.returns.sample import Sample


@dataclass(frozen=True, slots=True)
class ConstantMean:
    """R_t = mu + e_t.

    Notes
    -----
    Var(AR_t) = s^2 (1 + 1/M) and Var(CAR_W) = s^2 (L + L^2/M), with s^2 = SSE / (M - 1).

    References
    ----------
    Brown, S. J. and Warner, J. B. (1985), Journal of Financial Economics 14, 3-31: mean adjusted
    returns.
    """

    name: ClassVar[str] = "constant_mean"
    reference: ClassVar[str] = "Brown and Warner (1985), mean adjusted returns"

    def inputs(self) -> tuple[FactorRequest, ...]:
        """Return no regressor."""
        return ()

    def fit(self, sample: Sample) -> Fit:
        """Estimate the mean of every cell."""
        from eventstudy.models._least_squares import fit_regression

        return fit_regression(sample, ("mean",))


PLUGIN: type[Model] = ConstantMean
