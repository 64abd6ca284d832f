"""The prices of a study: what it needs, until when, from its source, and the same where it is pinned."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from eventstudy.alignment import sessions
from eventstudy.errors import DataError
from eventstudy.quality import touched
from eventstudy.registry import build
from eventstudy.sources._live import refuse_unfinished_day
from eventstudy.sources.base import Listed
from eventstudy.sources.chain import Chain
from eventstudy.sources.fingerprint import fingerprint
from eventstudy.sources.written import read_prices, write_prices
from eventstudy.spec.study import may_have
from eventstudy.store import Store, default_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventstudy.sources.base import Access, Prices, Source
    from eventstudy.spec import Choice, Instrument, Study


def fetch(study: Study, access: Access) -> Prices:
    """Return the prices of everything that the study looks at, from its source.

    What a source with downloads delivers is kept whole in the cache, under its fingerprint.

    Parameters
    ----------
    study : Study
        Names the source, and may pin the prices.
    access : Access
        Where the source may look.

    Raises
    ------
    DataError
        When prices cannot be had, or are not those that the study is pinned to.
    """
    source = _built(study.source)
    wanted = list(_wanted(study, source, access))
    return _fetched(
        source, wanted, _access_of(study, access), _Pin("fingerprint", study.fingerprint)
    )


def fetch_second(study: Study, prices: Prices, access: Access) -> Prices:
    """Return what the second source of a study has of the instruments of its prices.

    Parameters
    ----------
    study : Study
        Names the second source, and may pin its prices.
    prices : Prices
        Those of its first source.
    access : Access
        Where the source may look.

    Raises
    ------
    DataError
        When prices cannot be had, or are not those that the study is pinned to.
    """
    if study.second_source is None:
        raise ValueError("fetch_second: the study has no second source")
    source = _built(study.second_source)
    wanted = [study.instruments[name] for name in prices.instruments]
    known = [each for each in wanted if may_have(study.second_source, each) or not each.symbols]
    if isinstance(source, Listed):
        held = source.held(access)
        known = [each for each in known if each.id in held]
    pin = _Pin("second_fingerprint", study.second_fingerprint)
    return _fetched(source, known, _access_of(study, access), pin)


class _Pin(NamedTuple):
    """The line of a study that holds prices fast."""

    key: str
    fingerprint: str


def _built(choice: Choice) -> Source:
    """Return the source that a study names."""
    source: Source = build("eventstudy.sources", choice.name, choice.options, kind="source")
    return source


def _fetched(source: Source, wanted: list[Instrument], access: Access, pin: _Pin) -> Prices:
    """Return the prices of a source, or those that the study is pinned to."""
    store = Store(access.cache or default_folder())
    if pin.fingerprint and source.live:
        return _complete(read_prices(store.recall(pin.fingerprint)), wanted, pin)
    prices = source.fetch(wanted, access)
    found = fingerprint(prices)
    if not found.startswith(pin.fingerprint):
        raise DataError(
            f"the source {source.name!r} gives other prices (fingerprint {found[:12]}) than the study is"
            f" pinned to ({pin.fingerprint[:12]}); get the frozen prices from whoever wrote the study, or"
            f" remove the line `{pin.key}`"
        )
    if source.live:
        store.remember(found, lambda path: write_prices(prices, path))
    return prices


def _access_of(study: Study, access: Access) -> Access:
    """Return where a source may look for a study: until its last session, as of its day."""
    as_of = np.datetime64(study.as_of) if study.as_of else access.as_of
    narrowed = replace(access, as_of=as_of, until=_until(study))
    refuse_unfinished_day(narrowed)  # a chain would pass over the source that says so
    return narrowed


def _wanted(study: Study, source: Source, access: Access) -> Iterator[Instrument]:
    """Yield every instrument that the study looks at, each once; of what it can do without, what there is."""
    models = [
        build("eventstudy.models", choice.name, choice.options, kind="model")
        for choice in (*study.models, *study.varied_models)
    ]
    printed = [
        figure.asset
        for event in study.events
        for figure in event.reported
        if may_have(study.source, study.instruments[figure.asset])
    ]
    spare = [
        name
        for name in (*study.flows, *printed)
        if _can_be_had(study.instruments[name], source, access)
    ]
    needed = (
        *study.assets,
        *(request.instrument for model in models for request in model.inputs()),
        *spare,
    )
    for name in dict.fromkeys(needed):
        yield study.instruments[name]


def _can_be_had(instrument: Instrument, source: Source, access: Access) -> bool:
    """Tell whether a source that may have an instrument has it, where it can tell beforehand."""
    members = [each for _, each in source.members()] if isinstance(source, Chain) else [source]
    others = [each.name for each in members if not isinstance(each, Listed)]
    by_id = bool(others) and instrument.kind == "flow" and not instrument.symbols
    if by_id or any(name in instrument.symbols for name in others):
        return True
    with suppress(DataError):  # fetching says what is wrong with a file
        return any(
            instrument.id in each.held(access) for each in members if isinstance(each, Listed)
        )
    return False


def _until(study: Study) -> np.datetime64 | None:
    """Return the last session that the windows of the events can touch; None where none is known."""
    calendars = {study.instruments[asset].calendar for asset in study.assets}
    touchable = [touched(study, sessions(code)) for code in calendars]
    return max((days[-1] for days in touchable if len(days)), default=None)


def _complete(prices: Prices, wanted: list[Instrument], pin: _Pin) -> Prices:
    """Return pinned prices; raise when they lack what the study has come to look at."""
    missing = [each.id for each in wanted if each.id not in prices.instruments]
    if missing:
        raise DataError(
            f"the prices with the fingerprint {pin.fingerprint[:12]} have no {', '.join(missing)}, which the"
            f" study looks at now; remove the line `{pin.key}`, or leave the study as it was"
        )
    return prices
