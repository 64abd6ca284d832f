"""The embedded data set: its file, its facts, its source."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from eventstudy.errors import DataError
from eventstudy.registry import plugins
from eventstudy.sources.base import KINDS
from eventstudy.sources.fingerprint import fingerprint
from eventstudy.sources.snapshot import STATUS_COLUMNS, Snapshot, status_table
from eventstudy.spec import Instrument

ROOT = Path(__file__).parents[2]
FILES = ROOT / "src" / "eventstudy" / "snapshot"
CALENDARS = {
    "CSI300": "XSHG",
    "HSTECH": "XHKG",
    "HSI": "XHKG",
    "SPX": "XNYS",
    "NORTHBOUND": "XSHG",
}


def instrument(symbol: str, **changes: object) -> Instrument:
    zone = {"XSHG": "Asia/Shanghai", "XHKG": "Asia/Hong_Kong", "XNYS": "America/New_York"}
    calendar = CALENDARS.get(symbol, "XSHG")
    given = {"id": symbol, "name": symbol, "calendar": calendar, "timezone": zone[calendar]}
    return Instrument.model_validate(given | changes)


@pytest.fixture(scope="module")
def prices():
    return Snapshot().fetch([instrument(symbol) for symbol in CALENDARS])


@pytest.fixture(scope="module")
def build_snapshot():
    spec = importlib.util.spec_from_file_location(
        "build_snapshot", ROOT / "data" / "build_snapshot.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def per_cent(prices, asset: str, session: str, field: str = "close") -> float:
    """Move of a field against the close of the row before in which the asset has a close."""
    known = np.flatnonzero(~np.isnan(prices.column(asset)))
    dates = prices.dates[known]
    at = int(np.searchsorted(dates, np.datetime64(session)))
    assert str(dates[at]) == session
    close = prices.column(asset)[known]
    return float(prices.column(asset, field)[known][at] / close[at - 1] - 1) * 100


# -- the files ---------------------------------------------------------------------------------


def test_script_rebuilds_the_files_byte_for_byte(build_snapshot):
    for name, content in build_snapshot.build().items():
        assert (FILES / name).read_bytes() == content, name


def test_check_fails_when_a_file_is_stale(build_snapshot, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(build_snapshot, "TARGET", tmp_path)
    assert build_snapshot.main(["--check"]) == 1
    assert "prices.npy is stale" in capsys.readouterr().err
    assert build_snapshot.main([]) == 0
    assert build_snapshot.main(["--check"]) == 0


def test_check_refuses_a_wheel_with_other_bytes(build_snapshot, monkeypatch):
    monkeypatch.setattr(build_snapshot, "WHEEL_CSV_SHA256", "0" * 64)
    with pytest.raises(SystemExit, match="expected 0000"):
        build_snapshot.build()


def test_snapshot_is_smaller_than_one_megabyte():
    assert sum(path.stat().st_size for path in FILES.iterdir()) < 1_000_000


def test_each_hash_is_that_of_the_records():
    records = np.load(FILES / "prices.npy")
    for position, entry in enumerate(json.loads((FILES / "series.json").read_text("utf-8"))):
        rows = records[records["series"] == position]
        assert hashlib.sha256(rows.tobytes()).hexdigest() == entry["sha256"]
        assert len(rows) == entry["rows"] == sum(entry["kinds"].values())


def test_reading_is_quick_and_needs_no_pandas():
    """Under 50 ms in a fresh interpreter that has numpy loaded; pandas stays away."""
    code = (
        "import sys, time, numpy\n"
        "from eventstudy.sources.snapshot import _entries, _records\n"
        "start = time.process_time(); _entries(), _records()\n"
        "spent = time.process_time() - start\n"
        "assert 'pandas' not in sys.modules and spent < 0.05, spent\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# -- the facts ---------------------------------------------------------------------------------

# Range and rows as counted in the raw files.
RANGES = {
    "CSI300": ("2006-01-06", "2025-12-31", 4857),
    "HSTECH": ("2019-07-02", "2026-08-21", 1759),
    "HSI": ("2019-01-02", "2026-08-21", 1878),
    "SPX": ("2019-01-02", "2026-08-21", 1920),
    "NORTHBOUND": ("2019-01-02", "2024-08-16", 1307),
}


@pytest.mark.parametrize("symbol", RANGES)
def test_range_of_each_series(prices, symbol):
    info = prices.info(symbol)
    assert (info.first, info.last, info.n_obs) == RANGES[symbol]
    field = "flow" if symbol == "NORTHBOUND" else "close"
    assert np.count_nonzero(~np.isnan(prices.column(symbol, field))) == info.n_obs


# Per cent as printed in the press of the day and by the index publisher.
@pytest.mark.parametrize(
    ("asset", "session", "field", "move"),
    [
        ("CSI300", "2023-08-28", "open", 5.46),
        ("CSI300", "2023-08-28", "close", 1.17),
        ("CSI300", "2024-09-24", "close", 4.33),
        ("CSI300", "2024-09-30", "close", 8.48),
        ("CSI300", "2024-10-08", "open", 10.76),
        ("CSI300", "2024-10-08", "close", 5.93),
        ("CSI300", "2024-10-09", "close", -7.05),
        ("HSTECH", "2022-05-17", "close", 5.78),
        ("HSTECH", "2022-05-18", "close", -0.29),
        ("CSI300", "2007-05-30", "close", -6.76),
        ("CSI300", "2015-01-19", "close", -7.70),
        ("CSI300", "2016-01-04", "close", -7.02),
        ("CSI300", "2018-03-23", "close", -2.87),
        ("CSI300", "2018-10-19", "close", 2.97),
        ("CSI300", "2019-05-06", "close", -5.84),
        ("CSI300", "2020-02-03", "close", -7.88),
        ("CSI300", "2020-07-06", "close", 5.67),
        ("CSI300", "2013-06-24", "close", -6.31),
        ("CSI300", "2007-02-27", "close", -9.24),
        ("CSI300", "2015-07-06", "open", 8.55),
        ("CSI300", "2008-11-27", "open", 6.42),
        ("CSI300", "2015-06-29", "open", 2.55),
        ("CSI300", "2008-04-24", "open", 8.27),
        ("CSI300", "2008-09-19", "open", 8.96),
    ],
)
def test_printed_move(prices, asset, session, field, move):
    assert round(per_cent(prices, asset, session, field), 2) == move


@pytest.mark.parametrize(
    ("session", "move"),
    [
        ("2023-08-28", -4.06),
        ("2015-07-06", -5.21),
        ("2008-11-27", -4.66),
        ("2015-06-29", -5.74),
        ("2008-04-24", 0.94),
        ("2008-09-19", 0.36),
    ],
)
def test_printed_open_to_close(prices, session, move):
    at = int(np.searchsorted(prices.dates, np.datetime64(session)))
    opened, closed = (prices.column("CSI300", field)[at] for field in ("open", "close"))
    assert round(float(closed / opened - 1) * 100, 2) == move


def test_northbound_flows(prices):
    """Million CNY: -8,247 on 2023-08-28, +21,723 on 2021-05-25, as the exchanges published."""
    for session, flow in (("2023-08-28", -8247), ("2021-05-25", 21723)):
        at = int(np.searchsorted(prices.dates, np.datetime64(session)))
        assert round(float(prices.column("NORTHBOUND", "flow")[at])) == flow


def test_values_are_the_doubles_nearest_to_the_printed_decimals(prices):
    """Each stored close of HSTECH prints back to the text of the raw file."""
    lines = (ROOT / "data" / "raw" / "hstech.csv").read_text().splitlines()[1:]
    close = prices.column("HSTECH")
    stored = dict(zip(prices.dates.astype(str), close.tolist(), strict=True))
    for line in lines:
        day, _, _, _, text, _ = line.split(",")
        assert Decimal(repr(stored[day])) == Decimal(text)


def test_kind_of_each_cell(prices):
    """HSTECH: back-cast before its launch on 2020-07-27, close only on 2022-04-25."""
    days = prices.dates.astype(str).tolist()
    kinds = [KINDS[code] for code in prices.kind[:, prices.instruments.index("HSTECH")]]
    on = dict(zip(days, kinds, strict=True))
    assert (on["2020-07-24"], on["2020-07-27"]) == ("backcast", "ohlc")
    assert (on["2022-04-22"], on["2022-04-25"], on["2022-04-26"]) == ("ohlc", "close", "ohlc")
    assert (on["2024-11-12"], on["2024-11-13"]) == ("ohlc", "close")
    assert not on["2006-01-06"]


# -- the source --------------------------------------------------------------------------------


def test_snapshot_is_a_plugin():
    assert plugins("eventstudy.sources")["snapshot"] is Snapshot


def test_instruments_come_in_the_order_asked_for():
    got = Snapshot().fetch([instrument("SPX"), instrument("HSI")])
    assert got.instruments == ("SPX", "HSI")
    assert set(got.values) == {"close"}
    assert str(got.dates[0]) == "2019-01-02"


def test_symbol_of_the_source_wins_over_the_id():
    renamed = instrument("CSI300", id="MY300", symbols={"snapshot": "CSI300"})
    got = Snapshot().fetch([renamed])
    assert got.instruments == ("MY300",)
    assert (got.info("MY300").symbol, got.info("MY300").n_obs) == ("CSI300", 4857)


def test_missing_instrument_is_an_error_that_says_what_there_is():
    with pytest.raises(DataError, match=r"no prices of 3033\.HK; it has CSI300, HSTECH, HSI"):
        Snapshot().fetch([instrument("CSI300"), instrument("3033.HK")])


def test_status_table():
    rows = status_table()
    assert [row["instrument"] for row in rows] == list(CALENDARS)
    assert all(tuple(row) == STATUS_COLUMNS for row in rows)
    tech = rows[1]
    assert (tech["first"], tech["last"], tech["rows"]) == (*RANGES["HSTECH"][:2], "1759")
    assert len(tech["sha256"]) == 12


# -- the fingerprint ---------------------------------------------------------------------------


def test_fingerprint_sees_one_bit_of_one_value(prices):
    close = prices.values["close"].copy()
    row = int(np.searchsorted(prices.dates, np.datetime64("2023-08-25")))
    close[row, 0] = np.nextafter(close[row, 0], np.inf)
    changed = replace(prices, values={**prices.values, "close": close})
    assert fingerprint(changed) != fingerprint(prices)


def test_fingerprint_sees_dates_ids_and_kinds(prices):
    seen = {
        fingerprint(prices),
        fingerprint(replace(prices, dates=prices.dates + np.timedelta64(1, "D"))),
        fingerprint(replace(prices, instruments=("A", *prices.instruments[1:]))),
        fingerprint(replace(prices, kind=np.zeros_like(prices.kind))),
    }
    assert len(seen) == 4


def test_fingerprint_ignores_memory_layout_and_empty_fields(prices):
    same = {name: np.asfortranarray(array) for name, array in prices.values.items()}
    same["volume"] = np.where(np.isnan(same["volume"]), -np.nan, same["volume"])
    assert fingerprint(replace(prices, values=same)) == fingerprint(prices)
    got = Snapshot().fetch([instrument("SPX")])
    empty = np.full_like(got.values["close"], np.nan)
    padded = replace(got, values={**got.values, "open": empty})
    assert fingerprint(padded) == fingerprint(got)
