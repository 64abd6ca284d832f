"""Several sources in order: what the first has not, the next give, and every cell says whence."""

import datetime as dt
import re

import numpy as np
import pytest

from eventstudy.alignment import sessions
from eventstudy.document.sections.provenance import Rebuild
from eventstudy.errors import DataError, SpecError
from eventstudy.registry import build
from eventstudy.sources.base import KINDS, Access
from eventstudy.sources.snapshot import Snapshot
from eventstudy.sources.written import read_prices, write_prices
from eventstudy.spec import Instrument, load
from eventstudy.spec.instrument import built_in
from eventstudy.study import run_study
from tests.live_studies import NOW, UNTIL, index
from tests.loopback import Loopback

CSI300, HSTECH, NORTHBOUND = (built_in()[name] for name in ("CSI300", "HSTECH", "NORTHBOUND"))
ASSET = Instrument(id="A", name="A", calendar="XSHG", timezone="Asia/Shanghai")
SESSIONS = sessions("XSHG")
DAYS = SESSIONS[slice(*np.searchsorted(SESSIONS, np.array(["2024-01-02", "2024-02-01"], "M8[D]")))]
STUDY = """\
format: 1
title: T
source: {source}
assets: [CSI300]
estimation: [-60, -6]
event_window: [0, 1]
windows: [[0, 0]]
models: [constant_mean]
statistics: [forecast_t]
procedures: []
events:
  - {{id: SD2023, announced: 2023-08-27, title: Mainland stamp duty halved}}
"""


def chain(*sources):
    return build("eventstudy.sources", "chain", {"sources": list(sources)}, kind="source")


def closes(days=DAYS, **changed):
    """A price per date; `changed` by the date with underscores, None for no row."""
    rows = {str(day): 100.0 + position for position, day in enumerate(days)}
    rows |= {name.strip("d").replace("_", "-"): value for name, value in changed.items()}
    return {day: value for day, value in rows.items() if value is not None}


@pytest.fixture
def table(tmp_path):
    """Write a table of closes of instruments, and return the block that reads it."""

    def write(name, key="prices", /, **columns):
        days = sorted({day for column in columns.values() for day in column})
        lines = [",".join(["date", *columns])]
        for day in days:
            cells = (str(column.get(day, "")) for column in columns.values())
            lines.append(",".join([day, *cells]))
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return {"name": "files", "label": name.partition(".")[0], key: name}

    return write


@pytest.fixture
def access(tmp_path):
    return Access(tmp_path, cache=tmp_path / "cache")


def whence(prices, instrument):
    """The symbol and source of each cell of an instrument, by date."""
    column = prices.instruments.index(instrument)
    return {
        str(day): prices.parts[position].origin
        for day, position in zip(prices.dates, prices.origin[:, column], strict=True)
        if position >= 0
    }


def test_each_instrument_comes_from_the_first_source_that_has_it(table, access):
    own = table("own.csv", A=closes())
    prices = chain(own, "snapshot").fetch([HSTECH, ASSET], access)
    alone = Snapshot().fetch([HSTECH])
    rows = np.isin(prices.dates, alone.dates)
    assert prices.instruments == ("HSTECH", "A")
    assert np.array_equal(prices.column("HSTECH")[rows], alone.column("HSTECH"), equal_nan=True)
    assert (prices.info("HSTECH").source, prices.info("A").source) == ("snapshot", "files")
    assert prices.info("HSTECH").note.startswith("not from own (no table has a series 'HSTECH'")
    assert prices.info("A").note == ""
    assert set(whence(prices, "A").values()) == {"closes, A in own.csv"}


