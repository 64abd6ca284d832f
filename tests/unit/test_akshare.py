"""akshare's own functions and a server of our own: levels, flows, faults, and what the cache keeps."""

import datetime as dt
import inspect
import re
import sys
from dataclasses import replace

import numpy as np
import pytest
from requests import sessions

from eventstudy.errors import DataError
from eventstudy.registry import build
from eventstudy.sources._akshare_client import COLUMNS
from eventstudy.sources.akshare import Akshare
from eventstudy.sources.base import KINDS, Access
from eventstudy.sources.snapshot import Snapshot
from eventstudy.spec.instrument import built_in
from tests.live_studies import NOW, UNTIL, bars_of, kept
from tests.loopback_china import NORTHBOUND, China

CSI300, HSTECH, FLOW = (built_in()[name] for name in ("CSI300", "HSTECH", "NORTHBOUND"))
SOURCE = Akshare(timeout=3, total=20, attempts=2, pause=0.02)
FIRST, LAST = "2023-03-01", "2023-12-29"
HASTY = 1.5
"""Seconds that a slow answer is waited for here."""

FATAL = {
    "429": (r"refuses further requests for now \(HTTP 429\), after 2 attempts; wait some", 2),
    "500": (r"has trouble of its own \(HTTP 500\), after 2 attempts; try again later", 2),
    "403": (r"refuses the request \(HTTP 403\), after 2 attempts", 2),
    "html": ("sends a web page instead of prices, after 2 attempts; .* proxy or firewall", 2),
    "nothing": ("sends an empty answer, after 2 attempts", 2),
    "no rows": (r"gives no rows for the symbol, after 2 attempts; .*symbols: \{akshare: SY", 2),
    "unknown": (r"gives no rows for the symbol; .*symbols: \{akshare: SYMBOL\}", 1),
    "drop": ("broke off the connection before its answer was whole, after 2 attempts", 2),
    "truncated": ("broke off the connection before its answer was whole, after 2 attempts", 2),
    "slow": ("does not answer in time", 1),
    "flood": ("more than any price history can hold", 1),
    "elsewhere": ("akshare is sent to 'https://elsewhere.example', .* nothing was sent there", 1),
    "expired": ("shows a certificate that is not valid; nothing", 0),
}
"""Faults that no patience mends: the message, and how often the symbol was asked for."""


def rounded(bars):
    """Bars as Sina has them: thousandths of a point, volumes of any size."""
    return {
        day: (*(round(price, 3) for price in bar[:4]), bar[4] * 10**8) for day, bar in bars.items()
    }


@pytest.fixture(scope="module")
def flows():
    prices = Snapshot().fetch([FLOW])
    rows = (prices.dates >= np.datetime64(FIRST)) & (prices.dates <= np.datetime64(LAST))
    values = prices.column("NORTHBOUND", "flow")[rows].tolist()
    return dict(zip(prices.dates[rows].astype(dt.date), values, strict=True))


@pytest.fixture(scope="module")
def server(tmp_path_factory, flows):
    bars = {
        symbol: rounded(bars_of(name, FIRST, LAST))
        for symbol, name in (("sh000300", "CSI300"), ("HSTECH", "HSTECH"))
    }
    server = China(tmp_path_factory.mktemp("loopback"), bars, flows)
    yield server
    server.close()


@pytest.fixture
def service(server, monkeypatch):
    """The server, healed, where the client of this process looks for it."""
    server.heal()
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    before = sessions.Session
    yield server
    assert sessions.Session is before
    assert not any("elsewhere" in key for key in server.asked)


@pytest.fixture
def access(tmp_path):
    return Access(tmp_path, cache=tmp_path / "cache", until=UNTIL, now=NOW)


