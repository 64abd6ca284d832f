"""p-values of many hypotheses read together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventstudy.comparison.trial import Group
    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Ints


def same_events(groups: Mapping[Group, Ints]) -> Ints:
    """Return, for each group, the position of the first group with the same cells, shape (G,).

    Groups with the same cells are one hypothesis under several names.
    """
    first: dict[bytes, int] = {}
    return np.array(
        [
            first.setdefault(np.sort(members).tobytes(), position)
            for position, members in enumerate(groups.values())
        ],
        dtype=int,
    )


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
    Romano, J. P. and Wolf, M. (2005), Journal of the American Statistical Association 100, 94-108.
    Romano, J. P. and Wolf, M. (2016), Statistics and Probability Letters 113, 38-40 for the p-values.
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


def step_down_by_p(observed: Floats, drawn: Floats) -> Floats:
    """Return p-values adjusted by the minimum of the p-values, step by step.

    Parameters
    ----------
    observed : ndarray, shape (H,)
        Statistics of H hypotheses; NaN = not tested.
    drawn : ndarray, shape (B, H)
        The same statistics under the null, all hypotheses of a row from one draw.

    Returns
    -------
    ndarray, shape (H,)
        p_(j) = max over i <= j of (1 + #{min over the hypotheses not yet passed p* <= p_(i)}) /
        (B + 1), hypotheses in the order of rising p; NaN where not tested.

    Notes
    -----
    The p of a hypothesis in a draw is the share of the B + 1 values, the observed one among them,
    that are at least as large in size. Hypotheses whose statistics have tails of different weight
    count alike; with H of them that do not depend on each other none can fall below about
    H / (B + 1), since each has a largest draw.

    References
    ----------
    Westfall, P. H. and Young, S. S. (1993), Resampling-Based Multiple Testing, algorithm 2.8.
    Ge, Y., Dudoit, S. and Speed, T. P. (2003), Test 12, 1-77, on ties and on p-values of draws.
    """
    adjusted = np.full(len(observed), np.nan)
    tested = np.flatnonzero(np.isfinite(observed) & np.isfinite(drawn).any(axis=0))
    if not len(tested):
        return adjusted
    p_value = _tail_shares(np.vstack([observed[tested], drawn[:, tested]]).T)
    order = np.argsort(p_value[:, 0], kind="stable")
    smallest = np.minimum.accumulate(p_value[order[::-1], 1:], axis=0)[::-1]
    reached = (smallest <= p_value[order, :1]).sum(axis=1)
    adjusted[tested[order]] = np.maximum.accumulate((1 + reached) / (len(drawn) + 1))
    return adjusted


def _tail_shares(values: Floats) -> Floats:
    """Return the share of the known values of a row that are as large in size, (H, B + 1).

    Equal values have equal shares, a missing one has 1.
    """
    known = np.isfinite(values)
    size = np.where(known, np.abs(values), -1.0)
    order = np.argsort(size, axis=1)
    rising = np.take_along_axis(size, order, axis=1)
    place = np.arange(size.shape[1])
    new = np.diff(rising, axis=1, prepend=-2.0) > 0
    first = np.maximum.accumulate(np.where(new, place, 0), axis=1)
    share = np.empty(size.shape)
    np.put_along_axis(share, order, size.shape[1] - first, axis=1)
    return np.where(known, share / known.sum(axis=1, keepdims=True), 1.0)


def false_discovery(p_value: Floats, method: Literal["bh", "by"]) -> Floats:
    """Return p-values adjusted for the false discovery rate, shape (H,); NaN stays NaN.

    Parameters
    ----------
    p_value : ndarray, shape (H,)
        p-values; NaN = not tested.
    method : {'bh', 'by'}
        Benjamini and Hochberg (1995), or Benjamini and Yekutieli (2001) for tests that may depend on
        each other in any way.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995), Journal of the Royal Statistical Society B 57, 289-300.
    Benjamini, Y. and Yekutieli, D. (2001), Annals of Statistics 29, 1165-1188.
    """
    from scipy.stats import false_discovery_control

    adjusted = np.full(len(p_value), np.nan)
    tested = np.isfinite(p_value)
    if tested.any():
        adjusted[tested] = false_discovery_control(p_value[tested], method=method)
    return adjusted


def holm(p_value: Floats) -> Floats:
    """Return p-values, shape (H,), adjusted for their number by Holm's method; NaN stays NaN.

    References
    ----------
    Holm, S. (1979), Scandinavian Journal of Statistics 6, 65-70.
    """
    adjusted = np.full(len(p_value), np.nan)
    known = np.flatnonzero(np.isfinite(p_value))
    order = known[np.argsort(p_value[known], kind="stable")]
    steps = p_value[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
