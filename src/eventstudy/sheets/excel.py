"""Tables from Excel workbooks: the cells of one sheet, and those that would be read wrongly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from eventstudy.errors import DataError, did_you_mean, shown
from eventstudy.sheets.cells import broken_cells, cell_name, check_workbook, column_letter
from eventstudy.sheets.lines import together
from eventstudy.sheets.sheet import Sheet, checked_names

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa
    from python_calamine import CalamineSheet, CalamineWorkbook


@dataclass(frozen=True, slots=True)
class Workbook:
    """One sheet of an Excel workbook; see :class:`~eventstudy.sheets.sheet.TableFile`.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    sheet : str
        Name of the sheet.
    names : tuple of str
        Of its columns: the first row.
    rows : sequence of list
        The rows below, as long as `names`; an empty cell is an empty text.
    broken : mapping of (int, int) to str
        What is wrong with cells that hold an error or a formula without a value, by row and column of
        the sheet.
    """

    path: Path
    sheet: str
    names: tuple[str, ...]
    rows: Sequence[list[Any]]
    broken: Mapping[tuple[int, int], str]

    def read(self, names: Sequence[str], texts: Collection[str]) -> Sheet:
        """Read some columns."""
        import pyarrow as pa

        if not self.rows:
            raise DataError(f"{self.path}, {self.sheet} has a header and no rows")
        wanted = {name: self.names.index(name) for name in names}
        broken = [
            f"{self._place(row, column)}: {self.names[column]} {reason}"
            for (row, column), reason in self.broken.items()
            if column in wanted.values()
        ]
        if broken:
            raise DataError(together(self.path, broken, len(broken)))
        content = {
            name: self._dates_or_texts(column) if name in texts else self._numbers(column)
            for name, column in wanted.items()
        }
        letters = {name: column_letter(column) for name, column in wanted.items()}
        return Sheet(self.path, pa.table(content), 2, self.sheet, letters)

    def _dates_or_texts(self, column: int) -> pa.Array:
        """Return a column of Excel dates as dates, and any other as texts."""
        import pyarrow as pa

        cells = [row[column] for row in self.rows]
        other = [row for row, cell in enumerate(cells) if cell != "" and not isinstance(cell, date)]
        if len(other) == len(cells) or not any(isinstance(cell, date) for cell in cells):
            return pa.array([_text(cell) for cell in cells], pa.string())
        if other:
            raise DataError(
                f"{self._place(other[0] + 1, column)}: {self.names[column]}: {shown(_text(cells[other[0]]))} is no Excel date, as other"
                " cells of the column are; make all of them dates, or all texts"
            )
        days = np.array([cell or "NaT" for cell in cells], dtype="datetime64[s]")
        return pa.array(days)

    def _place(self, row: int, column: int) -> str:
        """Return a cell as messages name it, row and column counted from 0."""
        return f"{self.path}, {self.sheet}!{cell_name(row, column)}"

    def _numbers(self, column: int) -> pa.Array:
        """Return a column of numbers; as texts where one cell holds something else."""
        import pyarrow as pa

        cells = [row[column] for row in self.rows]
        filled = [None if cell == "" else cell for cell in cells]
        if {*map(type, filled)} <= {float, int, type(None)}:
            return pa.array(filled, pa.float64())
        return pa.array([_text(cell) for cell in cells], pa.string())


def open_workbook(path: Path, sheet: str = "") -> Workbook:
    """Open a sheet of an Excel workbook; its first row holds the names of the columns.

    Parameters
    ----------
    path : pathlib.Path
        The workbook, .xlsx or .xlsm.
    sheet : str
        Name of the sheet; empty for the only one that is not hidden.

    Raises
    ------
    DataError
        When it cannot be read, the sheet is not there or not clear, the first row has a gap, or cells
        are merged.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    check_workbook(path)
    try:
        with CalamineWorkbook.from_path(path) as book:
            name = _sheet_name(path, book, sheet)
            content = book.get_sheet_by_name(name)
            _refuse_merged(path, name, content)
            rows = _filled(content.to_python(skip_empty_area=False))
    except CalamineError as error:
        raise DataError(f"{path} is a damaged Excel workbook: {error}") from error
    if not rows:
        raise DataError(f"{path}, {name} is empty")
    cells = [f"{name}!{cell_name(0, column)}" for column in range(len(rows[0]))]
    names = checked_names(path, [_text(cell).strip() for cell in rows[0]], cells)
    return Workbook(path, name, names, rows[1:], broken_cells(path, name))


def _sheet_name(path: Path, book: CalamineWorkbook, wanted: str) -> str:
    """Return the sheet that is meant."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = [each for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    names: list[str] = [each.name for each in sheets]
    if wanted:
        if wanted not in names:
            raise DataError(
                f"{path} has no sheet {shown(wanted)}; it has {', '.join(names)}"
                f"{did_you_mean(wanted, names)}"
            )
        return wanted
    seen: list[str] = [each.name for each in sheets if each.visible == SheetVisibleEnum.Visible]
    if len(seen) != 1:
        raise DataError(
            f"{path} has {'the sheets ' + ', '.join(seen) if seen else 'no sheet that is not hidden'}; say"
            " which with `sheet: NAME`, or keep one"
        )
    return seen[0]


def _refuse_merged(path: Path, name: str, content: CalamineSheet) -> None:
    """Raise when cells of a sheet are merged: which of them holds a value is not clear."""
    for first, last in content.merged_cell_ranges or ():
        raise DataError(
            f"{path}, {name}!{cell_name(*first)}:{cell_name(*last)} is merged; a table has one row of"
            " names and one cell for every number"
        )


def _filled(rows: list[list[Any]]) -> list[list[Any]]:
    """Return rows without the empty ones at the end and the empty columns on the right."""
    while rows and not any(cell != "" for cell in rows[-1]):
        rows.pop()
    width = 0
    for row in rows:
        beyond = [position for position, cell in enumerate(row[width:], width) if cell != ""]
        width = beyond[-1] + 1 if beyond else width
    return [row[:width] for row in rows]


def _text(cell: object) -> str:
    """Return a cell as text; a whole number without a point."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return cell.isoformat() if isinstance(cell, datetime) else str(cell)