@pytest.mark.parametrize("instrument", [CSI300, HSTECH], ids=lambda each: each.id)
def test_the_levels_of_an_index_are_those_that_sina_sends(service, access, instrument):
    prices = SOURCE.fetch([instrument], access)
    symbol = instrument.symbols["akshare"]
    sent = service.bars[symbol]
    assert [str(day) for day in prices.dates] == [str(day) for day in sorted(sent)]
    for place, field in enumerate(("open", "high", "low", "close", "volume")):
        assert prices.column(instrument.id, field).tolist() == [
            sent[day][place] for day in sorted(sent)
        ]
    assert set(prices.kind.ravel()) == {KINDS.index("ohlc")}
    info = prices.info(instrument.id)
    assert (info.source, info.symbol, info.adjusted, info.proxy, info.note) == (
        *("akshare", symbol, False, ""),
        "",
    )
    assert info.downloaded == "2024-01-10T00:00:00"
    assert dict(service.hosts) == {"finance.sina.com.cn": 1, "": 1}


def test_flows_are_in_million_and_of_all_pages(service, access, flows):
    prices = SOURCE.fetch([FLOW], access)
    assert prices.dates.astype(dt.date).tolist() == sorted(flows)
    measured = prices.column("NORTHBOUND", "flow")
    assert measured == pytest.approx([flows[day] for day in sorted(flows)], rel=1e-12)
    assert (prices.info("NORTHBOUND").symbol, service.asked[NORTHBOUND]) == ("northbound", 3)


def test_a_second_run_asks_nobody(service, access):
    SOURCE.fetch([CSI300, FLOW], access)
    before = kept(access.cache)
    service.heal()
    SOURCE.fetch([CSI300, FLOW], access)
    assert (dict(service.asked), kept(access.cache)) == ({}, before)


@pytest.mark.parametrize("fault", FATAL)
def test_a_fault_is_named_nothing_is_kept_and_the_next_run_recovers(service, access, fault):
    message, asked = FATAL[fault]
    source = replace(SOURCE, timeout=3, total=HASTY) if fault == "slow" else SOURCE
    service.order("sh000300", always=fault)
    with pytest.raises(DataError, match=rf"^CSI300 \(akshare sh000300\): .*{message}") as caught:
        source.fetch([CSI300], access)
    assert (caught.value.exit_code, service.asked["sh000300"]) == (3, asked)
    assert kept(access.cache) == {}
    service.heal()
    assert SOURCE.fetch([CSI300], access).info("CSI300").n_obs == len(service.bars["sh000300"])


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("500", r"Eastmoney, asked by akshare, has trouble of its own \(HTTP 500\)"),
        ("malformed", r"cannot be read \(malformed JSON\)"),
        ("html", "sends a web page instead of prices"),
        ("nothing", "sends an empty answer"),
        ("no rows", "gives no rows for the symbol"),
    ],
)
def test_faults_of_flows_are_named_too(service, access, fault, message):
    service.order(NORTHBOUND, always=fault)
    with pytest.raises(DataError, match=rf"^NORTHBOUND \(akshare northbound\): .*{message}"):
        SOURCE.fetch([FLOW], access)
    assert kept(access.cache) == {}


@pytest.mark.parametrize("fault", ["500", "html", "nothing", "drop", "truncated"])
def test_a_passing_fault_is_survived(service, access, fault):
    service.order("HSTECH", fault)
    assert SOURCE.fetch([HSTECH], access).info("HSTECH").note == ""


def test_without_a_server_it_says_that_there_is_no_connection(service, access, monkeypatch):
    """Nobody listens on the first port."""
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    with pytest.raises(DataError, match=r"cannot be reached: no connection, after 2 attempts; try"):
        SOURCE.fetch([CSI300], access)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("https_proxy", "carrier-pigeon://x", "cannot be reached: the proxy refuses; look at your"),
        ("REQUESTS_CA_BUNDLE", "/nowhere", "cannot be trusted .* look at CURL_CA_BUNDLE"),
    ],
)
def test_faults_of_this_machine_are_named(service, access, monkeypatch, name, value, message):
    monkeypatch.setenv(name, value)
    with pytest.raises(DataError, match=message):
        SOURCE.fetch([CSI300], access)


