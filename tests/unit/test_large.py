"""Tables over the limit: DuckDB reads what is asked for, to the same double, within its memory."""

import os
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from eventstudy.errors import DataError
from eventstudy.sheets import large
from eventstudy.sheets.layout import Layout
from eventstudy.sheets.series import read_fields

RNG = np.random.default_rng(3)
NAMES = [f"S{number:03d}" for number in range(40)]
DAYS = pd.bdate_range("2015-01-01", periods=250)
LONG = Layout(columns={"asset": "Ticker", "open": "O", "close": "C"}, main="close")
WANTED = ("S007", "S031", "absent")


def wide():
    values = RNG.lognormal(0, 2, (len(DAYS), len(NAMES)))
    values[RNG.random(values.shape) < 0.1] = np.nan
    return pd.DataFrame(values, columns=NAMES).assign(date=DAYS.astype(str))


def long():
    rows = pd.MultiIndex.from_product([DAYS.astype(str), NAMES], names=["date", "Ticker"])
    table = pd.DataFrame(index=rows).reset_index()
    table["C"], table["O"] = RNG.lognormal(0, 2, (2, len(table)))
    table["note"] = 'a "quoted",\nnote'
    table["Ticker"] = " " + table["Ticker"]
    return table.sample(frac=1, random_state=1)


def write(table, path):
    if path.suffix == ".csv":
        table.to_csv(path, index=False)
    else:
        table.to_parquet(path)


@pytest.fixture
def limit(monkeypatch):
    monkeypatch.setattr(large, "LARGE", 0)


def both(path, layout, wanted, monkeypatch):
    """Return what is read of a table that is small, and of the same one when it is large."""
    whole = read_fields(path, layout, wanted)
    monkeypatch.setattr(large, "LARGE", 0)
    return whole, read_fields(path, layout, wanted)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize(("table", "layout"), [(wide, Layout()), (long, LONG)])
def test_the_same_doubles(tmp_path, monkeypatch, table, layout, ending):
    """Of the series that are wanted, every field; the names of all."""
    path = tmp_path / f"it's [a]; DROP *.{ending}"
    write(table(), path)
    write(wide(), tmp_path / f"it's [a]; DROP xx.{ending}")
    whole, chosen = both(path, layout, WANTED, monkeypatch)
    assert sorted(whole.names) == sorted(chosen.names)
    assert whole.tables.keys() == chosen.tables.keys()
    for field, found in chosen.tables.items():
        assert sorted(found.names) == ["S007", "S031"]
        of = whole.tables[field]
        columns = [of.names.index(name) for name in found.names]
        np.testing.assert_array_equal(found.dates, of.dates)
        assert found.values.tobytes() == of.values[:, columns].tobytes()


