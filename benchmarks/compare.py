"""The engine beside plain numpy and public packages: CPU time, memory, and whether the CARs agree.

One simulated panel without gaps, 2,000 securities and 2,520 sessions; estimation window [-270, -21], event
window [-10, 10]. Every side is a process of its own in an environment of its own: user and system time of
the work, the least of up to five runs, without the start and without bringing the panel into the form that
the side takes; the peak of its memory with them. Seconds of another machine will differ, ratios less.

    python -m benchmarks.compare [--quick] [--write] [--folder DIR]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from benchmarks import pages, panels
from benchmarks.environments import MissingError, environment

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).with_suffix(".json")
PAGE, MARKER = pages.DOCS / "performance.md", "comparison"
SIZES = (100, 1_000, 10_000)
QUICK = 1_000
DIGITS = 1e-12


@dataclass(frozen=True)
class Side:
    """Something that is measured.

    Attributes
    ----------
    name, version : str
        What it is called; Python that it runs on, empty for this one.
    tests : str
        Test statistics that it computes.
    slow : bool
        Whether ``--quick`` leaves out the largest size and extrapolates.
    """

    name: str
    version: str = ""
    tests: str = "Patell, BMP"
    slow: bool = False

    @property
    def script(self) -> str:
        """Name of the module that runs it."""
        return f"run_{self.name.replace('-', '_')}"


SIDES = (
    Side("engine"),
    Side("gathering"),
    Side("eventstudy", "3.11", "t of the mean CAR"),
    Side("easy-es", "3.11", "t of every day", slow=True),
    Side(
        "event-study-toolkit", "3.11", "t, sign, generalised sign, Patell's without L²/M", slow=True
    ),
    Side("eventstudystatistics", "3.10", "BMP, adjusted BMP, generalised rank", slow=True),
)


def command(side: Side, folder: Path) -> list[str]:
    """Return the command that measures a side on the panel whose path is added."""
    if not side.version:
        return [sys.executable, "-m", f"benchmarks.packages.{side.script}"]
    python = environment(side.name, side.version, folder)
    return [str(python), str(ROOT / "benchmarks" / "packages" / f"{side.script}.py")]


def run(line: list[str], panel: Path) -> dict[str, float]:
    """Run a command on a panel; return what it prints, with its peak memory in MB.

    Raises
    ------
    MissingError
        When it fails.
    """
    own = "-m" in line
    kept = {name: value for name, value in os.environ.items() if own or name != "PYTHONPATH"}
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            [*line, str(panel)],
            cwd=ROOT if own else panel.parent,
            env={**kept, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as process,
    ):
        output = process.stdout.read() if process.stdout else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        lines = errors.read().decode().strip().splitlines()
    if process.returncode:
        raise MissingError(f"fails: {(lines or ['no message'])[-1]}")
    return {**json.loads(output), "memory": usage.ru_maxrss / 1024}


def one_mean_bmp(panel: panels.Panel) -> float:
    """Return BMP over the event window as `eventstudystatistics` has it.

    Its forecast error takes the market's distance from one mean over the estimation windows of all events,
    where the formula has each event's own.
    """
    column, day0 = panel.column[:, None], panel.day0[:, None]
    at, on = (
        day0 + np.arange(first, last + 1) for first, last in (panels.ESTIMATION, panels.EVENT)
    )
    y, x = panel.returns[at, column], panel.market[at]
    apart = x - x.mean(axis=1, keepdims=True)
    ssx = (apart**2).sum(axis=1)
    beta = (apart * y).sum(axis=1) / ssx
    alpha = y.mean(axis=1) - beta * x.mean(axis=1)
    residual = y - alpha[:, None] - beta[:, None] * x
    market, m, length = panel.market[on], at.shape[1], on.shape[1]
    far = (market - x.mean()).sum(axis=1) ** 2
    variance = (residual**2).sum(axis=1) / (m - 2) * (length + length**2 / m + far / ssx)
    car = (panel.returns[on, column] - alpha[:, None] - beta[:, None] * market).sum(axis=1)
    scar = car / np.sqrt(variance)
    return float(np.sqrt(len(scar)) * scar.mean() / scar.std(ddof=1))


def checked(found: dict[str, float], plain: dict[str, float], bmp: float) -> float:
    """Return how far a side is from plain numpy: in its mean CAR, or in its BMP as it defines it."""
    pairs = (found["caar"], plain["caar"]) if "caar" in found else (found["bmp"], bmp)
    return abs(pairs[0] - pairs[1])


def sizes_of(side: Side, *, quick: bool) -> Iterator[int]:
    """Yield the numbers of events that a side is run on."""
    return (size for size in SIZES if not (quick and side.slow and size > QUICK))


def compared(folder: Path, *, quick: bool) -> dict[str, dict[str, Any]]:
    """Measure every side at every size.

    Returns
    -------
    dict
        By name: ``reason`` where the side does not run; else ``runs``, what it prints by size.

    Raises
    ------
    SystemExit
        When a side does not agree with plain numpy.
    """
    found: dict[str, dict[str, Any]] = {side.name: {"runs": {}} for side in SIDES}
    with tempfile.TemporaryDirectory() as temporary:
        for size in SIZES:
            panel = panels.simulated(size, 0.0)
            path = Path(temporary) / f"panel-{size}.npz"
            panel.save(path)
            plain = run(command(Side("gathering"), folder), path)
            for side in SIDES:
                if size not in sizes_of(side, quick=quick) or "reason" in found[side.name]:
                    continue
                try:
                    each = run(command(side, folder), path)
                except MissingError as error:
                    found[side.name]["reason"] = str(error)
                    continue
                far = checked(each, plain, one_mean_bmp(panel))
                if not far <= DIGITS * max(1.0, abs(each.get("bmp", 0.0))):
                    raise SystemExit(f"{side.name} is {far:.1e} off with {size} events")
                found[side.name]["runs"][str(size)] = {**each, "difference": far}
                print(f"{side.name:<24}{size:>8,}{each['seconds']:>12.4f} s", flush=True)
    return found


def seconds(side: dict[str, Any], size: int) -> tuple[float, bool]:
    """Return CPU seconds at a size, and whether they are extrapolated in proportion to the events."""
    runs = side["runs"]
    if str(size) in runs:
        return runs[str(size)]["seconds"], True
    return runs[str(QUICK)]["seconds"] * size / QUICK, False


def table(results: dict[str, Any]) -> str:
    """Return the results as Markdown."""
    head = ["", *(f"{size:,}" for size in SIZES), "times the engine", "GB", "tests"]
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 2) + "---|"]
    sides, largest = results["sides"], SIZES[-1]
    base = seconds(sides["engine"], largest)[0]
    for side in SIDES:
        each = sides[side.name]
        name = side.name if not side.version else f"`{side.name}`"
        if "reason" in each:
            lines.append(f"| {name} | {each['reason']} |" + " |" * (len(head) - 2))
            continue
        shown = [seconds(each, size) for size in SIZES]
        cells = [f"{'' if exact else '≈ '}{value:.3g} s" for value, exact in shown]
        memory = max(run["memory"] for run in each["runs"].values()) / 1024
        ratio = shown[-1][0] / base
        cells += [f"{ratio:,.{0 if ratio >= 10 else 2}f}", f"{memory:.2f}", side.tests]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    note = f"Measured {results['date']} on {results['machine']}."
    return "\n".join([note, "", *lines, ""])


def main() -> None:
    """Measure, print the table, and keep the results."""
    parser = argparse.ArgumentParser(description="Compare the engine with other programs.")
    parser.add_argument("--quick", action="store_true", help="extrapolate the slow ones")
    parser.add_argument("--write", action="store_true", help=f"write the table into {PAGE.name}")
    parser.add_argument("--folder", type=Path, default=ROOT / ".venv-benchmarks")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    sides = compared(options.folder, quick=options.quick)
    day = np.datetime_as_string(np.datetime64("today"), unit="D")
    results = {"date": str(day), "machine": pages.machine(), "sides": sides}
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print("\n" + table(results))
    if options.write:
        pages.write(PAGE, MARKER, table(results))


if __name__ == "__main__":
    main()
