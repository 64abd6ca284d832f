"""Tables of the user's own: CSV, Parquet or Excel, wide or long, prices or returns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from eventstudy.errors import DataError, did_you_mean, shown
from eventstudy.formats import counted
from eventstudy.sheets.layout import listed
from eventstudy.sources._paths import located, refuse_absent
from eventstudy.sources._tables import Main, Table, checked, entries, schema
from eventstudy.sources.base import KINDS, LEVELS, Prices, Series, Source
from eventstudy.spec.fields import RefusedError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.sheets.series import Found
    from eventstudy.sources.base import Access
    from eventstudy.spec import Instrument

PERCENT = "`percent: true`"
"""How a study file says that returns are in per cent."""

PriceTables = Annotated[
    tuple[Table, ...],
    BeforeValidator(entries),
    AfterValidator(partial(checked, main="close")),
    WithJsonSchema(schema("close")),
]
ReturnTables = Annotated[
    tuple[Table, ...],
    BeforeValidator(entries),
    AfterValidator(partial(checked, main="return")),
    WithJsonSchema(schema("return")),
]

WHAT = {"close": "closes", "return": "simple returns"}
"""What a table holds, by its main field."""


@dataclass(frozen=True, slots=True)
class Files:
    """Prices or returns from CSV, Parquet or Excel tables beside the study file.

    Attributes
    ----------
    prices : tuple of Table
        Tables of closes or of bars, from which returns are made: a path, a block as below, or a list
        of both. Paths begin at the folder of the study file and stay in it.
    returns : tuple of Table
        Tables of simple returns: of assets and benchmarks, of factors and risk-free rates.
    percent : bool, optional
        Whether returns are in per cent instead of decimals, in every table of `returns` that does not
        say otherwise. Nothing said means decimals, and an error where they look like per cent or may
        be either.

    Notes
    -----
    A wide table has a column `date` and one column per series; a long one has `date`, `asset` and one
    column of numbers, or `open`, `high`, `low`, `close` and `volume`, of which `close` must be there. A
    series is found by the instrument's symbol for `files`, else by its id. An instrument of
    `kind: return` must stand in a table of returns.

    A block says what a table does not say itself: `file`, its path; `columns`, the column of the file
    by what it holds (`date`, `asset`, `open`, `high`, `low`, `close`, `volume`, or `return`); `sheet`,
    the sheet of a workbook with several; `series`, the name of the only series of a table without a column for it; `date_format`, such as
    DD/MM/YYYY, where the dates leave a doubt; `percent`, for a table of returns. Columns that
    `columns` does not name are not read once it names one with numbers.

    Of CSV and Parquet over 200 MB only the series of the study are read, which needs the extra
    `policy-eventstudy[duckdb]`.

    Prices are used as they are: nothing is adjusted for dividends and splits. Bars are whole where
    open, high, low and close are known.

    Given returns are used as they are, never turned into prices and back; in a study of log returns a
    given simple return r of an asset or benchmark counts as log(1 + r). A session of the exchange that
    a table does not have is a missing return. A return other than zero on a date that is no session is
    an error; a price on such a date is not used, and the checks of the data count it.
    """

    name: ClassVar[str] = "files"
    reference: ClassVar[str] = "tables of the user's own"
    live: ClassVar[bool] = False
    prices: PriceTables = ()
    returns: ReturnTables = ()
    percent: bool | None = None

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
        wanted = {instrument.symbols.get(self.name, instrument.id) for instrument in instruments}
        refuse_absent(access.folder, [table.file for table in (*self.prices, *self.returns)])
        held = tuple(self._held(access.folder, wanted))
        columns = [_column(instrument, held) for instrument in instruments]
        for instrument, column in zip(instruments, columns, strict=True):
            _refuse_lost_returns(instrument, column)
        return _prices([instrument.id for instrument in instruments], columns)

    def _held(self, folder: Path, wanted: Collection[str]) -> Iterator[_Held]:
        """Yield every table, prices first."""
        from eventstudy.sheets.series import read_fields
        from eventstudy.sheets.units import decimals

        def found(table: Table, main: Main) -> Found:
            """Read one table."""
            return read_fields(located(folder, table.file), table.layout(main), wanted)

        for table in self.prices:
            yield _Held(table, "close", found(table, "close"))
        for table in self.returns:
            given = found(table, "return")
            percent = self.percent if table.percent is None else table.percent
            returns = decimals(
                given.tables["return"],
                percent=percent,
                say=PERCENT,
                alone="in its block `percent: ",
            )
            yield _Held(table, "return", replace(given, tables={"return": returns}))


@dataclass(frozen=True, slots=True)
class _Held:
    """One table: how the study file names it, its main field, and what it holds."""

    table: Table
    field: str
    found: Found

    @property
    def name(self) -> str:
        """The table as messages and pages name it."""
        return (
            f"{self.table.file}, sheet {self.table.sheet}" if self.table.sheet else self.table.file
        )


@dataclass(frozen=True, slots=True)
class _Column:
    """One series: its table, its name there, dates, shape (T,), and values by field, each (T,)."""

    held: _Held
    symbol: str
    dates: NDArray[np.datetime64]
    fields: Mapping[str, NDArray[np.float64]]

    @property
    def values(self) -> NDArray[np.float64]:
        """The closes or the returns, shape (T,)."""
        return self.fields[self.held.field]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where there is a value, shape (T,)."""
        import numpy as np

        present: NDArray[np.bool_] = ~np.isnan(self.values)
        return present

    def kinds(self) -> NDArray[np.int8]:
        """Return the code of each row, shape (T,): whole bar, close alone, return, nothing."""
        import numpy as np

        codes = np.where(self.known, KINDS.index(self.held.field), 0)
        if all(level in self.fields for level in LEVELS):
            bars = np.stack([self.fields[level] for level in LEVELS])
            codes[~np.isnan(bars).any(axis=0)] = KINDS.index("ohlc")
        return codes.astype(np.int8)


