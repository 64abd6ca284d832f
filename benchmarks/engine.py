"""CPU time and memory of the estimation and of all statistics, beside plain numpy, as a table.

2,000 simulated securities over 2,520 sessions, 4 per cent of the returns missing, estimation window
[-270, -21], event window [-10, 10], five windows. Every row is a process of its own: user and system
time without the start and the making of the data, the least of five runs of both sides in turns; the peak
of its memory with them. The numbers are for comparing two versions on one machine; nothing is asserted
but that the two sides of a ratio give the same result.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from benchmarks import panels
from benchmarks.gathering import gathered

from eventstudy.abnormal import abnormal_returns
from eventstudy.aggregate import cumulate
from eventstudy.inference.bmp import BMP
from eventstudy.inference.patell import Patell
from eventstudy.models.market import Market
from eventstudy.registry import plugins
from eventstudy.returns.sample import one_axis
from eventstudy.spec import Window
from eventstudy.study.analysis import tested_windows

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.panels import Panel
    from numpy.typing import NDArray

    from eventstudy.returns.sample import Sample

    Floats = NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[1]
T = TypeVar("T")

MISSING = 0.04
ESTIMATION, EVENT = Window(*panels.ESTIMATION), Window(*panels.EVENT)
WINDOWS = tuple(Window(*each) for each in panels.WINDOWS)
DIGITS = 1e-12
SIZES = (1_000, 10_000, 100_000)


def simulated(n: int) -> Panel:
    """Return n events, 4 per cent of the returns missing."""
    return panels.simulated(n, MISSING)


def sample_of(panel: Panel) -> Sample:
    """Return events as the program takes them."""
    return one_axis(
        panel.returns,
        panel.market[:, None],
        panel.column,
        panel.day0,
        estimation=ESTIMATION,
        event_window=EVENT,
    )


def engine(sample: Sample) -> tuple[Floats, ...]:
    """Return CARs, standardised CARs, Patell and BMP as the program computes them."""
    abnormal = abnormal_returns(sample, Market("MARKET").fit(sample))
    cars = cumulate(abnormal, WINDOWS)
    return cars.car, cars.scar, Patell().test(cars).statistic, BMP().test(cars).statistic


def statistics(panel: Panel) -> dict[str, float]:
    """Return the CPU time of every statistic without resampling, on the group of all events."""
    sample = sample_of(panel)
    abnormal = abnormal_returns(sample, Market("MARKET").fit(sample))
    cars = cumulate(abnormal, tested_windows(WINDOWS, EVENT))
    tests = [
        plugin()
        for plugin in plugins("eventstudy.inference").values()
        if plugin.scope == "group" and not plugin.resampling
    ]
    few = cars.select(np.arange(300))
    for test in tests:
        test.test(few)
    return {test.name: seconds(test.test, cars)[0] for test in tests}


def seconds(work: Callable[..., T], *arguments: object) -> tuple[float, T]:
    """Run something and return its CPU time in seconds, with what it returns."""
    before = time.process_time()
    found = work(*arguments)
    return time.process_time() - before, found


def difference(ours: tuple[Floats, ...], plain: tuple[Floats, ...]) -> float:
    """Return the largest difference, as a share of the size of each array; NaN where one differs."""
    return max(
        float(np.nanmax(np.abs(one - other)) / np.nanmax(np.abs(other)))
        if np.array_equal(np.isnan(one), np.isnan(other))
        else np.nan
        for one, other in zip(ours, plain, strict=True)
    )


def kernel(panel: Panel, runs: int = 5) -> dict[str, float]:
    """Return the least CPU time of both sides, in turns.

    Raises
    ------
    SystemExit
        When they do not agree.
    """
    sample = sample_of(panel)
    engine(sample.select(np.arange(100)))
    spent: dict[str, list[float]] = {"engine": [], "gathering": []}
    for _ in range(runs):
        taken, plain = seconds(gathered, panel)
        spent["gathering"].append(taken)
        taken, found = seconds(engine, sample)
        spent["engine"].append(taken)
        if not difference(found, plain) <= DIGITS:
            raise SystemExit(f"the two sides differ by {difference(found, plain):.1e}")
    return {side: min(taken) for side, taken in spent.items()}


def alone(panel: Panel) -> dict[str, float]:
    """Return the CPU time of the engine by itself, once."""
    sample = sample_of(panel)
    engine(sample.select(np.arange(100)))
    return {"engine": seconds(engine, sample)[0]}


def measured(task: str, n: int) -> tuple[dict[str, float], float]:
    """Run a task in a process of its own; return what it measures, and its peak memory in GB.

    Matrices are multiplied by one thread, as on the command line.
    """
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.engine", task, str(n)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
    ) as process:
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{task} with {n} events failed")
    return json.loads(output), usage.ru_maxrss / 1024**2


def main() -> None:
    """Measure both tasks at three sizes and print the tables; with two arguments, measure one."""
    if len(sys.argv) == 3:
        task, n = sys.argv[1], int(sys.argv[2])
        tasks = {"kernel": kernel, "alone": alone, "statistics": statistics}
        print(json.dumps(tasks[task](simulated(n))))
        return
    print(
        f"{'market model, CAR, Patell, BMP':<32}{'CPU s':>8}{'gathering':>11}{'ratio':>7}{'GB':>6}"
    )
    for n in SIZES:
        spent, memory = measured("kernel", n)
        ratio = spent["engine"] / spent["gathering"]
        row = f"{spent['engine']:8.2f}{spent['gathering']:11.2f}{ratio:7.2f}{memory:6.2f}"
        print(f"{n:>32,}{row}")
    tables = {n: measured("statistics", n) for n in SIZES}
    print("\n" + f"{'statistics, 25 windows: CPU s':<32}" + "".join(f"{n:>10,}" for n in SIZES))
    for name in tables[SIZES[0]][0]:
        print(f"{name:<32}" + "".join(f"{spent[name]:10.3f}" for spent, _ in tables.values()))
    print(f"{'all':<32}" + "".join(f"{sum(s.values()):10.2f}" for s, _ in tables.values()))
    print(f"{'GB':<32}" + "".join(f"{memory:10.2f}" for _, memory in tables.values()))


if __name__ == "__main__":
    main()
