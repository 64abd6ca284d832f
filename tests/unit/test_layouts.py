"""Tables with other headers, bars, forms of dates and units: what a study says of them, and what is refused."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from eventstudy.errors import DataError, SpecError
from eventstudy.registry import build
from eventstudy.sheets.dates import checked_form, parse_dates
from eventstudy.sources.base import KINDS, Access
from eventstudy.spec import Instrument, load
from eventstudy.study import run_study

N = 60
DAYS = pd.bdate_range("2021-03-01", periods=N).difference(pd.to_datetime(["2021-04-02"]))
RNG = np.random.default_rng(5)
CLOSES = 100 * np.exp(np.cumsum(RNG.normal(0, 0.01, (len(DAYS), 2)), axis=0))
BARS = {
    "open": CLOSES * 0.99,
    "high": CLOSES * 1.02,
    "low": CLOSES * 0.98,
    "close": CLOSES,
    "volume": np.full_like(CLOSES, 1e6),
}
STUDY = """\
format: 1
title: T
source: {source}
assets: [X]
instruments:
  - {{id: X, calendar: XNYS, timezone: America/New_York}}
estimation: [-30, -6]
event_window: [-5, 5]
models: [constant_mean]
events:
  - {{id: A, title: T, announced: 2021-05-05}}
