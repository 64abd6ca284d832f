"""Excel: one workbook with a sheet per table; numbers are numbers and print as the report prints them."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from eventstudy.export.grid import grid_of, unlike
from eventstudy.export.outline import tables_of
from eventstudy.formats import MINUS
from eventstudy.language import say

if TYPE_CHECKING:
    from pathlib import Path

    from eventstudy.document import Document
    from eventstudy.export.drawings import Drawings
    from eventstudy.export.grid import Entry
    from eventstudy.export.outline import Exhibit
    from eventstudy.tables import Table

BOOK = "tables.xlsx"
HEAD = 3
"""Row of the headings, counted from 0: below title, caption and an empty line."""
WIDEST = 40
"""Characters of the widest column."""
MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - the same bytes every day; a workbook knows no zones

_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_NUMBER = re.compile(rf"([+{MINUS}]?)([\d,]+)(?:\.(\d+))?([%\N{{MULTIPLICATION SIGN}}]?)")
_DATES = {
    re.compile(
        r"\d{1,2}\s[A-Z][a-z]{2}\s\d{4}"
    ): '[$-809]d"\N{NO-BREAK SPACE}"mmm"\N{NO-BREAK SPACE}"yyyy',
    re.compile(r"\d{4}年\d{1,2}月\d{1,2}日"): 'yyyy"年"m"月"d"日"',
}
"""How dates are printed, with the formats that print them so."""
_PLAIN = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


def write_workbook(document: Document, _drawings: Drawings, folder: Path) -> None:
    """Write ``tables.xlsx``: a sheet with the contents, then one per table.

    Parameters
    ----------
    document : Document
        What the report says.
    folder : pathlib.Path
        Where the file goes.

    Notes
    -----
    Text is written as text, whatever it begins with: no cell is a formula. The same tables give the same
    bytes.
    """
    import xlsxwriter

    shown = list(tables_of(document))
    names = unlike([say("Contents"), *(_sheet_name(table, exhibit) for table, exhibit in shown)])
    with xlsxwriter.Workbook(str(folder / BOOK), _PLAIN) as book:
        book.set_properties({"title": document.title, "created": MADE})
        styles = Styles(book)
        contents = book.add_worksheet(names[0])
        contents.write_string(0, 0, document.title, styles.bold)
        contents.set_column(0, 0, WIDEST // 2)
        for line, (name, (_, exhibit)) in enumerate(zip(names[1:], shown, strict=True), start=2):
            contents.write_url(line, 0, f"internal:'{name}'!A1", string=name)
            contents.write_string(line, 1, exhibit.name)
        for name, (table, exhibit) in zip(names[1:], shown, strict=True):
            _fill(book.add_worksheet(name), table, exhibit, styles)


def _sheet_name(table: Table, exhibit: Exhibit) -> str:
    """Return a name that Excel takes, with room for what makes it another than all others."""
    name = exhibit.number.rstrip(".。") or re.sub("^(?:table|numbers)-", "", table.id)
    return _FORBIDDEN.sub(" ", name)[:27].strip() or "Table"


class Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - xlsxwriter has no public types
        self._book = book
        self._made: dict[str, Any] = {}
        self.bold = book.add_format({"bold": True})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.words = book.add_format({"num_format": "@"})

    def of(self, code: str) -> Any:  # noqa: ANN401 - as above
        """Return the format with a number format."""
        if code not in self._made:
            self._made[code] = self._book.add_format({"num_format": code, "align": "right"})
        return self._made[code]


def _fill(sheet: Any, table: Table, exhibit: Exhibit, styles: Styles) -> None:  # noqa: ANN401 - as above
    """Write one table."""
    grid = grid_of(table)
    sheet.write_string(0, 0, exhibit.name, styles.bold)
    sheet.write_string(1, 0, table.caption)
    for at, title in enumerate(grid.columns):
        sheet.write_string(HEAD, at, title, styles.head)
        longest = max([len(row[at].text) for row in grid.rows], default=0)
        sheet.set_column(at, at, min(max(longest, 8) + 2, WIDEST))
    for line, row in enumerate(grid.rows, start=HEAD + 1):
        for at, entry in enumerate(row):
            _put(sheet, (line, at), entry, styles)
    for line, note in enumerate(table.notes, start=HEAD + 2 + len(grid.rows)):
        sheet.write_string(line, 0, note)
    sheet.freeze_panes(HEAD + 1, 1)


def _put(sheet: Any, place: tuple[int, int], entry: Entry, styles: Styles) -> None:  # noqa: ANN401 - as above
    """Write one entry: a number or a date with the format that prints it, or words."""
    if isinstance(entry.value, float):
        sheet.write_number(*place, entry.value, styles.of(number_format(entry.text, entry.value)))
    elif entry.value != entry.text and (code := _date_format(entry.text)):
        sheet.write_datetime(*place, date.fromisoformat(str(entry.value)), styles.of(code))
    elif entry.text:
        sheet.write_string(*place, entry.text, styles.words)


def _date_format(text: str) -> str:
    """Return the format that prints a date so; empty for what is no date."""
    return next((code for pattern, code in _DATES.items() if pattern.fullmatch(text)), "")


def number_format(text: str, value: float) -> str:
    """Return the number format with which Excel prints a value as the report does.

    Parameters
    ----------
    text : str
        What is printed.
    value : float
        The number behind it.

    Examples
    --------
    >>> number_format("+5.46", 5.4612), number_format("12%", 0.117), number_format("<0.001", 0.0002)
    ('+#,##0.00;"−"#,##0.00;#,##0.00', '#,##0%;"−"#,##0%', '"<0.001"')
    """
    found = _NUMBER.fullmatch(text)
    if found is None:
        literal = '"' + text.replace('"', "") + '"'
        return ";".join([literal] * (3 if value <= 0 else 1))
    sign, _, decimals, unit = found.groups()
    body = "#,##0" + (f".{'0' * len(decimals)}" if decimals else "")
    body += unit if unit in {"", "%"} else f'"{unit}"'
    if not sign and value < 0:
        return f"{body};{body}"  # rounds to zero, which has no sign
    if sign == "+":
        return f'+{body};"{MINUS}"{body};{body}'
    return f'{body};"{MINUS}"{body}'