def _column(instrument: Instrument, tables: Sequence[_Held]) -> _Column:
    """Return the one series that is an instrument."""
    symbol = instrument.symbols.get(Files.name, instrument.id)
    holders = [held for held in tables if symbol in held.found.names]
    if not holders:
        names = [name for held in tables for name in held.found.names]
        raise DataError(
            f"no table has a series {shown(symbol)}, which {instrument.id} should be; there are"
            f" {listed(names)}{did_you_mean(symbol, names)}; write `symbols: {{files: NAME}}` to the"
            " instrument where it is called otherwise"
        )
    if len(holders) > 1:
        raise DataError(
            f"{symbol} stands in {holders[0].name} and in {holders[1].name}; keep it in one table"
        )
    held = holders[0]
    wanted = {"return": ("return",), "flow": ()}.get(instrument.kind, ("close", "return"))
    if held.field not in wanted:
        raise DataError(
            f"{instrument.id} is of `kind: {instrument.kind}`, and {held.name} is a table of"
            f" {'prices' if held.field == 'close' else 'returns'}; list the table under the other key,"
            " or change the `kind` of the instrument"
        )
    main = held.found.tables[held.field]
    position = main.names.index(symbol)
    fields = {field: table.values[:, position] for field, table in held.found.tables.items()}
    column = _Column(held, symbol, main.dates, fields)
    if not column.known.any():
        raise DataError(
            f"{held.name} has no number for {symbol}, which {instrument.id} should be; every"
            f" {'price' if held.field == 'close' else 'return'} is missing"
        )
    return column


def _refuse_lost_returns(instrument: Instrument, column: _Column) -> None:
    """Raise when a return would be lost because its date is no session of the exchange."""
    import numpy as np

    from eventstudy.alignment import sessions

    if column.held.field != "return":
        return
    calendar, days = sessions(instrument.calendar), column.dates
    days = days[column.known & (column.values != 0)]
    days = days[(days >= calendar[0]) & (days <= calendar[-1])]
    wrong = np.setdiff1d(days, calendar)
    if len(wrong):
        more = f" and {counted(len(wrong) - 1, 'more date')}" if len(wrong) > 1 else ""
        raise DataError(
            f"{column.held.name}: {column.symbol} has a return on {wrong[0]}{more}, which is no session"
            f" of {instrument.calendar}; give {instrument.id} the `calendar` of its exchange, or correct"
            " the dates"
        )


def _prices(ids: Sequence[str], columns: Sequence[_Column]) -> Prices:
    """Put the columns of all tables on the union of their dates."""
    import numpy as np

    days = np.unique(np.concatenate([column.dates for column in columns]))
    shape = (len(days), len(columns))
    values: dict[str, NDArray[np.float64]] = {}
    kind = np.zeros(shape, dtype=np.int8)
    for position, column in enumerate(columns):
        rows = np.searchsorted(days, column.dates)
        for field, numbers in column.fields.items():
            values.setdefault(field, np.full(shape, np.nan))[rows, position] = numbers
        kind[rows, position] = column.kinds()
    series = tuple(_series(name, column) for name, column in zip(ids, columns, strict=True))
    return Prices(days, tuple(ids), values, kind, series)


def _series(instrument: str, column: _Column) -> Series:
    """Return where one series comes from, and the hash of its content."""
    days = column.dates[column.known]
    content = [days.astype("datetime64[D]").astype("<i8")]
    content += [numbers[column.known].astype("<f8") for _, numbers in sorted(column.fields.items())]
    what = "bars" if "open" in column.fields else WHAT[column.held.field]
    return Series(
        instrument=instrument,
        symbol=column.symbol,
        source=Files.name,
        origin=f"{what}, {column.symbol} in {column.held.name}",
        licence="the user's own",
        first=str(days[0]),
        last=str(days[-1]),
        n_obs=len(days),
        sha256=sha256(b"".join(part.tobytes() for part in content)).hexdigest(),
    )


PLUGIN: type[Source] = Files
