"""Rules about what the prices are held against: calendars, a second source; and what is accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy.spec.calendars import check_calendar
from eventstudy.spec.messages import Finding
from eventstudy.spec.plugins import check_choice, unknown_instrument

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from eventstudy.spec.draft import Draft, Pieces
    from eventstudy.spec.instrument import Instrument


def check_prices(pieces: Pieces, instruments: Mapping[str, Instrument]) -> Iterator[Finding]:
    """Yield the mistakes in ``second_source`` and ``accept``, and in the calendars of instruments.

    Parameters
    ----------
    pieces : Pieces
        What is right in the file.
    instruments : mapping of str to Instrument
        Every instrument that the study can name.
    """
    for where, block in pieces.entries("instruments"):
        yield from check_calendar(block, where)
    yield from _check_second(pieces.draft, instruments)
    for where, entry in pieces.entries("accept"):
        if entry.asset and entry.asset not in instruments:
            yield unknown_instrument(entry.asset, (*where, "asset"), instruments)
        if entry.check == "second-source" and "second_source" not in pieces.draft.model_fields_set:
            message = "means nothing without `second_source`; add it, or remove the entry"
            yield Finding("no-effect", (*where, "check"), message)
    keys = [(entry.check, entry.asset) for _, entry in pieces.entries("accept")]
    for i, (where, entry) in enumerate(pieces.entries("accept")):
        if keys[i] in keys[:i]:
            message = f"{entry.check} stands in an entry above already; keep one"
            yield Finding("duplicate-entry", (*where, "check"), message)


def _check_second(draft: Draft, instruments: Mapping[str, Instrument]) -> Iterator[Finding]:
    """Yield the mistakes in the choice of the second source."""
    first, second = draft.source, draft.second_source
    if second is None:
        return
    yield from check_choice("source", second, ("second_source",), instruments)
    if (second.name, second.options) == (first.name, first.options):
        message = (
            f"{second.name!r} is the first source too, which agrees with itself; name another, or"
            " remove the line"
        )
        yield Finding("no-effect", ("second_source",), message)
