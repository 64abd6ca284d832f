"""Prices of other sources that those of a study are held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy.errors import DataError
from eventstudy.quality import Other
from eventstudy.sources.snapshot import Snapshot, status_table
from eventstudy.spec import built_in
from eventstudy.study.fetching import fetch_second

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventstudy.sources.base import Access, Prices
    from eventstudy.spec import Instrument, Study


def other_prices(study: Study, prices: Prices, access: Access) -> Iterator[Other | str]:
    """Yield what the prices of a study can be held against.

    Parameters
    ----------
    study : Study
        Names the second source, if any.
    prices : Prices
        Those of its first source.
    access : Access
        Where the second source may look.

    Yields
    ------
    Other or str
        The embedded data, of the series that come from elsewhere; the second source, or why its
        prices cannot be had.

    Raises
    ------
    DataError
        When the prices of the second source are not those that the study is pinned to.
    """
    wanted = [study.instruments[name] for name in prices.instruments]
    foreign = [each for each in wanted if prices.info(each.id).source != Snapshot.name]
    embedded = [each for each in foreign if _is_embedded(each)]
    if embedded:
        yield Other("snapshot", "the embedded data", Snapshot().fetch(embedded))
    if study.second_source is None:
        return
    try:
        second = fetch_second(study, prices, access)
    except DataError as error:
        if study.second_fingerprint:
            raise
        yield str(error)
    else:
        yield Other("second-source", study.second_source.name, second)


def _is_embedded(instrument: Instrument) -> bool:
    """Tell whether the embedded data have a series, by symbol or else by id, of the same exchange."""
    symbol = instrument.symbols.get(Snapshot.name, instrument.id)
    known = built_in().get(symbol)
    here = {row["instrument"] for row in status_table()}
    return symbol in here and known is not None and known.calendar == instrument.calendar
