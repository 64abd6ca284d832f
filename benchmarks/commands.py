"""CPU time of the main commands, user and system of all child processes, as a table.

The median of five runs, and one run of the whole report. The numbers are for comparing two versions
on one machine; nothing is asserted.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = str(Path(sys.executable).with_name("eventstudy"))


def cpu_seconds(command: list[str]) -> float:
    """Run a command in the root of the repository and return its CPU time in seconds.

    Raises
    ------
    SystemExit
        When the command fails.
    """
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise SystemExit(f"{' '.join(command)} failed:\n{output.read().decode()}")
    return usage.ru_utime + usage.ru_stime


def write_tables(folder: Path) -> list[str]:
    """Write 483 securities, 1,476 sessions and 40 dates on which each has an event.

    Returns
    -------
    list of str
        The options of ``eventstudy panel`` that name the tables.
    """
    rng = np.random.default_rng(1)
    assets = [f"S{number:03}" for number in range(483)]
    dates = pd.bdate_range("2020-01-02", periods=1476).strftime("%Y-%m-%d")
    market = pd.DataFrame({"date": dates, "MKT": 0.012 * rng.standard_normal(len(dates))})
    noise = 0.02 * rng.standard_normal((len(dates), len(assets)))
    returns = pd.DataFrame(market[["MKT"]].to_numpy() + noise, columns=assets)
    returns = returns.mask(rng.random(returns.shape) < 0.02)
    returns.insert(0, "date", dates)
    days = sorted(rng.choice(dates[260:-15], 40, replace=False))
    events = pd.DataFrame([(f"{d}-{a}", a, d) for d in days for a in assets])
    events.columns = ["event_id", "asset", "event_date"]
    options = []
    for name, table in (("returns", returns), ("market", market), ("events", events)):
        table.to_csv(folder / f"{name}.csv", index=False)
        options += [f"--{name}", str(folder / f"{name}.csv")]
    return options


def main() -> None:
    """Measure every command and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder))


def measure(folder: Path) -> None:
    """Measure every command; `folder` takes tables and results."""
    panel = [PROGRAM, "panel", *write_tables(folder), "--out", str(folder / "out")]
    commands = [
        ("eventstudy --help", [PROGRAM, "--help"], 5),
        ("eventstudy check events", [PROGRAM, "check", "events"], 5),
        ("eventstudy list models", [PROGRAM, "list", "models"], 5),
        ("eventstudy panel, 19,320 events", panel, 3),
        ("make report", ["make", "report"], 1),
    ]
    print(f"{'command':<34}{'runs':>5}{'CPU s':>9}")
    for name, command, runs in commands:
        seconds = median(cpu_seconds(command) for _ in range(runs))
        print(f"{name:<34}{runs:>5}{seconds:>9.2f}")


if __name__ == "__main__":
    main()