def test_a_missing_session_is_filled_with_the_level_of_the_next_source(table, access):
    holes = closes(d2024_01_09=None, d2024_01_10=None)
    more = closes(d2024_01_09=None)
    first, second = table("one.csv", A=holes), table("two.csv", A=more)
    third = table("three.csv", A=closes(d2024_01_06=107.5))
    prices = chain(first, second, third).fetch([ASSET], access)
    assert prices.column("A").tolist() == list(closes().values())
    assert "2024-01-06" not in prices.dates.astype(str)
    info = prices.info("A")
    assert (info.source, info.n_obs, info.first, info.last) == (
        "chain",
        len(DAYS),
        "2024-01-02",
        "2024-01-31",
    )
    assert info.note == (
        "1 session (2024-01-10) without a price filled from two;"
        " 1 session (2024-01-09) without a price filled from three"
    )
    origins = whence(prices, "A")
    assert {origins.pop("2024-01-09"), origins.pop("2024-01-10")} == {
        "closes, A in three.csv",
        "closes, A in two.csv",
    }
    assert set(origins.values()) == {"closes, A in one.csv"}


@pytest.mark.parametrize(("level", "filled"), [(102.0 * 1.0004, True), (102.0 * 1.0006, False)])
def test_levels_that_differ_by_more_than_5_bp_fill_nothing(table, access, level, filled):
    first = table("one.csv", A=closes(d2024_01_10=None))
    second = table("two.csv", A=closes(d2024_01_04=level))
    prices = chain(first, second).fetch([ASSET], access)
    assert ("2024-01-10" in prices.dates.astype(str)) == filled
    if not filled:
        assert prices.info("A").note == (
            "1 session (2024-01-10) without a price not filled from two: its closes differ by more"
            " than 5 bp on 1 of 21 common sessions, most on 2024-01-04 (6 bp)"
        )
        assert prices.info("A").source == "files"


def test_without_a_common_session_nothing_is_filled(table, access):
    first, second = table("one.csv", A=closes(DAYS[:9])), table("two.csv", A=closes(DAYS[9:]))
    prices = chain(first, second).fetch([ASSET], Access(access.folder, until=DAYS[-1]))
    assert prices.info("A").n_obs == 9
    assert "no session in common" in prices.info("A").note


def test_bars_are_filled_whole_where_every_level_agrees_else_closes_alone(tmp_path, access):
    """The snapshot has full bars: without three of them it is filled from itself."""
    whole = Snapshot().fetch([CSI300])
    days = whole.dates.astype(str)
    gaps = np.isin(days, ["2024-01-09", "2024-01-10", "2024-01-11"])
    for name, factor in (("same", 1.0), ("other", 1.001)):
        _freeze(tmp_path / f"{name}.parquet", whole, ~gaps, factor)
    same = chain({"name": "frozen", "file": "same.parquet"}, "snapshot").fetch([CSI300], access)
    other = chain({"name": "frozen", "file": "other.parquet"}, "snapshot").fetch([CSI300], access)
    for field in ("open", "high", "low", "close"):
        assert np.array_equal(same.column("CSI300", field), whole.column("CSI300", field))
    assert np.array_equal(same.kind, whole.kind)
    assert np.isnan(other.column("CSI300", "open")[gaps]).all()
    assert other.kind[gaps, 0].tolist() == [KINDS.index("close")] * 3
    assert other.info("CSI300").note.endswith("filled from snapshot, closes alone")
    assert np.array_equal(other.column("CSI300"), whole.column("CSI300"))


def _freeze(path, prices, rows, factor):
    """Write some rows of prices, their opens changed."""
    from dataclasses import replace

    values = {field: array[rows] for field, array in prices.values.items()}
    values["open"] = values["open"] * factor
    write_prices(
        replace(prices, dates=prices.dates[rows], values=values, kind=prices.kind[rows]), path
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"adjusted": True}, "total returns and prices are not mixed"),
        ({"proxy": "tracker fund X"}, "the tracker fund X only stands for the instrument"),
    ],
)
def test_other_kinds_of_series_are_never_mixed(tmp_path, access, change, reason):
    from dataclasses import replace

    whole = Snapshot().fetch([CSI300])
    some = whole.dates != np.datetime64("2024-01-09")
    part = replace(
        whole,
        dates=whole.dates[some],
        values={field: array[some] for field, array in whole.values.items()},
        kind=whole.kind[some],
        series=(replace(whole.series[0], **change),),
    )
    write_prices(part, tmp_path / "p.parquet")
    source = chain({"name": "frozen", "file": "p.parquet"}, "snapshot")
    prices = source.fetch([CSI300], Access(tmp_path, until=np.datetime64("2024-03-01")))
    assert len(prices.dates) == some.sum()
    assert prices.info("CSI300").note.endswith(f"not filled from snapshot: {reason}")


