"""The kernels under pytest-benchmark: CPU time with its spread, to hold against a saved run of another version.

``make bench`` prints the table. ``--benchmark-save`` keeps a run and ``--benchmark-compare`` shows the next one
beside it; both go through ``make bench ARGS=…``.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from benchmarks.engine import EVENT, WINDOWS, engine, sample_of, simulated
from benchmarks.gathering import gathered

from eventstudy.abnormal import abnormal_returns
from eventstudy.aggregate import cumulate
from eventstudy.models.market import Market
from eventstudy.registry import plugins
from eventstudy.study import analysis

if TYPE_CHECKING:
    from benchmarks.panels import Panel

    from eventstudy.aggregate import CumulativeReturns

SIZES = (1_000, 10_000)
TESTS = {
    name: plugin
    for name, plugin in plugins("eventstudy.inference").items()
    if plugin.scope == "group" and not plugin.resampling
}


@cache
def panel(n: int) -> Panel:
    """Return n events, the same for all kernels."""
    return simulated(n)


@cache
def cars(n: int) -> CumulativeReturns:
    """Return the CARs of n events over the windows that a study tests."""
    sample = sample_of(panel(n))
    abnormal = abnormal_returns(sample, Market("MARKET").fit(sample))
    return cumulate(abnormal, analysis.tested_windows(WINDOWS, EVENT))


@pytest.mark.parametrize("n", SIZES)
def test_engine(benchmark, n):
    """Estimation, CARs, Patell and BMP by the program."""
    car, *_ = benchmark(engine, sample_of(panel(n)))
    assert car.shape == (n, len(WINDOWS))


@pytest.mark.parametrize("n", SIZES)
def test_gathering(benchmark, n):
    """The same by plain numpy, which gathers every window."""
    car, *_ = benchmark(gathered, panel(n))
    assert car.shape == (n, len(WINDOWS))


@pytest.mark.parametrize("name", TESTS)
def test_statistic(benchmark, name):
    """Each test over 1,000 events that does not draw."""

    def afresh():
        # what tests share is remembered by the object that they are given: a part is a new one
        return (cars(SIZES[0] + 1).select(np.arange(SIZES[0])),), {}

    found = benchmark.pedantic(TESTS[name]().test, setup=afresh, rounds=10)
    assert np.isfinite(found.p_value).any()
