"""How often each test rejects at 5 per cent: as it should, and as it is known to fail.

Expected rates: the analytic sizes (2 Phi(-1.96 / sqrt(1 + (N - 1) r)) under correlation and
2 Phi(-1.96 / sqrt(c)) under a variance c times as large) and a table of 2,000 draws from programs
outside this project, M = 120, N = 30. Bands are four Monte-Carlo standard errors.
"""

import dataclasses
import functools

import numpy as np
import pytest

from eventstudy.abnormal import abnormal_returns
from eventstudy.aggregate import cumulate
from eventstudy.inference.adjusted_bmp import AdjustedBMP
from eventstudy.inference.calendar_time import CalendarTime
from eventstudy.inference.cross_sectional_t import CrossSectionalT
from eventstudy.models.market import Market
from eventstudy.registry import plugins
from eventstudy.spec import Window
from tests.samples import common_date, example, make_sample, outcome, simulated

EXAMPLES = [example(plugin) for plugin in plugins("eventstudy.inference").values()]
EVERY = {
    test.name: dataclasses.replace(test, draws=999) if test.resampling else test
    for test in EXAMPLES
}
GROUP = [test for test in EVERY.values() if test.scope != "event"]


@functools.cache
def drawn(draws, **design):
    """Return the CARs of simulated events in [0,0] and [0,10], 30 events to a draw."""
    panel, market = simulated(np.random.default_rng(20261122), draws=draws, **design)
    sample = common_date(panel, market)
    windows = [Window(0, 0), Window(0, 10)]
    return cumulate(abnormal_returns(sample, Market("M").fit(sample)), windows)


def rejections(name, draws, **design):
    """Return the share of p-values at or below .05 of a statistic, for [0,0] and [0,10].

    Tests that hold a group against other events get the events of the next draw.
    """
    cars = drawn(draws, **design)
    test = EVERY[name]
    if test.scope == "event":
        return (test.test(cars).p_value <= 0.05).mean(axis=0)
    groups = np.arange(draws * 30).reshape(draws, 30)
    return np.mean([p_value(test, cars, groups, draw) <= 0.05 for draw in range(draws)], axis=0)


def p_value(test, cars, groups, draw):
    """Return the p-values of one draw, with random numbers of its own."""
    own = cars.select(groups[draw])
    others = cars.select(groups[draw - 1])
    return outcome(test, own, others=others, seed=draw).p_value


def close_to(rate, expected, draws):
    return abs(rate - expected) <= 4 * np.sqrt(expected * (1 - expected) / draws)


@pytest.mark.parametrize("test", GROUP, ids=lambda test: test.name)
def test_independent_events_are_tested_at_their_level(test):
    day, window = rejections(test.name, 500)
    expected = {
        # the sign test moves in steps, so its attainable level lies below 5 per cent
        "generalized_sign": (0.045, 0.045),
        # 40,000 draws of 30 normal numbers, pseudo-values by astropy: 3.5 per cent
        "jackknife_t": (0.035, 0.035),
        # one session cannot be tested; HC3 errs to the safe side
        "calendar_time": (0.0, 0.042),
    }.get(test.name, (0.05, 0.054))
    assert close_to(day, expected[0], 500)
    assert close_to(window, expected[1], 500)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("patell", 0.316),
        ("bmp", 0.338),
        ("cross_sectional_t", 0.338),
        ("wild_bootstrap", 0.338),
        ("johnson_bootstrap_t", 0.338),
        ("crude_dependence", 0.05),
        ("adjusted_bmp", 0.054),
        ("adjusted_patell", 0.048),
        ("generalized_rank_t", 0.065),
    ],
)
def test_shared_dates_with_correlation(name, expected):
    """Events on one day with r = .1: tests that take them as independent reject far too often."""
    assert close_to(rejections(name, 500, correlation=0.1)[0], expected, 500)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("patell", 0.166),
        ("bmp", 0.05),
        ("cross_sectional_t", 0.05),
        ("wild_bootstrap", 0.05),
        ("johnson_bootstrap_t", 0.05),
        ("jackknife_t", 0.035),
        ("permutation", 0.05),
        ("crude_dependence", 0.166),
    ],
)
def test_variance_doubled_on_the_event(name, expected):
    """Only the tests that look at the spread on the event itself keep their level."""
    assert close_to(rejections(name, 500, jump=2.0)[0], expected, 500)


