"""Excel workbooks as tables: values as they were saved, and every cell that would be read wrongly named."""

import datetime as dt
import zipfile

import numpy as np
import pytest
import xlsxwriter

from eventstudy.errors import DataError
from eventstudy.panel.events import read_events
from eventstudy.sheets.layout import Layout
from eventstudy.sheets.series import read_fields, read_series

DAYS = [dt.date(2021, 3, 1), dt.date(2021, 3, 2), dt.date(2021, 3, 3)]
HEADER = ["date", "X", "Y"]


def write(path, sheets, **options):
    """Write a workbook: rows by name of the sheet; a callable changes book and sheet afterwards."""
    with xlsxwriter.Workbook(path, options) as book:
        form = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, (rows, change) in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(number, column, cell, form)
                    elif cell is not None:
                        sheet.write(number, column, cell)
            change(sheet, form)
    return path


def nothing(sheet, form):
    """Leave a sheet as it is."""


def one(path, rows, change=nothing):
    return write(path, {"Kurse": (rows, change)})


def body(*columns):
    """Return a header and a row for each date."""
    return [HEADER[: len(columns) + 1], *map(list, zip(DAYS, *columns, strict=True))]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "p.xlsx"


@pytest.mark.parametrize("options", [{}, {"date_1904": True}])
def test_values_are_those_of_a_csv_table(path, options):
    """Dates in both systems of Excel, formulas by their saved value, #N/A and blanks missing."""
    x, y = [0.1, -1 / 3, 1e-17], [2, None, 4.5]

    def change(sheet, form):
        sheet.write_formula(3, 1, "=B2*2", None, 1e-17)
        sheet.write_formula(4, 2, "=NA()", None, "#N/A")
        sheet.write_datetime(4, 0, dt.datetime(2021, 3, 4), form)  # noqa: DTZ001 - Excel has no zones
        sheet.write_string(4, 1, " 0.25 ")
        sheet.write_blank(9, 5, None, form)

    write(path, {"Kurse": (body(x, y), change)}, **options)
    table = read_series(path)
    csv = path.with_suffix(".csv")
    lines = [f"{day},{a!r},{'' if b is None else b}" for day, a, b in zip(DAYS, x, y, strict=True)]
    csv.write_text("\n".join([",".join(HEADER), *lines, "2021-03-04,0.25,"]), "utf-8")
    same = read_series(csv)
    assert (table.names, table.dates.tolist()) == (same.names, same.dates.tolist())
    np.testing.assert_array_equal(table.values, same.values)


def test_texts_and_numbers_as_names_and_dates(path):
    """A long table with text dates, and tickers that are numbers."""
    rows = [["date", "asset", "close"], ["05.01.2021", 600519, 1.5], ["05.01.2021", "X", 2]]
    table = read_series(one(path, [*rows, [20210106, "X", 3]][:3]))
    assert table.names == ("600519", "X")
    assert table.dates.astype(str).tolist() == ["2021-01-05"]
    rows = [["date", "X"], [20210105, 1], [20210106, 2]]
    assert read_series(one(path, rows)).dates.astype(str).tolist() == ["2021-01-05", "2021-01-06"]


def test_the_sheet_by_name_or_the_only_one(path):
    numbers = body([1, 2, 3])
    sheets = {"Kurse": (numbers, nothing), "_cache": ([["a"]], lambda sheet, _form: sheet.hide())}
    write(path, sheets)
    assert read_series(path).names == ("X",)
    sheets["Zweites"] = (body([4, 5, 6]), nothing)
    write(path, sheets)
    with pytest.raises(DataError, match=r"the sheets Kurse, Zweites; say which with `sheet: NAME`"):
        read_series(path)
    with pytest.raises(DataError, match=r"has no sheet 'Kurs'; .*did you mean 'Kurse'"):
        read_fields(path, Layout(sheet="Kurs"))
    found = read_fields(path, Layout(sheet="Zweites")).tables["close"]
    assert found.values[:, 0].tolist() == [4, 5, 6]
    with pytest.raises(DataError, match=r"p\.xlsx has no column 'date'; it has a\."):
        read_fields(path, Layout(sheet="_cache"))


def formula(text, value, column=1):
    return lambda sheet, _form: sheet.write_formula(2, column, text, None, value)


