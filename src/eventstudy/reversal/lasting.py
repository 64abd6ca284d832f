"""Did a group of events last: drift, give-back and time to return, beside those of matched days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.aggregate import moments, quantiles
from eventstudy.reversal.fieller import fieller

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Ints
    from eventstudy.reversal.effect import Effect
    from eventstudy.reversal.matched import Matched

ENDS = (0.025, 0.975)
"""Shares of matched days below the ends of the band that is shown."""

TIE = 1e-9
"""Distance up to which two shares are the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """B sets of matched days, one day for each of the n events of a group.

    Attributes
    ----------
    reaction : ndarray, shape (B, n)
        A_0 of the drawn days at the volatility of the event.
    later : ndarray, shape (B, n, K)
        C_k of the drawn days, likewise; NaN where the event itself has none.
    half, full : ndarray of int, shape (B, n)
        First k at which half, or all, of the reaction is gone; K + 1 where none is.
    """

    reaction: Floats
    later: Floats
    half: Ints
    full: Ints

    @property
    def signed(self) -> Floats:
        """Signed drift of the drawn days, shape (B, n, K)."""
        signed: Floats = np.sign(self.reaction)[:, :, None] * self.later
        return signed

    def select(self, rows: Ints) -> Sets:
        """Return the days drawn for some of the events; `rows` are positions."""
        return Sets(*(getattr(self, name)[:, rows] for name in self.__slots__))


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """A number of a group, and the same number of sets of matched days.

    Attributes
    ----------
    value, usual : ndarray, shape (K,) or ()
        The group's, and the mean over the sets.
    low, high : ndarray
        2.5 and 97.5 per cent points over the sets.
    p_value : ndarray
        (1 + #{|v* - mean v*| >= |v - mean v*|}) / (B + 1) over the B sets that have the number; of shares
        and numbers of sessions, see :func:`beside`, twice the smaller of (1 + #{v* <= v}) / (B + 1) and
        (1 + #{v* >= v}) / (B + 1), at most 1.
    """

    value: Floats
    usual: Floats
    low: Floats
    high: Floats
    p_value: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Lasting:
    """What became of the reactions of a group, k = 1 … K sessions later.

    Attributes
    ----------
    n : ndarray of int, shape (K,)
        Events with a C_k.
    drift : Beside
        Mean signed drift, (K,).
    joint_p : float
        p of the drifts at all k together: the largest distance from the mean over the sets, in their
        standard deviations, among the sets; NaN without a drift.
    reversed_share : Beside
        Share of events with a negative signed drift, (K,).
    give_back : Beside
        sum(-sign(A_0) C_k) / sum|A_0|, (K,).
    fieller : ndarray, shape (K, 2)
        Limits of the give-back by Fieller's theorem; infinite where the set is unbounded.
    whole : int
        Events whose aftermath is known to its end: those of the numbers that follow.
    half_life, retracement : Beside
        Median first session at which half, or all, of the reaction is gone, ().
    returned_half, returned_full : Beside
        Share of events for which that happens within K sessions, ().
    """

    n: Ints
    drift: Beside
    joint_p: float
    reversed_share: Beside
    give_back: Beside
    fieller: Floats
    whole: int
    half_life: Beside
    retracement: Beside
    returned_half: Beside
    returned_full: Beside


def draw_sets(
    found: Matched, assets: NDArray[np.object_], rows: Ints, draws: int, rng: np.random.Generator
) -> Sets:
    """Draw sets of matched days for some cells; each set has one day for each of them.

    Parameters
    ----------
    found : Matched
        The cells and their pools.
    assets : ndarray of object, shape (N,)
        Asset of each cell.
    rows : ndarray of int, shape (n,)
        Cells that have a pool.
    draws : int
        B.
    rng : numpy.random.Generator
        Source of the draws.
    """
    # event by event in memory, as they are drawn
    shape = len(rows), draws
    reaction, later = np.empty(shape), np.empty((*shape, found.own.later.shape[1]))
    half, full = np.empty((2, *shape), int)
    for number, row in enumerate(rows):
        days = found.beside(row, assets[row], found.pools[row])
        known = np.isfinite(found.own.later[row])
        days = replace(days, later=np.where(known, days.later, np.nan))
        drawn = rng.integers(len(days.reaction), size=draws)
        reaction[number] = days.reaction[drawn]
        np.take(days.later, drawn, axis=0, out=later[number])
        half[number] = days.first_return(0.5)[drawn]
        full[number] = days.first_return(1.0)[drawn]
    return Sets(reaction.T, later.swapaxes(0, 1), half.T, full.T)


def lasting(own: Effect, sets: Sets, clusters: int, level: float) -> Lasting:
    """Hold the aftermath of a group against that of its matched days.

    Parameters
    ----------
    own : Effect
        The n events of the group.
    sets : Sets
        Their matched days.
    clusters : int
        Number of clusters of events that share no session: the n of Fieller's theorem.
    level : float
        One minus the confidence level.
    """
    sign, size = np.sign(own.reaction), np.abs(own.reaction)
    signed, sizes = sets.signed, np.abs(sets.reaction)
    n, drift, _ = moments(own.signed)
    drawn = _mean(signed)
    length, whole = own.later.shape[1], own.whole
    half, full = own.first_return(0.5)[whole], own.first_return(1.0)[whole]
    half_drawn, full_drawn = sets.half[:, whole], sets.full[:, whole]
    return Lasting(
        n=n,
        drift=beside(drift, drawn),
        joint_p=_joint(drift, drawn),
        reversed_share=beside(_share(own.signed), _share(signed), steps=True),
        give_back=beside(
            _ratio(-sign[:, None] * own.later, size[:, None]), _ratio(-signed, sizes[:, :, None])
        ),
        fieller=np.array(
            [fieller(-sign * later, size, clusters, level) for later in own.later.T]
        ).reshape(length, 2),
        whole=len(half),
        half_life=beside(_middle(half), _middle(half_drawn), steps=True),
        retracement=beside(_middle(full), _middle(full_drawn), steps=True),
        returned_half=beside(_within(half, length), _within(half_drawn, length), steps=True),
        returned_full=beside(_within(full, length), _within(full_drawn, length), steps=True),
    )


