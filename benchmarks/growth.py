"""How time and memory grow with events, securities, draws and workers: points, lines, and what they foretell.

Every point is a process of its own on one thread: its CPU time, that of its workers in it, and its peak of
memory. Through the points of events, of securities and of draws goes a line each, weighted so that small and
large sizes count alike; what it says of sizes that were not measured is marked.

    python -m benchmarks.growth [--write] [--draws N]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks import pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

RESULTS = Path(__file__).with_suffix(".json")
PAGE, MARKER = pages.DOCS / "performance.md", "growth"
ROOT = Path(__file__).resolve().parents[1]

EVENTS = (20_000, 40_000, 80_000, 160_000)
LARGE = 1_000_000
"""Events with which the line of the others is tried."""

SECURITIES = (500, 1_000, 2_000, 4_000)
DRAWS = (9_999, 99_999, 299_999, 999_999)
OF_EVENTS, OF_SECURITIES = 2_000, 20_000
"""Securities while events grow, and events while securities grow."""

NAMES = {"panel": "events", "placebo": "draws"}
YEARS, SESSIONS, AT_ONCE = 10, 252, 500
MEMORY = "4GB"

PLACEBO = """\
import sys
from benchmarks import inference
from eventstudy.placebo.placebo import Placebo
from eventstudy.spec import load
from eventstudy.study.draws import generator
from eventstudy.study.trial import trial_of
from eventstudy.workers import Workers, employed
if __name__ == "__main__":
    given = inference.prepared(load(inference.STUDY))
    asked = trial_of(given.study, given.study.models[0], given.parts[0], given.known)
    with employed(Workers(int(sys.argv[2]))):
        Placebo(draws=int(sys.argv[1])).compare(asked, generator(1, "growth"))
"""

THREADS = """\
import os, sys
import numpy as np
from eventstudy.workers import Workers, employed, spread
def threads(number):
    values = np.ones((600, 600))
    for _ in range(40):
        values @ values
    return os.getpid(), len(os.listdir("/proc/self/task"))
if __name__ == "__main__":
    with employed(Workers(int(sys.argv[1]))):
        found = dict(spread(threads, range(8)))
    print(len(found), max(found.values()))
