"""What a model is, and what its fit must know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.returns.request import FactorRequest
    from eventstudy.returns.sample import Sample

    Floats = NDArray[np.float64]
    Rows = NDArray[np.int64] | slice


@dataclass(frozen=True, slots=True)
class Fit:
    """A model estimated for N cells.

    Attributes
    ----------
    parameters : tuple of str, length p
        Names of the coefficients.
    coefficients, std_errors : ndarray, shape (N, p)
        Estimates and their standard errors.
    sigma : ndarray, shape (N,)
        Residual standard deviation sqrt(SSE / dof), decimal per session; 0 when the model fits
        the estimation window exactly.
    dof, n_obs : ndarray of int, shape (N,)
        Residual degrees of freedom and number of returns in the estimation window.
    r_squared : ndarray, shape (N,)
        Share of the variance explained; NaN where the model has no such number.
    expected : ndarray, shape (N, L2)
        Expected returns over the event window, decimal.
    leverage : ndarray, shape (N, L2, p)
        Rows z_t with Var(AR_t) = sigma^2 (1 + z_t'z_t) and Var(CAR_W) = sigma^2 (L + |sum z_t|^2):
        the regressors of the event window in the orthonormal basis of the estimation window.
    residuals : callable
        ``residuals(rows) -> (n, L1)``: estimation residuals of some cells, NaN where missing.
    failures : ndarray of object, shape (N,)
        Why a cell could not be estimated; an empty text where it could.
    scale : ndarray, shape (N, L2), optional
        Variance of the error of each session in units of sigma^2, where it is not 1 on all:
        Var(AR_t) = sigma^2 (scale_t + z_t'z_t), Var(CAR_W) = sigma^2 (sum scale_t + |sum z_t|^2).
    hat : callable, optional
        ``hat(rows) -> (n, L1)``: h_t with Var(e_t) = sigma^2 (1 - h_t) on the estimation sessions of
        some cells; None for a model that has no such number.
    """

    parameters: tuple[str, ...]
    coefficients: Floats
    std_errors: Floats
    sigma: Floats
    dof: NDArray[np.int64]
    n_obs: NDArray[np.int64]
    r_squared: Floats
    expected: Floats
    leverage: Floats
    residuals: Callable[[Rows], Floats]
    failures: NDArray[np.object_]
    scale: Floats | None = None
    hat: Callable[[Rows], Floats] | None = None

    def __post_init__(self) -> None:
        n, p = self.coefficients.shape
        shapes = {
            "std_errors": (self.std_errors.shape, (n, p)),
            "sigma": (self.sigma.shape, (n,)),
            "dof": (self.dof.shape, (n,)),
            "n_obs": (self.n_obs.shape, (n,)),
            "r_squared": (self.r_squared.shape, (n,)),
            "leverage": (self.leverage.shape[:2], self.expected.shape),
            "failures": (self.failures.shape, (n,)),
            "parameters": ((len(self.parameters),), (p,)),
        }
        if self.scale is not None:
            shapes["scale"] = (self.scale.shape, self.expected.shape)
        wrong = [f"{name} {got}, not {want}" for name, (got, want) in shapes.items() if got != want]
        if wrong:
            raise ValueError(f"Fit: {'; '.join(wrong)}")


def bridges_gaps(model: Model) -> bool:
    """Tell whether a model measures returns from trade to trade, for which it needs prices."""
    return getattr(model, "missing", "drop") == "trade_to_trade"


def deducts_risk_free(model: Model) -> bool:
    """Tell whether a model explains returns less a risk-free one, its last regressor."""
    return getattr(model, "risk_free", None) is not None


class Model(Protocol):
    """An expected-return model: options as fields, two methods.

    A model declares the regressors it needs as data and otherwise sees only a Sample: never dates,
    tickers or files. It may look at the estimation window of the asset and at the regressors, never
    at the asset's returns in the event window.
    """

    name: ClassVar[str]
    reference: ClassVar[str]

    def inputs(self) -> tuple[FactorRequest, ...]:
        """Return the regressors that the Sample must hold, in their order."""
        ...

    def fit(self, sample: Sample) -> Fit:
        """Estimate the model for every cell of the sample."""
        ...