def signed_drift(own: Effect, sets: Sets) -> tuple[Ints, Floats, Floats]:
    """Return the number of drifts, shape (K,), their mean, (K,), and that of every set, (B, K)."""
    n, mean, _ = moments(own.signed)
    return n, mean, _mean(sets.signed)


def beside(value: Floats, drawn: Floats, *, steps: bool = False) -> Beside:
    """Put a number beside the same number of B sets.

    Parameters
    ----------
    value : ndarray, shape (K,) or ()
        The number.
    drawn : ndarray, shape (B, K) or (B,)
        That of every set; NaN where a set has none.
    steps : bool, default False
        Whether it can have few values, as the share of two events: then its p counts each tail by itself,
        for whether the other tail lies as far from the mean hangs on the last digit of the mean.
    """
    value = np.asarray(value, dtype=float)
    known = np.isfinite(drawn)
    sets = known.sum(axis=0)
    total = np.where(known, drawn, 0.0).sum(axis=0)
    usual = np.divide(total, sets, out=np.full(value.shape, np.nan), where=sets > 0)
    low, high = quantiles(drawn.reshape(len(drawn), -1), ENDS).reshape(2, *value.shape)
    count = _smaller_tail(value, drawn) if steps else _far(value, drawn, usual)
    p_value = np.where(np.isfinite(value - usual), np.minimum(count / (sets + 1), 1.0), np.nan)
    return Beside(value, usual, low, high, p_value)


def _far(value: Floats, drawn: Floats, usual: Floats) -> Ints:
    """Return one more than the number of sets as far from their mean as a number."""
    with np.errstate(invalid="ignore"):
        far = np.abs(drawn - usual) >= np.abs(value - usual) - 1e-12 * np.abs(usual)
    count: Ints = 1 + far.sum(axis=0)
    return count


def _smaller_tail(value: Floats, drawn: Floats) -> Ints:
    """Return twice one more than the number of sets as low, or as high, whichever is smaller."""
    as_low = (drawn <= value + TIE).sum(axis=0)
    as_high = (drawn >= value - TIE).sum(axis=0)
    count: Ints = 2 * (1 + np.minimum(as_low, as_high))
    return count


def _joint(value: Floats, drawn: Floats) -> float:
    """Return the p of the largest distance from the mean of the sets over all k; NaN where none is known."""
    known = np.isfinite(value) & np.isfinite(drawn).all(axis=0) & (np.ptp(drawn, axis=0) > 0)
    if not known.any():
        return float("nan")
    mean, spread = drawn[:, known].mean(axis=0), drawn[:, known].std(axis=0, ddof=1)
    largest = (np.abs(drawn[:, known] - mean) / spread).max(axis=1)
    own = (np.abs(value[known] - mean) / spread).max()
    return float((1 + (largest >= own).sum()) / (len(drawn) + 1))


def _middle(first: Ints) -> Floats:
    """Return the median over the last axis; NaN where that is empty."""
    if not first.shape[-1]:
        return np.full(first.shape[:-1], np.nan)
    middle: Floats = np.median(first, axis=-1)
    return middle


def _within(first: Ints, length: int) -> Floats:
    """Return the share at or below `length` over the last axis; NaN where that is empty."""
    if not first.shape[-1]:
        return np.full(first.shape[:-1], np.nan)
    share: Floats = np.mean(first <= length, axis=-1)
    return share


def _mean(values: Floats) -> Floats:
    """Return the mean of the known values over the last axis but one; NaN where there is none."""
    total, count = _sums(values)
    mean: Floats = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return mean


def _sums(values: Floats) -> tuple[Floats, Ints]:
    """Return sum and number of the known values over the last axis but one."""
    total = values.sum(axis=-2)
    if np.isfinite(total).all():
        return total, np.full(total.shape, values.shape[-2])
    known = np.isfinite(values)
    return np.where(known, values, 0.0).sum(axis=-2), known.sum(axis=-2)


def _share(signed: Floats) -> Floats:
    """Return the share of negative drifts among those known, over the last axis but one; NaN for none."""
    count = np.isfinite(signed).sum(axis=-2)
    negative = (signed < 0).sum(axis=-2)
    share: Floats = np.divide(negative, count, out=np.full(count.shape, np.nan), where=count > 0)
    return share


def _ratio(later: Floats, size: Floats) -> Floats:
    """Return the ratio of sums of what was given back and of reactions, over the last axis but one."""
    known = np.isfinite(later)
    given = np.where(known, later, 0.0).sum(axis=-2)
    reaction = (known * size).sum(axis=-2)
    ratio: Floats = np.divide(given, reaction, out=np.full(given.shape, np.nan), where=reaction > 0)
    return ratio
