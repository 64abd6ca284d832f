"""Residuals under the null, cut into blocks or shifted: p-values and intervals of Conformal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from eventstudy.comparison.relabelling import without_replacement
from eventstudy.formats import counted
from eventstudy.inference import _laws as laws
from eventstudy.models.market_garch import MarketGARCH
from eventstudy.placebo._cells import (
    BRIDGED,
    cut_out,
    own_generator,
    present_last,
    refused,
    unanswered,
)
from eventstudy.placebo.base import Answers, Intervals
from eventstudy.spec import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from eventstudy.comparison import Trial
    from eventstudy.models.base import Floats
    from eventstudy.placebo.conformal import Conformal
    from eventstudy.returns.sample import Ints

ORDERED = "the variance of the model depends on the order of the sessions, which is permuted"
TIE = 1e-9
"""Two statistics that differ by no more than this share of themselves are equal."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Statistic, p-value, number of other placements and reason of N cells on one window."""

    statistic: Floats
    p_value: Floats
    others: Ints
    reason: NDArray[np.object_]


def permuted(options: Conformal, trial: Trial, rng: np.random.Generator) -> Answers:
    """Test every cell on every window."""
    if answer := refused(options, trial):
        return answer
    if isinstance(trial.model, MarketGARCH):
        return unanswered(options, trial, ORDERED)
    seed = int(rng.integers(2**63))
    found = [_tested(options, trial, window, seed) for window in trial.cars.windows]
    statistic, p_value, others, reason = (
        np.column_stack([getattr(each, name) for each in found]) for name in _Found.__slots__
    )
    tested = laws.Tested(statistic, p_value, laws.named("empirical", others))
    reasons = laws.first_reason(laws.missing_returns(trial.cars), reason.astype(object))
    events = laws.result(options, tested, estimate=trial.cars.car, n=others, reason=reasons)
    return Answers(events, {})


def _tested(options: Conformal, trial: Trial, window: Window, seed: int) -> _Found:
    """Test every cell on one window."""
    residuals, reason = _under_null(trial, window)
    if options.of == "car":
        sums = np.abs(block_sums(residuals, window.length))
        statistic, at_least = sums[:, -1], _at_least(sums, sums[:, -1:])
        count = np.isfinite(sums).sum(axis=1)
    elif options.permutations == "moving_block" or window.length == 1:
        sizes = shifted_sizes(residuals, window.length, options.q)
        statistic, at_least = sizes[:, -1], _at_least(sizes, sizes[:, -1:])
        count = np.isfinite(sizes).sum(axis=1)
    else:
        statistic, at_least = _drawn_sizes(options, trial, residuals, window, seed)
        count = np.full(len(residuals), options.draws + 1)
    if options.of == "path":
        statistic = (statistic / np.sqrt(window.length)) ** (1 / options.q)
    share = np.divide(at_least, count, out=np.full(len(count), np.nan), where=count > 0)
    return _Found(statistic, share, np.maximum(count - 1, 0), reason)


def _at_least(values: Floats, own: Floats) -> Ints:
    """Count the values of each row that are no smaller than its own, ties included, shape (n,)."""
    count: Ints = (values >= own * (1 - TIE)).sum(axis=1)
    return count


def _under_null(
    trial: Trial, window: Window, effect: float = 0.0
) -> tuple[Floats, NDArray[np.object_]]:
    """Return the residuals of a fit that imposes an effect, missing ones first, and what failed.

    Parameters
    ----------
    trial : Trial
        N cells.
    window : Window
        The tested window, L sessions, which are the last columns.
    effect : float
        CAR under the null, in equal parts on every session of the window.
    """
    span = Window(trial.sample.estimation.start, window.end)
    cells = cut_out(trial.sample, span)
    panel = cells.panel.copy()
    panel[-window.length :] -= effect / window.length
    panel[-span.start : max(window.start, 0) - span.start] = np.nan
    cells = replace(cells, panel=panel, estimation=span, event_window=window)
    fit = trial.model.fit(cells)
    return present_last(fit.residuals(slice(None))), fit.failures


def block_sums(residuals: Floats, length: int) -> Floats:
    """Sum the residuals over blocks counted from the end; the last block is the event's.

    Parameters
    ----------
    residuals : ndarray, shape (n, T)
        Missing ones first; a block that holds one is NaN.
    length : int
        L, sessions of a block; what is left over at the beginning belongs to none.
    """
    whole = residuals.shape[1] // length
    kept = residuals[:, residuals.shape[1] - whole * length :]
    sums: Floats = kept.reshape(len(kept), whole, length).sum(axis=2)
    return sums


def shifted_sizes(residuals: Floats, length: int, q: float) -> Floats:
    """Return sum_W |u_t|^q on every cyclic shift; the last is the event's own.

    Parameters
    ----------
    residuals : ndarray, shape (n, T)
        Missing ones first; they are no part of the cycle.
    length : int
        L, sessions of the window.
    q : float
        Power.
    """
    n, sessions = residuals.shape
    sizes, ahead = np.abs(residuals) ** q, length - 1
    first = sessions - np.isfinite(sizes).sum(axis=1)
    extended = np.full((n, ahead + sessions), np.nan)
    extended[:, ahead:] = sizes
    before = first[:, None] + np.arange(ahead)
    np.put_along_axis(extended, before, sizes[:, sessions - ahead :], axis=1)
    shifted: Floats = sliding_window_view(extended, length, axis=1).sum(axis=2)
    return shifted


