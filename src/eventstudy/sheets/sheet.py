"""Columns of a table as numbers, texts and dates, with the place of everything that is wrong in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import nsmallest
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from eventstudy.errors import DataError, shown
from eventstudy.sheets.dates import parse_dates
from eventstudy.sheets.lines import FIRST, LISTED, line_of, together

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Dates = NDArray[np.datetime64]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MISSING = ["", "NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null", "None", "."]
"""What stands for a missing number."""

INFINITE = " is infinite; leave the cell empty where a number is missing"

Mistake = tuple[int, str, str]
"""Row, column, and what is wrong there, as it follows the name of the column."""


class TableFile(Protocol):
    """A file with a table in it."""

    @property
    def path(self) -> Path:
        """The file."""
        ...

    @property
    def names(self) -> Sequence[str]:
        """Names of its columns, in their order, each once."""
        ...

    def read(self, names: Sequence[str], texts: Collection[str]) -> Sheet:
        """Read some columns.

        Parameters
        ----------
        names : sequence of str
            The columns wanted.
        texts : collection of str
            Those of them that hold text or dates; the others hold numbers.

        Raises
        ------
        DataError
            When the file cannot be read, has no rows, or has text in a column of numbers.
        """
        ...


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some columns of a table.

    Attributes
    ----------
    path : pathlib.Path
        The file, for messages.
    content : pyarrow.Table
        Its columns, n rows.
    first : int
        Number of the first row as a reader counts: 2 in CSV, below the header, 1 in Parquet.
    sheet : str
        Name of the sheet of an Excel workbook; empty for other files.
    letters : mapping of str to str
        Letter of each column in the workbook.
    rows : ndarray of int, shape (n,), optional
        Position of each row in the file, the first being 0; by default they are all there.
    """

    path: Path
    content: Any
    first: int
    sheet: str = ""
    letters: Mapping[str, str] = field(default_factory=dict)
    rows: Ints | None = None

    def __len__(self) -> int:
        return int(self.content.num_rows)

    def line(self, row: int) -> int:
        """Return the number under which a reader finds a row, the first being row 0."""
        position = int(row if self.rows is None else self.rows[row])
        if self.first == FIRST and not self.sheet:
            return line_of(self.path, position)
        return self.first + position

    def place(self, row: int, name: str = "") -> str:
        """Return where a row stands: ``R.csv, line 17``; in Excel the cell: ``R.xlsx, Sheet1!B17``."""
        if self.sheet:
            return f"{self.path}, {self.sheet}!{self.letters.get(name, 'A')}{self.line(row)}"
        return f"{self.path}, {'line' if self.first > 1 else 'row'} {self.line(row)}"

    def numbers(self, names: Sequence[str], problems: Sequence[Mistake] = ()) -> Floats:
        """Return columns of numbers, shape (n, len(names)); NaN where one is missing.

        Parameters
        ----------
        names : sequence of str
            The columns.
        problems : sequence of (int, str, str)
            Row, column and what is wrong in other columns: said together with what is wrong in these.

        Raises
        ------
        DataError
            When there are problems, or a cell holds no number, or an infinite one.
        """
        values, wrong = np.empty((len(self), len(names))), [*problems]
        for position, name in enumerate(names):
            values[:, position], texts = self._floats(name)
            infinite = np.flatnonzero(np.isinf(values[:, position])).tolist()
            texts |= dict.fromkeys(infinite, INFINITE)
            wrong += [(row, name, text) for row, text in texts.items()]
        if wrong:
            first = [
                f"{self.place(row, name)}: {name}{text}"
                for row, name, text in nsmallest(LISTED, wrong)
            ]
            raise DataError(together(self.path, first, len(wrong)))
        return values

    def _floats(self, name: str) -> tuple[Floats, dict[int, str]]:
        """Return one column of numbers, shape (n,), and what is wrong in it, by row."""
        import pyarrow as pa

        column = self.content.column(name)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            return self._numbers_in_texts(name)
        message = f"{self.path}: the column {name!r} holds {column.type}, not numbers"
        if pa.types.is_boolean(column.type):
            raise DataError(message)
        try:
            floats = column.cast(pa.float64())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise DataError(message) from error
        values: Floats = floats.to_numpy()
        return values, {}

    def _numbers_in_texts(self, name: str) -> tuple[Floats, dict[int, str]]:
        """Return the numbers that texts write, shape (n,), and those that write none, by row."""
        import pyarrow as pa
        import pyarrow.compute as pc

        column = pc.utf8_trim_whitespace(self.content.column(name).cast(pa.string()))
        missing = pc.is_in(column, value_set=pa.array(MISSING))
        known = pc.if_else(missing, None, column)
        try:
            values: Floats = known.cast(pa.float64()).to_numpy()
        except pa.ArrowInvalid:
            texts = known.to_pylist()
            wrong = {row: text for row, text in enumerate(texts) if not _none_or_number(text)}
            read = [
                np.nan if row in wrong else float(text or "nan") for row, text in enumerate(texts)
            ]
            return np.array(read), {
                row: f": {shown(text)} is not a number; write decimals such as 0.012, without thousands"
                " separators and signs, and leave the cell empty where a number is missing"
                for row, text in wrong.items()
            }
        return values, {}

    def texts(self, name: str) -> tuple[list[str], Ints]:
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

        column = self.content.column(name)
        try:
            column = pc.fill_null(column.cast(pa.string()), "")
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            message = f"{self.path}: the column {name!r} holds {column.type}, not texts or dates"
            raise DataError(message) from error
        coded = pc.utf8_trim_whitespace(column).combine_chunks().dictionary_encode()
        return coded.dictionary.to_pylist(), coded.indices.to_numpy().astype(np.int64)

    def dates(self, name: str, form: str = "", say: str = "") -> tuple[Dates, dict[int, str]]:
        """Return a column of dates and what is wrong in it.

        Parameters
        ----------
        name : str
            The column.
        form : str
            How its texts write dates, such as ``DD/MM/YYYY``; empty to see it from the texts.
        say : str
            How the user would name the form, for messages; empty where that is not possible.

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
        if form and pa.types.is_temporal(column.type):
            raise DataError(
                f"{self.path}: the column {name!r} holds dates, not texts; leave out `date_format`"
            )
        if pa.types.is_timestamp(column.type):
            local = pc.local_timestamp(column) if column.type.tz else column
            column = pc.strftime(local, format="%Y-%m-%dT%H:%M:%S")
            column = pc.replace_substring_regex(column, r"T00:00:00(\.0+)?$", "")
        distinct, code = Sheet(self.path, pa.table({name: column}), self.first).texts(name)
        days, problems = parse_dates(distinct, form, say)
        first = {int(np.argmax(code == number)): text for number, text in problems.items()}
        return days[code], first


def _none_or_number(text: str | None) -> bool:
    return text is None or is_number(text)


def is_number(text: str) -> bool:
    """Say whether a text is a number as a program writes it."""
    if "_" in text or not text.isascii():
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True


def checked_names(path: Path, names: Sequence[str], cells: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the names of a table's columns.

    Parameters
    ----------
    path : pathlib.Path
        The file, for messages.
    names : sequence of str
        As the table has them.
    cells : sequence of str, optional
        Where each of them stands; by default columns are counted.

    Raises
    ------
    DataError
        When there is none, or a name is blank or stands twice.
    """
    if not names:
        raise DataError(f"{path} is empty")
    for position, name in enumerate(names):
        where = f", {cells[position]}" if cells else ""
        if not name:
            which = "the cell" if cells else f"column {position + 1}"
            raise DataError(
                f"{path}{where}: {which} has no name; is it a saved row number? Name or remove it"
            )
        if name in names[:position]:
            raise DataError(
                f"{path}{where} has two columns called {shown(name)}; remove or rename one"
            )
    return tuple(names)