def test_flows_and_returns_are_never_filled(table, access):
    own = table("own.csv", "returns", A=dict.fromkeys(closes(DAYS[:5]), 0.01))
    other = table("other.csv", "returns", A=dict.fromkeys(closes(), 0.01))
    prices = chain(own, other, "snapshot").fetch([ASSET, NORTHBOUND], access)
    assert (prices.info("A").n_obs, prices.info("A").note) == (5, "")
    assert prices.info("NORTHBOUND").source == "snapshot"


def test_without_a_source_that_has_it_the_message_lists_each(table, access):
    own = table("own.csv", B=closes())
    source = chain(own, "snapshot", {"name": "yahoo"})
    with pytest.raises(DataError) as caught:
        source.fetch([ASSET, HSTECH], Access(access.folder, cache=access.cache, offline=True))
    lines = str(caught.value).splitlines()
    assert lines[0] == "no source of the chain has A:"
    assert [line.split(":")[0] for line in lines[1:]] == ["  own", "  snapshot", "  yahoo"]
    assert list(caught.value.faults) == ["A"]
    assert "the network is not used" in lines[3]


@pytest.mark.parametrize(
    ("sources", "code", "path", "message"),
    [
        ("[snapshot]", "empty-value", "source.sources", "needs 2 or more"),
        ("[snapshot, snapshot]", "duplicate-entry", "source.sources", "stands twice"),
        ("[snapshot, yahooo]", "unknown-name", "source.sources[1]", "did you mean 'yahoo'"),
        (
            "[snapshot, {name: yahoo, timout: 3}]",
            "unknown-option",
            "source.sources[1].timout",
            "did you mean 'timeout'",
        ),
        (
            "[snapshot, {name: yahoo, attempts: 0}]",
            "out-of-range",
            "source.sources[1].attempts",
            "at least 1",
        ),
        (
            "[snapshot, {name: files, prices: ../x.csv}]",
            "include-outside",
            "source.sources[1].prices[0].file",
            "inside the folder",
        ),
        (
            "[snapshot, {name: chain, sources: [yahoo, snapshot]}]",
            "bad-value",
            "source.sources[1]",
            "cannot be part of a chain",
        ),
        ("snapshot", "wrong-type", "source.sources", "must be a list"),
        (
            "[{name: files, prices: a.csv}, {name: files, prices: b.csv}]",
            "duplicate-label",
            "source.sources",
            "two sources are called 'files'; give one a `label`",
        ),
    ],
)
def test_mistakes_in_the_list_are_named_where_they_stand(tmp_path, sources, code, path, message):
    file = tmp_path / "s.yaml"
    file.write_text(STUDY.format(source=f"{{name: chain, sources: {sources}}}"), "utf-8")
    with pytest.raises(SpecError) as caught:
        load(file)
    assert [(each.code, each.path) for each in caught.value.problems] == [(code, path)]
    assert message in caught.value.problems[0].message


