"""What the resampling tests share: clusters of events, rearrangements of them, and p-values.

Events are first brought into a canonical order, and windows in which the same events stand, in the
same clusters, share their draws: the order of the events changes no number, nor do other windows.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Literal

import numpy as np

from eventstudy.inference import _laws as laws
from eventstudy.spec import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from eventstudy.abnormal import AbnormalReturns
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.models.base import Floats

    Ints = NDArray[np.int64]

Cluster = Literal["event", "date", "overlap"]

TIE = 1e-9
"""Two statistics that differ by no more than this share of themselves are equal."""

CHUNK = 4_000_000
"""Most numbers of a matrix of rearrangements."""


def order(cars: CumulativeReturns) -> Ints:
    """Return the positions of the cells sorted by event id and asset, shape (N,)."""
    keys = list(zip(cars.abnormal.event_ids, cars.abnormal.assets, strict=True))
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)


def clusters(cars: CumulativeReturns, cluster: Cluster) -> Ints:
    """Return the number of the cluster of every event and window, shape (N, W); -1 without a CAR.

    Parameters
    ----------
    cars : CumulativeReturns
        N events, W windows.
    cluster : {'event', 'date', 'overlap'}
        ``event``: each by itself. ``date``: those with one date of day 0. ``overlap``: those whose
        windows overlap in calendar time, directly or through others.
    """
    number = np.full(cars.car.shape, -1, dtype=np.int64)
    for column, window in enumerate(cars.windows):
        rows = np.flatnonzero(np.isfinite(cars.car[:, column]))
        if cluster == "event":
            number[rows, column] = rows
        else:
            span = window if cluster == "overlap" else Window(0, 0)
            number[rows, column] = _overlapping(cars.abnormal, rows, span)
    return number


def _overlapping(abnormal: AbnormalReturns, rows: Ints, window: Window) -> Ints:
    """Return the number of the chain of overlapping windows that each event is in, shape (n,)."""
    first, last = np.empty((2, len(rows)), dtype="datetime64[D]")
    for axis, sessions in enumerate(abnormal.axes):
        here = abnormal.axis[rows] == axis
        day0 = abnormal.day0[rows[here]]
        first[here], last[here] = sessions[day0 + window.start], sessions[day0 + window.end]
    order = np.argsort(first, kind="stable")
    reach = np.maximum.accumulate(last[order].astype(np.int64))
    apart = first[order][1:].astype(np.int64) > reach[:-1]
    number = np.zeros(len(rows), dtype=np.int64)
    number[order[1:]] = np.cumsum(apart)
    return number


@dataclass(frozen=True, slots=True)
class Alike:
    """Windows in which the same events stand in the same clusters.

    Attributes
    ----------
    rows : ndarray of int, shape (n,)
        The events.
    columns : ndarray of int, shape (w,)
        The windows.
    cluster : ndarray of int, shape (n,)
        Cluster of each event, 0 to G - 1.
    """

    rows: Ints
    columns: Ints
    cluster: Ints

    @property
    def groups(self) -> int:
        """Number of clusters, G."""
        return int(self.cluster.max(initial=-1)) + 1

    @property
    def sizes(self) -> Floats:
        """Number of events of each cluster, shape (G,)."""
        return np.bincount(self.cluster, minlength=self.groups).astype(float)

    def sums(self, values: Floats) -> Floats:
        """Return the sums of values (n, w) over each cluster, shape (G, w)."""
        total = np.zeros((self.groups, values.shape[1]))
        np.add.at(total, self.cluster, values)
        return total


def alike(number: Ints) -> Iterator[Alike]:
    """Yield the windows that share events and clusters, from cluster numbers of shape (N, W)."""
    seen: dict[bytes, list[int]] = {}
    for column in range(number.shape[1]):
        seen.setdefault(number[:, column].tobytes(), []).append(column)
    for columns in seen.values():
        rows = np.flatnonzero(number[:, columns[0]] >= 0)
        cluster = np.unique(number[rows, columns[0]], return_inverse=True)[1]
        yield Alike(rows, np.array(columns), cluster)


@dataclass(frozen=True, slots=True)
class Rearranged:
    """Signs or labels of G clusters: all there are, or so many drawn at random.

    Attributes
    ----------
    count : int
        How many.
    exact : bool
        Whether these are all, the given one among them.
    parts : iterator of ndarray, shape (b, G)
        The rearrangements, part by part.
    """

    count: int
    exact: bool
    parts: Iterator[Floats]

    @property
    def law(self) -> str:
        """Name of the law that p-values come from."""
        return "exact" if self.exact else f"empirical({self.count})"

    def p_value(self, extreme: Ints) -> Floats:
        """Return the share of `extreme` ones; of drawn ones with the given one added to both."""
        share: Floats = (extreme + (not self.exact)) / (self.count + (not self.exact))
        return share


def sign_changes(groups: int, draws: int, rng: np.random.Generator) -> Rearranged:
    """Return the signs -1 and 1 of G clusters: all 2^G, or `draws` of them if that is fewer."""
    if 2**groups <= draws:
        bits = (np.arange(2**groups)[:, None] >> np.arange(groups)) & 1
        return Rearranged(2**groups, exact=True, parts=iter([_signs(bits)]))

    def drawn() -> Iterator[Floats]:
        for size in portions(draws, groups):
            yield _signs(rng.integers(0, 2, size=(size, groups), dtype=np.int8))

    return Rearranged(draws, exact=False, parts=drawn())


def _signs(bits: NDArray[np.integer]) -> Floats:
    """Return 1 for 0 and -1 for 1."""
    signs: Floats = 1 - 2 * bits.astype(np.float64)
    return signs


def label_changes(chosen: NDArray[np.bool_], draws: int, rng: np.random.Generator) -> Rearranged:
    """Return the ways to choose as many of G clusters as `chosen` has: all, or `draws` of them."""
    groups, k = len(chosen), int(chosen.sum())
    ways = comb(groups, k)
    if ways <= draws:
        labels = np.zeros((ways, groups))
        picked = np.array(list(combinations(range(groups), k)), dtype=np.int64)
        labels[np.arange(ways)[:, None], picked] = 1.0
        return Rearranged(ways, exact=True, parts=iter([labels]))

    def drawn() -> Iterator[Floats]:
        for size in portions(draws, groups):
            yield rng.permuted(np.tile(chosen, (size, 1)), axis=1).astype(float)

    return Rearranged(draws, exact=False, parts=drawn())


def portions(draws: int, width: int) -> Iterator[int]:
    """Yield the lengths of the parts into which draws of so many numbers are cut."""
    step = max(1, CHUNK // max(width, 1))
    for start in range(0, draws, step):
        yield min(step, draws - start)


def as_extreme(effect: Floats, variance: Floats, observed: Floats) -> Ints:
    """Count by window the effects with effect^2 / variance no smaller than that observed.

    Parameters
    ----------
    effect, variance : ndarray, shape (b, w)
        Of b rearrangements. An effect without variance is larger than any other.
    observed : ndarray, shape (w,)
        The statistic of the data, whose own rearrangement must count in spite of rounding.
    """
    bound = observed**2 * (1 - TIE) - TIE**2
    count: Ints = (effect**2 >= bound * variance).sum(axis=0)
    return count


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a resampling test writes what it finds, each shape (W,)."""

    tested: laws.Tested
    reason: NDArray[np.object_]

    @classmethod
    def empty(cls, width: int) -> Outcome:
        """Return an outcome of W windows of which nothing is known yet."""
        numbers = np.full(width, np.nan)
        tested = laws.Tested(numbers, numbers.copy(), laws.texts((width,)))
        return cls(tested, laws.texts((width,)))

    def write(self, columns: Ints, statistic: Floats, p_value: Floats, law: str) -> None:
        """Write the statistic and the p-value of some windows."""
        self.tested.statistic[columns] = statistic
        self.tested.p_value[columns] = p_value
        self.tested.distribution[columns] = law
