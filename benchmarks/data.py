"""CPU time of the prices of a study: downloaded, from the cache, and verified, as a table.

Five series of 20 years come from a server on this machine that speaks the protocol of Yahoo, through the
client that the source ``yahoo`` uses. What the server itself costs is in the first line. The numbers are
for comparing two versions on one machine; nothing is asserted.
"""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from eventstudy.sources.base import Access, Prices
from eventstudy.spec import load
from eventstudy.store import Store
from eventstudy.study.fetching import fetch
from tests.live_studies import index
from tests.loopback import Loopback

NAMES = tuple(f"S{number}" for number in range(1, 6))
FIRST, LAST = "2006-01-04", "2025-12-31"
NOW = np.datetime64("2026-11-22T00:00:00", "s")
GOAL = 0.050
"""CPU seconds that a study may spend on prices that the cache has."""

STUDY = """\
format: 1
title: Five series
source: yahoo
assets: [{}]
instruments:
  - {{id: [{}], calendar: XSHG, timezone: Asia/Shanghai, currency: CNY}}
models: [constant_mean]
events:
  - {{id: SD2023, announced: 2023-08-27, title: Mainland stamp duty halved}}
"""


def median_of(prices: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the medians of CPU and wall seconds."""
    cpu, wall = np.median(prices, axis=0)
    return float(cpu), float(wall)


def timed(path: Path, access: Access) -> tuple[tuple[float, float], Prices]:
    """Fetch the prices of a study; return CPU and wall seconds with them."""
    study = load(path).study
    cpu, wall = time.process_time(), time.perf_counter()
    found = fetch(study, access)
    return (time.process_time() - cpu, time.perf_counter() - wall), found


def measure(folder: Path) -> list[tuple[str, tuple[float, float]]]:
    """Return what each step takes, CPU and wall seconds."""
    path = folder / "study.yaml"
    names = ", ".join(NAMES)
    path.write_text(STUDY.format(names, names), encoding="utf-8")
    access = Access(folder, cache=folder / "cache", now=NOW)
    server = Loopback(folder, [index(name, FIRST, LAST) for name in NAMES])
    os.environ.update(server.environment)
    first, prices = timed(path, access)
    again, _ = timed(path, replace(access, refresh=True))
    server.close()
    hits = [timed(path, access)[0] for _ in range(9)]
    rows = f"{len(NAMES)} series, {len(prices.dates):,} sessions"
    cpu, wall = time.process_time(), time.perf_counter()
    Store(folder / "cache").verify()
    verified = (time.process_time() - cpu, time.perf_counter() - wall)
    return [
        (f"download of {rows}, first", first),
        ("download, again", again),
        (f"from the cache (goal {GOAL:.3f})", median_of(hits)),
        ("data verify", verified),
    ]


def main() -> None:
    """Measure every step and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'step':<50}{'CPU s':>9}{'wall s':>9}")
        for name, (cpu, wall) in measure(Path(folder)):
            print(f"{name:<50}{cpu:>9.3f}{wall:>9.3f}")


if __name__ == "__main__":
    main()
