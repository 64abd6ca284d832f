"""From downloads to prices: the series of several instruments on the union of their dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventstudy.formats import counted
from eventstudy.sources.base import KINDS, LEVELS, Prices, Series

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.sources._live import Live
    from eventstudy.spec import Instrument
    from eventstudy.store import Download, Request


@dataclass(frozen=True, slots=True)
class Held:
    """One instrument, what is asked for it, and the download that is used, if any."""

    instrument: Instrument
    request: Request
    download: Download | None
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Instrument, source and symbol, for a message."""
        return f"{self.instrument.id} ({self.request.source} {self.request.symbol})"


def assemble(live: Live, held: Sequence[Held]) -> Prices:
    """Put the series on the union of their dates.

    Parameters
    ----------
    live : Live
        The source, which knows what its columns mean.
    held : sequence of Held, length S
        Each with a download.
    """
    import numpy as np

    downloads = [one.download for one in held if one.download is not None]
    days = np.unique(np.concatenate([download.dates for download in downloads]))
    shape = (len(days), len(held))
    values: dict[str, NDArray[np.float64]] = {}
    kind = np.zeros(shape, dtype=np.int8)
    series = []
    for column, (one, download) in enumerate(zip(held, downloads, strict=True)):
        bars = live.bars(one.instrument, download)
        rows = np.searchsorted(days, download.dates)
        for name, content in bars.items():
            values.setdefault(name, np.full(shape, np.nan))[rows, column] = content
        kind[rows, column] = _kinds(bars)
        series.append(_series(live, one, download, bars))
    return Prices(days, tuple(one.instrument.id for one in held), values, kind, tuple(series))


def _kinds(bars: Mapping[str, NDArray[np.float64]]) -> NDArray[np.int8]:
    """Return the code of each row: full bar, close (or flow) alone, nothing."""
    import numpy as np

    known = {name: ~np.isnan(values) for name, values in bars.items()}
    main = known["close"] if "close" in known else known["flow"]
    full = all(name in known for name in LEVELS)
    whole = np.logical_and.reduce([known[name] for name in LEVELS]) if full else ~main & main
    codes = np.where(whole, KINDS.index("ohlc"), np.where(main, KINDS.index("close"), 0))
    return codes.astype(np.int8)


def _series(
    live: Live, one: Held, download: Download, bars: Mapping[str, NDArray[np.float64]]
) -> Series:
    """Return where one series comes from, and what a reader must know of it."""
    import numpy as np

    from eventstudy.alignment import exchange

    known = _kinds(bars) > 0
    dates = download.dates
    gaps = dates[~known]
    empty = int(exchange(one.instrument.calendar).is_session(gaps).sum()) if len(gaps) else 0
    notes = [*one.notes, *([download.revision] if download.revision else [])]
    if empty:
        notes.append(f"{counted(empty, 'session')} without a price, kept as missing")
    ends = [str(day) for day in dates[known][[0, -1]]] if known.any() else ["", ""]
    return Series(
        instrument=one.instrument.id,
        symbol=one.request.symbol,
        source=one.request.source,
        origin=live.origin,
        licence=live.licence,
        first=ends[0],
        last=ends[1],
        n_obs=int(np.count_nonzero(known)),
        sha256=download.sha256,
        adjusted=live.adjusted(one.instrument),
        proxy=live.proxy(one.instrument),
        downloaded=str(download.at),
        note="; ".join(notes),
        splits=_splits(download),
    )


def _splits(download: Download) -> str:
    """Return the splits that a download records, for :class:`Series`."""
    ratios = download.columns.get("splits", ())
    recorded = zip(download.dates, ratios, strict=False)
    return "; ".join(f"{day} {ratio:g}" for day, ratio in recorded if ratio > 0 and ratio != 1)
