"""From returns to abnormal returns: all at once, or chunk by chunk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.abnormal import abnormal_returns
from eventstudy.panel.cells import estimate, place, read_beside, read_data
from eventstudy.panel.gathering import BY_EVENT, Gathering, Table, kept, rows_of, without_returns
from eventstudy.panel.models import read_model

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from eventstudy.ledger import Dropped
    from eventstudy.panel.cells import Data
    from eventstudy.panel.chunks import Chunk
    from eventstudy.panel.events import Events
    from eventstudy.panel.gathering import Modelled
    from eventstudy.panel.job import Design, Inputs
    from eventstudy.panel.series import Series
    from eventstudy.returns.sample import Sample


@dataclass(frozen=True, slots=True)
class Studied:
    """What all tests rest on.

    Attributes
    ----------
    data : Data
        The tables; of chunks, without returns.
    notes : tuple of str
        What the user should know about the tables.
    sample : Sample
        The events that have a session and an asset; of chunks, without returns.
    dropped : tuple of Dropped
        The others.
    modelled : list of (Estimated, AbnormalReturns)
        By model.
    """

    data: Data
    notes: tuple[str, ...]
    sample: Sample
    dropped: tuple[Dropped, ...]
    modelled: list[Modelled]


def study_events(
    inputs: Inputs, design: Design, source: Series, events: Events, parts: Sequence[Chunk] | None
) -> Studied:
    """Estimate every model on every event.

    Parameters
    ----------
    inputs, design : Inputs, Design
        The tables, and what is asked.
    source : Series
        The returns of the assets.
    events : Events
        All events.
    parts : sequence of Chunk, optional
        At least one, looked at one after the other; every event is in one. None for all at once.
    """
    beside = read_beside(inputs)

    def study(names: tuple[str, ...], own: Events) -> Studied:
        """Estimate every model on some events."""
        data = read_data(inputs, source, names, beside)
        sample, dropped = place(own, data, design)
        fitted = [estimate(read_model(text), sample, data, design) for text in design.labels]
        modelled = [(each, abnormal_returns(each.sample, each.fit)) for each in fitted]
        return Studied(data, data.notes, sample, dropped, modelled)

    if parts is None:
        return study(source.names, events)
    return _gathered(parts, events, len(design.labels), study)


def _gathered(
    parts: Sequence[Chunk],
    events: Events,
    models: int,
    study: Callable[[tuple[str, ...], Events], Studied],
) -> Studied:
    """Study one chunk after the other, and put together what is known of all events."""
    gathered = [Gathering(len(events)) for _ in range(models)]
    placed, notes = Table(len(events)), dict[str, None]()
    lost: list[tuple[int, Dropped]] = []
    for part in parts:
        own = events.select(part.rows)
        found = study(part.names, own)
        notes |= dict.fromkeys(found.notes)
        row_of = dict(zip(own.event_ids, part.rows.tolist(), strict=True))
        lost += [(row_of[drop.event_id], drop) for drop in found.dropped]
        placed.fill(rows_of(row_of, found.sample), kept(found.sample, BY_EVENT))
        for gathering, modelled in zip(gathered, found.modelled, strict=True):
            gathering.add(row_of, *modelled)
        data, like = _no_assets(found.data), without_returns(found.sample, {})
        del found, modelled  # or two chunks would be there together
    sample = without_returns(like, placed.close()[1])
    dropped = tuple(drop for _, drop in sorted(lost, key=lambda each: each[0]))
    return Studied(data, tuple(notes), sample, dropped, [each.close() for each in gathered])


def _no_assets(data: Data) -> Data:
    """Return the tables without the returns in them."""
    assets = replace(data.assets, names=(), values=np.empty((len(data.assets.dates), 0)))
    return replace(data, assets=assets, regressors={})
