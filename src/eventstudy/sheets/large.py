"""Tables too large to be read whole: DuckDB reads the series that are asked for, and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

from eventstudy.errors import DataError
from eventstudy.sheets.reading import CsvFile, ParquetFile
from eventstudy.sheets.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from duckdb import DuckDBPyConnection, DuckDBPyRelation, Expression

    from eventstudy.sheets.layout import Columns
    from eventstudy.sheets.sheet import TableFile

LARGE = 200_000_000
"""Bytes from which on a file is not read whole."""

LIMITS = {
    "memory_limit": "1GB",
    "threads": 2,
    "temp_directory": "",
    "enable_external_file_cache": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
"""What DuckDB may use: nothing is written to disk, nothing is loaded from elsewhere."""

Plain = CsvFile | ParquetFile
MARKS = re.compile(r"[*?\[]")
ROW = "row"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The series of a large table that are asked for.

    Attributes
    ----------
    names : tuple of str
        Every series of the table.
    columns : Columns
        Those of `sheet`: of a wide table only the series that are asked for.
    sheet : Sheet
        Of a long table only the rows of these series, and rows without a name.
    """

    names: tuple[str, ...]
    columns: Columns
    sheet: Sheet


def is_large(table: TableFile) -> TypeGuard[Plain]:
    """Tell whether a table is too large to be read whole."""
    return isinstance(table, CsvFile | ParquetFile) and table.path.stat().st_size > LARGE


def read_chosen(table: Plain, columns: Columns, wanted: Collection[str]) -> Chosen:
    """Read some series of a table.

    Parameters
    ----------
    table : TableFile
        CSV or Parquet.
    columns : Columns
        Which column holds what.
    wanted : collection of str
        Names of series; those that the table does not have are passed over, and where it has none of
        them one series is read.

    Raises
    ------
    DataError
        When DuckDB is not installed, or cannot read the table.
    """
    duckdb = _duckdb(table)
    try:
        with duckdb.connect(":memory:", config=LIMITS) as connection:
            return _chosen(_relation(connection, table), table, columns, wanted)
    except duckdb.OutOfMemoryException as error:
        raise DataError(
            f"{table.path} needs more than {LIMITS['memory_limit']} of memory; write it as Parquet, or as"
            " a long table"
        ) from error
    except duckdb.Error as error:
        reason = " ".join(str(error).split("Possible")[0].split())
        raise DataError(f"{table.path} cannot be read as a table: {reason}") from error


def _duckdb(table: Plain) -> Any:  # noqa: ANN401 - an optional package
    """Return the package."""
    try:
        import duckdb
    except ImportError as error:
        raise DataError(
            f"{table.path} has {table.path.stat().st_size / 1e6:,.0f} MB; tables over"
            f" {LARGE / 1e6:,.0f} MB are read with the package duckdb, which is not installed: run pip"
            " install 'policy-eventstudy[duckdb]', or write the series of the study to a smaller table"
        ) from error
    return duckdb


def _relation(connection: DuckDBPyConnection, table: Plain) -> DuckDBPyRelation:
    """Return the table with columns c0, c1, … and the number of each row; no other file can be read.

    No name of the user's becomes part of a statement; marks that stand for several files are bracketed,
    so that they are plain characters.
    """
    import duckdb

    plain = str(table.path.resolve())
    path = MARKS.sub(r"[\g<0>]", plain)
    connection.execute("SET allowed_paths = $1", [[plain, path]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET lock_configuration = true")
    names = [f"c{position}" for position in range(len(table.names))]
    if isinstance(table, ParquetFile):
        whole = connection.read_parquet(path, file_row_number=True)
        columns = [duckdb.ColumnExpression(name) for name in whole.columns]
        return whole.select(
            *(column.alias(name) for column, name in zip(columns, [*names, ROW], strict=True))
        )
    whole = connection.read_csv(
        path,
        header=True,
        auto_detect=False,
        columns=dict.fromkeys(names, "VARCHAR"),
        delimiter=",",
        quotechar='"',
        escapechar='"',
    )
    numbered = whole.row_number("over ()", "*")
    position = duckdb.ColumnExpression(numbered.columns[-1]) - duckdb.ConstantExpression(1)
    return numbered.select(*map(duckdb.ColumnExpression, names), position.alias(ROW))


def _chosen(
    relation: DuckDBPyRelation, table: Plain, columns: Columns, wanted: Collection[str]
) -> Chosen:
    """Return the series that are asked for."""
    if not columns.asset:
        wide = tuple(name for name in columns.wide if name in wanted) or columns.wide[:1]
        kept = replace(columns, wide=wide)
        return Chosen(columns.wide, kept, _sheet(relation, table, [*kept.texts, *kept.numbers]))
    names, rows = _rows(relation, table, columns.asset, wanted)
    sheet = _sheet(relation.filter(rows), table, [*columns.texts, *columns.numbers])
    return Chosen(names, columns, sheet)


def _rows(
    relation: DuckDBPyRelation, table: Plain, asset: str, wanted: Collection[str]
) -> tuple[tuple[str, ...], Expression]:
    """Return the names of all series, and which rows hold one that is wanted or none."""
    import duckdb

    column = duckdb.ColumnExpression(f"c{table.names.index(asset)}")
    raw = relation.select(column.alias(asset)).distinct().to_arrow_table()
    names, code = Sheet(table.path, raw, 1).texts(asset)
    kept = {"", *(wanted if {*wanted} & {*names} else names[:1])}
    written = [
        duckdb.ConstantExpression(value)
        for value, number in zip(raw.column(asset).to_pylist(), code, strict=True)
        if value is not None and names[number] in kept
    ]
    none = column.isnull()
    return tuple(sorted({*names} - {""})), (column.isin(*written) | none if written else none)


def _sheet(relation: DuckDBPyRelation, table: Plain, names: Sequence[str]) -> Sheet:
    """Return columns of the rows of a relation, in the order of the file."""
    import duckdb
    import pyarrow as pa

    chosen = [duckdb.ColumnExpression(f"c{table.names.index(name)}").alias(name) for name in names]
    found = relation.select(*chosen, duckdb.ColumnExpression(ROW).alias(ROW)).to_arrow_table()
    rows = found.column(len(names)).to_numpy().astype(np.int64)
    order = np.argsort(rows)
    content = {name: found.column(number).take(order) for number, name in enumerate(names)}
    if isinstance(table, ParquetFile):
        content = {name: _as_written(table, name, column) for name, column in content.items()}
    return Sheet(table.path, pa.table(content), table.first, rows=rows[order])


def _as_written(table: ParquetFile, name: str, column: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return times in the zone in which the file has them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kind = pq.read_schema(table.path).field(name).type
    return column.cast(kind) if pa.types.is_timestamp(kind) else column
