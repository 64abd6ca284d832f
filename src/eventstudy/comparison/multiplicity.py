"""p-values of many hypotheses read together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from eventstudy.models.base import Floats


def step_down(observed: Floats, drawn: Floats) -> Floats:
    """Return p-values adjusted by the maximum of the statistics, step by step.

    Parameters
    ----------
    observed : ndarray, shape (H,)
        Statistics of H hypotheses; NaN = not tested.
    drawn : ndarray, shape (B, H)
        The same statistics under the null, all hypotheses of a row from one draw.

    Returns
    -------
    ndarray, shape (H,)
        p_(j) = max over i <= j of (1 + #{max over the hypotheses not yet passed |t*| >= |t_(i)|}) /
        (B + 1), hypotheses in the order of falling |t|; NaN where not tested.

    Notes
    -----
    Each statistic is divided by its root mean square over the draws first, so that no hypothesis
    fills the maximum by its units.

    References
    ----------
    Westfall, P. H. and Young, S. S. (1993), Resampling-Based Multiple Testing, algorithm 2.8.
    Romano, J. P. and Wolf, M. (2005), Journal of the American Statistical Association 100, 94-108;
    (2016), Statistics and Probability Letters 113, 38-40 for the p-values.
    """
    adjusted = np.full(len(observed), np.nan)
    present = np.isfinite(drawn)
    filled = np.where(present, np.abs(drawn), 0.0)
    scale = np.sqrt((filled**2).sum(axis=0) / present.sum(axis=0).clip(1))
    tested = np.flatnonzero(np.isfinite(observed) & (scale > 0))
    if not len(tested):
        return adjusted
    size = np.abs(observed[tested]) / scale[tested]
    order = tested[np.argsort(-size, kind="stable")]
    not_passed = (filled[:, order] / scale[order])[:, ::-1]
    largest = np.maximum.accumulate(not_passed, axis=1)[:, ::-1]
    reached = largest >= np.abs(observed[order]) / scale[order]
    p_value = (1 + reached.sum(axis=0)) / (len(drawn) + 1)
    adjusted[order] = np.maximum.accumulate(p_value)
    return adjusted


def false_discovery(p_value: Floats, method: Literal["bh", "by"]) -> Floats:
    """Return p-values adjusted for the false discovery rate, shape (H,); NaN stays NaN.

    Parameters
    ----------
    p_value : ndarray, shape (H,)
        p-values; NaN = not tested.
    method : {'bh', 'by'}
        Benjamini and Hochberg (1995), or Benjamini and Yekutieli (2001) for tests that may depend on
        each other in any way.
    """
    from scipy.stats import false_discovery_control

    adjusted = np.full(len(p_value), np.nan)
    tested = np.isfinite(p_value)
    if tested.any():
        adjusted[tested] = false_discovery_control(p_value[tested], method=method)
    return adjusted
