"""Factor model with any regressors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

if TYPE_CHECKING:
    from eventstudy.models.base import Fit, Model
    from eventstudy.returns.request import FactorRequest
    from eventstudy.returns.sample import Sample


@dataclass(frozen=True, slots=True)
class Factors:
    """R_t = alpha + sum b_j F_jt + e_t with any named factors, by ordinary least squares.

    Attributes
    ----------
    regressors : tuple of str
        Ids of the factors, which are series of returns.
    risk_free : str or None
        Id of the risk-free return Rf; the regression then explains R_t - Rf_t.

    Notes
    -----
    The factors enter as they are. E[R_t] = alpha + sum b_j F_jt, plus Rf_t where it is given.

    Var(AR_t) = s^2 (1 + x_t'(X'X)^-1 x_t) and Var(CAR_W) = s^2 (L + (sum x_t)'(X'X)^-1 (sum x_t)),
    with x_t the constant and the k factors, s^2 = SSE / (M - 1 - k).

    References
    ----------
    Campbell, J. Y., Lo, A. W. and MacKinlay, A. C. (1997), The Econometrics of Financial Markets,
    section 4.3: multifactor models.
    """

    name: ClassVar[str] = "factors"
    reference: ClassVar[str] = "Campbell, Lo and MacKinlay (1997), section 4.3"
    regressors: Annotated[tuple[str, ...], Field(min_length=1)]
    risk_free: str | None = None

    def inputs(self) -> tuple[FactorRequest, ...]:
        """Return the factors, then the risk-free return where there is one."""
        from eventstudy.models._factors import returns_of

        return returns_of(*self.regressors, *filter(None, [self.risk_free]))

    def fit(self, sample: Sample) -> Fit:
        """Estimate the factor loadings of every cell."""
        from eventstudy.models._least_squares import fit_regression

        parameters = ("alpha", *self.regressors)
        return fit_regression(sample, parameters, excess=self.risk_free is not None)


PLUGIN: type[Model] = Factors
