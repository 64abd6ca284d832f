"""Tables from CSV or Parquet, with the place of everything that is wrong in them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from eventstudy.errors import DataError, shown
from eventstudy.sheets.dates import parse_dates

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Dates = NDArray[np.datetime64]
    Floats = NDArray[np.float64]

MISSING = ["", "NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null", "None", "."]
"""What stands for a missing number."""

PARQUET = b"PAR1"
BLOCK = 1 << 24
"""Bytes read at a time; a row must fit into one block."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some columns of a table.

    Attributes
    ----------
    path : pathlib.Path
        The file, for messages.
    content : pyarrow.Table
        Its columns, n rows.
    parquet : bool
        Whether rows are counted from 1; in CSV the first row stands on line 2.
    """

    path: Path
    content: Any
    parquet: bool

    def __len__(self) -> int:
        return int(self.content.num_rows)

    def line(self, row: int) -> int:
        """Return the number under which a reader finds a row, the first being row 0."""
        return row + (1 if self.parquet else 2)

    def place(self, row: int) -> str:
        """Return where a row stands: ``R.csv, line 17``."""
        return f"{self.path}, {'row' if self.parquet else 'line'} {self.line(row)}"

    def numbers(self, names: Sequence[str]) -> Floats:
        """Return columns of numbers, shape (n, len(names)); NaN where one is missing.

        Raises
        ------
        DataError
            When a cell holds no number, or an infinite one.
        """
        values = np.empty((len(self), len(names)))
        for position, name in enumerate(names):
            values[:, position] = self._floats(name)
        if np.isinf(values).any():
            row, column = np.argwhere(np.isinf(values))[0]
            raise DataError(
                f"{self.place(row)}: {names[column]} is infinite; leave the cell empty where a"
                " number is missing"
            )
        return values

    def _floats(self, name: str) -> Floats:
        """Return one column of numbers, shape (n,)."""
        import pyarrow as pa

        column = self.content.column(name)
        try:
            floats = column.cast(pa.float64())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            message = f"{self.path}: the column {name!r} holds {column.type}, not numbers"
            raise DataError(message) from error
        values: Floats = floats.to_numpy()
        return values

    def texts(self, name: str) -> tuple[list[str], NDArray[np.int64]]:
        """Return the distinct texts of a column, and which of them stands in each row.

        Returns
        -------
        distinct : list of str
            Without blanks around them; a missing text is empty.
        code : ndarray of int, shape (n,)
            Position in `distinct`.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        column = pc.fill_null(self.content.column(name).cast(pa.string()), "")
        coded = pc.utf8_trim_whitespace(column).combine_chunks().dictionary_encode()
        return coded.dictionary.to_pylist(), coded.indices.to_numpy().astype(np.int64)

    def dates(self, name: str) -> tuple[Dates, dict[int, str]]:
        """Return a column of dates and what is wrong in it.

        Returns
        -------
        dates : ndarray of datetime64[D], shape (n,)
            NaT where there is a problem.
        problems : dict of int to str
            By row; of equal texts only the first.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        column = self.content.column(name)
        if pa.types.is_timestamp(column.type):
            local = pc.local_timestamp(column) if column.type.tz else column
            column = pc.strftime(local, format="%Y-%m-%dT%H:%M:%S")
            column = pc.replace_substring_regex(column, r"T00:00:00(\.0+)?$", "")
        distinct, code = Sheet(self.path, pa.table({name: column}), parquet=self.parquet).texts(
            name
        )
        days, problems = parse_dates(distinct)
        first = {int(np.argmax(code == number)): text for number, text in problems.items()}
        return days[code], first


def column_names(path: Path) -> list[str]:
    """Return the names of a table's columns.

    Raises
    ------
    DataError
        When the file is no table, or a name is blank or stands twice.
    """
    names = _parquet_names(path) if _is_parquet(path) else _csv_names(path)
    if not names:
        raise DataError(f"{path} is empty")
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        raise DataError(f"{path} has one column {shown(names[0])}; separate columns by commas")
    for position, name in enumerate(names):
        if not name:
            raise DataError(
                f"{path}: column {position + 1} has no name; is it a saved row number? Name or remove it"
            )
        if name in names[:position]:
            raise DataError(f"{path} has two columns called {shown(name)}; remove or rename one")
    return names


def read_sheet(path: Path, names: Sequence[str], texts: Collection[str]) -> Sheet:
    """Read columns of a table.

    Parameters
    ----------
    path : pathlib.Path
        CSV in UTF-8 with a header line, or Parquet.
    names : sequence of str
        The columns wanted, among :func:`column_names`.
    texts : collection of str
        Those of them that hold text or dates; the others hold numbers.

    Raises
    ------
    DataError
        When the file cannot be read, has no rows, or has text in a column of numbers.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    parquet = _is_parquet(path)
    try:
        content = pq.read_table(path, columns=list(names)) if parquet else _csv(path, names, texts)
    except pa.ArrowInvalid as error:
        raise _unreadable(path, names, texts, str(error)) from error
    if not content.num_rows:
        raise DataError(f"{path} has a header and no rows")
    return Sheet(path, content, parquet)


def _is_parquet(path: Path) -> bool:
    """Tell Parquet from CSV by the first bytes, whatever the file is called."""
    try:
        with path.open("rb") as file:
            return file.read(4) == PARQUET
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror})") from error


def _parquet_names(path: Path) -> list[str]:
    """Return the columns that a Parquet file lists."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return list(pq.read_schema(path).names)
    except (pa.ArrowInvalid, OSError) as error:
        raise DataError(f"{path} is a damaged Parquet file: {error}") from error


def _csv_names(path: Path) -> list[str]:
    """Return the header of a CSV file, without blanks around the names."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [name.strip() for name in next(csv.reader(file), [])]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} is neither CSV in UTF-8 nor Parquet ({error})") from error


def _csv(path: Path, names: Sequence[str], texts: Collection[str]) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Read a CSV file with pyarrow; columns of `texts` as text, the others as numbers."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    types = {name: pa.string() if name in texts else pa.float64() for name in names}
    return arrow.read_csv(
        path,
        read_options=arrow.ReadOptions(
            column_names=_csv_names(path), skip_rows=1, block_size=BLOCK, use_threads=False
        ),
        parse_options=arrow.ParseOptions(newlines_in_values=True),
        convert_options=arrow.ConvertOptions(
            column_types=types,
            include_columns=list(names),
            null_values=MISSING,
            strings_can_be_null=False,
        ),
    )


def _unreadable(path: Path, names: Sequence[str], texts: Collection[str], reason: str) -> DataError:
    """Return why a table cannot be read: the first cell without a number, else `reason`."""
    import pyarrow as pa

    if "conversion error" not in reason:
        return DataError(f"{path} cannot be read as a table: {reason}")
    try:
        sheet = Sheet(path, _csv(path, names, names), parquet=False)
    except pa.ArrowInvalid:
        return DataError(f"{path} cannot be read as a table: {reason}; write it in UTF-8")
    for name in names:
        if name not in texts:
            for row, text in enumerate(sheet.content.column(name).to_pylist()):
                if text.strip() not in MISSING and not is_number(text):
                    return DataError(
                        f"{sheet.place(row)}: {name}: {shown(text)} is not a number; write decimals"
                        " such as 0.012, and leave the cell empty where a number is missing"
                    )
    return DataError(f"{path} cannot be read as a table: {reason}")


def is_number(text: str) -> bool:
    """Say whether a text is a number as a program writes it."""
    if "_" in text:
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True
