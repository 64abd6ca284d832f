"""Which cells cannot be studied, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from eventstudy.returns.sample import Sample


def losses(sample: Sample, factors: Sequence[str], min_observations: int) -> NDArray[np.object_]:
    """Say why a cell cannot be studied; an empty text where it can.

    Parameters
    ----------
    sample : Sample
        N cells with k regressors.
    factors : sequence of str, length k
        Names of the regressors, for the message.
    min_observations : int
        Fewest sessions of the estimation window on which the asset and all regressors have a
        return.

    Returns
    -------
    ndarray of object, shape (N,)
        The reason. An estimation window that begins before one of the series is never shortened in
        silence: the cell is lost.
    """
    reasons = np.full(len(sample), "", dtype=object)
    for position, name in enumerate(("", *factors)):
        _mark_late(reasons, sample, name, _present(sample, position))
    return np.where(reasons == "", gaps(sample, len(factors), min_observations), reasons)


def gaps(sample: Sample, factors: int, min_observations: int) -> NDArray[np.object_]:
    """Say which cells have too few returns, or none on day 0, however early their series begin.

    Parameters
    ----------
    sample : Sample
        N cells.
    factors : int
        Number of regressors.
    min_observations : int
        As in :func:`losses`.

    Returns
    -------
    ndarray of object, shape (N,)
        The reason; an empty text where the cell can be studied.
    """
    valid = np.logical_and.reduce([_present(sample, position) for position in range(factors + 1)])
    reasons = np.full(len(sample), "", dtype=object)
    shown = valid if sample.hidden is None else valid & ~sample.hidden[sample.column_axis].T
    _mark_short(reasons, sample, shown, min_observations)
    _mark_day0(reasons, sample, valid)
    return reasons


def _present(sample: Sample, position: int) -> NDArray[np.bool_]:
    """Tell where the assets, or behind them the regressors, have a return, shape (T, S)."""
    if position == 0:
        return np.isfinite(sample.panel)
    on_axis: NDArray[np.bool_] = np.isfinite(sample.factors[:, :, position - 1]).T
    return on_axis[:, sample.column_axis]


def _mark_late(
    reasons: NDArray[np.object_], sample: Sample, name: str, present: NDArray[np.bool_]
) -> None:
    """Mark the cells whose estimation window begins before the first return of a series."""
    begin = np.where(present.any(axis=0), present.argmax(axis=0), len(present))[sample.column]
    late = (reasons == "") & (sample.day0 + sample.estimation.start < begin)
    opens, axis = sample.dates(sample.estimation.start), sample.axis
    for row in np.flatnonzero(late):
        series = name or sample.assets[row]
        sessions = sample.axes[axis[row]]
        if begin[row] >= len(sessions):
            reasons[row] = f"{series} has no returns"
            continue
        start = "before the calendar" if np.isnat(opens[row]) else f"on {opens[row]}"
        reasons[row] = (
            f"the estimation window begins {start}, "
            f"the returns of {series} begin on {sessions[begin[row]]}"
        )


def _mark_short(
    reasons: NDArray[np.object_],
    sample: Sample,
    valid: NDArray[np.bool_],
    min_observations: int,
) -> None:
    """Mark the cells with too few returns in the estimation window."""
    counts = np.vstack([np.zeros((1, valid.shape[1]), int), valid.cumsum(axis=0)])
    first = np.clip(sample.day0 + sample.estimation.start, 0, len(valid))
    last = np.clip(sample.day0 + sample.estimation.end + 1, 0, len(valid))
    n_obs = counts[last, sample.column] - counts[first, sample.column]
    few = (reasons == "") & (n_obs < min_observations)
    left = "" if sample.hidden is None else ", those near other events left out"
    reasons[few] = [
        f"{n} of {sample.estimation.length} returns in the estimation window{left}; "
        f"{min_observations} needed"
        for n in n_obs[few]
    ]


def _mark_day0(reasons: NDArray[np.object_], sample: Sample, valid: NDArray[np.bool_]) -> None:
    """Mark the cells without a return on day 0."""
    inside = (sample.day0 >= 0) & (sample.day0 < len(valid))
    present = inside & valid[np.where(inside, sample.day0, 0), sample.column]
    missing = (reasons == "") & ~present
    reasons[missing] = [
        "day 0 lies beyond the calendar" if np.isnat(session) else f"no return on day 0, {session}"
        for session in sample.dates(0)[missing]
    ]
