"""What live sources share: the cache between a study and the network.

A study gets the same prices until someone asks for new ones. What the network gives is checked before
it enters the cache; what cannot be had anew is taken from the cache, and a line says how old it is.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Protocol

from eventstudy.errors import DataError
from eventstudy.formats import counted
from eventstudy.sources._assemble import Held, assemble
from eventstudy.sources._fitness import (
    SETTLED,
    day_of,
    priced,
    refuse_unfit,
    revision,
    without_unfinished,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.sources.base import Access, Prices
    from eventstudy.spec import Instrument
    from eventstudy.store import Download, Request, Store

    Answers = Generator[tuple[Request, Download | DataError], None, None]

LATE = 7 * 86400
"""Seconds for which a source may still bring a session that is over and that it had not: then it is asked
again."""


class Live(Protocol):
    """A source on the network, as :func:`through_cache` needs it.

    Attributes
    ----------
    name : str
        Of the plug-in.
    origin, licence : str
        Who compiled the series and under which terms.
    """

    name: ClassVar[str]
    origin: ClassVar[str]
    licence: ClassVar[str]

    def request(self, instrument: Instrument) -> Request:
        """Return what is asked for an instrument; DataError where there is nothing to ask."""
        ...

    def download(self, requests: Sequence[Request], access: Access) -> Answers:
        """Yield for each request what it brought: rows as the source gave them, or the fault."""
        ...

    def bars(self, instrument: Instrument, download: Download) -> Mapping[str, NDArray[np.float64]]:
        """Return fields of Prices from the columns of a download, each of shape (n,)."""
        ...

    def adjusted(self, instrument: Instrument) -> bool:
        """Tell whether :meth:`bars` works dividends and splits into the prices."""
        ...

    def proxy(self, instrument: Instrument) -> str:
        """Return what the series is where it only stands for the instrument; else nothing."""
        ...


def through_cache(live: Live, instruments: Sequence[Instrument], access: Access) -> Prices:
    """Return prices from the cache, or from the network by way of it.

    Parameters
    ----------
    live : Live
        The source.
    instruments : sequence of Instrument, length S
        What is wanted.
    access : Access
        With `as_of` or `offline` the network is never used. Otherwise a download is used if it was made
        after the last session that the study needs (`until`; any download where it is not given) and
        `refresh` is not asked for; else the prices are downloaded.

    Returns
    -------
    Prices
        Whole histories, sessions not over at the time of download left out; in the order of the
        instruments.

    Raises
    ------
    DataError
        When a series is neither in the cache nor can be downloaded; all of them are named.
    """
    from eventstudy.store import Store, default_folder

    refuse_unfinished_day(access)
    store = Store(access.cache or default_folder())
    held: list[Held] = []
    refused: dict[str, str] = {}
    faults: dict[str, str] = {}
    for instrument in instruments:
        try:
            request = live.request(instrument)
        except DataError as fault:
            refused[instrument.id] = str(fault)
            continue
        held.append(_newest(Held(instrument, request, None), access, store))
    if access.as_of is None and not access.offline:
        held, faults = _renewed(live, held, access, store)
    if refused or faults:
        raise DataError("\n".join([*refused.values(), *faults.values()]), faults=refused | faults)
    missing = [one for one in held if one.download is None]
    if missing:
        faults = {one.instrument.id: _what_is_missing([one], access, store) for one in missing}
        raise DataError(_what_is_missing(missing, access, store), faults=faults)
    return assemble(live, held)


def refuse_unfinished_day(access: Access) -> None:
    """Raise when the day of `as_of` is not over: a download to come would change what it means."""
    if access.as_of is None or access.now is None or access.as_of < access.now.astype("M8[D]"):
        return
    raise DataError(
        f"`as_of: {access.as_of}` holds no prices fast before that day is over, at midnight UTC: a download"
        " until then would change them; take an earlier day, or pin the study by `fingerprint`"
    )


def _newest(one: Held, access: Access, store: Store) -> Held:
    """Return the newest download of a series; where it is damaged an older one, unless `as_of` means it."""
    download = store.latest(one.request, as_of=access.as_of)
    made = store.made(one.request, as_of=access.as_of)
    if made is None or (download is not None and download.at == made):
        return replace(one, download=download)
    note = f"the download of {made.astype('M8[D]')} is gone or not as it was written"
    return replace(one, download=download if access.as_of is None else None, notes=(note,))


def _what_is_missing(missing: Sequence[Held], access: Access, store: Store) -> str:
    """Say which downloads the cache lacks, and how to get them."""
    names = ", ".join("; ".join((one.name, *one.notes)) for one in missing)
    when = f" of {access.as_of} or before" if access.as_of is not None else ""
    why = "`as_of` looks at nothing else" if access.as_of is not None else "the network is not used"
    todo = (
        "take a later `as_of`, see `eventstudy data status`"
        if access.as_of is not None
        else "run `eventstudy data fetch STUDY` once with the network"
    )
    return f"the cache {store.folder} has no download{when} of {names}, and {why}; {todo}"


def _renewed(
    live: Live, held: list[Held], access: Access, store: Store
) -> tuple[list[Held], dict[str, str]]:
    """Download what the cache lacks or has too old; return what there is, and why some is not."""
    stale = {one.request.key: one for one in held if access.refresh or not _suffices(one, access)}
    if not stale:
        return held, {}
    now = moment(access)
    found: dict[str, Download | DataError] = {}
    with closing(live.download([one.request for one in stale.values()], access)) as answers:
        for request, answer in answers:
            found[request.key] = _kept(stale[request.key], answer, store)
    faults = {
        one.instrument.id: f"{one.name}: {found[one.request.key]}"
        for one in held
        if one.download is None and isinstance(found.get(one.request.key), DataError)
    }
    if faults:
        return held, faults
    renewed = [
        _after(one, found[one.request.key], now) if one.request.key in found else one
        for one in held
    ]
    return renewed, {}


def moment(access: Access) -> np.datetime64:
    """Return the time, UTC, that downloads are marked with; ValueError where nobody says it."""
    if access.now is None:
        raise ValueError("Access: a download needs `now`, the time that it is marked with")
    return access.now


def _suffices(one: Held, access: Access) -> bool:
    """Tell whether a download was made after the last session that is needed and over by now, and has it.

    What it lacks :data:`LATE` after that session will not come.
    """
    import numpy as np

    from eventstudy.alignment import exchange

    if one.download is None or one.notes:
        return False
    if access.until is None or access.now is None:
        return True
    known = exchange(one.instrument.calendar)
    over = known.closes + np.timedelta64(SETTLED, "s")
    needed = np.flatnonzero((known.sessions <= access.until) & (over <= access.now))
    if not len(needed):
        return True
    has = (priced(one.download) >= known.sessions[needed[-1]]).any()
    grace = np.timedelta64(0 if has else LATE, "s")
    return bool(over[needed[-1]] + grace <= one.download.at)


def _kept(one: Held, answer: Download | DataError, store: Store) -> Download | DataError:
    """Put a download into the cache if it is fit for it; return it, or the fault."""
    if isinstance(answer, DataError):
        return answer
    try:
        final = without_unfinished(one.instrument, answer)
        refuse_unfit(final, one.download)
    except DataError as fault:
        return fault
    final = replace(final, revision=revision(final, one.download))
    store.add(final)
    return final


def _after(one: Held, found: Download | DataError, now: np.datetime64) -> Held:
    """Return what is used after an attempt at a newer download, with a line if it failed."""
    if not isinstance(found, DataError):
        return replace(one, download=found, notes=())
    if one.download is None:
        raise found
    age = (now - one.download.at).astype("timedelta64[D]").astype(int)
    days = f"{counted(int(age), 'day')} old" if age else "of the same day"
    text = f"no new prices on {now.astype('M8[D]')}: the download of {day_of(one.download)} is used, {days} ({found})"
    return replace(one, notes=(*one.notes, text))
