"""A whole set of prices in one file: the same to the last bit, in a study too."""

from __future__ import annotations

import shutil
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from eventstudy.errors import DataError, SpecError
from eventstudy.sources.base import FIELDS, Access, Prices, Series
from eventstudy.sources.fingerprint import fingerprint
from eventstudy.sources.frozen import Frozen
from eventstudy.sources.snapshot import Snapshot
from eventstudy.sources.written import read_prices, write_prices
from eventstudy.spec import load
from eventstudy.spec.instrument import built_in
from eventstudy.store import Store
from eventstudy.study import run_study
from eventstudy.study.fetching import fetch

NAMES = ("CSI300", "HSTECH", "NORTHBOUND")
STUDY = """\
format: 1
title: T
source: {source}
assets: [HSTECH, CSI300]
estimation: [-130, -11]
models: [constant_mean]
statistics: [forecast_t]
procedures: []
robustness: false
min_observations: 50
events:
  - {{id: A, title: T, announced: 2024-09-24}}
"""


def series(name, **facts):
    return Series(
        name, f"{name}.SS", "yahoo", "o", "l", "2024-01-02", "2024-01-05", 4, "0" * 64, **facts
    )


@pytest.fixture(scope="module")
def prices():
    """The snapshot of three instruments, prices and flows."""
    return Snapshot().fetch([built_in()[name] for name in NAMES])


@pytest.fixture(scope="module")
def pieced():
    """Two instruments, one of them pieced together from two series, with every trap of a float."""
    close = np.array([[1.5, np.nan], [np.nan, 2.0], [1.25, 3.0], [1.75, np.nan]])
    change = np.array([[np.nan, -0.0], [0.0, np.nan], [5e-324, 1e308], [np.nan, np.nan]])
    kind = np.array([[2, 4], [4, 3], [1, 2], [2, 0]], dtype=np.int8)
    origin = np.array([[0, 2], [1, 2], [1, 2], [0, -1]], dtype=np.int16)
    parts = (series("A"), series("A", proxy="stands for A"), series("B", note="old: 20 days"))
    whole = (series("A", adjusted=True), series("B", downloaded="2026-11-01T10:00:00"))
    dates = np.datetime64("2024-01-02") + np.arange(4)
    values = {"return": change, "close": close, "flow": np.full((4, 2), np.nan)}
    return Prices(dates, ("A", "B"), values, kind, whole, origin, parts)


def check_same(one, two):
    """Two sets of prices have the same bytes everywhere."""
    assert (one.instruments, one.series, one.parts) == (two.instruments, two.series, two.parts)
    assert list(one.values) == list(two.values)
    arrays = [(one.values[field], two.values[field]) for field in one.values]
    arrays += [(one.dates, two.dates), (one.kind, two.kind)]
    if one.origin is not None:
        arrays.append((one.origin, two.origin))
    for first, second in arrays:
        assert (first.dtype, first.shape) == (second.dtype, second.shape)
        assert first.tobytes() == second.tobytes()
    assert (one.origin is None) == (two.origin is None)
    assert fingerprint(one) == fingerprint(two)


def test_prices_come_back_to_the_last_bit(prices, pieced, tmp_path):
    """Of one series each, and of several."""
    for given in (prices, pieced):
        assert write_prices(given, tmp_path / "p.parquet") == fingerprint(given)
        check_same(given, read_prices(tmp_path / "p.parquet"))


def test_no_session_and_no_value_come_back(pieced, tmp_path):
    """A set without dates."""
    none = replace(
        pieced,
        dates=pieced.dates[:0],
        values={field: values[:0] for field, values in pieced.values.items()},
        kind=pieced.kind[:0],
        origin=pieced.origin[:0],
    )
    write_prices(none, tmp_path / "p.parquet")
    check_same(none, read_prices(tmp_path / "p.parquet"))


