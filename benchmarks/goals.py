"""What the program may take, and what it takes: CPU time, memory and ratios, as a table.

The least of several runs, user and system time of processes of their own. Ratios have plain numpy that
gathers every window below them, from the same run.

    python -m benchmarks.goals [--write] [--program PATH]
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from benchmarks import commands, engine, inference, pages, panels

from eventstudy.abnormal import abnormal_returns
from eventstudy.aggregate import cumulate
from eventstudy.inference.wild_bootstrap import WildBootstrap
from eventstudy.models.market import Market
from eventstudy.spec import load

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULTS = Path(__file__).with_suffix(".json")
PAGE, MARKER = pages.DOCS / "performance.md", "goals"
RUNS = 5


@dataclass(frozen=True)
class Goal:
    """A limit and what was measured.

    Attributes
    ----------
    what : str
        What is limited.
    limit, measured : float
        In `unit`.
    unit : str
        ``s`` of CPU time, ``GB``, or ``times`` of something else.
    """

    what: str
    limit: float
    measured: float
    unit: str = "s"


def kernel() -> Iterator[Goal]:
    """Measure the market model with five CARs, Patell and BMP, beside plain numpy and by itself."""
    large = "100,000 events: CPU time beside numpy"
    for n, what, limit in (
        (1_000, "1,000 events: CPU time beside numpy", 1.0),
        (100_000, large, 0.5),
    ):
        spent, _ = engine.measured("kernel", n)
        yield Goal(what, limit, spent["engine"] / spent["gathering"], "times")
    million, memory = min(
        ((spent["engine"], memory) for spent, memory in _repeated("alone", 1_000_000, 2))
    )
    hundred = min(spent["engine"] for spent, _ in _repeated("alone", 100_000, 3))
    yield Goal("1,000,000 events: peak memory", 4.0, memory, "GB")
    yield Goal("1,000,000 events: CPU time beside 100,000", 11.0, million / hundred, "times")


def _repeated(task: str, n: int, runs: int) -> Iterator[tuple[dict[str, float], float]]:
    """Measure a task several times."""
    return (engine.measured(task, n) for _ in range(runs))


def statistics() -> Iterator[Goal]:
    """Measure every test without resampling on 100,000 events and 25 windows."""
    found = list(_repeated("statistics", 100_000, 2))
    least = min(sum(spent.values()) for spent, _ in found)
    yield Goal("100,000 events: every test without resampling", 12.0, least)
    yield Goal("the same: peak memory", 3.0, max(memory for _, memory in found), "GB")


def write_tables(folder: Path, suffix: str) -> list[str]:
    """Write 10,000 events on 2,000 securities and 2,520 sessions; return the options that name them."""
    panel = panels.simulated(10_000, engine.MISSING)
    dates = pd.bdate_range("2015-01-02", periods=panels.SESSIONS).strftime("%Y-%m-%d")
    names = np.array([f"S{number:04}" for number in range(panels.SECURITIES)])
    returns = pd.DataFrame(panel.returns, columns=names)
    returns.insert(0, "date", dates)
    events = pd.DataFrame({"asset": names[panel.column], "event_date": dates[panel.day0]})
    events.insert(0, "event_id", [f"e{number}" for number in range(len(events))])
    options = []
    for name, table in (
        ("returns", returns),
        ("market", pd.DataFrame({"date": dates, "MKT": panel.market})),
        ("events", events),
    ):
        path = folder / f"{name}.{suffix}"
        table.to_csv(path, index=False) if suffix == "csv" else table.to_parquet(path, index=False)
        options += [f"--{name}", str(path)]
    return options


def least(command: list[str], runs: int = RUNS) -> float:
    """Return the least CPU time of a command."""
    return min(commands.cpu_seconds(command) for _ in range(runs))


def programs(program: str) -> Iterator[Goal]:
    """Measure the commands."""
    for words, limit in ((["--help"], 0.25), (["check", "events"], 0.6), (["list", "models"], 0.4)):
        yield Goal(f"`eventstudy {' '.join(words)}`", limit, least([program, *words]))
    with tempfile.TemporaryDirectory() as folder:
        for suffix, kind, limit in (("csv", "CSV", 15.0), ("parquet", "Parquet", 6.0)):
            options = [*write_tables(Path(folder), suffix), "--out", str(Path(folder) / "out")]
            what = f"`eventstudy panel`, 10,000 events from {kind}"
            yield Goal(what, limit, least([program, "panel", *options], 3))


def resampling() -> Iterator[Goal]:
    """Measure placebo and wild bootstrap, 9,999 draws each; both run once before."""
    given = inference.prepared(load(inference.STUDY))
    found = [sum(inference.measured(given)["placebo"].values()) for _ in range(3)]
    yield Goal("9,999 placebo draws, 85 events, 2 assets, 6 windows, 2 models", 3.0, min(found[1:]))
    sample = engine.sample_of(engine.simulated(1_000))
    cars = cumulate(abnormal_returns(sample, Market("MARKET").fit(sample)), engine.WINDOWS)
    taken = [
        engine.seconds(WildBootstrap().test, cars, np.random.default_rng(1))[0] for _ in range(RUNS)
    ]
    yield Goal("wild bootstrap, 9,999 draws, 1,000 events, 5 windows", 2.0, min(taken))


def page(results: dict[str, Any]) -> str:
    """Return the results as Markdown."""
    rows = [
        f"| {goal.what} | {goal.limit:g} {goal.unit} | {goal.measured:.2f} {goal.unit} |"
        f" {'yes' if goal.measured <= goal.limit else 'no'} |"
        for goal in (Goal(**each) for each in results["goals"])
    ]
    head = ["| | at most | measured | met |", "|---|---:|---:|---|"]
    return "\n".join([results["where"], "", *head, *rows, ""])


def main() -> None:
    """Measure every goal, print the table, and keep the results."""
    parser = argparse.ArgumentParser(description="Hold the program against its goals.")
    parser.add_argument("--write", action="store_true", help=f"write the table into {PAGE.name}")
    parser.add_argument("--program", default=commands.PROGRAM, help="path of eventstudy")
    options = parser.parse_args()
    goals: list[Goal] = []
    for part in (kernel(), statistics(), resampling(), programs(options.program)):
        for goal in part:
            print(f"{goal.what:<64}{goal.limit:>8g}{goal.measured:>10.3f} {goal.unit}", flush=True)
            goals.append(goal)
    day = np.datetime_as_string(np.datetime64("today"), unit="D")
    where = f"Measured {day} on {pages.machine()}."
    results = {"where": where, "goals": [asdict(goal) for goal in goals]}
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    if options.write:
        pages.write(PAGE, MARKER, page(results))


if __name__ == "__main__":
    main()
