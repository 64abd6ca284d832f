"""Synthetic control: the expected return is that of the portfolio that followed the asset best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

if TYPE_CHECKING:
    from eventstudy.models.base import Fit, Model
    from eventstudy.returns.request import FactorRequest
    from eventstudy.returns.sample import Sample


@dataclass(frozen=True, slots=True)
class SyntheticControl:
    """R_t = sum w_j D_jt + e_t with weights of the donors that are not negative and sum to one.

    Attributes
    ----------
    donors : tuple of str
        Ids of the instruments from which the portfolio is made; none may react to the event.

    Notes
    -----
    The weights have the least sum of squared residuals over the estimation window; there is no
    constant. With a donors in use, a - 1 weights are free: s^2 = SSE / (M - a + 1) on as many degrees
    of freedom, and Var(CAR_W) = s^2 (L + (sum x_t)'(X'X)^-1 (sum x_t)), x_t the returns of all used
    donors but one, less the return of that one. This takes the set of donors in use as given; for a
    test that does not, compare with placebo dates.

    References
    ----------
    Abadie, A., Diamond, A. and Hainmueller, J. (2010), Journal of the American Statistical
    Association 105, 493-505, section 2.
    """

    name: ClassVar[str] = "synthetic_control"
    reference: ClassVar[str] = "Abadie, Diamond and Hainmueller (2010), section 2"
    donors: Annotated[tuple[str, ...], Field(min_length=2)]

    def inputs(self) -> tuple[FactorRequest, ...]:
        """Return the donors."""
        from eventstudy.returns.request import FactorRequest

        return tuple(map(FactorRequest, self.donors))

    def fit(self, sample: Sample) -> Fit:
        """Estimate the weights of every cell, one after the other."""
        from eventstudy.models._portfolios import fit_convex_weights

        return fit_convex_weights(sample, self.donors)


PLUGIN: type[Model] = SyntheticControl
