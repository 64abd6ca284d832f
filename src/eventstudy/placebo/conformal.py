"""Conformal: the event among blocks of its own past, all residuals from a fit under the null."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

if TYPE_CHECKING:
    import numpy as np

    from eventstudy.comparison import Trial
    from eventstudy.placebo.base import Answers, Intervals, Procedure, Scope


@dataclass(frozen=True, slots=True)
class Conformal:
    """p = share of placements of the tested window in the series whose residuals are as large.

    Attributes
    ----------
    of : {'car', 'path'}
        What is large: the sum of the residuals of a block of L sessions, or the size of each of them,
        whatever their signs.
    q : float
        Power to which the size of a residual is raised in a path; 1 is robust to heavy tails.
    permutations : {'moving_block', 'iid'}
        Placements of a path: all cyclic shifts of the series, for residuals that depend on each other
        in time, or `draws` random ones. The blocks of a CAR need no choice.
    draws : int
        B, random placements of a path of several sessions with `iid`.

    Notes
    -----
    Under the null of no effect on any session of the window the model is estimated on all sessions
    from the beginning of the estimation window to the end of the tested window, the gap included;
    sessions from day 0 to the beginning of a later window are left out, because the event may have
    moved them. With residuals u of those M + L sessions:

    CAR: with B_0 = |sum_W u_t| and B_1 … B_K the same of the K = floor(M / L) blocks of L sessions
    before the window, p = #{k >= 0: B_k >= B_0} / (K + 1). No p is below 1 / (K + 1): M = 120 gives
    .040 for L = 5, .077 for L = 10.

    Path: S_q(u) = (L^(-1/2) sum_W |u_t|^q)^(1/q) among its values on all M + L cyclic shifts of u, the
    identity included; with `iid`, p = (1 + #{S_q* >= S_q}) / (B + 1).

    Validity is unconditional: it needs blocks whose order carries no information. The volatility that
    an event finds does; after a fall this test rejects too often, as `sample_quantile` does.
    Estimators that depend on the order of the sessions, such as `market_garch`, are outside the theory.

    References
    ----------
    Chernozhukov, V., Wüthrich, K. and Zhu, Y. (2021), Journal of the American Statistical Association
    116, 1849-1864, sections 2.2 and 2.3 and appendix A.1.
    """

    name: ClassVar[str] = "conformal"
    reference: ClassVar[str] = "Chernozhukov, Wüthrich and Zhu (2021)"
    scope: ClassVar[Scope] = "event"
    null: ClassVar[str] = "the event has no effect on any session of the window"
    of: Literal["car", "path"] = "car"
    q: Annotated[float, Field(ge=1, le=10)] = 1.0
    permutations: Literal["moving_block", "iid"] = "moving_block"
    draws: Annotated[int, Field(ge=99, le=999_999)] = 9_999

    def test(self, trial: Trial, rng: np.random.Generator) -> Answers:
        """Test every cell on every window; groups have no answer."""
        from eventstudy.placebo._permuted import permuted

        found: Answers = permuted(self, trial, rng)
        return found

    def intervals(self, trial: Trial, *, level: float = 0.95) -> Intervals:
        """Return the CARs, spread evenly over the window, that the test does not reject.

        Parameters
        ----------
        trial : Trial
            The study.
        level : float
            1 minus the level of the test.
        """
        from eventstudy.placebo._permuted import inverted

        found: Intervals = inverted(trial, level=level)
        return found


PLUGIN: type[Procedure] = Conformal
