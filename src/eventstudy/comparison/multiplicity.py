"""p-values of many hypotheses read together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
    return stepped_down(observed, drawn.T.__getitem__)


def stepped_down(observed: Floats, column: Callable[[int], Floats]) -> Floats:
    """Return :func:`step_down` of draws that are given hypothesis by hypothesis.

    Parameters
    ----------
    observed : ndarray, shape (H,)
        Statistics of H hypotheses; NaN = not tested.
    column : callable
        ``column(h)``: statistics of one of them under the null, shape (B,).
    """
    adjusted = np.full(len(observed), np.nan)
    scale = np.array([_root_mean_square(column(number)) for number in range(len(observed))])
    tested = np.flatnonzero(np.isfinite(observed) & (scale > 0))
    if not len(tested):
        return adjusted
    size = np.abs(observed[tested]) / scale[tested]
    order = np.argsort(-size, kind="stable")
    p_value, largest = np.empty(len(order)), np.zeros(1)
    for place in range(len(order) - 1, -1, -1):
        number = tested[order[place]]
        largest = np.maximum(largest, _sizes(column(number)) / scale[number])
        reached = np.count_nonzero(largest >= size[order[place]])
        p_value[place] = (1 + reached) / (len(largest) + 1)
    adjusted[tested[order]] = np.maximum.accumulate(p_value)
    return adjusted


def _sizes(values: Floats) -> Floats:
    """Return what values are without their signs; 0 where one is missing."""
    found: Floats = np.where(np.isfinite(values), np.abs(values), 0.0)
    return found


def _root_mean_square(values: Floats) -> float:
    """Return the root of the mean square of the known values; 0 for none."""
    total = (_sizes(values) ** 2).sum() / max(np.isfinite(values).sum(), 1)
    return float(np.sqrt(total))


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
    return stepped_down_by_p(observed, drawn.T.__getitem__)


def stepped_down_by_p(observed: Floats, column: Callable[[int], Floats]) -> Floats:
    """Return :func:`step_down_by_p` of draws that are given as to :func:`stepped_down`."""
    adjusted = np.full(len(observed), np.nan)
    alone = np.array(
        [_share(value, column(number)) for number, value in enumerate(observed.tolist())]
    )
    tested = np.flatnonzero(np.isfinite(alone))
    if not len(tested):
        return adjusted
    order = tested[np.argsort(alone[tested], kind="stable")]
    p_value, smallest = np.empty(len(order)), np.ones(1)
    for place in range(len(order) - 1, -1, -1):
        number = order[place]
        shares = _tail_shares(np.append(observed[number], column(number)))
        smallest = np.minimum(smallest, shares[1:])
        reached = np.count_nonzero(smallest <= alone[number])
        p_value[place] = (1 + reached) / (len(smallest) + 1)
    adjusted[order] = np.maximum.accumulate(p_value)
    return adjusted


def _share(value: float, drawn: Floats) -> float:
    """Return the share of a value and its draws that are as large in size; NaN where either lacks."""
    known = np.isfinite(drawn)
    if not (np.isfinite(value) and known.any()):
        return float("nan")
    at_least = np.count_nonzero(np.abs(drawn[known]) >= abs(value))
    return float((1 + at_least) / (1 + known.sum()))


def _tail_shares(values: Floats) -> Floats:
    """Return the share of the known values that are as large in size, (B + 1,).

    Equal values have equal shares, a missing one has 1.
    """
    known = np.isfinite(values)
    size = np.where(known, np.abs(values), -1.0)
    order = np.argsort(size)
    new = np.diff(size[order], prepend=-2.0) > 0
    first = np.maximum.accumulate(np.where(new, np.arange(len(size)), 0))
    share = np.empty(len(size))
    share[order] = len(size) - first
    return np.where(known, share / known.sum(), 1.0)


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
