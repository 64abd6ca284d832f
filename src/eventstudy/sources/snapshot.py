"""The embedded data set: daily levels for reproducing the examples without a network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from eventstudy.errors import DataError
from eventstudy.sources.base import FIELDS, Prices, Series, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.sources.base import Access
    from eventstudy.spec import Instrument

FOLDER = Path(__file__).parents[1] / "snapshot"

STATUS_COLUMNS = (
    *("instrument", "name", "kind", "first", "last", "rows"),
    *("source", "licence", "sha256"),
)
"""Columns of :func:`status_table`."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Prices that come with the package; see ``data/README.md`` for what they are and are not."""

    name: ClassVar[str] = "snapshot"
    reference: ClassVar[str] = "facts compiled from public pages, see eventstudy data status"
    live: ClassVar[bool] = False

    def fetch(
        self,
        instruments: Sequence[Instrument],
        access: Access | None = None,  # noqa: ARG002 - nothing of the user's is read
    ) -> Prices:
        """Return the prices of the instruments, in their order.

        Parameters
        ----------
        instruments : sequence of Instrument, length S
            Found by their symbol for ``snapshot``, else by their id.
        access : Access, optional
            Not looked at.

        Returns
        -------
        Prices
            On the union of the dates of the S series, with the fields that any of them has.

        Raises
        ------
        DataError
            When an instrument is not in the snapshot.
        """
        entries = {str(entry["instrument"]): entry for entry in _entries()}
        symbols = [instrument.symbols.get(self.name, instrument.id) for instrument in instruments]
        missing = [symbol for symbol in symbols if symbol not in entries]
        if missing:
            raise DataError(
                f"the embedded snapshot has no prices of {', '.join(missing)}; it has"
                f" {', '.join(entries)}: study one of these, or set `source` to one that"
                " `eventstudy list sources` names"
            )
        ids = tuple(instrument.id for instrument in instruments)
        positions = [list(entries).index(symbol) for symbol in symbols]
        series = (_series(key, entries[symbol]) for key, symbol in zip(ids, symbols, strict=True))
        return _prices(ids, positions, tuple(series))


def status_table() -> list[dict[str, str]]:
    """Return one row per series of the snapshot, for ``eventstudy data status``.

    Returns
    -------
    list of dict
        Keys :data:`STATUS_COLUMNS`; all values are text, the hash is cut to 12 digits.
    """
    return [dict(zip(STATUS_COLUMNS, _status(entry), strict=True)) for entry in _entries()]


def _status(entry: dict[str, Any]) -> tuple[str, ...]:
    kinds = ", ".join(f"{kind} {count}" for kind, count in entry["kinds"].items())
    return (
        *(entry["instrument"], entry["name"], kinds),
        *(entry["first"], entry["last"], str(entry["rows"])),
        *(entry["compiled_from"], entry["licence"], entry["sha256"][:12]),
    )


def _entries() -> list[dict[str, Any]]:
    """Return the provenance of the series, in the order of their positions in the records."""
    import json

    entries: list[dict[str, Any]] = json.loads((FOLDER / "series.json").read_bytes())
    return entries


def _series(instrument: str, entry: dict[str, Any]) -> Series:
    return Series(
        instrument=instrument,
        symbol=entry["instrument"],
        source=Snapshot.name,
        origin=f"compiled from {entry['compiled_from']}; owner: {entry['owner']}",
        licence=entry["licence"],
        first=entry["first"],
        last=entry["last"],
        n_obs=entry["rows"],
        sha256=entry["sha256"],
    )


def _records() -> NDArray[np.void]:
    """Return the records of all series, series by series, dates ascending."""
    import numpy as np

    table: NDArray[np.void] = np.load(FOLDER / "prices.npy", allow_pickle=False)
    return table


def _prices(ids: tuple[str, ...], positions: list[int], series: tuple[Series, ...]) -> Prices:
    """Spread the records of the chosen series over the union of their dates."""
    import numpy as np

    table = _records()
    chosen = [table[table["series"] == position] for position in positions]
    days = np.unique(np.concatenate([rows["date"] for rows in chosen]))
    fields = [field for field in FIELDS if field in (table.dtype.names or ())]
    values = {field: np.full((len(days), len(ids)), np.nan) for field in fields}
    kind = np.zeros((len(days), len(ids)), dtype=np.int8)
    for column, rows in enumerate(chosen):
        where = np.searchsorted(days, rows["date"])
        kind[where, column] = rows["kind"]
        for field in fields:
            values[field][where, column] = rows[field]
    known = {field: array for field, array in values.items() if not np.isnan(array).all()}
    return Prices(days.astype("datetime64[D]"), ids, known, kind, series)


PLUGIN: type[Source] = Snapshot