def test_a_chain_downloads_if_one_of_its_sources_does(table, tmp_path):
    own = table("own.csv", A=closes())
    assert (chain(own, "snapshot").live, chain(own, "yahoo").live) == (False, True)
    file = tmp_path / "s.yaml"
    text = STUDY.replace("assets", "as_of: 2026-11-01\nassets")
    file.write_text(text.format(source="{name: chain, sources: [snapshot, yahoo]}"), "utf-8")
    assert load(file).study.as_of
    with pytest.raises(DataError, match="`as_of: 2026-11-01` holds no prices fast before"):
        run_study(load(file), access=Access(tmp_path, now=np.datetime64("2026-11-01T23:59:59")))
    file.write_text(
        text.format(source="{name: chain, sources: [snapshot, {name: files, prices: a.csv}]}"),
        "utf-8",
    )
    with pytest.raises(SpecError, match="'chain' downloads nothing"):
        load(file)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """Yahoo on the loopback, with the index but for one session."""
    listed = index()
    del listed.bars[dt.date(2023, 6, 1)]
    server = Loopback(tmp_path_factory.mktemp("loopback"), [listed])
    yield server
    server.close()


@pytest.fixture
def live(service, monkeypatch, tmp_path):
    service.heal()
    for name, value in service.environment.items():
        monkeypatch.setenv(name, value)
    return Access(tmp_path, cache=tmp_path / "cache", until=UNTIL, now=NOW)


HASTY = {"name": "yahoo", "timeout": 3, "total": 20, "attempts": 1}


def test_a_session_that_yahoo_lacks_is_filled(live, service):
    prices = chain(HASTY, "snapshot").fetch([CSI300], live)
    info, own = prices.info("CSI300"), Snapshot().fetch([CSI300])
    assert "filled from snapshot" in info.note
    assert (info.source, info.downloaded) == ("chain", "2024-01-10T00:00:00")
    assert np.array_equal(prices.column("CSI300"), own.column("CSI300"))
    column = prices.dates == np.datetime64("2023-06-01")
    assert prices.parts[int(prices.origin[column, 0][0])].source == "snapshot"
    assert np.isnan(prices.column("CSI300", "volume")[column]).all()
    assert service.asked["000300.SS"] == 1


def test_one_wrong_close_of_yahoo_fills_nothing_and_is_named(live, service, monkeypatch):
    """The CSI 300 of 25 August 2023, 58 bp too high, as Yahoo had it."""
    day = dt.date(2023, 8, 25)
    bars = service.book["000300.SS"].bars
    wrong = (*bars[day][:3], bars[day][3] * 1.0058, bars[day][4])
    monkeypatch.setitem(bars, day, wrong)
    prices = chain(HASTY, "snapshot").fetch([CSI300], live)
    assert "2023-06-01" not in prices.dates.astype(str)
    assert prices.info("CSI300").note.endswith(
        "not filled from snapshot: its closes differ by more than 5 bp on 1 of 205 common sessions, most"
        " on 2023-08-25 (58 bp)"
    )


def test_a_source_that_fails_passes_to_the_next_and_a_line_says_why(live, service):
    """What the first could give is taken from it."""
    service.order("000300.SS", always="500")
    instruments = [HSTECH, CSI300]
    service.book["3033.HK"] = index("3033.HK")
    service.book["3033.HK"].zone = "Asia/Hong_Kong"
    prices = chain(HASTY, "snapshot").fetch(instruments, live)
    assert [one.source for one in prices.series] == ["yahoo", "snapshot"]
    assert prices.info("CSI300").note == (
        "not from yahoo (CSI300 (yahoo 000300.SS): Yahoo has trouble of its own (HTTP 500))"
    )
    assert prices.info("HSTECH").note.endswith(
        "the tracker fund 3033.HK only stands for the instrument"
    )
    assert service.asked["3033.HK"] == 1


@pytest.fixture(scope="module")
def pieced(tmp_path_factory):
    """A study whose table lacks three sessions, which the snapshot has."""
    folder = tmp_path_factory.mktemp("pieced")
    prices = Snapshot().fetch([CSI300])
    rows = (prices.dates > np.datetime64("2023-03-01")) & (prices.dates < np.datetime64("2023-12"))
    lines = [
        f"{day},{close}"
        for day, close in zip(prices.dates[rows], prices.column("CSI300")[rows], strict=True)
        if str(day) not in ("2023-06-01", "2023-06-02", "2023-08-28")
    ]
    (folder / "own.csv").write_text("\n".join(["date,CSI300", *lines]), "utf-8")
    source = "{name: chain, sources: [{name: files, prices: own.csv}, snapshot]}"
    (folder / "s.yaml").write_text(STUDY.format(source=source), "utf-8")
    return run_study(load(folder / "s.yaml"))