"""


def measured(code: list[str], environment: dict[str, str] | None = None) -> dict[str, Any]:
    """Run a process of Python and return its CPU and wall time, its peak of memory and what it prints.

    Raises
    ------
    SystemExit
        When it fails.
    """
    path = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    given = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": path, **(environment or {})}
    with tempfile.TemporaryFile() as output:
        begin = perf_counter()
        process = subprocess.Popen(
            [sys.executable, *code], cwd=ROOT, env=given, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read().decode()
    if process.returncode:
        raise SystemExit(f"{code[:3]} failed:\n{printed}")
    cpu = usage.ru_utime + usage.ru_stime
    return {"cpu": cpu, "wall": wall, "peak": usage.ru_maxrss * 1024 / 1e9, "said": printed}


def write_panel(folder: Path, securities: int) -> None:
    """Write a simulated panel as Parquet, a file for each year, sorted by security; and its market."""
    rng = np.random.default_rng(1)
    days = pd.bdate_range("2005-01-03", periods=SESSIONS * YEARS).to_numpy("datetime64[D]")
    names = np.array([f"S{number:05d}" for number in range(securities)])
    market, beta = rng.normal(0.0003, 0.011, len(days)), rng.uniform(0.5, 1.5, securities)
    for year in range(YEARS):
        here = slice(SESSIONS * year, SESSIONS * (year + 1))
        part = folder / "returns" / f"year={year}"
        part.mkdir(parents=True)
        tables = []
        for start in range(0, securities, AT_ONCE):
            some = slice(start, start + AT_ONCE)
            noise = rng.normal(0, 0.02, (len(names[some]), SESSIONS))
            own = (beta[some, None] * market[here] + noise).ravel()
            tables.append(
                pa.table(
                    {
                        "date": np.tile(days[here], len(noise)),
                        "asset": np.repeat(names[some], SESSIONS),
                        "return": own,
                    }
                )
            )
        pq.write_table(pa.concat_tables(tables), part / "rows.parquet", row_group_size=1 << 17)
    pd.DataFrame({"date": days.astype(str), "M": market}).to_csv(folder / "M.csv", index=False)


def write_events(folder: Path, securities: int, number: int) -> None:
    """Write events on securities and days drawn at random."""
    rng = np.random.default_rng(2)
    days = pd.bdate_range("2005-01-03", periods=SESSIONS * YEARS).strftime("%Y-%m-%d").to_numpy()
    drawn = {
        "event_id": np.arange(number),
        "asset": [f"S{each:05d}" for each in rng.integers(0, securities, number)],
        "event_date": days[rng.integers(260, len(days) - 15, number)],
    }
    pd.DataFrame(drawn).to_parquet(folder / "E.parquet", index=False)


def panel(folder: Path, events: int, securities: int, *more: str) -> dict[str, Any]:
    """Measure a panel with every test that needs no resampling."""
    write_events(folder, securities, events)
    words = ["--returns", "returns", "--market", "M.csv", "--events", "E.parquet"]
    paths = [str(folder / word) if not word.startswith("-") else word for word in words]
    out = ["--out", str(folder / "out")]
    return measured(["-m", "eventstudy", "panel", *paths, *more, *out])


def line(points: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """Return intercept and slope of a line through points, and the largest residual in per cent."""
    size, value = np.array(points, dtype=float).T
    regressors = np.column_stack([np.ones(len(size)), size]) / value[:, None]
    (fixed, slope), *_ = np.linalg.lstsq(regressors, np.ones(len(size)), rcond=None)
    residual = np.abs((fixed + slope * size) / value - 1).max()
    return float(fixed), float(slope), float(100 * residual)


def grown() -> Iterator[dict[str, Any]]:
    """Measure events and securities."""
    for what, sizes in (("events", EVENTS), ("securities", SECURITIES), ("large", (LARGE,))):
        for size in sizes:
            events, securities = (
                (OF_SECURITIES, size) if what == "securities" else (size, OF_EVENTS)
            )
            with tempfile.TemporaryDirectory() as name:
                write_panel(Path(name), securities)
                found = panel(Path(name), events, securities, "--memory", MEMORY)
            yield {"what": what, "size": size, "workers": 1, **found}


def drawn(sizes: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Measure placebo draws."""
    for size in sizes:
        yield {"what": "draws", "size": size, "workers": 1, **measured(script(PLACEBO, size, 1))}


def shared() -> Iterator[dict[str, Any]]:
    """Measure one process and two on the same work, and count their threads."""
    for workers in (1, 2):
        with tempfile.TemporaryDirectory() as name:
            write_panel(Path(name), OF_EVENTS)
            more = ("--memory", MEMORY, "--workers", str(workers), "--statistic", "bmp")
            found = panel(Path(name), EVENTS[-2], OF_EVENTS, *more)
        yield {"what": "panel", "size": EVENTS[-2], "workers": workers, **found}
        found = measured(script(PLACEBO, DRAWS[1], workers))
        yield {"what": "placebo", "size": DRAWS[1], "workers": workers, **found}
    for workers, pinned in ((1, ""), (1, "1"), (2, "")):
        found = measured(script(THREADS, workers), {"OMP_NUM_THREADS": pinned})
        yield {"what": "threads", "size": 8, "workers": workers, "pinned": pinned, **found}


def script(code: str, *arguments: int) -> list[str]:
    """Return the arguments that run a script; workers find its functions by their module."""
    return ["-c", code, *map(str, arguments)]


