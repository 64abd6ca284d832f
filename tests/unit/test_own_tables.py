"""Tables as people have them: every mistake with its line, several together, never a traceback."""

import gzip

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from eventstudy.errors import DataError, SpecError
from eventstudy.spec import load
from tests.unit.test_layouts import STUDY, fetch

ROWS = [f"2021-03-{day:02},{day}.5" for day in (1, 2, 3, 4, 5)]
TABLE = "\n".join(["date,X", *ROWS, ""])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (TABLE.replace("\n2021-03-02", "\n\n\n2021-03-02").replace(",4.5", ",x"), "line 7: X: 'x' is not a number"),
        (TABLE.replace("2021-03-03", "\n2021-03-02"), "line 5: the date stands in line 3 already"),
        ('date,X,n\n2021-03-01,1,"a\nb"\n2021-03-02,x,c\n', "line 4: X: 'x' is not a number"),
        (TABLE.replace("2021-03-02", "\n2021-03-02").replace(",4.5", ""), "line 6 has 1 cell, and the header 2"),
        (TABLE + "Source: somebody\n", "line 7 has 1 cell, and the header 2: write one cell under every name"),
        (TABLE.replace(",3.5", ",1,003.5"), "line 4 has 3 cells, and the header 2"),
        (TABLE.replace("4.5", "\uff14"), "line 5: X: '\uff14' is not a number"),
        (TABLE + ",\n", "line 7: date: '' is no date; write one, or remove the row$"),
        (TABLE + "2021-02-30,1\n", "'2021-02-30' is no day of the calendar$"),
        (TABLE.replace("03-01,", "03-01 15:00,"), "time of a day; write the day alone, as 2023-08-27$"),
        (TABLE.replace("2021-03-01", "44256"), "'44256' is not a date but, it seems, the number of a day in a spread"),
        ("\n" + TABLE, "line 1 is empty; write the names of the columns there"),
        (TABLE.replace("X", '"X\n(close)"'), r"the name 'X\\n\(close\)' has several lines"),
        (TABLE.replace("date", "trade_date"), r"no column 'date'; .* Say under `columns` which one holds the dates"),
        (TABLE.encode("utf-16-le"), "is not in UTF-8: it has zero bytes, as UTF-16 has; save it as CSV UTF-8"),
        (TABLE.replace("X", "沪深").encode("gbk"), r"neither CSV in UTF-8 nor Parquet .*; save it as CSV UTF-8"),
        (gzip.compress(TABLE.encode(), mtime=0), "is compressed; unpack it"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(content, message, tmp_path):
    """Lines without a character count, as they do for whoever looks for the line."""
    written = content if isinstance(content, bytes) else content.encode()
    (tmp_path / "t.csv").write_bytes(written)
    with pytest.raises(DataError, match=message):
        fetch(tmp_path, prices="t.csv")


def test_several_mistakes_are_named_together(tmp_path):
    rows = ["2021-13-01,1", "2021-03-02,x", "2021-03-03,inf", "xx,1", "2021-03-04,1", *["yy,z"] * 3]
    (tmp_path / "t.csv").write_text("\n".join(["date,X", *rows]), "utf-8")
    with pytest.raises(DataError) as caught:
        fetch(tmp_path, prices="t.csv")
    head, *found, last = str(caught.value).split("\n  ")
    assert head.endswith("t.csv has 8 mistakes:")
    assert [text[:13] for text in found] == [
        *("line 2: date:", "line 3: X: 'x", "line 4: X is ", "line 5: date:", "line 7: X: 'z"),
    ]
    assert last == "and 3 more"


def test_columns_and_files_that_are_not_there_are_named_together(tmp_path):
    (tmp_path / "bars.csv").write_text("Datum,Ticker,Schluss\n2021-03-01,X,1\n", "utf-8")
    columns = {"date": "Datun", "asset": "Tickr", "close": "Schluss", "open": "Nowhere"}
    with pytest.raises(DataError) as caught:
        fetch(tmp_path, prices={"file": "bars.csv", "columns": columns})
    assert str(caught.value).endswith(
        "has no column 'Datun' for date (did you mean 'Datum'?), 'Tickr' for asset (did you mean"
        " 'Ticker'?), 'Nowhere' for open; it has Datum, Ticker, Schluss"
    )
    with pytest.raises(
        DataError, match=r"bar\.csv \(did you mean 'bars\.csv'\?\), .*q\.csv do not"
    ):
        fetch(tmp_path, prices=["bar.csv", "quotes-of-q.csv"])


def test_keys_that_are_none_are_named_together(tmp_path):
    source = "{name: files, prices: {file: p.csv, columns: {dat: a, cloze: b, zzz: c}}}"
    (tmp_path / "s.yaml").write_text(STUDY.format(source=source), "utf-8")
    with pytest.raises(SpecError) as caught:
        load(tmp_path / "s.yaml")
    (problem,) = caught.value.problems
    assert "'dat' (did you mean 'date'?), 'cloze' (did you mean 'close'?), 'zzz'; a" in str(problem)
    assert (problem.line, problem.column) == (3, len("source: ") + source.index("a, cloze") + 1)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"X": pa.array([True, False])}, "the column 'X' holds bool, not numbers"),
        ({"date": pa.array([{"a": 1}] * 2), "X": [1.0, 2.0]}, "holds struct.*, not texts or dates"),
        ({"date": ["2021-03-01"] * 2, "X": [1.0, 2.0]}, "row 2: the date stands in row 1 already"),
    ],
)
def test_parquet_of_other_types(values, message, tmp_path):
    days = {"date": np.array(["2021-03-01", "2021-03-02"], "M8[D]")}
    pq.write_table(pa.table(days | values), tmp_path / "t.parquet")
    with pytest.raises(DataError, match=message):
        fetch(tmp_path, prices="t.parquet")


def test_files_that_cannot_be_read(tmp_path):
    """A page of Parquet that is damaged inside, a link to itself, a name that no disk has."""
    pq.write_table(
        pa.table({"date": ["2021-03-01"] * 500, "X": np.arange(500.0)}), tmp_path / "t.parquet"
    )
    whole = (tmp_path / "t.parquet").read_bytes()
    (tmp_path / "t.parquet").write_bytes(whole[:20] + bytes(60) + whole[80:])
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    for name in ("t.parquet", "loop.csv", f"{'a' * 300}.csv"):
        with pytest.raises(DataError, match=r"cannot be read|damaged"):
            fetch(tmp_path, prices=name)
