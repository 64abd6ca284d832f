"""GARCH quantile: the day among the filtered residuals of a long history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

if TYPE_CHECKING:
    import numpy as np

    from eventstudy.comparison import Trial
    from eventstudy.placebo.base import Answers, Procedure, Scope


@dataclass(frozen=True, slots=True)
class GarchQuantile:
    """p = (1 + #{|z_t| >= |z|}) / (n + 1), z the abnormal return over its forecast volatility.

    Attributes
    ----------
    volatility : {'garch', 'gjr', 'egarch'}
        Equation of the variance, all of order one; `gjr` and `egarch` let falls weigh more.
    sessions : int
        Sessions before the event on which model and variance are estimated; they end with the
        estimation window, and at least 1,000 of them have returns.

    Notes
    -----
    The model is estimated anew on those sessions, and the variance of its residuals e by Gaussian
    quasi-maximum likelihood: h_t = omega + (alpha + gamma 1(e_{t-1} < 0)) e_{t-1}^2 + beta h_{t-1}
    (`garch`: gamma = 0); `egarch`: ln h_t = omega + alpha (|z_{t-1}| - sqrt(2 / pi)) + gamma z_{t-1} +
    beta ln h_{t-1}. With the parameters fixed the filter runs on through the gap to the session before
    the tested one. z = AR / sqrt(h) is held against z_t = e_t / sqrt(h_t) of the n sessions.

    One-day windows only. After day 0 h is forecast from the session before it and not updated by the
    event: E[h_k] = omega + (alpha + gamma / 2 + beta) E[h_{k-1}]; with `egarch`, which has no such
    formula, later days have no test. No p is below 1 / (n + 1).

    The volatility that the event finds is in h: on simulated dates that follow a fall of more than 10 per
    cent it rejects .072 at 5 per cent, .048 with `gjr`, where `sample_quantile` rejects .143. The package
    arch is needed.

    References
    ----------
    Bollerslev, T. (1986), Journal of Econometrics 31, 307-327; Glosten, L. R., Jagannathan, R. and
    Runkle, D. E. (1993), Journal of Finance 48, 1779-1801; Nelson, D. B. (1991), Econometrica 59,
    347-370; Barone-Adesi, G., Giannopoulos, K. and Vosper, L. (1999), Journal of Futures Markets 19,
    583-602, for filtered residuals.
    """

    name: ClassVar[str] = "garch_quantile"
    reference: ClassVar[str] = "Bollerslev (1986), Barone-Adesi, Giannopoulos and Vosper (1999)"
    scope: ClassVar[Scope] = "event"
    null: ClassVar[str] = "the day's standardised residual is drawn like those of the history"
    volatility: Literal["garch", "gjr", "egarch"] = "garch"
    sessions: Annotated[int, Field(ge=1_000, le=10_000)] = 1_250

    def test(self, trial: Trial, rng: np.random.Generator) -> Answers:  # noqa: ARG002 - draws nothing
        """Test every cell on every one-day window; groups have no answer."""
        from eventstudy.placebo._filtered import filtered

        found: Answers = filtered(self, trial)
        return found


PLUGIN: type[Procedure] = GarchQuantile
