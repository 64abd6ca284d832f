"""Panels larger than memory: a Parquet data set in chunks of assets gives what the whole table gives."""

import json
import os
import re
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from eventstudy.cli import main
from eventstudy.errors import DataError, OptionError
from eventstudy.panel import Design, Inputs, run_panel, write_panel
from eventstudy.panel import chunks as budget
from eventstudy.panel import pieces as module
from eventstudy.panel import tables as by_event
from eventstudy.panel.chunks import chunks_of, need, read_memory
from eventstudy.panel.events import read_events
from eventstudy.panel.series import open_series
from eventstudy.spec import Window
from eventstudy.spill import Spill
from tests.panel40_tables import tables

DESIGN = Design(
    models=("market", "constant_mean"),
    statistics=("all", "sample_quantile", "wild_bootstrap"),
    single=True,
    estimation=Window(-150, -21),
    event_window=Window(-5, 5),
    windows=(Window(0, 0), Window(0, 1), Window(-5, 5)),
    group="grp",
    min_observations=120,
    regress=("grp",),
)


def events_table():
    """Those of panel40, another for each firm, one of a firm without returns, one too early."""
    own = tables()[2]
    days = tables()[1]["date"]
    more = own.assign(
        event_id=[f"more{row}" for row in range(len(own))],
        event_date=days.iloc[np.linspace(160, len(days) - 8, len(own)).astype(int)].to_numpy(),
    )
    lost = pd.DataFrame(
        {
            "event_id": ["nowhere", "early", "late"],
            "asset": ["absent", own["asset"].iloc[3], own["asset"].iloc[7]],
            "event_date": [days.iloc[200], days.iloc[20], "2040-01-03"],
            "grp": own["grp"].iloc[0],
        }
    )
    return pd.concat([own, more, lost], ignore_index=True)


def long_table():
    """Rows in no order, gaps in some series, one security that begins late."""
    returns, market, _ = tables()
    returns.loc[100:110, "F03"] = np.nan
    returns.loc[:150, "F09"] = np.nan
    rows = returns.merge(market, on="date").melt("date", var_name="asset", value_name="return")
    return rows.dropna().sample(frac=1, random_state=1)