def test_without_the_package_it_says_how_to_install_it(service, access, monkeypatch):
    """What was downloaded before is used."""
    monkeypatch.setitem(sys.modules, "akshare", None)
    with pytest.raises(DataError, match=r"pip install 'policy-eventstudy\[akshare\]'"):
        SOURCE.fetch([CSI300], access)
    monkeypatch.undo()
    for name, value in service.environment.items():
        monkeypatch.setenv(name, value)
    SOURCE.fetch([CSI300], access)
    monkeypatch.setitem(sys.modules, "akshare", None)
    later = replace(access, refresh=True, now=NOW + np.timedelta64(3, "D"))
    note = SOURCE.fetch([CSI300], later).info("CSI300").note
    assert re.search(r"2024-01-10 is used, 3 days old \(.*\[akshare\]", note)


def test_another_akshare_is_refused_by_name(service, access, monkeypatch):
    import akshare

    monkeypatch.setattr(akshare, "stock_zh_index_daily", lambda other: other)
    with pytest.raises(DataError, match=r"stock_zh_index_daily of akshare \d.* asks for no `symb"):
        SOURCE.fetch([CSI300], access)


@pytest.mark.parametrize(
    "change", [{"kind": "stock"}, {"kind": "return"}, {"calendar": "XNYS"}], ids=str
)
def test_what_it_has_not_is_refused_before_anyone_is_asked(service, access, change):
    other = CSI300.model_copy(update=change)
    with pytest.raises(DataError, match="no index of the mainland or of Hong Kong and no flow"):
        SOURCE.fetch([other], access)
    assert not service.asked


def test_a_flow_that_it_has_not_is_refused(service, access):
    other = FLOW.model_copy(update={"symbols": {"akshare": "northbond"}})
    with pytest.raises(DataError, match=r"no flow 'northbond' here.*did you mean 'northbound'"):
        SOURCE.fetch([other], access)


def test_a_chain_takes_the_index_from_it_and_the_rest_elsewhere(service, access):
    members = [{"name": "akshare", "attempts": 1}, "snapshot"]
    chain = build("eventstudy.sources", "chain", {"sources": members}, kind="source")
    prices = chain.fetch([HSTECH, built_in()["SPX"]], access)
    assert [one.source for one in prices.series] == ["chain", "snapshot"]
    assert "filled from snapshot" in prices.info("HSTECH").note


# -- the contract: what the installed akshare is called by, and what its tables hold ---------------


@pytest.mark.parametrize("function", COLUMNS)
def test_functions_are_called_by_a_symbol(function):
    import akshare

    assert list(inspect.signature(getattr(akshare, function)).parameters) == ["symbol"]


@pytest.mark.parametrize(
    ("function", "symbol"),
    [("stock_zh_index_daily", "sh000300"), ("stock_hk_index_daily_sina", "HSTECH")],
)
def test_the_table_of_an_index(service, function, symbol):
    import akshare

    frame = getattr(akshare, function)(symbol=symbol)
    assert sorted(frame.columns) == ["close", "date", "high", "low", "open", "volume"]
    assert type(frame["date"].iloc[0]) is dt.date
    assert {frame[name].dtype.kind for name in ("open", "high", "low", "close", "volume")} <= set(
        "fi"
    )


@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_the_table_of_flows(service, access, flows, capsys):
    import akshare

    frame = akshare.stock_hsgt_hist_em(symbol="北向资金")
    assert list(frame.columns) == [
        *(
            "日期",
            "当日成交净买额",
            "买入成交额",
            "卖出成交额",
            "历史累计净买额",
            "当日资金流入",
            "当日余额",
        ),
        *("持股市值", "领涨股", "领涨股-涨跌幅", "沪深300", "沪深300-涨跌幅", "领涨股-代码"),
    ]
    assert type(frame["日期"].iloc[0]) is dt.date
    assert frame["当日成交净买额"].dtype == np.float64
    first = min(flows)
    assert frame["当日成交净买额"].iloc[0] == pytest.approx(flows[first] / 100)
    capsys.readouterr()
    SOURCE.fetch([FLOW], access)
    assert capsys.readouterr() == ("", "")
