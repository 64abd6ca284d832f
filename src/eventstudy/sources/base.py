"""What a data source delivers: prices by session and instrument, with their origin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from eventstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.spec import Instrument

FIELDS = ("open", "high", "low", "close", "volume", "flow", "return")
LEVELS = ("open", "high", "low", "close")
"""Fields that hold price levels: positive, or missing."""

KINDS = ("", "ohlc", "close", "backcast", "return")
"""Kinds of a cell, by code: nothing, full bar, close only, computed back before the launch, a simple
return and no price."""


@dataclass(frozen=True, slots=True)
class Series:
    """Where one instrument's prices come from.

    Attributes
    ----------
    instrument, symbol, source : str
        Id in the study, the source's own symbol, and the source plug-in.
    origin, licence : str
        Who compiled the series and under which terms, for the report.
    first, last : str
        First and last date with a value, ISO 8601.
    n_obs : int
        Number of dates with a value.
    sha256 : str
        Hash of the series' content.
    adjusted : bool
        Whether dividends and splits are worked into the prices.
    proxy : str
        What the series is where it only stands for the instrument, such as a fund that tracks the
        index; empty otherwise.
    downloaded : str
        When it was downloaded, ISO 8601, UTC; empty for a series that was not.
    note : str
        What a reader must know of it, in a line, such as the age of a download that was used because
        there was no network; empty otherwise.
    splits : str
        Splits that the source records, each as date and new shares per old one: ``2020-08-31 4``, with
        ``; `` between them.
    """

    instrument: str
    symbol: str
    source: str
    origin: str
    licence: str
    first: str
    last: str
    n_obs: int
    sha256: str
    adjusted: bool = False
    proxy: str = ""
    downloaded: str = ""
    note: str = ""
    splits: str = ""


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of S instruments on the union of their T dates; NaN where there is none.

    Attributes
    ----------
    dates : ndarray of datetime64[D], shape (T,)
        Ascending, unique local dates.
    instruments : tuple of str, length S
        Ids, in the order of the columns.
    values : mapping of str to ndarray of float, shape (T, S)
        By field (:data:`FIELDS`): price levels, shares for ``volume``, million currency units for
        ``flow``, decimals for ``return`` (factors, risk-free rates, assets of which only returns
        are known). A field that no instrument has may be absent.
    kind : ndarray of int8, shape (T, S)
        Code of each cell in :data:`KINDS`.
    series : tuple of Series, length S
        Provenance by column.
    origin : ndarray of int16, shape (T, S), optional
        Position in `parts` of the series that each cell comes from, -1 where the cell is empty; by
        default each column comes from its own series.
    parts : tuple of Series
        The series that `origin` names.

    Raises
    ------
    eventstudy.errors.DataError
        When a price is zero, negative or infinite.
    ValueError
        When shapes differ, or a cell comes from no part.
    """

    dates: NDArray[np.datetime64]
    instruments: tuple[str, ...]
    values: Mapping[str, NDArray[np.float64]]
    kind: NDArray[np.int8]
    series: tuple[Series, ...]
    origin: NDArray[np.int16] | None = None
    parts: tuple[Series, ...] = ()

    def __post_init__(self) -> None:
        shape = (len(self.dates), len(self.instruments))
        arrays: dict[str, NDArray[Any]] = {**self.values, "kind": self.kind}
        if self.origin is not None:
            arrays["origin"] = self.origin
            if self.origin.max(initial=-1) >= len(self.parts):
                raise ValueError(f"Prices: a cell comes from no part of {len(self.parts)}")
        wrong = [name for name, array in arrays.items() if array.shape != shape]
        if wrong or len(self.series) != shape[1]:
            raise ValueError(f"Prices: {wrong or 'series'} not of shape {shape}")
        for field in LEVELS:
            self._refuse_impossible(field)

    def _refuse_impossible(self, field: str) -> None:
        """Raise when a price is zero, negative or infinite: no return can be made of it."""
        import numpy as np

        levels = self.values.get(field)
        if levels is None:
            return
        rows, columns = np.nonzero(~np.isnan(levels) & ~((levels > 0) & np.isfinite(levels)))
        if len(rows):
            name, day = self.instruments[columns[0]], self.dates[rows[0]]
            raise DataError(
                f"the {field} of {name} on {day} is {levels[rows[0], columns[0]]:g}, which is no "
                "price; take the session from another source, or leave it out"
            )

    def column(self, instrument: str, field: str = "close") -> NDArray[np.float64]:
        """Return one field of one instrument, shape (T,); all NaN where the source has none."""
        import numpy as np

        position = self.instruments.index(instrument)
        if field not in self.values:
            return np.full(len(self.dates), np.nan)
        return self.values[field][:, position]

    def holds_returns(self, instrument: str) -> bool:
        """Tell whether an instrument comes as returns, from which no price is ever made."""
        codes = self.kind[:, self.instruments.index(instrument)]
        return bool((codes == KINDS.index("return")).any())

    def info(self, instrument: str) -> Series:
        """Return the provenance of one instrument."""
        return self.series[self.instruments.index(instrument)]


@dataclass(frozen=True, slots=True)
class Access:
    """What a source may reach for when it fetches; every source takes of it what concerns it.

    Attributes
    ----------
    folder : pathlib.Path
        Folder of the study file: where the paths in its options begin.
    cache : pathlib.Path, optional
        Folder of the store of downloads; by default the one that the system keeps for caches.
    offline : bool
        Whether the network must not be used.
    refresh : bool
        Whether to download anew even what the cache has.
    as_of : datetime64[D], optional
        Use the newest download of that day or before, and never the network.
    until : datetime64[D], optional
        Last date that the study looks at.
    now : datetime64[s], optional
        The time, UTC, that a download is marked with; a source never reads a clock.
    """

    folder: Path
    cache: Path | None = None
    offline: bool = False
    refresh: bool = False
    as_of: np.datetime64 | None = None
    until: np.datetime64 | None = None
    now: np.datetime64 | None = None


class Source(Protocol):
    """A data source: options as fields, one method.

    Raises
    ------
    eventstudy.errors.DataError
        From `fetch`, when an instrument cannot be had; the message says what to do next.
    """

    name: ClassVar[str]
    reference: ClassVar[str]

    @property
    def live(self) -> bool:
        """Whether it downloads, through the cache of downloads."""
        ...

    def fetch(self, instruments: Sequence[Instrument], access: Access) -> Prices:
        """Return the prices of the instruments, in their order.

        Parameters
        ----------
        instruments : sequence of Instrument, length S
            What is wanted.
        access : Access
            Where to look.
        """
        ...


@runtime_checkable
class Listed(Protocol):
    """A source that knows what it holds before it is asked.

    Raises
    ------
    eventstudy.errors.DataError
        From `held`, when the source cannot be read.
    """

    def held(self, access: Access) -> tuple[str, ...]:
        """Return the ids of the instruments that it has.

        Parameters
        ----------
        access : Access
            Where to look.
        """
        ...
