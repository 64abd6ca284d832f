"""Returns or prices in a Parquet data set: names and dates once, then some series at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from eventstudy.errors import DataError
from eventstudy.sheets.layout import Layout, columns_of, listed
from eventstudy.sheets.series import SeriesTable
from eventstudy.sheets.sheet import INFINITE, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from eventstudy.returns.sample import Dates, Ints

ROWS_AT_ONCE = 1 << 17
"""Rows of the data set that are looked at together."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """A long table in one or many Parquet files.

    Attributes
    ----------
    path : pathlib.Path
        The folder, or the only file.
    dates : ndarray of datetime64[D], shape (T,)
        All dates, ascending.
    names : tuple of str
        All series, in the order of the alphabet.
    content : pyarrow.dataset.Dataset
        The files.
    columns : tuple of str
        Columns of the dates, the names and the numbers.
    raw_dates, raw_names : pyarrow.Array
        Different dates and names as the files write them.
    row, column : ndarray of int
        Position of each of these in `dates`, and in `names`.
    """

    path: Path
    dates: Dates
    names: tuple[str, ...]
    content: Any
    columns: tuple[str, str, str]
    raw_dates: Any
    raw_names: Any
    row: Ints
    column: Ints

    def series(self, names: Sequence[str]) -> SeriesTable:
        """Read some series, on all dates.

        Raises
        ------
        DataError
            When a date of a series stands twice, or a number is infinite.
        """
        import pyarrow.compute as pc
        import pyarrow.dataset as ds

        place = {name: number for number, name in enumerate(names)}
        column = np.array([place.get(self.names[number], -1) for number in self.column])
        raw = self.raw_names.take(np.flatnonzero(column >= 0))
        column = column[column >= 0]
        chosen = None if len(names) == len(self.names) else ds.field(self.columns[1]).isin(raw)
        values = np.full((len(self.dates), len(names)), np.nan, order="F")
        known, rows = np.zeros(values.shape, dtype=bool, order="F"), 0
        table = SeriesTable(self.path, self.dates, tuple(names), values)
        for batch in self._batches(self.columns, chosen):
            days, series, numbers = (_plain(batch.column(name)) for name in self.columns)
            at = self.row[pc.index_in(days, self.raw_dates).to_numpy(zero_copy_only=False)]
            where = column[pc.index_in(series, raw).to_numpy(zero_copy_only=False)]
            rows += len(at)
            again = known[at, where].any()
            values[at, where] = numbers.cast("float64").to_numpy(zero_copy_only=False)
            known[at, where] = True
            if again or np.count_nonzero(known) != rows:
                self._refuse_twice(names, chosen)
        _refuse_infinite(table)
        return table

    def _batches(self, columns: Sequence[str], chosen: Any) -> Iterator[Any]:  # noqa: ANN401 - pyarrow has no types
        """Yield rows of some columns, a few at a time."""
        return _batches(self.path, self.content, columns, chosen)

    def _refuse_twice(self, names: Sequence[str], chosen: Any) -> None:  # noqa: ANN401 - pyarrow has no types
        """Raise for the first date of a series that stands twice."""
        seen: set[tuple[str, str]] = set()
        wanted = set(names)
        for batch in self._batches(self.columns[:2], chosen):
            days, series = (_plain(batch.column(name)) for name in self.columns[:2])
            for day, name in zip(_texts(self.path, days), _texts(self.path, series), strict=True):
                if name in wanted and (day, name) in seen:
                    raise DataError(
                        f"{self.path}: the date {day} of {name} stands in two rows; keep one row"
                    )
                seen.add((day, name))


def open_dataset(path: Path) -> DataSet:
    """Look through a data set for its dates and names.

    Parameters
    ----------
    path : pathlib.Path
        A Parquet file, or a folder of Parquet files, which may lie in folders such as ``year=2021`` or
        ``asset=F01``. Columns ``date``, ``asset`` and one of numbers.

    Raises
    ------
    DataError
        When there is no such file, columns are missing or unclear, or a date or name is none.
    """
    import pyarrow as pa
    import pyarrow.dataset as ds
    import pyarrow.parquet as pq

    files = files_of(path)
    try:
        physical = pq.read_schema(files[0])
        keys = _keys(path, files)
        fields = {field.name: field.type for field in physical}
        schema = pa.schema([*physical, *((key, pa.string()) for key in keys if key not in fields)])
        content = ds.dataset(
            [str(file.absolute()) for file in files],  # a worker may stand in another folder
            schema=schema,
            format=ds.ParquetFileFormat(
                default_fragment_scan_options=ds.ParquetFragmentScanOptions(
                    pre_buffer=False, use_buffered_stream=True
                )
            ),
            partitioning=ds.partitioning(
                pa.schema([(key, schema.field(key).type) for key in keys]), flavor="hive"
            ),
            partition_base_dir=str(path.absolute()) if path.is_dir() else None,
        )
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path} cannot be read as a Parquet data set: {error}") from error
    columns = _columns(path, schema, keys)
    return _looked_through(path, content, columns)


def files_of(path: Path) -> list[Path]:
    """Return the Parquet files of a data set, in order.

    Raises
    ------
    DataError
        When there is none, or a file is no Parquet.
    """
    if path.is_file():
        with path.open("rb") as file:
            if file.read(4) != b"PAR1":
                raise DataError(
                    f"{path} is no Parquet: other tables are read whole; write it as Parquet, or leave"
                    " out --memory"
                )
        return [path]
    found = [
        file
        for file in sorted(path.rglob("*.parquet"))
        if not any(part.startswith((".", "_")) for part in file.relative_to(path).parts)
        and file.is_file()
    ]
    if not found:
        raise DataError(f"{path} is a folder without files that end in .parquet")
    return found


def _keys(path: Path, files: Sequence[Path]) -> list[str]:
    """Return the names before the equals signs of the folders that the files lie in."""
    folders = (part for file in files for part in file.relative_to(path).parts[:-1])
    return list(dict.fromkeys(part.partition("=")[0] for part in folders if "=" in part))


def _columns(path: Path, schema: Any, keys: Sequence[str]) -> tuple[str, str, str]:  # noqa: ANN401 - pyarrow has no types
    """Return the columns of the dates, the names and the numbers."""
    import pyarrow as pa

    names = [name for name in schema.names if name not in keys or name.lower() in {"date", "asset"}]
    found = columns_of(path, names, Layout(main="number"))
    if not found.asset:
        raise DataError(
            f"{path} has no column 'asset'; it has {listed(names)}. A data set is long: date, asset and"
            " one column of numbers"
        )
    number = found.fields["number"]
    kind = schema.field(number).type
    if not (pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind)):
        raise DataError(f"{path}: the column {number!r} holds {kind}, not numbers")
    return found.date, found.asset, number


def _looked_through(path: Path, content: Any, columns: tuple[str, str, str]) -> DataSet:  # noqa: ANN401 - pyarrow has no types
    """Return a data set with its dates and names."""
    import pyarrow as pa

    date, asset, _ = columns
    distinct = _distinct(path, content, columns[:2])
    raw_dates, raw_names = distinct[date], distinct[asset]
    if not len(raw_dates):
        raise DataError(f"{path} has no rows")
    days, problems = Sheet(path, pa.table({date: raw_dates}), 1).dates(date)
    if problems:
        raise DataError(f"{path}: {date}: {next(iter(problems.values()))}")
    texts, code = Sheet(path, pa.table({asset: raw_names}), 1).texts(asset)
    if "" in texts:
        raise DataError(f"{path}: {asset} is empty in some rows; name the asset")
    dates, row = np.unique(days, return_inverse=True)
    names = sorted(texts)
    place = {name: number for number, name in enumerate(names)}
    column = np.array([place[texts[number]] for number in code], dtype=np.int64)
    return DataSet(path, dates, tuple(names), content, columns, raw_dates, raw_names, row, column)


def _distinct(path: Path, content: Any, columns: Sequence[str]) -> Mapping[str, Any]:  # noqa: ANN401 - pyarrow has no types
    """Return the different values of some columns."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found: dict[str, Any] = {}
    for batch in _batches(path, content, columns, None):
        for name in columns:
            new = pc.unique(_plain(batch.column(name)))
            found[name] = pc.unique(pa.concat_arrays([found[name], new])) if name in found else new
    return found or {name: pa.array([]) for name in columns}