"""


def instruments(*names, kind="stock"):
    return [
        Instrument(id=name, name=name, kind=kind, calendar="XNYS", timezone="America/New_York")
        for name in names
    ]


def fetch(folder, *names, **options):
    """Return the prices of some instruments from a source of these options."""
    source = build("eventstudy.sources", "files", options, kind="source")
    return source.fetch(instruments(*(names or ("X",))), Access(folder))


def long_bars(form="%Y-%m-%d", **columns):
    """Return the bars of X and Y, one row per date and asset, under the usual names or others."""
    frames = [
        pd.DataFrame(
            {"date": DAYS.strftime(form), "asset": name} | {f: v[:, i] for f, v in BARS.items()}
        )
        for i, name in enumerate("XY")
    ]
    return pd.concat(frames).rename(columns={old: new for new, old in columns.items()})


def study(folder, source):
    (folder / "s.yaml").write_text(STUDY.format(source=source), encoding="utf-8")
    return folder / "s.yaml"


def test_bars_under_their_own_names(tmp_path):
    """A long table of open, high, low, close and volume needs no mapping; whole bars are marked."""
    table = long_bars()
    table.loc[(table["asset"] == "X") & (table["date"] == "2021-03-10"), "high"] = np.nan
    table.to_csv(tmp_path / "b.csv", index=False)
    prices = fetch(tmp_path, "X", "Y", prices="b.csv")
    for field, values in BARS.items():
        got = np.stack([prices.column("X", field), prices.column("Y", field)], axis=1)
        seen = ~np.isnan(got)
        assert (~seen).sum() == (field == "high")
        np.testing.assert_array_equal(got[seen], values[seen])
    row = int(np.flatnonzero(prices.dates == np.datetime64("2021-03-10"))[0])
    assert [KINDS[code] for code in prices.kind[row]] == ["close", "ohlc"]
    assert (np.delete(prices.kind, row, axis=0) == KINDS.index("ohlc")).all()
    assert prices.info("X").origin == "bars, X in b.csv"


def test_other_headers_give_the_same_prices(tmp_path):
    """Mapped columns, other columns beside them, dates day first: the prices are the same."""
    long_bars().to_csv(tmp_path / "b.csv", index=False)
    names = {"Datum": "date", "Ticker": "asset", "Schluss": "close", "Eröffnung": "open"}
    other = long_bars("%d/%m/%Y", **names).assign(Bemerkung="keine")
    other.to_csv(tmp_path / "o.csv", index=False)
    columns = {"date": "Datum", "asset": "Ticker", "close": "Schluss", "open": "Eröffnung"}
    columns |= {"high": "high", "low": "low", "volume": "volume"}
    block = {"file": "o.csv", "columns": columns, "date_format": "DD/MM/YYYY"}
    first, second = (
        fetch(tmp_path, "X", "Y", prices="b.csv"),
        fetch(tmp_path, "X", "Y", prices=block),
    )
    assert (first.dates == second.dates).all()
    assert (first.kind == second.kind).all()
    for field in BARS:
        np.testing.assert_array_equal(first.values[field], second.values[field])
    assert first.info("Y").sha256 == second.info("Y").sha256


def test_one_table_per_instrument(tmp_path):
    """`series` names the only series of a table; the two files together are the long table."""
    table = long_bars()
    table.to_csv(tmp_path / "b.csv", index=False)
    blocks = []
    for name in "XY":
        own = table[table["asset"] == name].drop(columns="asset")
        own.assign(date=own["date"] + " 00:00:00-05:00").to_csv(
            tmp_path / f"{name}.csv", index=False
        )
        blocks.append({"file": f"{name}.csv", "series": name})
    long, single = (
        fetch(tmp_path, "X", "Y", prices="b.csv"),
        fetch(tmp_path, "X", "Y", prices=blocks),
    )
    for field in BARS:
        np.testing.assert_array_equal(long.values[field], single.values[field])
    path = study(tmp_path, "{name: files, prices: {file: X.csv, series: X}}")
    days = run_study(load(path)).frames["day0"]
    close = BARS["close"][:, 0]
    row = int(np.flatnonzero(DAYS == "2021-05-05")[0])
    np.testing.assert_allclose(
        days["overnight"].item(), BARS["open"][row, 0] / close[row - 1] - 1, rtol=1e-12
    )


def test_per_cent_of_one_table_alone(tmp_path):
    """A block overrules the source; where both may be meant the user is asked."""
    returns = pd.DataFrame({"date": DAYS.astype(str), "X": RNG.normal(0, 0.01, len(DAYS))})
    rate = pd.DataFrame({"date": DAYS.astype(str), "RF": np.full(len(DAYS), 0.0125)})
    (returns.set_index("date") * 100).to_csv(tmp_path / "x.csv")
    rate.to_csv(tmp_path / "rf.csv", index=False)
    with pytest.raises(
        DataError,
        match=r"x\.csv does not look like decimals.*if only this one is, say in its block `percent: true`",
    ):
        fetch(tmp_path, returns=["x.csv", "rf.csv"])
    block = {"file": "x.csv", "percent": "true"}
    with pytest.raises(
        DataError,
        match=r"rf\.csv may be in per cent or decimals.*RF never falls, and its median is 0\.0125\. Say `percent: true`, or false",
    ):
        fetch(tmp_path, returns=[block, "rf.csv"])
    prices = fetch(tmp_path, "X", "RF", returns=[block, {"file": "rf.csv", "percent": True}])
    np.testing.assert_allclose(prices.column("X", "return"), returns["X"], rtol=1e-14)
    np.testing.assert_array_equal(prices.column("RF", "return"), rate["RF"] / 100)
    prices = fetch(tmp_path, "X", "RF", returns=[block, "rf.csv"], percent=False)
    np.testing.assert_array_equal(prices.column("RF", "return"), rate["RF"])
    (returns.set_index("date") * 8).to_csv(tmp_path / "odd.csv")
    with pytest.raises(DataError, match=r"may be in per cent or decimals.*the median size of its"):
        fetch(tmp_path, returns="odd.csv")
    found = fetch(tmp_path, returns={"file": "odd.csv", "percent": False}).column("X", "return")
    np.testing.assert_array_equal(found, returns["X"] * 8)


@pytest.mark.parametrize(
    ("columns", "block", "message"),
    [
        ("date,asset,Schluss", {"columns": {"close": "Schlus"}}, r"no column 'Schlus', which `columns` gives as close; it has date, asset, Schluss; did you mean 'Schluss'"),
        ("date,Schluss", {"columns": {"close": "Schluss"}}, r"no column that names the series; write `asset: COLUMN`"),
        ("date,asset,close", {"series": "X"}, r"has a column 'asset' that names the series; leave out `series: X`"),
        ("date,asset,close,adj", {}, r"several columns of numbers: close, adj; keep date, asset and the one that is meant, or say"),
        ("date,close,adj", {"series": "X"}, r"it is of one series, X\) with several columns"),
        ("Day,X", {}, r"no column 'date'; it has Day, X"),
        ("date,X", {"sheet": "S"}, r"is no Excel workbook; leave out `sheet: S`"),
        ("date,Y", {}, r"no table has a series 'X'"),
    ],
)  # fmt: skip
def test_a_layout_that_does_not_fit_the_table(columns, block, message, tmp_path):
    (tmp_path / "t.csv").write_text(f"{columns}\n2021-03-01{',1' * columns.count(',')}\n", "utf-8")
    with pytest.raises(DataError, match=message):
        fetch(tmp_path, prices={"file": "t.csv", **block})


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("prices: {file: p.csv, column: {}}", r"source\.prices\.column: there is no key 'column'; allowed: file, sheet, columns, .*did you mean 'columns'"),
        ("prices: {file: p.csv, columns: {Datum: date}}", "there is no column role in p.csv called 'Datum'"),
        ("prices: {file: p.csv, columns: {clsoe: C}}", "did you mean 'close'"),
        ("prices: {file: p.csv, columns: {return: R}}", "called 'return'; allowed: date, asset, open, high"),
        ("returns: {file: p.csv, columns: {close: R}}", "called 'close'; allowed: date, asset, return"),
        ("prices: {file: p.csv, columns: {open: K, close: K}}", "the column 'K' is given as open and as close; keep one"),
        ("prices: {file: p.csv, columns: {open: O, asset: A}}", "`columns` without close: prices need the close"),
        ("prices: {file: p.csv, series: X, columns: {asset: A}}", "keep one"),
        ("prices: {file: p.csv, percent: true}", "`percent` is for tables of returns"),
        ("prices: {file: p.csv, date_format: DD/YYYY}", "is no form of dates; write one such as DD/MM/YYYY"),
        ("prices: {file: ../p.csv}", "must be a path inside the folder of this file"),
        ("prices: {sheet: S}", "file: is missing"),
        ("prices: {file: p.csv, sheet: ''}", "must be a name, or leave out the line"),
        ("prices: [{file: p.csv}, [q.csv]]", "must be the path of a table, or a block with its `file`"),
    ],
)  # fmt: skip
def test_blocks_are_checked_with_the_study(source, message, tmp_path):
    with pytest.raises(SpecError, match=message) as error:
        load(study(tmp_path, f"{{name: files, {source}}}"))
    assert len(error.value.problems) == 1


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("01/02/2023", "DD/MM/YYYY", "2023-02-01"),
        ("01/02/2023", "mm/dd/yyyy", "2023-01-02"),
        ("5.1.2023", "D.M.YYYY", "2023-01-05"),
        ("05-Jan-99", "DD-MMM-YY", "1999-01-05"),
        ("Mar 5, 2023", "MMM D, YYYY", "2023-03-05"),
        ("20230105", "YYYYMMDD", "2023-01-05"),
        ("2023年1月5日", "YYYY年M月D日", "2023-01-05"),
        ("2023-01-05T00:00:00Z", "YYYY-MM-DD", "2023-01-05"),
        ("2023-01-05 00:00:00-05:00", "", "2023-01-05"),
    ],
)
def test_forms_of_dates(text, form, expected):
    days, problems = parse_dates([text], form)
    assert (days.astype(str).tolist(), problems) == ([expected], {})


@pytest.mark.parametrize(
    ("text", "form", "message"),
    [
        ("2023-02-01", "DD/MM/YYYY", "is not a date of the form DD/MM/YYYY"),
        ("5/1/2023", "DD/MM/YYYY", "is not a date of the form"),
        ("31/02/2023", "DD/MM/YYYY", "is no day of the calendar"),
        ("05-Jän-2023", "DD-MMM-YYYY", "is not a date of the form"),
        ("2023-01-05 16:00:00+08:00", "", "is not a date but a time of a day"),
    ],
)
def test_dates_of_another_form(text, form, message):
    assert message in parse_dates([text], form)[1][0]


@pytest.mark.parametrize(
    "form", ["", "YYYY", "DD/DD/YYYY", "%Y-%m-%d", "DDxMMxYYYY", "YYYY-MM-DD hh"]
)
def test_what_is_no_form(form):
    with pytest.raises(ValueError, match="is no form of dates"):
        checked_form(form)


def test_a_doubtful_date_asks_for_its_form(tmp_path):
    (tmp_path / "t.csv").write_text("date,X\n01/02/2021,1\n02/02/2021,2\n", "utf-8")
    with pytest.raises(
        DataError,
        match=r"line 2: date: .*or say the form of the dates, as in `date_format: DD/MM/YYYY`",
    ):
        fetch(tmp_path, prices="t.csv")
    typed = pd.DataFrame({"date": DAYS, "X": CLOSES[:, 0]})
    typed.to_parquet(tmp_path / "t.parquet")
    with pytest.raises(DataError, match="holds dates, not texts; leave out `date_format`"):
        fetch(tmp_path, prices={"file": "t.parquet", "date_format": "DD/MM/YYYY"})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"date,X\n2021-03-01,\n2021-03-02,NA\n", r"has no number for X, which X should be; every price is missing"),
        (b"date,X\n2021-03-01,-5\n", r"the close of X on 2021-03-01 is -5, which is no price"),
        (b"date;X\n2021-03-01;1,5\n", r"has one column 'date;X'; separate columns by commas"),
        (b'date,X\n2021-03-01,"1,5"\n', r"line 2: X: '1,5' is not a number; write decimals"),
        (b"date,x \n2021-03-01,1\n", r"no table has a series 'X'.*there are x; did you mean 'x'"),
        (b"date,X,X\n2021-03-01,1,1\n", r"two columns called 'X'"),
        ("date,X\n2021-03-01,1\n".encode("utf-16"), r"neither CSV in UTF-8 nor Parquet"),
    ],
)  # fmt: skip
def test_tables_that_are_refused(content, message, tmp_path):
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(DataError, match=message):
        fetch(tmp_path, prices="t.csv")


def test_marks_line_ends_and_order_do_not_matter(tmp_path):
    """A byte-order mark, CRLF, blanks, numbers in quotes and unsorted rows change nothing."""
    (tmp_path / "a.csv").write_text("date,X\n2021-03-01,1.5\n2021-03-02,2\n", "utf-8")
    (tmp_path / "b.csv").write_bytes(
        b'\xef\xbb\xbfDate , X\r\n2021-03-02," 2"\r\n"2021-03-01",1.50\r\n'
    )
    first, second = (fetch(tmp_path, prices=name) for name in ("a.csv", "b.csv"))
    np.testing.assert_array_equal(first.column("X"), second.column("X"))
    assert first.info("X").sha256 == second.info("X").sha256


def test_the_guide_says_what_a_study_may_say(tmp_path):
    """Every block of docs/how-to/tables.md stands in a study that loads, every table in it is read."""
    guide = (Path(__file__).parents[2] / "docs" / "how-to" / "tables.md").read_text("utf-8")
    blocks = re.findall(r"^```yaml\n(.+?)^```", guide, re.M | re.S)
    for block in blocks:
        text = STUDY.format(source="HERE").replace("source: HERE\n", block)
        (tmp_path / "s.yaml").write_text(text, "utf-8")
        assert load(tmp_path / "s.yaml").study.source.name == "files"
    assert len(blocks) == 3
    for number, table in enumerate(re.findall(r"^```csv\n(.+?)^```", guide, re.M | re.S)):
        (tmp_path / f"{number}.csv").write_text(table, "utf-8")
        assert fetch(tmp_path, "F01", prices=f"{number}.csv").column("F01")[0] == 101.2