def test_the_results_count_the_cells_by_source(pieced):
    rows = pieced.frames["origins"]
    assert rows["source"].tolist() == ["snapshot", "files"]
    assert rows["n"].sum() == pieced.provenance.series[0].n_obs
    assert rows["asset"].unique().tolist() == ["CSI300"]
    assert (
        rows["listed"]
        .tolist()[0]
        .endswith("2023-06-01 to 2023-06-02, 2023-08-28, 2023-12-01 to 2025-12-31")
    )
    assert rows["listed"].tolist()[1].endswith(", 2023-08-29 to 2023-11-30")


def test_the_engine_gives_the_numbers_of_the_same_closes(pieced, tmp_path):
    (tmp_path / "s.yaml").write_text(STUDY.format(source="snapshot"), "utf-8")
    alone = run_study(load(tmp_path / "s.yaml"))
    assert pieced.frames["abnormal"].equals(alone.frames["abnormal"])
    assert alone.frames["origins"]["source"].tolist() == ["snapshot"]


def test_the_page_shows_cells_by_source_where_there_are_several(pieced, tmp_path):
    blocks = Rebuild().blocks(pieced)
    shown = [block for block in blocks if getattr(block, "id", "") == "table-origins"]
    assert [cells[1].text for cells in shown[0].rows] == ["snapshot CSI300", "files CSI300"]
    assert "28\xa0Aug\xa02023, 1\xa0Dec\xa02023 to " in shown[0].rows[0][3].text


def test_frozen_prices_keep_where_each_cell_comes_from(table, access, tmp_path):
    first, second = table("one.csv", A=closes(d2024_01_10=None)), table("two.csv", A=closes())
    prices = chain(first, second).fetch([ASSET], access)
    write_prices(prices, tmp_path / "p.parquet")
    again = read_prices(tmp_path / "p.parquet")
    assert np.array_equal(again.origin, prices.origin)
    assert again.parts == prices.parts
    source = chain({"name": "frozen", "file": "p.parquet"}, "snapshot")
    third = source.fetch([ASSET], access)
    assert whence(third, "A") == whence(prices, "A")
    assert re.search(r"filled from two$", third.info("A").note)


def test_what_a_study_can_do_without_is_asked_for_where_a_source_may_have_it(tmp_path):
    """A frozen file may hold anything: the flow in it is found, and one that is not is left out."""
    write_prices(Snapshot().fetch([CSI300, NORTHBOUND]), tmp_path / "both.parquet")
    write_prices(Snapshot().fetch([CSI300]), tmp_path / "one.parquet")
    text = STUDY.replace("estimation", "outcome: [return, flow]\nestimation")
    text = text.replace(
        "  - {{id",
        "  - {{reported: [{{asset: SPX, session: 2023-08-28, measure: close, percent: 0.6}}], id",
    )
    found = {}
    for name in ("both", "one"):
        source = f"{{name: chain, sources: [{{name: frozen, file: {name}.parquet}}, yahoo]}}"
        (tmp_path / "s.yaml").write_text(
            text.format(source=source.replace("yahoo", "{name: files, prices: x.csv}")), "utf-8"
        )
        (tmp_path / "x.csv").write_text("date,X\n2023-08-28,1\n", "utf-8")
        found[name] = run_study(load(tmp_path / "s.yaml")).provenance.series
    assert [[one.instrument for one in series] for series in found.values()] == [
        ["CSI300", "NORTHBOUND"],
        ["CSI300"],
    ]
