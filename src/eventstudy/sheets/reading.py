"""Tables from CSV, Parquet or Excel, with the place of everything that is wrong in them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from eventstudy.errors import DataError, shown
from eventstudy.sheets.lines import uneven_row
from eventstudy.sheets.sheet import MISSING, Sheet, checked_names

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from eventstudy.sheets.sheet import TableFile

PARQUET, ZIP, COMPOUND = b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of Parquet, of an Excel workbook, and of one of before 2007 or with a password."""

PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"(\xb5/\xfd")
"""First bytes of files packed by gzip, bzip2, xz and zstd."""

SAVE = "save it as CSV UTF-8, as .xlsx or as Parquet"

BLOCK = 1 << 24
"""Bytes read at a time; a row must fit into one block."""


def open_table(path: Path, sheet: str = "") -> TableFile:
    """Open a table and read the names of its columns.

    Parameters
    ----------
    path : pathlib.Path
        CSV in UTF-8 with a header line, Parquet, or Excel, told apart by the first bytes, whatever the
        file is called.
    sheet : str
        Sheet of an Excel workbook; empty for the only one.

    Raises
    ------
    DataError
        When the file is no table, or a name is blank or stands twice.
    """
    start = _start(path)
    if start.startswith(ZIP):
        from eventstudy.sheets.excel import open_workbook

        return open_workbook(path, sheet)
    if start == COMPOUND:
        raise DataError(
            f"{path} is an old Excel file, or one with a password; save it as .xlsx without one"
        )
    if start.startswith(PACKED):
        raise DataError(f"{path} is compressed; unpack it, and name the table that was in it")
    if sheet:
        raise DataError(f"{path} is no Excel workbook; leave out `sheet: {sheet}`")
    if start.startswith(PARQUET):
        return ParquetFile(path, checked_names(path, _parquet_names(path)))
    names = _csv_names(path)
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        raise DataError(f"{path} has one column {shown(names[0])}; separate columns by commas")
    return CsvFile(path, checked_names(path, names))


def _start(path: Path) -> bytes:
    """Return the first bytes of a file."""
    try:
        if path.exists() and not path.is_file():
            raise DataError(f"{path} cannot be read (it is no file)")
        with path.open("rb") as file:
            return file.read(8)
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror})") from error


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """A Parquet file; see :class:`~eventstudy.sheets.sheet.TableFile`.

    Attributes
    ----------
    first : int
        Number of its first row as a reader counts.
    """

    first: ClassVar[int] = 1
    path: Path
    names: tuple[str, ...]

    def read(self, names: Sequence[str], texts: Collection[str]) -> Sheet:  # noqa: ARG002 - the file knows its types
        """Read some columns."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            content = pq.read_table(self.path, columns=list(names))
        except (pa.ArrowException, OSError) as error:
            raise DataError(f"{self.path} is a damaged Parquet file: {error}") from error
        return with_rows(Sheet(self.path, content, self.first))


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file; see :class:`~eventstudy.sheets.sheet.TableFile`.

    Attributes
    ----------
    first : int
        Number of its first row as a reader counts: the header stands above it.
    """

    first: ClassVar[int] = 2
    path: Path
    names: tuple[str, ...]

    def read(self, names: Sequence[str], texts: Collection[str]) -> Sheet:
        """Read some columns; where one of numbers holds other text, all of them are texts."""
        import pyarrow as pa

        try:
            return with_rows(self._sheet(names, texts))
        except pa.ArrowInvalid as error:
            if "conversion error" not in str(error):
                reason = uneven_row(self.path, len(self.names)) or error
                message = f"{self.path} cannot be read as a table: {reason}"
                raise DataError(message) from error
        try:
            return self._sheet(names, names)
        except pa.ArrowInvalid as error:
            message = f"{self.path} cannot be read as a table: {error}; {SAVE}"
            raise DataError(message) from error

    def _sheet(self, names: Sequence[str], texts: Collection[str]) -> Sheet:
        """Return columns as pyarrow reads them; those of `texts` as text, the others as numbers."""
        import pyarrow as pa
        from pyarrow import csv as arrow

        types = {name: pa.string() if name in texts else pa.float64() for name in names}
        content: Any = arrow.read_csv(
            self.path,
            read_options=arrow.ReadOptions(
                column_names=self.names, skip_rows=1, block_size=BLOCK, use_threads=False
            ),
            parse_options=arrow.ParseOptions(newlines_in_values=True),
            convert_options=arrow.ConvertOptions(
                column_types=types,
                include_columns=list(names),
                null_values=MISSING,
                strings_can_be_null=False,
            ),
        )
        return Sheet(self.path, content, self.first)


def with_rows(sheet: Sheet) -> Sheet:
    """Return a sheet, if it has rows.

    Raises
    ------
    DataError
        When it has none.
    """
    if not len(sheet):
        raise DataError(f"{sheet.path} has a header and no rows")
    return sheet


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
            names = [name.strip() for name in next(csv.reader(file), [])]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} is neither CSV in UTF-8 nor Parquet ({error}); {SAVE}") from error
    if not names and path.stat().st_size:
        raise DataError(f"{path}, line 1 is empty; write the names of the columns there")
    for name in names:
        if "\0" in name:
            raise DataError(f"{path} is not in UTF-8: it has zero bytes, as UTF-16 has; {SAVE}")
        if len(name.splitlines()) > 1:
            raise DataError(f"{path}: the name {shown(name)} has several lines; write it in one")
    return names
