"""Which events a sample holds: its clusters, and sets of events that a choice of them gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.comparison import apart
from eventstudy.reversal import DAY0, LIMITED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from eventstudy.comparison import Apart
    from eventstudy.returns.sample import Ints, Sample
    from eventstudy.spec import Study
    from eventstudy.study.frames import Columns

    Names = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Members:
    """The events of one asset, or of pooled assets.

    Attributes
    ----------
    sets : mapping of str to frozenset of str
        Ids of the events in each set.
    cluster : mapping of str to int
        Cluster of each event.
    """

    sets: Mapping[str, frozenset[str]]
    cluster: Mapping[str, int]

    def missing(self, name: str) -> str:
        """Say why a set is not studied; an empty text where it is."""
        return "" if self.sets[name] else f"no event is in the set {name!r}"

    def clusters(self, names: Names) -> int:
        """Return the number of clusters that some events belong to."""
        return len({self.cluster[name] for name in names})


def _clusters(study: Study, sample: Sample) -> Iterator[tuple[str, Ints, Apart]]:
    """Yield each asset, or all where they are pooled, with its cells and their clusters."""
    span = max(w.end for w in study.windows) - min(w.start for w in study.windows) + 1
    confounders = {event.id: event.confounded_by for event in study.events}
    for asset in ("all",) if study.pool_assets else study.assets:
        rows = np.flatnonzero((sample.assets == asset) | study.pool_assets)
        if len(rows):
            days = np.searchsorted(sample.axes[sample.axis[rows[0]]], sample.dates(0)[rows])
            yield asset, rows, apart(days, sample.event_ids[rows], span, confounders)


def overlap_columns(study: Study, sample: Sample) -> list[Columns]:
    """Return the rows of the frame ``overlaps``: which events stand apart, asset by asset."""
    return [
        {
            "event_id": sample.event_ids[rows],
            "asset": sample.assets[rows],
            "cluster": found.cluster,
            "cluster_size": found.events,
            "confounded": _words(found.confounded),
            "apart": _words(found.alone),
        }
        for _, rows, found in _clusters(study, sample)
    ]


def _words(flags: NDArray[np.bool_]) -> Names:
    """Return yes and no."""
    return np.where(flags, "yes", "no").astype(object)


def members_of(study: Study, sample: Sample) -> dict[str, Members]:
    """Return the sets of events by asset.

    Parameters
    ----------
    study : Study
        The study.
    sample : Sample
        The cells that have a price history.
    """
    by_rule = {event.id for event in study.events if event.selection == "rule"}
    size = np.abs(sample.gather(slice(None), DAY0).asset[:, 0])
    limits = [LIMITED.get(study.instruments[asset].calendar, np.inf) for asset in sample.assets]
    held = size >= np.array(limits)
    found = {}
    for asset, rows, clusters in _clusters(study, sample):
        names = sample.event_ids[rows]
        every = frozenset(names)
        sets = {
            "all": every,
            "rule": every & by_rule,
            "apart": frozenset(names[clusters.alone]),
            "unlimited": every - set(names[held[rows]]),
        }
        found[asset] = Members(sets, dict(zip(names, clusters.cluster.tolist(), strict=True)))
    return found
