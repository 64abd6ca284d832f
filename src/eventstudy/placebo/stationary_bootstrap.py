"""Stationary bootstrap: the CAR among CARs of series drawn from the estimation residuals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

if TYPE_CHECKING:
    import numpy as np

    from eventstudy.comparison import Trial
    from eventstudy.placebo.base import Answers, Procedure, Scope


@dataclass(frozen=True, slots=True)
class StationaryBootstrap:
    """p = share of drawn series without an effect whose CAR is as large.

    Attributes
    ----------
    block : float, optional
        Mean length of a block, sessions; chosen for every cell from its residuals by the rule of
        Politis and White unless given.
    draws : int
        B, series drawn for every cell.

    Notes
    -----
    The M residuals of the estimation window, less their mean and times sqrt(M / (M - k)), are joined
    to a circle. A drawn series takes blocks of them with random beginnings and geometric lengths,
    adds them to the fitted returns of the estimation window and to the expected returns of the event
    window, and is estimated again: CAR* has the forecast error of CAR.
    p = (1 + #{|CAR*| >= |CAR|}) / (B + 1), for a window of any length.

    The automatic length is b = (2 G^2 / D)^(1/3) M^(1/3), D = 2 g^2, with g = sum_k lambda(k / m) R(k),
    G = sum_k lambda(k / m) |k| R(k), R the autocovariances, lambda(s) = min(1, 2 (1 - |s|)) and m twice
    the lag from which max(5, log10 M) autocorrelations in a row are below 2 sqrt(log10(M) / M); at most
    min(3 sqrt(M), M / 3). Blocks keep the dependence of returns in time, not the volatility that an
    event finds: after a fall this test rejects too often.

    References
    ----------
    Politis, D. N. and Romano, J. P. (1994), Journal of the American Statistical Association 89,
    1303-1313. Politis, D. N. and White, H. (2004), Econometric Reviews 23, 53-70; Patton, A., Politis,
    D. N. and White, H. (2009), Econometric Reviews 28, 372-375.
    """

    name: ClassVar[str] = "stationary_bootstrap"
    reference: ClassVar[str] = "Politis and Romano (1994), Politis and White (2004)"
    scope: ClassVar[Scope] = "event"
    null: ClassVar[str] = (
        "the residuals of the window are drawn like those of the estimation window"
    )
    block: Annotated[float, Field(ge=1, le=250)] | None = None
    draws: Annotated[int, Field(ge=99, le=99_999)] = 999

    def test(self, trial: Trial, rng: np.random.Generator) -> Answers:
        """Test every cell on every window; groups have no answer."""
        from eventstudy.placebo._blocks import bootstrapped

        found: Answers = bootstrapped(self, trial, rng)
        return found


PLUGIN: type[Procedure] = StationaryBootstrap
