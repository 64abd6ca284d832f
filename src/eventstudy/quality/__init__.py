"""Checks of the prices before anything is estimated: PASS, REVIEW or FAIL, with what to do."""

from eventstudy.quality.benchmark import benchmark_rows
from eventstudy.quality.checks import check_prices, quality_rows, touched
from eventstudy.quality.design import design_rows
from eventstudy.quality.rules import Finding

__all__ = ["Finding", "benchmark_rows", "check_prices", "design_rows", "quality_rows", "touched"]
