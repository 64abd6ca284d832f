"""Why a regression has no result that could be tested."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eventstudy.formats import counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.models._least_squares import LeastSquares

EXACT_FIT = "the model fits the estimation window exactly: no residual is left to test against"


def failures_of(whole: LeastSquares, parameters: tuple[str, ...]) -> NDArray[np.object_]:
    """Say why a regression has no result that could be tested."""
    n_obs, collinear = whole.n_obs, whole.collinear
    failures = np.full(len(n_obs), "", dtype=object)
    failures[whole.sigma == 0] = EXACT_FIT
    few = n_obs <= len(parameters)
    failures[few] = [
        f"{counted(n, 'return')} for {counted(len(parameters), 'parameter')}" for n in n_obs[few]
    ]
    for column, name in reversed(list(enumerate(parameters))):
        what = f"the regressor of {name} does not vary, or is a combination of the others"
        failures[collinear[:, column] & ~few] = f"{what}, in the estimation window"
    return failures
