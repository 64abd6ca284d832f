"""What the parts of an Excel workbook say that its cells do not: errors, and formulas without a value."""

from __future__ import annotations

import re
from io import BytesIO
from posixpath import normpath
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError, iterparse
from zipfile import BadZipFile, ZipFile

from eventstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

INFLATED = 500_000_000
"""Most bytes of a workbook once unpacked."""

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
SUSPECT = (b't="e"', b"t='e'", b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/")
"""What a sheet with errors or formulas contains, whatever name space it writes."""

PLACE = re.compile(r"([A-Z]+)(\d+)")
MISSING = "#N/A"
"""The one error that means a missing number."""

UNSAVED = "holds a formula whose value is not saved in the file; open and save the workbook in a spreadsheet"


def column_letter(column: int) -> str:
    """Return the letter of a column, the first being 0.

    Examples
    --------
    >>> [column_letter(column) for column in (0, 25, 26, 702)]
    ['A', 'Z', 'AA', 'AAA']
    """
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """Return a cell as a spreadsheet names it, row and column counted from 0: ``B7``."""
    return f"{column_letter(column)}{row + 1}"


def check_workbook(path: Path) -> None:
    """Raise when a file is no Excel workbook that can be read, or too large once unpacked.

    Raises
    ------
    DataError
        With what to do.
    """
    try:
        with ZipFile(path) as parts:
            names = parts.namelist()
            size = sum(part.file_size for part in parts.infolist())
    except (BadZipFile, OSError, NotImplementedError) as error:
        raise DataError(f"{path} is a damaged Excel workbook: {error}") from error
    if WORKBOOK not in names:
        raise DataError(f"{path} is no Excel workbook of the kind .xlsx; save it as one, or as CSV")
    if size > INFLATED:
        raise DataError(
            f"{path} has {size / 1e6:,.0f} MB once unpacked, more than {INFLATED / 1e6:.0f}; write it as"
            " CSV or Parquet"
        )


def broken_cells(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """Return the cells of a sheet that a reader of values shows as empty, though they are not.

    Parameters
    ----------
    path : pathlib.Path
        The workbook.
    sheet : str
        Name of the sheet.

    Returns
    -------
    dict
        What is wrong, by row and column counted from 0: errors other than #N/A, which means that a
        number is missing, and formulas without a saved value.
    """
    try:
        with ZipFile(path) as parts:
            content = _part(parts, _target(parts, sheet))
        if not any(mark in content for mark in SUSPECT):
            return {}
        return dict(_broken(content))
    except (BadZipFile, KeyError, OSError, ParseError) as error:
        raise DataError(f"{path} is a damaged Excel workbook: {error}") from error


def _part(parts: ZipFile, name: str) -> bytes:
    """Return one part; a part with a document type, which could expand without end, is refused."""
    content = parts.read(name)
    if b"<!DOCTYPE" in content:
        raise ParseError(f"{name} has a document type")
    return content


def _elements(content: bytes, name: str) -> Iterator[Element]:
    """Yield the elements of a name, in whatever name space, each emptied when the next is asked for."""
    for _, element in iterparse(BytesIO(content)):  # noqa: S314 - no document type, size limited
        if element.tag.rpartition("}")[2] == name:
            yield element
            element.clear()


def _target(parts: ZipFile, sheet: str) -> str:
    """Return the part that holds a sheet."""
    sheets = _elements(_part(parts, WORKBOOK), "sheet")
    key = next(each.get(RELATION) for each in sheets if each.get("name") == sheet)
    relations = _elements(_part(parts, RELATIONS), "Relationship")
    target = next(each.get("Target", "") for each in relations if each.get("Id") == key)
    return target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")


def _broken(content: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the place of each broken cell and what is wrong with it."""
    for cell in _elements(content, "c"):
        parts = {part.tag.rpartition("}")[2]: part.text or "" for part in cell}
        match = PLACE.fullmatch(cell.get("r", ""))
        if match is None:
            continue
        kind, value = cell.get("t", ""), parts.get("v", "")
        place = int(match[2]) - 1, _number(match[1])
        if kind == "e" and value != MISSING:
            yield place, f"holds the error {value}; correct it, or write #N/A for a missing number"
        elif "f" in parts and not value and kind != "str":
            yield place, UNSAVED


def _number(letters: str) -> int:
    """Return the number of a column from its letters, the first being 0."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1
