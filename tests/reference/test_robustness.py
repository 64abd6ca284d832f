"""Specifications and left-out sessions: hand arithmetic, and dummy variables in statsmodels."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as law
from statsmodels.api import OLS

from eventstudy.abnormal import abnormal_returns
from eventstudy.aggregate import cumulate
from eventstudy.benchmark import moved_on_day0
from eventstudy.models.constant_mean import ConstantMean
from eventstudy.models.market import Market
from eventstudy.spec import Window
from eventstudy.study.mean_effect import mean_effect
from eventstudy.study.members import Members
from eventstudy.study.spreads import spread_rows
from tests.samples import make_sample, run

SIGNS = {"1": 1.0, "2": 1.0, "3": -1.0}
EVERY = Members({}, {"1": 0, "2": 0, "3": 1})


@pytest.fixture(scope="module")
def three():
    """The three events of by_hand/README.md."""
    panel = np.array([[1, -1, 1, -1, 3, 1], [1, -1, 1, -1, 2, -2], [1, -1, 1, -1, -4, 1]]).T
    sample = make_sample(panel, None, [0, 1, 2], [4] * 3, estimation=(-4, -1), event_window=(0, 1))
    return run(sample, ConstantMean(), [(0, 0), (0, 1)])


def test_all_events_in_the_direction_expected(three):
    found = mean_effect(three, SIGNS, EVERY, 0.05)
    np.testing.assert_allclose(found["effect"], [3, 7 / 3], rtol=1e-14)
    np.testing.assert_allclose(found["std_error"], [0.577350, 1.201850], atol=5e-7)
    assert found["p_value"][0] == pytest.approx(0.035099, abs=5e-7)
    assert (found["low"][0], found["high"][0]) == pytest.approx((0.515863, 5.484137), abs=2e-6)
    assert found["n"].tolist() == [3, 3]
    assert found["effective_n"].tolist() == [2, 2]


def test_events_as_they_were(three):
    assert mean_effect(three, {}, EVERY, 0.05)["effect"][0] == pytest.approx(1 / 3)


def test_one_event_has_its_forecast_error(three):
    found = mean_effect(three.select(np.array([0])), {}, EVERY, 0.05)
    assert found["effect"][0] == pytest.approx(3)
    assert found["std_error"][0] == pytest.approx(1.290994, abs=5e-7)
    assert found["p_value"][0] == pytest.approx(2 * law.sf(2.323790, 3), rel=1e-6)
    half = law.ppf(0.975, 3) * 1.290994
    assert found["high"][0] == pytest.approx(3 + half, rel=1e-6)


def test_what_four_specifications_say_together():
    rows = pd.DataFrame(
        {
            "group": "all",
            "asset": "X",
            "window_start": 0,
            "window_end": 0,
            "status": "ok",
            "chosen": ["yes", "no", "no", "no"],
            "effect": [3.0, -1, 2, 5],
            "p_value": [0.04, 0.5, 0.06, 0.01],
            "n": [3, 3, 2, 1],
            "events_as_chosen": ["yes", "yes", "no", "no"],
        }
    )
    assert list(spread_rows(rows, 0.05)) == [
        ("X", 0, 0, 4, 1, 3, 3.0, 3, 2.5, -1.0, 5.0, 3, 2, 2, 1.0)
    ]


def test_a_regressor_is_held_against_its_own_estimation_window():
    history = [-4.0, -3, -2, -1, 0, 1, 2, 3, 4]
    for own, p in ((2.5, 0.5), (5.0, 0.1)):
        sample = make_sample(
            np.zeros((10, 1)),
            [*history, own],
            [0],
            [9],
            estimation=(-9, -1),
            event_window=(0, 0),
        )
        moves, p_value = moved_on_day0(sample, 0)
        assert (moves[0], p_value[0]) == (own, p)


@pytest.mark.parametrize("model", [ConstantMean(), Market("M")], ids=lambda model: model.name)
def test_leaving_sessions_out_is_a_dummy_for_each(model):
    """Estimates, residual variance and forecast error of any window are those of statsmodels."""
    rng = np.random.default_rng(11)
    market = 0.01 * rng.standard_normal(70)
    panel = (0.001 + 1.2 * market + 0.01 * rng.standard_normal(70))[:, None]
    regressors = market if model.inputs() else None
    sample = make_sample(panel, regressors, [0], [60], estimation=(-50, -11), event_window=(-5, 5))
    hidden = np.zeros((1, 70), bool)
    hidden[0, [20, 21, 22, 40, 60, 61]] = True
    sample = replace(sample, hidden=hidden)
    cars = cumulate(
        abnormal_returns(sample, model.fit(sample.estimable)), [Window(0, 0), Window(-5, 5)]
    )

    rows = np.r_[10:50, 55:66]
    constant = np.ones((len(rows), 1))
    regress = np.column_stack([constant, market[rows]]) if model.inputs() else constant
    left_out = [20, 21, 22, 40]
    windows = {0: [60], 1: list(range(55, 66))}
    for column, event in windows.items():
        used = np.isin(rows, [*range(10, 50), *event])
        dummies = np.array([rows == day for day in left_out], float).T
        days = np.array([rows == day for day in event], float).T
        design = np.column_stack([regress, dummies, days])[used]
        fit = OLS(panel[rows, 0][used], design).fit()
        weights = np.zeros(design.shape[1])
        weights[-len(event) :] = 1
        test = fit.t_test(weights)
        np.testing.assert_allclose(cars.car[0, column], test.effect[0], rtol=1e-10)
        np.testing.assert_allclose(cars.variance[0, column], test.sd[0, 0] ** 2, rtol=1e-9)
    assert cars.abnormal.n_est[0] == 36
    assert cars.abnormal.dof[0] == fit.df_resid