def test_single_event_tests_at_their_level():
    """15,000 events, each tested by itself; one sample quantile of 120 gives 6/121 at most."""
    day, window = rejections("forecast_t", 500)
    assert close_to(day, 0.05, 15_000)
    assert close_to(window, 0.05, 15_000)
    assert close_to(rejections("sample_quantile", 500)[0], 6 / 121, 15_000)


def test_ignoring_the_estimation_error_of_a_window_shows():
    """Patell over eleven days: 5.4 per cent with the full variance, 6.6 with L s^2."""
    rng = np.random.default_rng(7)
    panel, market = simulated(rng, draws=1500)
    sample = common_date(panel, market)
    cars = cumulate(abnormal_returns(sample, Market("M").fit(sample)), [Window(0, 10)])
    crude = cars.car[:, 0] / (np.sqrt(11) * cars.abnormal.sigma)
    scale = np.sqrt(30 * 118 / 116)
    full, naive = (
        np.abs(scar.reshape(1500, 30).sum(axis=1) / scale) > 1.959964
        for scar in (cars.scar[:, 0], crude)
    )
    assert naive.mean() > full.mean()
    assert close_to(full.mean(), 0.054, 1500)


@pytest.mark.parametrize(
    ("test", "day", "window"),
    [
        (CalendarTime(), 0.041, 0.057),
        (CalendarTime(standardised=True), 0.041, 0.057),
        (CalendarTime("sqrt_n"), 0.041, 0.057),
        (CrossSectionalT(), 0.121, 0.121),
    ],
    ids=repr,
)
def test_staggered_dates_with_correlation(test, day, window):
    """Three events with r = .3 on each of ten days, eleven sessions apart: 10 and 110 sessions.

    Expected: HC3 against t(9), and Newey-West with four lags, on independent normal numbers.
    """
    rng = np.random.default_rng(11)
    panel, market = simulated(rng, draws=500, event_days=110, correlation=0.3)
    columns = np.arange(15_000)
    sample = make_sample(
        panel,
        market,
        columns,
        120 + 11 * (columns % 30 // 3),
        estimation=(-120, -1),
        event_window=(0, 10),
    )
    windows = [Window(0, 0), Window(0, 10)]
    cars = cumulate(abnormal_returns(sample, Market("M").fit(sample)), windows)
    hits = [test.test(cars.select(rows)).p_value <= 0.05 for rows in columns.reshape(500, 30)]
    rate = np.mean(hits, axis=0)
    assert close_to(rate[0], day, 500)
    assert close_to(rate[1], window, 500)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("design", "end", "expected"),
    [
        (
            {},
            10,
            {"patell": 0.054, "bmp": 0.051, "adjusted_bmp": 0.053, "generalized_rank_t": 0.057},
        ),
        (
            {"correlation": 0.1, "df": 5},
            4,
            {"patell": 0.313, "bmp": 0.330, "adjusted_patell": 0.048, "adjusted_bmp": 0.042},
        ),
    ],
    ids=str,
)
def test_size_table_of_windows(design, end, expected):
    """The rows of the table over eleven and five days, 4,000 draws."""
    rng = np.random.default_rng(20261123)
    panel, market = simulated(rng, draws=4000, **design)
    sample = common_date(panel, market)
    cars = cumulate(abnormal_returns(sample, Market("M").fit(sample)), [Window(0, end)])
    groups = np.arange(4000 * 30).reshape(4000, 30)
    for test in GROUP:
        if test.name in expected:
            rate = np.mean([test.test(cars.select(rows)).p_value[0] <= 0.05 for rows in groups])
            error = np.sqrt(expected[test.name] * (1 - expected[test.name]) * (1 / 4000 + 1 / 2000))
            assert abs(rate - expected[test.name]) <= 4 * error, (test.name, rate)


