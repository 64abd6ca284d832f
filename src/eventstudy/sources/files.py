"""Tables of the user's own: CSV or Parquet, wide or long, prices or returns."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import BeforeValidator, WithJsonSchema

from eventstudy.errors import DataError, did_you_mean, shown
from eventstudy.formats import counted
from eventstudy.sources._paths import Inside, located
from eventstudy.sources.base import KINDS, Prices, Series, Source
from eventstudy.spec.fields import RefusedError, one_or_more

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.sheets.series import SeriesTable
    from eventstudy.sources.base import Access
    from eventstudy.spec import Instrument

PERCENT = "`percent: true`"
"""How a study file says that returns are in per cent."""


Paths = Annotated[
    tuple[Inside, ...],
    BeforeValidator(one_or_more),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


@dataclass(frozen=True, slots=True)
class Files:
    """Prices or returns from CSV or Parquet tables beside the study file.

    Attributes
    ----------
    prices : tuple of str
        Tables of closes, from which returns are made. Paths begin at the folder of the study file
        and stay in it; one table may be written without a list.
    returns : tuple of str
        Tables of simple returns: of assets and benchmarks, of factors and risk-free rates.
    percent : bool
        Whether returns are in per cent instead of decimals, in every table of `returns`.

    Notes
    -----
    A wide table has a column `date` and one column per series; a long one has `date`, `asset` and one
    column of numbers. A series is found by the instrument's symbol for `files`, else by its id. An
    instrument of `kind: return` must stand in a table of returns.

    Given returns are used as they are, never turned into prices and back; in a study of log returns a
    given simple return r of an asset or benchmark counts as log(1 + r). A session of the exchange that
    a table does not have is a missing return. A return other than zero on a date that is no session is
    an error; a price on such a date is not used, and the checks of the data count it.
    """

    name: ClassVar[str] = "files"
    reference: ClassVar[str] = "tables of the user's own"
    live: ClassVar[bool] = False
    prices: Paths = ()
    returns: Paths = ()
    percent: bool = False

    def __post_init__(self) -> None:
        if not self.prices and not self.returns:
            message = "needs tables: `prices: FILE`, `returns: FILE`, or lists of files, or both"
            raise RefusedError("missing-key", message)

    def fetch(self, instruments: Sequence[Instrument], access: Access) -> Prices:
        """Return the closes or returns of the instruments, in their order.

        Parameters
        ----------
        instruments : sequence of Instrument, length S
            Found by their symbol for ``files``, else by their id.
        access : Access
            Where the paths of the tables begin.

        Raises
        ------
        DataError
            When a table cannot be read, or an instrument is in none, or in two.
        """
        tables = tuple(self._tables(access.folder))
        columns = [_column(instrument, tables) for instrument in instruments]
        for instrument, column in zip(instruments, columns, strict=True):
            _refuse_lost_returns(instrument, column)
        return _prices([instrument.id for instrument in instruments], columns)

    def _tables(self, folder: Path) -> Iterator[_Table]:
        """Yield every table, prices first."""
        from eventstudy.sheets.series import decimals, read_series

        for name in self.prices:
            yield _Table(name, "close", read_series(located(folder, name)))
        for name in self.returns:
            given = read_series(located(folder, name))
            yield _Table(name, "return", decimals(given, percent=self.percent, say=PERCENT))


@dataclass(frozen=True, slots=True)
class _Table:
    """One table: the path in the study file, the field it fills, and what it holds."""

    name: str
    field: str
    content: SeriesTable


@dataclass(frozen=True, slots=True)
class _Column:
    """One series: its table, its name there and its values, shape (T,)."""

    table: _Table
    symbol: str
    values: NDArray[np.float64]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where there is a value, shape (T,)."""
        import numpy as np

        present: NDArray[np.bool_] = ~np.isnan(self.values)
        return present


def _column(instrument: Instrument, tables: Sequence[_Table]) -> _Column:
    """Return the one column that holds an instrument."""
    symbol = instrument.symbols.get(Files.name, instrument.id)
    holders = [table for table in tables if symbol in table.content.names]
    if not holders:
        names = [name for table in tables for name in table.content.names]
        listed = f"{', '.join(names[:8])}{' …' if len(names) > 8 else ''}"
        raise DataError(
            f"no table has a series {shown(symbol)}, which {instrument.id} should be; there are"
            f" {listed}{did_you_mean(symbol, names)}; write `symbols: {{files: NAME}}` to the instrument"
            " where it is called otherwise"
        )
    if len(holders) > 1:
        raise DataError(
            f"{symbol} stands in {holders[0].name} and in {holders[1].name}; keep it in one table"
        )
    table = holders[0]
    wanted = {"return": ("return",), "flow": ()}.get(instrument.kind, ("close", "return"))
    if table.field not in wanted:
        raise DataError(
            f"{instrument.id} is of `kind: {instrument.kind}`, and {table.name} is a table of"
            f" {'prices' if table.field == 'close' else 'returns'}; list the table under the other key,"
            " or change the `kind` of the instrument"
        )
    return _Column(table, symbol, table.content.values[:, table.content.names.index(symbol)])


def _refuse_lost_returns(instrument: Instrument, column: _Column) -> None:
    """Raise when a return would be lost because its date is no session of the exchange."""
    import numpy as np

    from eventstudy.alignment import sessions

    if column.table.field != "return":
        return
    calendar, days = sessions(instrument.calendar), column.table.content.dates
    days = days[column.known & (column.values != 0)]
    days = days[(days >= calendar[0]) & (days <= calendar[-1])]
    wrong = np.setdiff1d(days, calendar)
    if len(wrong):
        more = f" and {counted(len(wrong) - 1, 'more date')}" if len(wrong) > 1 else ""
        raise DataError(
            f"{column.table.name}: {column.symbol} has a return on {wrong[0]}{more}, which is no session"
            f" of {instrument.calendar}; give {instrument.id} the `calendar` of its exchange, or correct"
            " the dates"
        )


def _prices(ids: Sequence[str], columns: Sequence[_Column]) -> Prices:
    """Put the columns of all tables on the union of their dates."""
    import numpy as np

    days = np.unique(np.concatenate([column.table.content.dates for column in columns]))
    shape = (len(days), len(columns))
    fields = dict.fromkeys(column.table.field for column in columns)
    values = {field: np.full(shape, np.nan) for field in fields}
    kind = np.zeros(shape, dtype=np.int8)
    for position, column in enumerate(columns):
        rows = np.searchsorted(days, column.table.content.dates)
        values[column.table.field][rows, position] = column.values
        kind[rows, position] = np.where(column.known, KINDS.index(column.table.field), 0)
    series = tuple(_series(name, column) for name, column in zip(ids, columns, strict=True))
    return Prices(days, tuple(ids), values, kind, series)


def _series(instrument: str, column: _Column) -> Series:
    """Return where one series comes from, and the hash of its content."""
    import numpy as np

    days, values = column.table.content.dates[column.known], column.values[column.known]
    content = days.astype("datetime64[D]").astype("<i8").tobytes() + values.astype("<f8").tobytes()
    ends = [str(day) for day in days[[0, -1]]] if len(days) else ["", ""]
    what = "closes" if column.table.field == "close" else "simple returns"
    return Series(
        instrument=instrument,
        symbol=column.symbol,
        source=Files.name,
        origin=f"{what}, {column.symbol} in {column.table.name}",
        licence="the user's own",
        first=ends[0],
        last=ends[1],
        n_obs=int(np.count_nonzero(column.known)),
        sha256=sha256(content).hexdigest(),
    )


PLUGIN: type[Source] = Files