def _drawn_sizes(
    options: Conformal, trial: Trial, residuals: Floats, window: Window, seed: int
) -> tuple[Floats, Ints]:
    """Return sum_W |u_t|^q, and how many random placements, with the given one, are as large."""
    sizes, length = np.abs(residuals) ** options.q, window.length
    own = sizes[:, -length:].sum(axis=1)
    at_least = np.ones(len(own), int)
    for cell, row in enumerate(sizes):
        known = row[np.isfinite(row)]
        if len(known) <= length or not np.isfinite(own[cell]):
            continue
        rng = own_generator(seed, trial.sample.event_ids[cell], trial.sample.assets[cell])
        places = without_replacement(len(known), length, options.draws, rng)
        at_least[cell] += (known[places].sum(axis=1) >= own[cell] * (1 - TIE)).sum()
    return own, at_least


def inverted(trial: Trial, *, level: float) -> Intervals:
    """Return the CARs that the block test does not reject, for every cell and window.

    Notes
    -----
    With an effect tau in equal parts the sum of block k is a_k - tau b_k for a model that is linear
    in the returns. Block k is as large as the event's while |a_0 - tau b_0| <= |a_k - tau b_k|, which
    is an interval round a_0 / b_0 as long as |b_k| < |b_0|. Those tau are accepted that lie in more
    than (1 - level) (K + 1) - 1 of the K intervals.
    """
    ordered = isinstance(trial.model, MarketGARCH)
    if trial.sample.levels is not None or ordered:
        nothing = np.full(trial.cars.car.shape, np.nan)
        return Intervals(
            nothing, nothing, laws.texts(nothing.shape, ORDERED if ordered else BRIDGED)
        )
    parts = list(_inverted_by_window(trial, level))
    low, high, reason = (np.column_stack([part[column] for part in parts]) for column in range(3))
    reasons = laws.first_reason(laws.missing_returns(trial.cars), reason.astype(object))
    usable = reasons == ""
    return Intervals(
        np.where(usable, low.astype(float), np.nan),
        np.where(usable, high.astype(float), np.nan),
        reasons,
    )


def _inverted_by_window(
    trial: Trial, level: float
) -> Iterator[tuple[Floats, Floats, NDArray[np.object_]]]:
    """Yield ends and reasons of the intervals of one window after the other, shape (N,) each."""
    unit = float(np.nanmedian(trial.cars.abnormal.sigma)) if len(trial.sample) else 1.0
    for window in trial.cars.windows:
        residuals, failures = _under_null(trial, window)
        at_zero, at_one, at_two = (
            block_sums(each, window.length)
            for each in (
                residuals,
                _under_null(trial, window, unit)[0],
                _under_null(trial, window, 2 * unit)[0],
            )
        )
        curvature = np.abs(at_two - 2 * at_one + at_zero)
        bent = np.logical_or.reduce(curvature > 1e-6 * unit, axis=1)
        low, high, reason = accepted(at_zero, (at_zero - at_one) / unit, level)
        several = laws.where(bent, "the model is not linear in the returns")
        yield low, high, laws.first_reason(failures, several, reason)


def accepted(
    sums: Floats, slopes: Floats, level: float
) -> tuple[Floats, Floats, NDArray[np.object_]]:
    """Return the ends of the tau with p(tau) > 1 - level, and why there are none, shape (n,) each.

    Parameters
    ----------
    sums, slopes : ndarray, shape (n, K + 1)
        a and b of every block; the event's is the last; NaN for a block that is not whole.
    level : float
        Level of the interval.
    """
    own, own_slope = sums[:, -1:], slopes[:, -1:]
    others, other_slopes = sums[:, :-1], slopes[:, :-1]
    known = np.isfinite(others)
    steep = np.logical_or.reduce(
        known & (np.abs(other_slopes) >= np.abs(own_slope) * (1 - TIE)), axis=1
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.stack(
            [
                (own - others) / (own_slope - other_slopes),
                (own + others) / (own_slope + other_slopes),
            ]
        )
    low = np.sort(np.where(known, ends.min(axis=0), np.inf), axis=1)
    high = -np.sort(np.where(known, -ends.max(axis=0), np.inf), axis=1)
    count = known.sum(axis=1)
    needed = np.floor((1 - level) * (count + 1) + TIE).astype(int)
    place = np.clip(needed - 1, 0, max(others.shape[1] - 1, 0))[:, None]
    none = laws.texts(count.shape)
    few = needed < 1
    none[few] = [
        f"{counted(k, 'earlier block')}: no p below {1 / (k + 1):.3f}, so no effect is excluded at {level:.0%}"
        for k in count[few]
    ]
    flat = laws.where(steep, "the estimation window is too short for its length")
    if not others.shape[1]:
        empty = np.full(len(sums), np.nan)
        return empty, empty, none
    return (
        np.take_along_axis(low, place, axis=1)[:, 0],
        np.take_along_axis(high, place, axis=1)[:, 0],
        laws.first_reason(none, flat),
    )