@pytest.mark.parametrize(
    ("length", "spread", "expected"),
    [
        (1, "twelve of forty", {"overlap": 0.033, "calendar": 0.000, "event_time": 0.034}),
        (21, "twelve of forty", {"overlap": 0.038, "calendar": 0.000}),
        (5, "all staggered", {"overlap": 0.041, "calendar": 0.000}),
        (1, "one day", {"overlap": 0.050, "calendar": 0.050, "event_time": 0.050}),
    ],
)
def test_size_by_the_alignment_of_the_correlation(length, spread, expected):
    """Forty events, r = .35: pairs whose tested windows do not meet must not count.

    Expected rates from a program outside this project. Over longer windows `event_time` depends on how
    far apart the staggered dates lie, which that table does not say.
    """
    draws, rng = 400, np.random.default_rng(length + len(spread))
    panel, market = simulated(rng, n=40, draws=draws, event_days=220, correlation=0.35)
    first = {"twelve of forty": 12, "all staggered": 0, "one day": 40}[spread]
    own = np.where(np.arange(40) < first, 0, rng.permutation(200)[:40])
    columns = np.arange(draws * 40)
    sample = make_sample(
        panel, market, columns, 120 + np.tile(own, draws),
        estimation=(-120, -1), event_window=(0, length - 1),
    )  # fmt: skip
    cars = cumulate(abnormal_returns(sample, Market("M").fit(sample)), [Window(0, length - 1)])
    for alignment, rate in expected.items():
        test = AdjustedBMP(alignment=alignment)
        hits = [
            test.test(cars.select(rows)).p_value[0] <= 0.05 for rows in columns.reshape(draws, 40)
        ]
        found = np.mean(np.array(hits))
        error = np.sqrt(max(rate, 0.002) * (1 - rate) * (1 / draws + 1 / 2000))
        assert abs(found - rate) <= 4 * error, (alignment, found)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("design", "expected"),
    [
        (
            {},
            {
                "patell": 0.045,
                "bmp": 0.048,
                "adjusted_patell": 0.047,
                "adjusted_bmp": 0.05,
                "generalized_rank_t": 0.054,
            },
        ),
        (
            {"correlation": 0.1},
            {
                "patell": 0.316,
                "bmp": 0.338,
                "adjusted_patell": 0.048,
                "adjusted_bmp": 0.054,
                "generalized_rank_t": 0.065,
            },
        ),
        (
            {"correlation": 0.3},
            {
                "patell": 0.526,
                "bmp": 0.578,
                "adjusted_patell": 0.046,
                "adjusted_bmp": 0.052,
                "generalized_rank_t": 0.066,
            },
        ),
        (
            {"correlation": 0.1, "jump": 2.0},
            {
                "patell": 0.481,
                "bmp": 0.331,
                "adjusted_patell": 0.166,
                "adjusted_bmp": 0.054,
                "generalized_rank_t": 0.064,
            },
        ),
        (
            {"jump": 2.0, "df": 5},
            {
                "patell": 0.181,
                "bmp": 0.052,
                "adjusted_patell": 0.184,
                "adjusted_bmp": 0.061,
                "generalized_rank_t": 0.061,
            },
        ),
    ],
    ids=str,
)
def test_size_table(design, expected):
    """The whole table, 4,000 draws; both sides carry Monte-Carlo error."""
    for name, rate in expected.items():
        found = rejections(name, 4000, **design)[0]
        error = np.sqrt(rate * (1 - rate) * (1 / 4000 + 1 / 2000))
        assert abs(found - rate) <= 4 * error, (name, found)