def test_the_file_is_a_table_that_anyone_can_read(pieced, tmp_path):
    """One row per instrument and date, with the kind in words; the same prices give the same bytes."""
    for name in "pq":
        write_prices(pieced, tmp_path / name)
    assert (tmp_path / "p").read_bytes() == (tmp_path / "q").read_bytes()
    table = pq.read_table(tmp_path / "p").to_pandas()
    assert list(table) == ["date", "instrument", "return", "close", "flow", "kind", "origin"]
    assert table["instrument"].tolist() == ["A"] * 4 + ["B"] * 4
    assert table["kind"].tolist()[:3] == ["close", "return", "ohlc"]
    assert table["close"].tolist()[5] == 2.0


def test_a_set_goes_through_the_store(prices, tmp_path):
    """Remembered by its fingerprint, found by how that begins."""
    store, mark = Store(tmp_path), fingerprint(prices)
    store.remember(mark, lambda file: write_prices(prices, file))
    check_same(prices, read_prices(store.recall(mark[:8])))


def edited(path, edit):
    """Write a file of prices anew with something changed, hashes left as they were."""
    table = pq.read_table(path)
    metadata = table.schema.metadata
    table, metadata = edit(table, dict(metadata))
    pq.write_table(table.replace_schema_metadata(metadata), path)


def column_edit(name, change):
    def edit(table, metadata):
        values = table.column(name).to_numpy().copy()
        values[2] = change
        place = table.column_names.index(name)
        return table.set_column(place, name, pa.array(values)), metadata

    return edit


def head_edit(old, new):
    def edit(table, metadata):
        return table, {key: value.replace(old, new) for key, value in metadata.items()}

    return edit


def later_format(table, metadata):
    head = metadata[b"eventstudy.prices"].replace(b'"format": 1', b'"format": 2')
    check = sha256(head).hexdigest().encode()
    return table, {b"eventstudy.prices": head, b"eventstudy.check": check}


@pytest.mark.parametrize(
    "edit",
    [
        later_format,
        column_edit("close", 1.2500000000000002),
        column_edit("close", -1.0),
        column_edit("origin", 0),
        column_edit("origin", 7),
        column_edit("date", np.datetime64("2024-02-01")),
        head_edit(b"old: 20 days", b"fresh"),
        head_edit(b'"instruments": ["A", "B"]', b'"instruments": ["A", "C"]'),
        lambda table, _: (table, {}),
        lambda table, metadata: (table.slice(0, 7), metadata),
        lambda table, metadata: (table.drop_columns(["kind"]), metadata),
    ],
)
def test_a_changed_file_is_refused(pieced, tmp_path, edit):
    """Whatever was changed; the message says how to get a good one."""
    path = tmp_path / "p.parquet"
    write_prices(pieced, path)
    edited(path, edit)
    with pytest.raises(DataError, match=r"p\.parquet is no frozen prices.*`eventstudy data freeze"):
        read_prices(path)


def test_a_torn_file_or_none_is_refused(pieced, tmp_path):
    """At any length."""
    path = tmp_path / "p.parquet"
    write_prices(pieced, path)
    content = path.read_bytes()
    for length in (0, 3, 100, len(content) - 1):
        path.write_bytes(content[:length])
        with pytest.raises(DataError, match=r"is no frozen prices"):
            read_prices(path)
    with pytest.raises(DataError, match=r"none\.parquet cannot be read \(No such file"):
        read_prices(tmp_path / "none.parquet")


# -- the source -----------------------------------------------------------------------------------


def test_a_study_of_frozen_prices_gives_the_same_numbers(prices, tmp_path):
    """Every frame, and the fingerprint."""
    paths = {}
    for name, source in (("live", "snapshot"), ("kept", "{name: frozen, file: prices.parquet}")):
        paths[name] = tmp_path / f"{name}.yaml"
        paths[name].write_text(STUDY.format(source=source), encoding="utf-8")
    used = Snapshot().fetch([built_in()[name] for name in ("HSTECH", "CSI300")])
    write_prices(used, tmp_path / "prices.parquet")
    live, kept = (run_study(load(path)) for path in paths.values())
    assert live.provenance.prices_sha256 == kept.provenance.prices_sha256
    assert live.provenance.series == kept.provenance.series
    for name, frame in live.frames.items():
        assert frame.equals(kept.frames[name]), name