def test_columns_of_every_kind(tmp_path, monkeypatch):
    """Codes as names, times in a zone, quotes and dots in names, a missing name."""
    zone = "America/New_York"
    times = pd.DatetimeIndex(["2021-01-04", "2021-01-05"]).tz_localize(zone)
    table = pd.DataFrame({"date": times, 'a."b"': [600519, 1], "f": np.float32([0.1, 2])})
    table.to_parquet(tmp_path / "p.parquet")
    layout = Layout(columns={"asset": 'a."b"'})
    whole, chosen = both(tmp_path / "p.parquet", layout, ["600519"], monkeypatch)
    assert (chosen.names, chosen.tables["close"].names) == (("1", "600519"), ("600519",))
    assert chosen.tables["close"].values.tobytes() == whole.tables["close"].values[:1, :1].tobytes()
    assert chosen.tables["close"].dates.astype(str).tolist() == ["2021-01-04"]
    table = pd.DataFrame({"date": ["2021-01-04"] * 2, "asset": ["A", None], "x": [1.0, 2.0]})
    table.to_parquet(tmp_path / "n.parquet")
    with pytest.raises(DataError, match=r"n\.parquet, row 2: asset is empty"):
        read_fields(tmp_path / "n.parquet", Layout(), ["A"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("date,asset,x\n2021-01-04,B,z\n2021-01-04,A,1\n2021-01-05,A,1;5\n", r"line 4: x: '1;5' is not a number"),
        ("date,asset,x\n2021-01-04,A,1\n2021-01-04,B,1\n2021-01-04,A,1\n", r"line 4: the date of A stands in line 2 already"),
        ("date,asset,x\n2021-01-04,B,1\n2021-13-04,A,1\n", r"line 3: date: '2021-13-04' is no day"),
        ("date,asset,x\n2021-01-04,A,1\n2021-01-04,A\n", r"cannot be read as a table: .*CSV Error on Line: 3"),
        ("date,asset,x\n", "has a header and no rows"),
        ("date,A\n2021-01-04,inf\n", r"line 2: A is infinite"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(tmp_path, limit, content, message):
    """In the series that are read; what is wrong elsewhere is not seen."""
    (tmp_path / "t.csv").write_text(content, "utf-8")
    with pytest.raises(DataError, match=message):
        read_fields(tmp_path / "t.csv", Layout(), ["A"])


def test_no_other_file_is_read(tmp_path, limit):
    """A mark in the name of a file is a plain character, in the folder of a table as well."""
    for name, value in (("a*.csv", 1), ("ab.csv", 2), ("a?.csv", 3)):
        (tmp_path / name).write_text(f"date,A\n2021-01-0{value},{value}\n", "utf-8")
    found = read_fields(tmp_path / "a*.csv", Layout(), ["A"])
    assert found.tables["close"].values.tolist() == [[1]]


def test_without_the_package(tmp_path, limit, monkeypatch):
    (tmp_path / "t.csv").write_text("date,A\n2021-01-04,1\n", "utf-8")
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(DataError, match=re.escape("pip install 'policy-eventstudy[duckdb]'")):
        read_fields(tmp_path / "t.csv", Layout(), ["A"])
    assert read_fields(tmp_path / "t.csv", Layout()).names == ("A",)


READ = """\
import sys
from hashlib import sha256
from pathlib import Path
from eventstudy.sheets import large
from eventstudy.sheets.layout import Layout
from eventstudy.sheets.series import read_fields
large.LARGE = int(sys.argv[2])
found = read_fields(Path(sys.argv[1]), Layout(), ["S0003", "S0100", "S1200", "S1500", "S1999"])
table = found.tables["close"]
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
print(int(peak.split()[1]) // 1024, len(found.names))
order = sorted(range(5), key=lambda column: table.names[column])
print(table.values.shape, sha256(table.values[:, order].tobytes()).hexdigest())
"""


def write_many(path, sessions, names):
    """Write a long table in pieces; return the sum of the closes of the five series, by name."""
    rng = np.random.default_rng(1)
    days = pd.bdate_range("1990-01-01", periods=sessions).astype(str).to_numpy()
    kept = []
    csv = path.suffix == ".csv"
    schema = pa.schema([("date", pa.string()), ("asset", pa.string()), ("close", pa.float64())])
    kind = pyarrow.csv.CSVWriter if csv else pyarrow.parquet.ParquetWriter
    with kind(path, schema) as writer:
        for start in range(0, sessions, 250):
            piece = days[start : start + 250]
            closes = rng.uniform(1, 100, (len(piece), len(names)))
            kept.append(closes)
            columns = [np.repeat(piece, len(names)), np.tile(names, len(piece)), closes.ravel()]
            writer.write_table(pa.table(columns, schema=schema))
    return np.concatenate(kept)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_five_series_of_a_file_larger_than_the_memory_used(tmp_path, ending):
    """330 MB of CSV, 200 MB of Parquet: the process stays below 400 MB, its libraries included."""
    path = tmp_path / f"many.{ending}"
    names = np.array([f"S{number:04d}" for number in range(2000 if ending == "csv" else 5000)])
    closes = write_many(path, 4250, names)
    assert path.stat().st_size > 195_000_000
    columns = [
        int(np.flatnonzero(names == name)[0])
        for name in ("S0003", "S0100", "S1200", "S1500", "S1999")
    ]
    run = subprocess.run(
        [sys.executable, "-c", READ, str(path), "100000000"],
        capture_output=True, text=True, check=True, timeout=120,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    memory, count, shape, digest = re.match(r"(\d+) (\d+)\n(\(.*\)) (\S+)", run.stdout).groups()
    assert (int(count), shape) == (len(names), "(4250, 5)")
    assert digest == sha256(np.ascontiguousarray(closes[:, columns]).tobytes()).hexdigest()
    assert int(memory) < 400, memory