@pytest.mark.parametrize(
    ("rows", "change", "message"),
    [
        ([], nothing, r"p\.xlsx, Kurse is empty"),
        ([HEADER], nothing, r"Kurse has a header and no rows"),
        (body([1, 2, 3]), formula("=1/0", "#DIV/0!"), r"Kurse!B3: X holds the error #DIV/0!; correct it"),
        (body([1, 2, 3]), formula("=B2", ""), r"Kurse!B3: X holds a formula whose value is not saved"),
        (body([1, True, 3]), nothing, r"Kurse!B3: X: 'True' is not a number"),
        (body([1, "1,5", 3]), nothing, r"Kurse!B3: X: '1,5' is not a number; write decimals"),
        (body([1, DAYS[0], 3]), nothing, r"Kurse!B3: X: '2021-03-01' is not a number"),
        ([["date", "", "Y"], [DAYS[0], 1, 2]], nothing, r"Kurse!B1: the cell has no name"),
        ([[], ["date", "X"], [DAYS[0], 1]], nothing, r"Kurse!A1: the cell has no name"),
        ([["date", "X", "X"], [DAYS[0], 1, 2]], nothing, r"Kurse!C1 has two columns called 'X'"),
        (body([1, 2, 3]), lambda sheet, _form: sheet.merge_range("B1:C1", "X"), r"Kurse!B1:C1 is merged"),
        ([*body([1, 2, 3]), ["Source: X"]], nothing, r"Kurse!A5: date: 'Source: X' is no Excel date"),
        ([*body([1, 2, 3]), [DAYS[0], 9]], nothing, r"Kurse!A5: the date stands in line 2 already"),
        ([["date", "X"], [44256, 1]], nothing, r"Kurse!A2: date: '44256' is not a date"),
        ([["date", "X"], ["05/01/2021", 1]], nothing, r"Kurse!A2: date: .*the day or the month first"),
        (
            body([1, 2, 3]),
            lambda sheet, form: sheet.write_datetime(2, 0, dt.datetime(2021, 3, 2, 16), form),  # noqa: DTZ001 - Excel has no zones
            r"Kurse!A3: date: '2021-03-02T16:00:00' is not a date but a time",
        ),
    ],
)  # fmt: skip
def test_cells_that_would_be_read_wrongly(path, rows, change, message):
    with pytest.raises(DataError, match=message):
        read_series(one(path, rows, change))


def test_an_error_in_a_column_that_is_not_read(path):
    """Only what is used must be right."""
    rows = [["date", "asset", "close", "note"], *([day, "X", 1, "a"] for day in DAYS)]
    one(path, rows, formula("=1/0", "#DIV/0!", column=3))
    found = read_fields(path, Layout(columns={"close": "close"}))
    assert found.tables["close"].values.tolist() == [[1], [1], [1]]


def test_files_that_are_no_workbook(path):
    one(path, body([1, 2, 3]))
    whole = path.read_bytes()
    for content, message in [
        (whole[: len(whole) // 2], "is a damaged Excel workbook"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
            "an old Excel file, or one with a password",
        ),
    ]:
        path.write_bytes(content)
        with pytest.raises(DataError, match=message):
            read_series(path)
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("content.xml", "<a/>")
    with pytest.raises(DataError, match=r"is no Excel workbook of the kind \.xlsx"):
        read_series(path)


def edited(path, part, old, new):
    """Replace a text in one part of a workbook."""
    with zipfile.ZipFile(path) as parts:
        contents = {name: parts.read(name) for name in parts.namelist()}
    assert old in contents[part]
    contents[part] = contents[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, content in contents.items():
            parts.writestr(name, content)


def test_parts_that_expand_are_refused(path, monkeypatch):
    """No entities, and nothing that is large once unpacked."""
    part = "xl/worksheets/sheet1.xml"
    one(path, body([1, 2, 3]), formula("=1/0", "#DIV/0!"))
    edited(path, part, b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet')
    with pytest.raises(DataError, match=r"damaged Excel workbook: .*document type"):
        read_series(path)
    one(path, body([1, 2, 3]))
    monkeypatch.setattr("eventstudy.sheets.cells.INFLATED", 1000)
    with pytest.raises(DataError, match=r"MB once unpacked, more than"):
        read_series(path)


def test_events_of_the_panel_may_stand_in_a_workbook(path):
    rows = [["event_id", "asset", "event_date"], [1, "X", DAYS[0]], [2, "Y", DAYS[1]]]
    events = read_events(one(path, rows), "")
    assert (events.event_ids.tolist(), events.dates.tolist()) == (["1", "2"], DAYS[:2])
