"""The prices that ``eventstudy data freeze`` wrote beside a study."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from eventstudy.errors import DataError, did_you_mean
from eventstudy.sources._paths import Inside, located

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.sources.base import Access, Prices, Source
    from eventstudy.spec import Instrument


@dataclass(frozen=True, slots=True)
class Frozen:
    """Exactly the prices that a study once used, from the file that `eventstudy data freeze` wrote.

    Attributes
    ----------
    file : str
        The Parquet file. The path begins at the folder of the study file and stays in it.

    Notes
    -----
    The file holds the prices of every instrument, where each cell comes from, and their fingerprint,
    which is checked: a file that was changed is refused. Instruments are found by their id. Nothing is
    looked for elsewhere: the same file gives the same numbers on every machine.
    """

    name: ClassVar[str] = "frozen"
    reference: ClassVar[str] = "prices that an earlier run of the study used"
    live: ClassVar[bool] = False
    by_id: ClassVar[bool] = True
    file: Inside

    def held(self, access: Access) -> tuple[str, ...]:
        """Return the ids of the instruments in the file.

        Raises
        ------
        DataError
            When the file cannot be read, or was changed.
        """
        return self._read(access).instruments

    def fetch(self, instruments: Sequence[Instrument], access: Access) -> Prices:
        """Return the prices of the instruments, in their order.

        Parameters
        ----------
        instruments : sequence of Instrument, length S
            Found by their id.
        access : Access
            Where the path of the file begins.

        Raises
        ------
        DataError
            When the file cannot be read, was changed, or lacks an instrument.
        """
        prices = self._read(access)
        wanted = tuple(instrument.id for instrument in instruments)
        for name in wanted:
            if name not in prices.instruments:
                raise DataError(
                    f"{self.file} has no prices of {name}; it has {', '.join(prices.instruments)}"
                    f"{did_you_mean(name, prices.instruments)}; freeze the study again with the source"
                    " that has them, or leave the instrument out"
                )
        return prices if wanted == prices.instruments else _part(prices, wanted)

    def _read(self, access: Access) -> Prices:
        """Return everything in the file."""
        from eventstudy.sources.written import read_prices

        return read_prices(located(access.folder, self.file))


def _part(prices: Prices, wanted: tuple[str, ...]) -> Prices:
    """Return some instruments, on the dates on which one of them has anything."""
    import numpy as np

    columns = np.array([prices.instruments.index(name) for name in wanted], dtype=np.intp)
    known = [~np.isnan(values[:, columns]) for values in prices.values.values()]
    rows = np.flatnonzero(np.any([prices.kind[:, columns] != 0, *known], axis=(0, 2)))
    cells = np.ix_(rows, columns)
    return replace(
        prices,
        dates=prices.dates[rows],
        instruments=wanted,
        values={field: values[cells] for field, values in prices.values.items()},
        kind=prices.kind[cells],
        series=tuple(prices.series[column] for column in columns),
        origin=None if prices.origin is None else prices.origin[cells],
    )


PLUGIN: type[Source] = Frozen
