"""Which events stand apart: no session of their windows is shared, no other event confounds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from eventstudy.returns.sample import Ints


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """The clusters of n cells of one asset, or of pooled assets.

    Attributes
    ----------
    cluster : ndarray of int, shape (n,)
        Cells that share sessions, directly or through others, or of which one event confounds the
        other, have one number: 0, 1, 2 …
    events : ndarray of int, shape (n,)
        Number of events in the cluster of each cell.
    confounded : ndarray of bool, shape (n,)
        Whether another event, studied or not, is said to confound the event.
    """

    cluster: Ints
    events: Ints
    confounded: NDArray[np.bool_]

    @property
    def alone(self) -> NDArray[np.bool_]:
        """Whether the event of each cell stands apart from every other, shape (n,)."""
        alone: NDArray[np.bool_] = (self.events == 1) & ~self.confounded
        return alone

    @property
    def count(self) -> int:
        """Number of clusters: the effective number of events."""
        return len(np.unique(self.cluster))


def apart(
    days: Ints, names: NDArray[np.object_], span: int, confounders: Mapping[str, Sequence[str]]
) -> Apart:
    """Put cells into clusters.

    Parameters
    ----------
    days : ndarray of int, shape (n,)
        Day 0 of each cell on one axis.
    names : ndarray of object, shape (n,)
        Event of each cell.
    span : int
        Sessions from the first to the last of all tested windows: events less than that apart share
        one.
    confounders : mapping of str to sequence of str
        By event: the events that are said to confound it, in the sample or not.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(days)
    order = np.argsort(days, kind="stable")
    near = np.diff(days[order]) < span
    position = {name: row for row, name in enumerate(names)}
    pairs = [
        *zip(order[:-1][near].tolist(), order[1:][near].tolist(), strict=True),
        *(
            (row, position[other])
            for row, name in enumerate(names)
            for other in (name, *confounders.get(name, ()))
            if other in position
        ),
    ]
    first, last = np.array(pairs, dtype=int).T
    graph = coo_array((np.ones(len(first)), (first, last)), shape=(n, n))
    cluster = np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
    distinct = {(number, name) for number, name in zip(cluster.tolist(), names, strict=True)}
    size = np.bincount([number for number, _ in distinct], minlength=n)
    named = {other for name in names for other in confounders.get(name, ())}
    confounded = np.array([bool(confounders.get(name)) or name in named for name in names], bool)
    return Apart(cluster, size[cluster], confounded)
