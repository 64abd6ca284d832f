"""From returns to abnormal returns: all at once, or chunk by chunk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from eventstudy.abnormal import abnormal_returns
from eventstudy.panel.cells import estimate, place, read_beside, read_data
from eventstudy.panel.gathering import (
    BY_EVENT,
    Gathering,
    Table,
    evaluated,
    kept,
    rows_of,
    without_returns,
)
from eventstudy.panel.models import read_model
from eventstudy.panel.series import Whole
from eventstudy.workers import at_work, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from eventstudy.ledger import Dropped
    from eventstudy.panel.cells import Data
    from eventstudy.panel.chunks import Chunk
    from eventstudy.panel.events import Events
    from eventstudy.panel.gathering import Modelled
    from eventstudy.panel.job import Design, Inputs
    from eventstudy.panel.series import Series
    from eventstudy.returns.sample import Sample
    from eventstudy.sheets.series import SeriesTable

T = TypeVar("T")


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
        At least one, spread over the workers; every event is in one. None for all at once.
    """
    beside = read_beside(inputs)
    if not isinstance(source, Whole):
        read = partial(_read, inputs, source, beside)
        jobs = ((part.names, events.select(part.rows)) for part in parts or ())
        return _gathered(parts or (), events, design, spread(_work(design, read), jobs))
    data = read_data(inputs, source, source.names, beside)
    if parts is None:
        return _study(design, data, events)
    given = ((_some(data, part.names), events.select(part.rows)) for part in parts)
    found = _gathered(parts, events, design, spread(_work(design, _as_given), given))
    return replace(found, data=data)


def _read(
    inputs: Inputs, source: Series, beside: Mapping[Path, SeriesTable], names: tuple[str, ...]
) -> Data:
    """Read some assets."""
    return read_data(inputs, source, names, beside)


def _some(data: Data, names: tuple[str, ...]) -> Data:
    """Return the tables with some of the assets, in their order."""
    assets, wanted = data.assets, {*names}
    columns = [number for number, name in enumerate(assets.names) if name in wanted]
    own = tuple(assets.names[number] for number in columns)
    return replace(data, assets=replace(assets, names=own, values=assets.values[:, columns]))


def _as_given(data: Data) -> Data:
    """Return tables that need not be read."""
    return data


def _work(design: Design, tables: Callable[[T], Data]) -> Callable[[tuple[T, Events]], Studied]:
    """Return what is done with each chunk."""
    return partial(_done, design, tables, sent=at_work().apart)


def _done(
    design: Design, tables: Callable[[T], Data], job: tuple[T, Events], *, sent: bool
) -> Studied:
    """Study a chunk; without its returns where it is sent to another process."""
    given, events = job
    found = _study(design, tables(given), events)
    if not sent:
        return found
    return Studied(
        _no_assets(found.data),
        found.notes,
        without_returns(found.sample, kept(found.sample, BY_EVENT)),
        found.dropped,
        [evaluated(*each) for each in found.modelled],
    )


def _study(design: Design, data: Data, events: Events) -> Studied:
    """Estimate every model on some events."""
    sample, dropped = place(events, data, design)
    fitted = [estimate(read_model(text), sample, data, design) for text in design.labels]
    modelled = [(each, abnormal_returns(each.sample, each.fit)) for each in fitted]
    return Studied(data, data.notes, sample, dropped, modelled)


def _gathered(
    parts: Sequence[Chunk], events: Events, design: Design, results: Iterator[Studied]
) -> Studied:
    """Put together what is known of all events, one chunk after the other."""
    gathered = [Gathering(len(events)) for _ in design.labels]
    placed, notes = Table(len(events)), dict[str, None]()
    lost: list[tuple[int, Dropped]] = []
    for part in parts:
        found = next(results)
        notes |= dict.fromkeys(found.notes)
        ids = events.event_ids[part.rows].tolist()
        row_of = dict(zip(ids, part.rows.tolist(), strict=True))
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
