"""The table of sizes of persistent series in which-test.md: repeated on a smaller scale, its claims."""

import numpy as np
import pytest
from benchmarks import persistent_sizes as sizes
from benchmarks import simulated

NAIVE, FORECAST, PLACEBO = (
    "`forecast_t` with a constant mean",
    "forecast t of the autoregression",
    "placebo of the change",
)


@pytest.fixture(scope="module")
def printed():
    """Printed rates and errors by test, shape (3 processes, 3 windows, 2)."""
    return {name: rates.reshape(3, 3, 2) for name, rates in simulated.printed(sizes.MARKER).items()}


@pytest.mark.parametrize("events", [60, pytest.param(1_000, marks=pytest.mark.slow)])
def test_table_again(printed, events):
    found = sizes.sizes(events, seed=7)
    assert list(found) == list(printed)
    for name, rates in found.items():
        for rate, (value, error) in zip(rates, printed[name].reshape(-1, 2), strict=True):
            own = np.sqrt(2 * max(value, 0.02) * (1 - value) / rate.n)
            assert abs(rate.value - value) <= 4 * np.hypot(own, error)


def test_claims(printed):
    """A constant mean rejects a third and more at five sessions; the others stay near their level."""
    rates = {name: values[:, :, 0] for name, values in printed.items()}
    assert (rates[NAIVE][:, 1:] > 0.3).all()
    assert (np.abs(rates[PLACEBO] - 0.05) < 0.01).all()
    assert (np.abs(rates[FORECAST][:, :2] - 0.05) < 0.015).all()
    assert (rates[FORECAST][:, 2] < 0.08).all()


def test_an_effect_is_found():
    """Eight standard deviations of the shock on day 0 of every event."""
    rng = np.random.default_rng(3)
    series = sizes.series_of(0.9, 0, rng)
    day0 = np.arange(200, 1_900, 170)
    series.values[day0] += 8
    found = dict(sizes.p_values(series, day0))
    assert (found[FORECAST][:, 0] < 0.01).all()
    assert (found[PLACEBO][:, 0] < 0.05).mean() > 0.7