def write_parts(table, folder, name, key):
    """Write one file in a folder ``name=value`` for each value of a key."""
    for value, part in table.groupby(key):
        (folder / f"{name}={value}").mkdir(parents=True)
        part.to_parquet(folder / f"{name}={value}" / "rows.parquet", index=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The same returns as one file, by year, by security, and in files of any size."""
    folder, table = tmp_path_factory.mktemp("sets"), long_table()
    table.to_parquet(folder / "one.parquet", index=False)
    dated = table.assign(date=pd.to_datetime(table["date"]))
    write_parts(dated, folder / "by-year", "year", dated["date"].dt.year)
    for asset, part in table.groupby("asset"):
        (folder / "by-asset" / f"asset={asset}").mkdir(parents=True)
        part.drop(columns="asset").to_parquet(
            folder / "by-asset" / f"asset={asset}" / "rows.parquet", index=False
        )
    (folder / "plain" / "_old").mkdir(parents=True)
    (folder / "plain" / "_old" / "x.parquet").write_text("no table", "utf-8")
    for number, rows in enumerate(np.array_split(np.arange(len(table)), 3)):
        table.iloc[rows].to_parquet(folder / "plain" / f"{number}.parquet", index=False)
    tables()[1].to_csv(folder / "M.csv", index=False)
    events_table().to_csv(folder / "E.csv", index=False)
    return folder


def given(folder, returns, **changes):
    return Inputs(
        **{"returns": folder / returns, "events": folder / "E.csv", "market": "MKT"} | changes
    )


def scarce(inputs, design, assets):
    """Return the memory in which a chunk holds some assets with their events."""
    source = open_series(inputs.returns, by_parts=True)
    needed = need(inputs, design, source, len(read_events(inputs.events, "")))
    return max(needed.tests, needed.always + assets * (needed.asset + 3 * needed.event))


@pytest.fixture(scope="module")
def whole(folder):
    return run_panel(given(folder, "one.parquet"), DESIGN)


def equal(result, expected):
    """Compare every frame: texts and counts, and numbers to 1e-12."""
    assert (result.events, result.studied, result.notes) == (
        expected.events, expected.studied, expected.notes,
    )  # fmt: skip
    assert list(result.frames) == list(expected.frames)
    for name, frame in expected.frames.items():
        pd.testing.assert_frame_equal(result.frames[name], frame, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("returns", ["by-year", "by-asset", "plain"])
def test_chunks_give_what_the_whole_table_gives(folder, whole, monkeypatch, returns):
    inputs = given(folder, returns)
    for name in ("OF_WINDOWS", "OF_GROUPS", "PER_ROW"):
        monkeypatch.setattr(budget, name, 0)  # or tests would need more than nine assets
    read, original = [], module.read_data
    monkeypatch.setattr(module, "read_data", lambda *args: read.append(args[2]) or original(*args))
    result = run_panel(inputs, DESIGN, memory=scarce(inputs, DESIGN, 9))
    assert len(read) >= 4
    assert all("MKT" in names and len(names) < 20 for names in read)
    assert {drop.event_id for drop in result.frames["dropped"].itertuples()} >= {
        "nowhere", "early", "late",
    }  # fmt: skip
    equal(result, whole)


def test_files_are_written_a_part_at_a_time(folder, whole, tmp_path, monkeypatch):
    """The same rows, and those of all events never stand together."""
    write_panel(whole, tmp_path / "whole")
    monkeypatch.setattr(by_event, "EVENTS_AT_ONCE", 7)
    inputs = given(folder, "by-year")
    result = run_panel(inputs, DESIGN, memory=scarce(inputs, DESIGN, 99))
    monkeypatch.setattr(type(result.frames), "__getitem__", _only_made)
    write_panel(result, tmp_path / "parts")
    for name in ("parameters", "abnormal", "car"):
        first, second = (
            pd.read_csv(tmp_path / each / f"{name}.csv") for each in ("whole", "parts")
        )
        pd.testing.assert_frame_equal(first, second, rtol=1e-12, atol=1e-12)


def _only_made(frames, name):
    assert name not in by_event.BY_EVENT
    return frames._made[name]


def test_a_folder_is_read_whole_without_a_limit(folder, whole):
    inputs, design = given(folder, "by-year"), Design(statistics=("bmp",))
    equal(run_panel(inputs, design), run_panel(given(folder, "one.parquet"), design))


def test_a_market_and_peers_from_elsewhere(folder):
    """A market in a table of its own, peers that every chunk reads, prices in the place of returns."""
    design = Design(
        models=("market", "comparison_group:peers=F02,F13"),
        statistics=("bmp",),
        estimation=Window(-100, -21),
    )
    prices = long_table().pivot_table(index="date", columns="asset", values="return").fillna(0)
    levels = (1 + prices).cumprod().reset_index()
    levels[["date", "MKT"]].to_csv(folder / "P.csv", index=False)
    levels.melt("date", value_name="price").to_parquet(folder / "prices.parquet", index=False)
    inputs = given(folder, "prices.parquet", market=str(folder / "P.csv"), prices=True)
    memory = scarce(inputs, design, 9)
    equal(run_panel(inputs, design, memory=memory), run_panel(inputs, design))


def test_what_is_too_little_is_said_with_what_is_needed(folder):
    inputs = given(folder, "by-year")
    with pytest.raises(
        OptionError, match=r"--memory 1MB is too small: .* need about \S+MB for one chunk"
    ) as found:
        run_panel(inputs, DESIGN, memory=10**6)
    enough = read_memory(re.search(r"about (\S+) for", str(found.value))[1])
    source, events = open_series(inputs.returns, by_parts=True), read_events(inputs.events, "")
    chunks = chunks_of(inputs, DESIGN, source, events, enough)
    assert sorted(np.concatenate([chunk.rows for chunk in chunks])) == [*range(len(events))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2GB", 2 * 10**9), ("1.5g", 1_500_000_000), ("800 MB", 800_000_000), ("64k", 64_000)],
)
def test_amounts_of_memory(text, expected):
    assert read_memory(text) == expected


@pytest.mark.parametrize("text", ["2", "GB", "-1GB", "2 PB", "1e9", "nan G"])
def test_no_amounts_of_memory(text):
    with pytest.raises(OptionError, match="is no amount of memory; write a number and K, M or G"):
        read_memory(text)


def test_what_needs_all_at_once_is_refused(folder, capsys):
    with pytest.raises(OptionError, match="leave out --event-time, or --memory"):
        run_panel(given(folder, "by-year"), Design(event_time=True), memory=10**9)
    with pytest.raises(DataError, match=r"M\.csv is no Parquet: other tables are read whole"):
        run_panel(given(folder, "M.csv"), DESIGN, memory=10**9)
    words = ("panel", "--returns", str(folder / "by-year"), "--events", str(folder / "E.csv"))
    more = ("--market", "MKT", "--out", str(folder / "out"), "--memory", "2GB")
    assert main([*words, *more, "--report"]) == 2
    assert "leave out --memory, or --report" in re.sub(r"[\s│]+", " ", capsys.readouterr().err)
    assert main([*words, *more, "--estimation", "-150:-21", "--statistic", "bmp"]) == 0
    assert (folder / "out" / "car.csv").stat().st_size


BAD = pd.DataFrame({"date": ["2021-01-04", "2021-01-05"] * 2, "asset": [*"AABB"], "x": [1.0] * 4})


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pd.concat([BAD, BAD.tail(1)]), "the date 2021-01-05 of B stands in two rows; keep one row"),
        (BAD.assign(x=[0, 0, np.inf, 0]), "B on 2021-01-04 is infinite"),
        (BAD.assign(x="one"), "the column 'x' holds .*string, not numbers"),
        (BAD.assign(y=1.0), "several columns of numbers: x, y"),
        (BAD.drop(columns="asset"), "has no column 'asset'; it has date, x. A data set is long"),
        (BAD.assign(asset=["A", "A", None, "B"]), "asset is empty in some rows"),
        (BAD.assign(date=["2021-01-04", "2021-13-05"] * 2), "date: '2021-13-05' is no day"),
        (BAD.head(0), "has no rows"),
    ],
)  # fmt: skip
def test_faults_of_data_sets(tmp_path, table, message):
    table.to_parquet(tmp_path / "t.parquet", index=False)
    with pytest.raises(DataError, match=message):
        open_series(tmp_path, by_parts=False).series(("A", "B"))


def test_a_folder_without_tables(tmp_path):
    with pytest.raises(DataError, match=r"is a folder without files that end in \.parquet"):
        open_series(tmp_path, by_parts=False)
    (tmp_path / "x.parquet").write_text("no table", "utf-8")
    with pytest.raises(DataError, match="cannot be read as a Parquet data set"):
        open_series(tmp_path, by_parts=False)


def test_codes_in_the_names_of_folders_keep_their_zeros(tmp_path):
    """A security that is called 000001 is not the number 1."""
    write_parts(
        BAD.drop(columns="asset"), tmp_path, "asset", BAD["asset"].map({"A": "000001", "B": "2"})
    )
    source = open_series(tmp_path, by_parts=True)
    assert source.names == ("000001", "2")
    assert source.series(("2",)).values.tolist() == [[1.0], [1.0]]


def test_rows_on_disk():
    spill, values = Spill(9, 2, "numbers", "use fewer"), np.arange(18.0).reshape(9, 2)
    spill.write(np.array([1, 2, 5]), values[[1, 2, 5]])
    spill.write(np.array([0, 3, 4, 6, 7, 8]), values[[0, 3, 4, 6, 7, 8]])
    for rows in (slice(2, 5), slice(None), np.array([8, 0, 1, 7]), np.array([], dtype=int)):
        np.testing.assert_array_equal(spill(rows), values[rows])


SCHEMA = pa.schema([("date", pa.date32()), ("asset", pa.string()), ("return", pa.float64())])

MEASURED = """\
import resource, sys
from eventstudy.cli import main
code = main(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
print("measured", code, used.ru_maxrss * 1024, used.ru_utime + used.ru_stime)
"""


def generate(folder, securities, years, events):
    """Write a simulated panel, one file per year, a few securities at a time."""
    rng = np.random.default_rng(1)
    days = pd.bdate_range("2000-01-03", periods=252 * years).to_numpy("datetime64[D]")
    names = np.array([f"S{number:05d}" for number in range(securities)])
    market, beta = rng.normal(0.0003, 0.011, len(days)), rng.uniform(0.5, 1.5, securities)
    for year in range(years):
        here = slice(252 * year, 252 * (year + 1))
        part = folder / "returns" / f"year={2000 + year}"
        part.mkdir(parents=True)
        with pq.ParquetWriter(part / "rows.parquet", SCHEMA) as writer:
            for start in range(0, securities, 500):
                some = slice(start, start + 500)
                noise = rng.normal(0, 0.02, (len(names[some]), 252))
                columns = [
                    np.tile(days[here], len(noise)),
                    np.repeat(names[some], 252),
                    (beta[some, None] * market[here] + noise).ravel(),
                ]
                writer.write_table(pa.table(columns, schema=SCHEMA))
    pd.DataFrame({"date": days.astype(str), "M": market}).to_csv(folder / "M.csv", index=False)
    day = days[rng.integers(260, len(days) - 15, events)].astype(str)
    drawn = {"event_id": np.arange(events), "asset": rng.choice(names, events), "event_date": day}
    pd.DataFrame(drawn).to_parquet(folder / "E.parquet", index=False)


@pytest.mark.slow
def test_fifty_million_rows_in_two_gigabytes(tmp_path):
    """8,000 securities, 25 years, 500,000 events: below the limit, and the same bytes as without."""
    pytest.importorskip("resource")
    generate(tmp_path, 8000, 25, 500_000)
    hashes = []
    for more in (["--memory", "2GB"], []):
        words = ["panel", "--returns", "returns", "--market", "M.csv", "--events", "E.parquet"]
        run = subprocess.run(
            [sys.executable, "-c", MEASURED, *words, *more, "--out", "out"],
            capture_output=True, text=True, check=True, timeout=1800, cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        code, peak, seconds = re.search(r"measured (\d+) (\d+) (\S+)", run.stdout).groups()
        measured = f"{int(peak) / 1e9:.2f} GB, {float(seconds):.0f} s of CPU time"
        assert code == "0"
        assert not more or int(peak) < 2e9, measured
        manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
        assert manifest["studied"] == {"market": 500_000}
        hashes.append(manifest["files"])
        shutil.rmtree(tmp_path / "out")
    assert hashes[0] == hashes[1]
    shutil.rmtree(tmp_path / "returns")