def table(results: dict[str, Any]) -> str:
    """Return the results as Markdown: lines through the points, processes, threads."""
    points = results["points"]
    rows = [results["where"], ""]
    rows += ["| | from, to | at none | for 1,000 more | furthest off | the largest |"]
    rows += ["|---|---|---:|---:|---:|---|"]
    for what in ("events", "securities", "draws"):
        rows += _lines(what, [point for point in points if point["what"] == what])
    large = next(point for point in points if point["what"] == "large")
    rows += ["", *_foretold([point for point in points if point["what"] == "events"], large)]
    rows += [
        "",
        "| | processes | CPU time | wall time | CPU over wall |",
        "|---|---:|---:|---:|---:|",
    ]
    for point in points:
        if point["what"] in {"panel", "placebo"}:
            name = f"{point['what']}, {point['size']:,} {NAMES[point['what']]}"
            rows.append(f"| {name} | {point['workers']} | {_spent(point)} |")
    rows += [
        "",
        "| BLAS asked for | processes | threads of each | CPU time | wall time | CPU over wall |",
    ]
    rows += ["|---|---:|---:|---:|---:|---:|"]
    for point in points:
        if point["what"] == "threads":
            asked = f"`OMP_NUM_THREADS={point['pinned']}`" if point["pinned"] else "nothing"
            rows.append(f"| {asked} | {' | '.join(point['said'].split())} | {_spent(point)} |")
    return "\n".join([*rows, ""])


def _spent(point: dict[str, Any]) -> str:
    """Return three cells: CPU time, wall time and their ratio."""
    cpu, wall = point["cpu"], point["wall"]
    return f"{cpu:.1f} s | {wall:.1f} s | {cpu / wall:.2f}"


UNITS = {"cpu": ("CPU time", "s", 1, "s"), "peak": ("memory", "GB", 1_000, "MB")}


def _lines(what: str, points: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the row of time and that of memory of what grows."""
    sizes = [point["size"] for point in points]
    for name, (said, unit, times, small) in UNITS.items():
        fixed, slope, residual = line([(point["size"], point[name]) for point in points])
        yield (
            f"| {what}: {said} | {min(sizes):,} to {max(sizes):,} | {fixed:.2f} {unit} |"
            f" {1_000 * times * slope:.3g} {small} | {residual:.0f} % | {points[-1][name]:.3g} {unit} |"
        )


def _foretold(points: list[dict[str, Any]], large: dict[str, Any]) -> Iterator[str]:
    """Yield what the lines of events say of more events, and what a large panel took."""
    yield "| events | CPU time foretold | measured | memory foretold | measured |"
    yield "|---:|---:|---:|---:|---:|"
    for size in (LARGE, 10 * LARGE):
        cells = [f"{size:,}"]
        for name, (_, unit, *_) in UNITS.items():
            fixed, slope, _ = line([(point["size"], point[name]) for point in points])
            was = f"{_three(large[name])} {unit}" if size == large["size"] else ""
            cells += [f"{_three(fixed + slope * size)} {unit}", was]
        yield f"| {' | '.join(cells)} |"


def _three(value: float) -> str:
    """Return a number with three digits at least."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def main() -> None:
    """Measure every point, print the tables, and keep the results."""
    parser = argparse.ArgumentParser(description="Measure how time and memory grow.")
    parser.add_argument("--write", action="store_true", help=f"write the tables into {PAGE.name}")
    parser.add_argument("--draws", type=int, default=DRAWS[-1], help="most placebo draws")
    options = parser.parse_args()
    points: list[dict[str, Any]] = []
    sizes = [size for size in DRAWS if size <= options.draws]
    parts: tuple[Callable[[], Iterator[dict[str, Any]]], ...] = (
        lambda: drawn(sizes),
        grown,
        shared,
    )
    for part in parts:
        for point in part():
            print({key: value for key, value in point.items() if key != "said"}, flush=True)
            points.append(point if point["what"] == "threads" else {**point, "said": ""})
    day = np.datetime_as_string(np.datetime64("today"), unit="D")
    results = {"where": f"Measured {day} on {pages.machine()}.", "points": points}
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(table(results))
    if options.write:
        pages.write(PAGE, MARKER, table(results))


if __name__ == "__main__":
    main()
