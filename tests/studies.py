"""The studies of events/, each run once for all tests of a process, which must not change them."""

from functools import cache
from pathlib import Path

from eventstudy.spec import load
from eventstudy.study import run_study

EVENTS = Path(__file__).parents[1] / "events"


@cache
def result_of(name):
    """The result of ``events/NAME.yaml``."""
    return run_study(load(EVENTS / f"{name}.yaml"))
