"""Matched days and the effect of a day, by hand and by loops."""

import numpy as np
import pytest

from eventstudy.reversal import effect
from eventstudy.reversal.effect import Effect
from eventstudy.reversal.matched import alike, matched
from tests.trials import trial_of, wild

PATH = [0.08, 0.05, -0.03, 0.01, -0.06]


def one(limit, path=PATH):
    """Estimation +-1 per cent, so that the mean is zero and sigma about .01; the path from day 0 on."""
    series = np.array([0.01, -0.01] * 40 + path)
    trial = trial_of(
        [series], [("a", 0, 80)], windows=((0, 0),), event_window=(0, 4), estimation=(-80, -1)
    )
    return effect(trial.cars.abnormal, limit)


def test_a_limited_day_0_takes_the_next_day_in():
    """A0 = .08 + .05, C = -.03, -.02, -.08; the fourth lies beyond the event window."""
    found = one(0.07)
    assert found.limited.tolist() == [True]
    np.testing.assert_allclose(found.reaction, [0.13], atol=1e-15)
    np.testing.assert_allclose(found.later[0, :3], [-0.03, -0.02, -0.08], atol=1e-15)
    assert np.isnan(found.later[0, 3])
    assert found.whole.tolist() == [True]


@pytest.mark.parametrize("limit", [None, 0.081])
def test_a_free_day_0(limit):
    found = one(limit)
    np.testing.assert_allclose(found.reaction, [0.08], atol=1e-15)
    np.testing.assert_allclose(found.later, [[0.05, 0.02, 0.03, -0.03]], atol=1e-15)
    assert found.large.tolist() == [True]


def test_the_limit_is_of_the_return_itself():
    """Seven per cent on the dot may be held back; the abnormal return does not decide."""
    assert one(0.07, [0.07, 0, 0, 0, 0]).limited.tolist() == [True]
    assert one(0.07, [0.0699, 0, 0, 0, 0]).limited.tolist() == [False]
    assert one(0.07, [-0.08, 0, 0, 0, 0]).limited.tolist() == [True]


def test_first_return():
    """A0 = 2: C = -1 at once is half; -2 on the third day is all. A0 = -2 the other way round."""
    path = np.array([[-1, 0.5, -2, -3.0], [1, -0.5, 2, 3], [0.1, 0.2, 0.3, np.nan]])
    found = Effect(np.array([2.0, -2, 2]), path, np.zeros(3, bool), np.ones(3, bool))
    assert found.first_return(0.5).tolist() == [1, 1, 5]
    assert found.first_return(1.0).tolist() == [3, 3, 5]
    assert found.whole.tolist() == [True, True, True]


def test_no_later_day_no_return():
    found = Effect(np.array([2.0]), np.empty((1, 0)), np.zeros(1, bool), np.ones(1, bool))
    assert found.first_return(0.5).tolist() == [1]


@pytest.fixture(scope="module")
def trial():
    return trial_of([wild()], [("a", 0, 300), ("b", 0, 900), ("c", 0, 1396)])


def everywhere(trial):
    return {asset: np.ones(len(each.cells), bool) for asset, each in trial.every.items()}


def test_matched_days_against_a_loop(trial):
    """Same sign, |A0| over its volatility within a quarter, all later returns; ten at least, or none."""
    candidate = everywhere(trial)
    candidate["s0"][200:400] = False
    found = matched(trial, candidate, {"s0": None})
    returns, every = wild(), trial.every["s0"]
    moved = {
        row: (returns[day] - returns[day - 60 : day - 10].mean())
        / returns[day - 20 : day].std(ddof=1)
        for row, day in enumerate(every.day0.tolist())
    }
    for number, day in enumerate((300, 900, 1396)):
        own = moved[day - 60]
        usable = {
            row: abs(value - own)
            for row, value in moved.items()
            if candidate["s0"][row] and row + 60 + 9 < 1400 and value * own > 0
        }
        near = {row for row, gap in usable.items() if gap <= 0.25 * abs(own)}
        assert set(found.pools[number].tolist()) == (near if len(near) >= 10 else set())


def test_a_matched_day_stands_at_the_volatility_of_the_event(trial):
    """Reaction and aftermath times the ratio of the standard deviations of 20 returns before."""
    found, every = matched(trial, everywhere(trial), {"s0": None}), trial.every["s0"]
    returns, days = wild(), found.pools[1][:5]
    beside = found.beside(1, "s0", days)
    before = [returns[day - 20 : day].std(ddof=1) for day in every.day0[days]]
    ratio = returns[880:900].std(ddof=1) / np.array(before)
    np.testing.assert_allclose(beside.reaction, found.days["s0"].reaction[days] * ratio)
    np.testing.assert_allclose(beside.later, found.days["s0"].later[days] * ratio[:, None])
    assert (np.abs(beside.reaction / found.own.reaction[1] - 1) <= 0.25).all()


def test_the_same_rule_of_limits_serves_events_and_other_days(trial):
    found = matched(trial, everywhere(trial), {"s0": 0.02})
    days = found.days["s0"]
    assert days.limited.sum() > 20
    at = trial.every["s0"].positions(trial.sample.day0)
    np.testing.assert_array_equal(found.own.reaction, days.reaction[at])
    np.testing.assert_array_equal(found.own.later, days.later[at])


def test_no_candidate_no_pool(trial):
    nowhere = {"s0": np.zeros(len(trial.every["s0"].cells), bool)}
    found = matched(trial, nowhere, {"s0": None})
    assert [len(pool) for pool in found.pools] == [0, 0, 0]
    assert not found.ready.any()


def test_thirty_nearest_where_a_quarter_holds_fewer():
    """Two usable days lie within a quarter of 1: 28 further ones are taken, the nearest first."""
    values = np.array([1.0, -1, 1.1, 0.9, np.nan, 0.6, 0, *np.full(40, 5.0)])
    usable = np.ones(len(values), bool)
    usable[2] = False
    cell, day = alike(values, np.array([1.0, 0, 5, np.nan]), usable, fewest=30)
    assert np.bincount(cell, minlength=4).tolist() == [30, 0, 40, 0]
    assert day[:3].tolist() == [0, 3, 5]
    assert day[30:].tolist() == list(range(7, 47))
    cell, day = alike(values, np.array([1.0]), usable)
    assert (cell.tolist(), day.tolist()) == ([0, 0], [0, 3])


def test_many_cells_are_alike_as_each_alone():
    rng = np.random.default_rng(5)
    values, own, usable = rng.standard_normal(50), rng.standard_normal(600), rng.random(50) < 0.8
    for fewest in (0, 7):
        cell, day = alike(values, own, usable, fewest=fewest)
        for number in (0, 255, 256, 599):
            alone = alike(values, own[[number]], usable, fewest=fewest)[1]
            assert day[cell == number].tolist() == alone.tolist()


def test_a_reaction_of_zero_has_no_like():
    series = np.random.default_rng(1).integers(-4, 5, 1400) / 128  # sums are exact
    series[690:746] = [*[1 / 128, -1 / 128] * 25, *[0.0] * 6]
    trial = trial_of([series], [("a", 0, 745)], estimation=(-55, -6))
    found = matched(trial, everywhere(trial), {"s0": None})
    assert found.own.reaction[0] == 0
    assert len(found.pools[0]) == 0
