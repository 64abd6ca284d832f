"""What the tests of live data share: the index as a listed symbol, and a short study of it."""

import numpy as np

from eventstudy.sources.snapshot import Snapshot
from eventstudy.spec.instrument import built_in
from tests.loopback import Listed

STUDY = """\
format: 1
title: The stamp duty of August 2023
source: {{name: yahoo, timeout: {timeout}, total: 20, attempts: 2, pause: .02}}
assets: [{asset}]
{instruments}
estimation: [-60, -6]
event_window: [0, 1]
windows: [[0, 0]]
models: [constant_mean]
statistics: [forecast_t]
procedures: []
robustness: false
events:
  - {{id: SD2023, announced: 2023-08-27, title: Mainland stamp duty halved}}
"""
OWN = "instruments:\n  - {{id: {id}, name: {id}, calendar: XSHG, timezone: Asia/Shanghai, currency: CNY}}"
NOW = np.datetime64("2024-01-10T00:00:00")
UNTIL = np.datetime64("2023-10-31")


def write_study(folder, *, asset="CSI300", timeout=3):
    """Write the study of one asset, which is described in it unless every study knows it."""
    instruments = "" if asset in built_in() else OWN.format(id=asset)
    path = folder / f"{asset.lower()}.yaml"
    text = STUDY.format(asset=asset, timeout=timeout, instruments=instruments)
    path.write_text(text, encoding="utf-8")
    return path


def bars_of(instrument, first="1990-01-01", last="2100-01-01"):
    """Bars of the snapshot by date; where it has a close alone, that is the whole bar."""
    prices = Snapshot().fetch([built_in()[instrument]])
    close = prices.column(instrument)
    rows = np.flatnonzero(
        (prices.dates >= np.datetime64(first))
        & (prices.dates <= np.datetime64(last))
        & ~np.isnan(close)
    )
    levels = [prices.column(instrument, field) for field in ("open", "high", "low", "close")]
    bars = [np.where(np.isnan(level), close, level)[rows].tolist() for level in levels]
    volume = range(1000, 1000 + len(rows))
    return dict(zip(prices.dates[rows].tolist(), zip(*bars, volume, strict=True), strict=True))


def index(symbol="000300.SS", first="2023-03-01", last="2023-12-29"):
    """The CSI 300 under a symbol."""
    return Listed(symbol, "Asia/Shanghai", bars_of("CSI300", first, last))


def kept(cache):
    """Every file of the cache by its path, without the client's own notes and the lock."""
    paths = [path for path in cache.rglob("*") if path.is_file()]
    own = [path for path in paths if "yfinance" not in path.parts and path.name != "lock"]
    return {str(path.relative_to(cache)): path.read_bytes() for path in own}
