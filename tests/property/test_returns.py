"""Laws that hold for every panel: additivity, exact models, invariances."""

import dataclasses

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from eventstudy.aggregate import paths
from eventstudy.models.constant_mean import ConstantMean
from eventstudy.models.market import Market
from eventstudy.models.market_adjusted import MarketAdjusted
from tests.samples import make_sample, run

RETURNS = st.floats(-0.2, 0.2, allow_subnormal=False)
PANELS = arrays(float, (60, 3), elements=RETURNS)
SETTINGS = settings(max_examples=60, deadline=None, derandomize=True)


def sample(panel, factors=None):
    return make_sample(
        panel, factors, [0, 1, 2, 0], [40, 42, 45, 44], estimation=(-30, -6), event_window=(-5, 10)
    )


@SETTINGS
@given(PANELS, st.integers(-5, 8), st.integers(0, 5), st.integers(0, 5))
def test_cars_add_up(panel, start, first, second):
    """CAR(a, c) = CAR(a, b) + CAR(b + 1, c)."""
    middle = min(start + first, 9)
    end = min(middle + 1 + second, 10)
    cars = run(sample(panel), ConstantMean(), [(start, end), (start, middle), (middle + 1, end)])
    np.testing.assert_allclose(cars.car[:, 0], cars.car[:, 1] + cars.car[:, 2], atol=1e-14)


@SETTINGS
@given(PANELS, PANELS)
def test_buy_and_hold_does_not_depend_on_the_kind_of_return(panel, market):
    """Simple returns that compound and log returns that sum end at the same wealth."""
    windows = [(0, 0), (0, 4), (-5, 10)]
    plain = sample(panel, market[:, 0])
    logs = dataclasses.replace(sample(np.log1p(panel), np.log1p(market[:, 0])), returns="log")
    simple, log = (run(each, MarketAdjusted("M"), windows) for each in (plain, logs))
    np.testing.assert_allclose(simple.bhar, log.bhar, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(simple.bhar[:, 0], simple.car[:, 0], atol=1e-14)


@SETTINGS
@given(PANELS, st.integers(-5, 8), st.integers(0, 8))
def test_wealth_multiplies(panel, start, first):
    """Held over [a, c] = held over [a, b] x held over [b + 1, c]."""
    middle = min(start + first, 9)
    flat = sample(panel, np.zeros(60))
    windows = [(start, 10), (start, middle), (middle + 1, 10)]
    held = 1 + run(flat, MarketAdjusted("M"), windows).bhar
    np.testing.assert_allclose(held[:, 0], held[:, 1] * held[:, 2], rtol=1e-12)


@SETTINGS
@given(arrays(float, 60, elements=RETURNS, unique=True), st.floats(-0.01, 0.01), st.floats(-3, 3))
def test_an_exact_model_leaves_nothing(market, alpha, beta):
    panel = np.column_stack([alpha + beta * market] * 3)
    cars = run(sample(panel, market), Market("M"), [(0, 0), (0, 10)])
    np.testing.assert_allclose(cars.car, 0, atol=1e-11)


@SETTINGS
@given(PANELS, PANELS)
def test_data_outside_the_windows_are_irrelevant(panel, other):
    """Rows 10..34 and 35..59 hold both windows of all events; everything before is free."""
    mixed = panel.copy()
    mixed[:10] = other[:10]
    first, second = (
        run(sample(each), ConstantMean(), [(0, 0), (-5, 10)]) for each in (panel, mixed)
    )
    np.testing.assert_array_equal(first.car, second.car)
    np.testing.assert_array_equal(first.variance, second.variance)


@SETTINGS
@given(PANELS)
def test_labels_are_irrelevant(panel):
    plain = sample(panel)
    renamed = dataclasses.replace(plain, event_ids=plain.event_ids[::-1].copy())
    first, second = (run(each, ConstantMean(), [(0, 5)]) for each in (plain, renamed))
    np.testing.assert_array_equal(first.car, second.car)


@SETTINGS
@given(PANELS)
def test_paths_are_cars_measured_from_the_close_of_day_minus_one(panel):
    windows = [(tau + 1, -1) for tau in range(-5, -1)] + [(0, tau) for tau in range(11)]
    cars = run(sample(panel), ConstantMean(), windows)
    value, variance = paths(cars.abnormal)
    sign = np.repeat([-1.0, 1.0], [4, 11])
    keep = np.delete(np.arange(16), 4)
    np.testing.assert_allclose(value[:, keep], sign * cars.car, atol=1e-14)
    np.testing.assert_allclose(variance[:, keep], cars.variance, atol=1e-16, rtol=1e-10)
    np.testing.assert_array_equal(value[:, 4], 0)
    np.testing.assert_array_equal(variance[:, 4], 0)


@SETTINGS
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.3))
def test_the_batch_equals_one_event_at_a_time(seed, gaps):
    rng = np.random.default_rng(seed)
    panel, market = rng.standard_normal((60, 3)), rng.standard_normal(60)
    panel[rng.random(panel.shape) < gaps] = np.nan
    whole = sample(panel, market)
    together = run(whole, Market("M"), [(0, 0), (-5, 10)])
    for row in range(len(whole)):
        alone = run(whole.select(np.array([row])), Market("M"), [(0, 0), (-5, 10)])
        np.testing.assert_allclose(alone.car[0], together.car[row], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(alone.variance[0], together.variance[row], rtol=1e-9)