def _batches(path: Path, content: Any, columns: Sequence[str], chosen: Any) -> Iterator[Any]:  # noqa: ANN401 - pyarrow has no types
    """Yield rows of some columns, a few at a time; of `chosen`, or all."""
    import pyarrow as pa

    try:
        yield from content.to_batches(
            columns=list(columns),
            filter=chosen,
            batch_size=ROWS_AT_ONCE,
            batch_readahead=1,
            fragment_readahead=1,
            use_threads=False,
        )
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path} cannot be read as a Parquet data set: {error}") from error


def _plain(column: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return a column without a dictionary."""
    import pyarrow as pa

    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _texts(path: Path, column: Any) -> list[str]:  # noqa: ANN401 - pyarrow has no types
    """Return a column as texts without blanks around them."""
    import pyarrow as pa

    distinct, code = Sheet(path, pa.table({"": column}), 1).texts("")
    return [distinct[number] for number in code]


def _refuse_infinite(table: SeriesTable) -> None:
    """Raise for the first number that is infinite."""
    for column, name in enumerate(table.names):
        endless: NDArray[np.int64] = np.flatnonzero(np.isinf(table.values[:, column]))
        if len(endless):
            raise DataError(f"{table.path}: {name} on {table.dates[endless[0]]}{INFINITE}")
