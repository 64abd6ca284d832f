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


def main() -> None:
    """Measure every command and print the table."""
    commands = [
        ("eventstudy --help", [PROGRAM, "--help"], 5),
        ("eventstudy check events", [PROGRAM, "check", "events"], 5),
        ("eventstudy list models", [PROGRAM, "list", "models"], 5),
        ("make report", ["make", "report"], 1),
    ]
    print(f"{'command':<26}{'runs':>5}{'CPU s':>9}")
    for name, command, runs in commands:
        seconds = median(cpu_seconds(command) for _ in range(runs))
        print(f"{name:<26}{runs:>5}{seconds:>9.2f}")


if __name__ == "__main__":
    main()