def test_flows_and_the_indices_of_press_figures_are_frozen_too(tmp_path):
    """A study of flows whose newspaper printed a third index: the frozen prices are the same prices."""
    events = Path(__file__).parents[2] / "events"
    for path in events.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    study = load(tmp_path / "stamp-duty.yaml").study
    prices = fetch(study, Access(tmp_path))
    assert {"NORTHBOUND", "HSI"} <= set(prices.instruments) - set(study.assets)
    write_prices(prices, tmp_path / "kept.parquet")
    text = (tmp_path / "stamp-duty.yaml").read_text("utf-8")
    source = "source: {name: frozen, file: kept.parquet}\noutcome:"
    (tmp_path / "kept.yaml").write_text(text.replace("outcome:", source, 1), "utf-8")
    kept = load(tmp_path / "kept.yaml").study
    check_same(prices, fetch(kept, Access(tmp_path)))
    fewer = [name for name in prices.instruments if name not in {"NORTHBOUND", "HSI"}]
    write_prices(
        Snapshot().fetch([study.instruments[name] for name in fewer]), tmp_path / "kept.parquet"
    )
    assert list(fetch(kept, Access(tmp_path)).instruments) == fewer


def test_some_instruments_of_a_file(prices, tmp_path):
    """In the order asked, on the dates on which one of them has anything: as their source gives them."""
    write_prices(prices, tmp_path / "p.parquet")
    for names in (NAMES, ("HSTECH",), ("NORTHBOUND", "HSTECH")):
        wanted = [built_in()[name] for name in names]
        found = Frozen("p.parquet").fetch(wanted, Access(tmp_path))
        assert fingerprint(found) == fingerprint(Snapshot().fetch(wanted))
        assert [each.instrument for each in found.series] == list(names)


def test_the_cells_of_some_instruments_know_where_they_come_from(pieced, tmp_path):
    """The last date, on which only A has a price, goes with A."""
    write_prices(pieced, tmp_path / "p.parquet")
    wanted = [built_in()["CSI300"].model_copy(update={"id": "B"})]
    found = Frozen("p.parquet").fetch(wanted, Access(tmp_path))
    assert found.origin.tolist() == [[2], [2], [2]]
    assert found.parts == pieced.parts
    assert set(found.values) <= set(FIELDS)


def test_an_instrument_that_was_not_frozen_is_named(prices, tmp_path):
    """With those that were."""
    write_prices(prices, tmp_path / "p.parquet")
    with pytest.raises(DataError, match=r"has no prices of HSI; it has CSI300, HSTECH, NORTHBOUND"):
        Frozen("p.parquet").fetch([built_in()["HSI"]], Access(tmp_path))


@pytest.mark.parametrize("name", ["../p.parquet", "/p.parquet", "~/p.parquet"])
def test_a_frozen_file_lies_in_the_folder_of_the_study(tmp_path, name):
    """A path that leaves it is refused when the study is read, a link when the file is."""
    path = tmp_path / "study.yaml"
    source = "{name: frozen, file: %s}"
    path.write_text(STUDY.format(source=source % name), encoding="utf-8")
    with pytest.raises(SpecError, match="must be a path inside the folder"):
        load(path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "p.parquet").symlink_to(tmp_path / "study.yaml")
    with pytest.raises(DataError, match="leads out of the folder"):
        Frozen("p.parquet").fetch([], Access(tmp_path / "in"))


def test_a_cell_that_comes_from_no_part_is_refused(pieced):
    """Our own mistake, found where it is made."""
    with pytest.raises(ValueError, match="from no part of 2"):
        replace(pieced, parts=pieced.parts[:2])
    with pytest.raises(ValueError, match="origin"):
        replace(pieced, origin=pieced.origin[:2])
