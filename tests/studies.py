"""The studies of events/, each run once for all tests, which must not change them."""

import os
import pickle
from functools import cache
from pathlib import Path

from eventstudy.spec import load
from eventstudy.study import run_study

EVENTS = Path(__file__).parents[1] / "events"

SHARED: list[Path] = []
"""Folder of this run of the tests where its processes leave results for each other, if there is one."""


@cache
def result_of(name):
    """The result of ``events/NAME.yaml``."""
    files = [folder / f"{name}.pickle" for folder in SHARED]
    for file in files:
        if file.exists():
            return pickle.loads(file.read_bytes())  # noqa: S301 - written by this run of the tests
    result = run_study(load(EVENTS / f"{name}.yaml"))
    for file in files:
        fresh = file.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(pickle.dumps(result))
        fresh.replace(file)
    return result
