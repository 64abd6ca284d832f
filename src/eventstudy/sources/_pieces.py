"""One instrument from several series: what may be pieced together, and where each cell comes from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from eventstudy.formats import counted
from eventstudy.sources.base import KINDS, LEVELS, Prices, Series

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Dates = NDArray[np.datetime64]

SAME = 5e-4
"""Relative difference of two levels of one session, up to which they are the same: 5 bp."""

FEW = 5
"""Runs of dates that are named."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One instrument, as one source gives it or as several do.

    Attributes
    ----------
    label : str
        Of the source, as the study file calls it.
    dates : ndarray of datetime64[D], shape (T,)
        Those with any value, ascending.
    values : mapping of str to ndarray, shape (T,)
        By field.
    kind : ndarray of int8, shape (T,)
        Code of each cell.
    origin : ndarray of int16, shape (T,)
        Position in `parts` of the series that a cell comes from.
    parts : tuple of Series
        Where cells come from.
    series : Series
        The whole.
    """

    label: str
    dates: Dates
    values: Mapping[str, NDArray[np.float64]]
    kind: NDArray[np.int8]
    origin: NDArray[np.int16]
    parts: tuple[Series, ...]
    series: Series

    @property
    def priced(self) -> bool:
        """Whether the instrument comes as price levels: only those can be pieced together."""
        return "close" in self.values and not (self.kind == KINDS.index("return")).any()


def piece(prices: Prices, instrument: str, label: str) -> Piece:
    """Return one instrument of a set of prices."""
    import numpy as np

    column = prices.instruments.index(instrument)
    values = {field: array[:, column] for field, array in prices.values.items()}
    known = [field for field, array in values.items() if not np.isnan(array).all()]
    rows = prices.kind[:, column] > 0
    for field in known:
        rows = rows | ~np.isnan(values[field])
    series = prices.series[column]
    whole = prices.origin is None
    origin = np.zeros(len(rows), np.int16) if prices.origin is None else prices.origin[:, column]
    used = np.unique(origin[rows])
    return Piece(
        label,
        prices.dates[rows],
        {field: values[field][rows] for field in known},
        prices.kind[rows, column],
        np.searchsorted(used, origin[rows]).astype(np.int16),
        (series,) if whole else tuple(prices.parts[position] for position in used),
        series,
    )


def filled(base: Piece, first: Piece, other: Piece, sessions: Dates) -> tuple[Piece, str]:
    """Fill sessions without a close from another source, where both give the same level.

    Parameters
    ----------
    base : Piece
        What there is, perhaps filled from other sources before.
    first : Piece
        The same before anything was filled: what the other source is held against.
    other : Piece
        What another source gives.
    sessions : ndarray of datetime64[D]
        Of the instrument's exchange.

    Returns
    -------
    Piece, str
        What there is then, and what a reader must know; nothing where no session could be filled.

    Notes
    -----
    Only levels are filled, never volumes: whole bars if open, high, low and close differ by no more
    than :data:`SAME` on any common session, the close alone if only the closes do not, else nothing.
    """
    import numpy as np

    have = base.dates[~np.isnan(base.values["close"])]
    days = np.intersect1d(np.setdiff1d(_closes(other)[0], have), sessions)
    if not len(days):
        return base, ""
    what = f"{counted(len(days), 'session')} ({named(days, sessions)}) without a price"
    reason = _unlike(first.series, other.series) or _apart(first, other, "close")
    if reason:
        return base, f"{what} not filled from {other.label}: {reason}"
    bars = not any(_apart(first, other, field) for field in LEVELS)
    alone = "" if bars or "open" not in other.values else ", closes alone"
    fields = LEVELS if bars else ("close",)
    return _joined(base, other, days, fields), f"{what} filled from {other.label}{alone}"


def named(days: Dates, among: Dates) -> str:
    """Return dates as runs of neighbours among others, the first :data:`FEW` of them.

    Parameters
    ----------
    days : ndarray of datetime64[D], shape (n,)
        Ascending, at least one.
    among : ndarray of datetime64[D]
        Ascending; all of `days` stand in it.

    Examples
    --------
    >>> import numpy as np
    >>> among = np.array(["2024-01-04", "2024-01-05", "2024-01-08", "2024-01-09"], "M8[D]")
    >>> named(among[[0, 1, 3]], among)
    '2024-01-04 to 2024-01-05, 2024-01-09'
    """
    import numpy as np

    rows = np.searchsorted(among, days)
    starts = np.flatnonzero(np.diff(rows, prepend=-2) > 1)
    ends = np.append(starts[1:], len(days)) - 1
    runs = [
        str(days[start]) if start == end else f"{days[start]} to {days[end]}"
        for start, end in zip(starts[:FEW], ends[:FEW], strict=True)
    ]
    return ", ".join([*runs, "…"] if len(starts) > FEW else runs)


def _unlike(first: Series, other: Series) -> str:
    """Say why one series cannot stand beside another; nothing where it can."""
    if first.proxy != other.proxy:
        return f"the {first.proxy or other.proxy} only stands for the instrument"
    if first.adjusted != other.adjusted:
        return "total returns and prices are not mixed"
    return ""


def _apart(first: Piece, other: Piece, field: str) -> str:
    """Say on how many common sessions a field differs, and how much; nothing where it does not."""
    import numpy as np

    if field not in first.values or field not in other.values:
        return f"one of both has no {field}s"
    days, rows, others = np.intersect1d(first.dates, other.dates, return_indices=True)
    own, theirs = first.values[field][rows], other.values[field][others]
    both = ~np.isnan(own) & ~np.isnan(theirs)
    if not both.any():
        return "no session in common shows whether the levels agree"
    difference = np.where(both, np.abs(theirs / own - 1), 0)
    wrong = difference > SAME
    if not wrong.any():
        return ""
    worst = int(np.argmax(difference))
    return (
        f"its {field}s differ by more than 5 bp on {np.count_nonzero(wrong):,} of"
        f" {np.count_nonzero(both):,} common sessions, most on {days[worst]}"
        f" ({difference[worst] * 1e4:,.0f} bp)"
    )


def _closes(one: Piece) -> tuple[Dates, NDArray[np.intp]]:
    """Return the dates with a close, and their rows."""
    import numpy as np

    rows = np.flatnonzero(~np.isnan(one.values["close"]))
    return one.dates[rows], rows


def _joined(base: Piece, other: Piece, days: Dates, fields: Sequence[str]) -> Piece:
    """Put some levels of another series into the gaps of one."""
    import numpy as np

    dates = np.union1d(base.dates, days)
    own, new = np.searchsorted(dates, base.dates), np.searchsorted(dates, days)
    theirs = np.searchsorted(other.dates, days)
    values = {}
    for field in dict.fromkeys([*base.values, *fields]):
        array = np.full(len(dates), np.nan)
        if field in base.values:
            array[own] = base.values[field]
        # What the first source says of a session without a close goes with that close.
        array[new] = other.values[field][theirs] if field in fields else np.nan
        values[field] = array
    kind = np.zeros(len(dates), np.int8)
    kind[own] = base.kind
    code = other.kind[theirs]
    bar = (code == KINDS.index("ohlc")) & (len(fields) < len(LEVELS))
    kind[new] = np.where(bar, KINDS.index("close"), code)
    origin = np.zeros(len(dates), np.int16)
    origin[own] = base.origin
    origin[new] = other.origin[theirs] + len(base.parts)
    parts = (*base.parts, *other.parts)
    return replace(base, dates=dates, values=values, kind=kind, origin=origin, parts=parts)


def whole(one: Piece, source: str, notes: Sequence[str]) -> Series:
    """Return the provenance of an instrument: of its one series, or of several pieced together."""
    import numpy as np

    note = "; ".join(filter(None, (one.series.note, *notes)))
    used = [one.parts[position] for position in np.unique(one.origin)]
    if len(used) == 1:
        return replace(one.series, note=note)
    counts = np.bincount(one.origin, minlength=len(one.parts))
    origins = [
        f"{part.origin} ({counted(int(count), 'session')})"
        for part, count in zip(one.parts, counts, strict=True)
        if count
    ]
    return replace(
        one.series,
        source=source,
        origin="; ".join(origins),
        licence="; ".join(dict.fromkeys(part.licence for part in used)),
        first=str(one.dates[0]),
        last=str(one.dates[-1]),
        n_obs=len(one.dates),
        sha256=_hash(one),
        note=note,
    )


def _hash(one: Piece) -> str:
    """Return the hash of the content of a series that was pieced together."""
    import numpy as np

    digest = sha256(one.dates.astype("<M8[D]").astype("<i8").tobytes())
    digest.update(one.kind.astype("<i1").tobytes())
    for field, values in one.values.items():
        canonical = np.where(np.isnan(values), np.nan, values + 0.0)
        digest.update(f"{field}\n".encode() + canonical.astype("<f8").tobytes())
    return digest.hexdigest()


def together(pieces: Mapping[str, Piece], series: Sequence[Series]) -> Prices:
    """Put instruments on the union of their dates, with where each cell comes from."""
    import numpy as np

    days = np.unique(np.concatenate([one.dates for one in pieces.values()]))
    shape = (len(days), len(pieces))
    values: dict[str, NDArray[np.float64]] = {}
    kind, origin = np.zeros(shape, np.int8), np.full(shape, -1, np.int16)
    parts: list[Series] = []
    for column, one in enumerate(pieces.values()):
        rows = np.searchsorted(days, one.dates)
        for field, content in one.values.items():
            values.setdefault(field, np.full(shape, np.nan))[rows, column] = content
        kind[rows, column] = one.kind
        origin[rows, column] = one.origin + len(parts)
        parts.extend(one.parts)
    return Prices(days, tuple(pieces), values, kind, tuple(series), origin, tuple(parts))
