"""Checks of the prices before anything is estimated: PASS, REVIEW or FAIL, with what to do."""

from eventstudy.quality.benchmark import benchmark_rows
from eventstudy.quality.checks import check_prices, touched
from eventstudy.quality.design import design_rows
from eventstudy.quality.doubts import doubt_rows
from eventstudy.quality.gate import inspect, rows_of
from eventstudy.quality.levels import Other
from eventstudy.quality.rules import Checked, Finding

__all__ = [
    "Checked",
    "Finding",
    "Other",
    "benchmark_rows",
    "check_prices",
    "design_rows",
    "doubt_rows",
    "inspect",
    "rows_of",
    "touched",
]
