"""CPU time and memory of the estimation and of all statistics, beside plain numpy, as a table.

2,000 simulated securities over 2,520 sessions, 4 per cent of the returns missing, estimation window
[-270, -21], event window [-10, 10], five windows. Every row is a process of its own: user and system
time without the start and the making of the data; the peak of its memory with them. The numbers are
for comparing two versions on one machine; nothing is asserted but that the two sides of a ratio give
the same result.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from statistics import median
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from eventstudy.abnormal import abnormal_returns
from eventstudy.aggregate import cumulate, moments
from eventstudy.inference.bmp import BMP
from eventstudy.inference.patell import Patell
from eventstudy.models.market import Market
from eventstudy.registry import plugins
from eventstudy.returns.sample import Sample
from eventstudy.spec import Window
from eventstudy.study.analysis import tested_windows

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

T = TypeVar("T")

SECURITIES, SESSIONS, MISSING = 2000, 2520, 0.04
ESTIMATION, EVENT = Window(-270, -21), Window(-10, 10)
WINDOWS = (Window(0, 0), Window(-1, 1), Window(0, 5), Window(-5, 5), EVENT)
DIGITS = 1e-12
SIZES = (1_000, 10_000, 100_000)


def simulated(n: int) -> Sample:
    """Return n events on random securities and sessions.

    Parameters
    ----------
    n : int
        Number of events.
    """
    rng = np.random.default_rng(42)
    market = 0.01 * rng.standard_normal(SESSIONS)
    panel = rng.uniform(0.5, 1.5, SECURITIES) * market[:, None]
    panel += 0.02 * rng.standard_normal(panel.shape)
    panel[rng.random(panel.shape) < MISSING] = np.nan
    column = rng.integers(0, SECURITIES, n)
    return Sample(
        event_ids=np.array([f"e{number}" for number in range(n)], dtype=object),
        assets=np.array([f"s{number}" for number in column], dtype=object),
        axes=(np.datetime64("2015-01-01", "D") + np.arange(SESSIONS),),
        column=column,
        day0=rng.integers(-ESTIMATION.start, SESSIONS - EVENT.end, n),
        panel=panel,
        column_axis=np.zeros(SECURITIES, dtype=np.int64),
        factors=market[None, :, None],
        estimation=ESTIMATION,
        event_window=EVENT,
    )


def engine(sample: Sample) -> tuple[Floats, ...]:
    """Return CARs, standardised CARs, Patell and BMP as the program computes them."""
    abnormal = abnormal_returns(sample, Market("MARKET").fit(sample))
    cars = cumulate(abnormal, WINDOWS)
    return cars.car, cars.scar, Patell().test(cars).statistic, BMP().test(cars).statistic


def gathering(sample: Sample) -> tuple[Floats, ...]:
    """Return the same by plain numpy: every window is gathered, sums run over its sessions."""
    parts = [
        _gathered(sample, rows)
        for rows in np.array_split(np.arange(len(sample)), len(sample) // 4000 + 1)
    ]
    car, scar, dof = (np.concatenate(part) for part in zip(*parts, strict=True))
    here = np.isfinite(scar)
    variance = np.where(here, (dof / (dof - 2))[:, None], 0.0).sum(axis=0)
    patell = np.nansum(scar, axis=0) / np.sqrt(variance)
    n, mean, sd = moments(scar)
    return car, scar, patell, np.sqrt(n) * mean / sd


def _gathered(sample: Sample, rows: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    """Return CARs, standardised CARs and degrees of freedom of some events."""
    column, market = sample.column[rows, None], sample.factors[0, :, 0]
    at, on = (
        sample.day0[rows, None] + np.arange(window.start, window.end + 1)
        for window in (ESTIMATION, EVENT)
    )
    y, x = sample.panel[at, column], market[at]
    here = np.isfinite(y)
    m = here.sum(axis=1)
    mean_y = np.where(here, y, 0.0).sum(axis=1) / m
    mean_x = np.where(here, x, 0.0).sum(axis=1) / m
    dy = np.where(here, y - mean_y[:, None], 0.0)
    dx = np.where(here, x - mean_x[:, None], 0.0)
    ssx = (dx * dx).sum(axis=1)
    beta = (dx * dy).sum(axis=1) / ssx
    alpha = mean_y - beta * mean_x
    sse = ((dy - beta[:, None] * dx) ** 2).sum(axis=1)
    ar = sample.panel[on, column] - alpha[:, None] - beta[:, None] * market[on]
    car, scar = np.empty((2, len(rows), len(WINDOWS)))
    for position, window in enumerate(WINDOWS):
        days = slice(window.start - EVENT.start, window.end - EVENT.start + 1)
        length = window.length
        apart = market[on[:, days]].sum(axis=1) - length * mean_x
        variance = sse / (m - 2) * (length + length**2 / m + apart**2 / ssx)
        car[:, position] = ar[:, days].sum(axis=1)
        scar[:, position] = car[:, position] / np.sqrt(variance)
    return car, scar, m - 2.0


def statistics(sample: Sample) -> dict[str, float]:
    """Return the CPU time of every statistic without resampling, on the group of all events."""
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


def kernel(sample: Sample, runs: int = 3) -> dict[str, float]:
    """Return the median CPU time of both sides, in turns.

    Raises
    ------
    SystemExit
        When they do not agree.
    """
    engine(sample.select(np.arange(100)))
    spent: dict[str, list[float]] = {"engine": [], "gathering": []}
    for _ in range(runs):
        for side, work in (("gathering", gathering), ("engine", engine)):
            taken, found = seconds(work, sample)
            spent[side].append(taken)
            if side == "gathering":
                plain = found
        if not difference(found, plain) <= DIGITS:
            raise SystemExit(f"the two sides differ by {difference(found, plain):.1e}")
    return {side: median(taken) for side, taken in spent.items()}


def measured(task: str, n: int) -> tuple[dict[str, float], float]:
    """Run a task in a process of its own; return what it measures, and its peak memory in GB.

    Matrices are multiplied by one thread, as on the command line.
    """
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, __file__, task, str(n)], env=environment, stdout=subprocess.PIPE
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
        print(json.dumps({"kernel": kernel, "statistics": statistics}[task](simulated(n))))
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
