"""Drift, give-back, Fieller's limits and time to return: by hand, by root search, on random walks."""

import numpy as np
import pytest
from scipy import optimize, stats

from eventstudy.reversal import Bars, split_day0
from eventstudy.reversal.effect import Effect
from eventstudy.reversal.fieller import fieller
from eventstudy.reversal.lasting import _joint, beside, draw_sets, lasting
from eventstudy.reversal.matched import Matched


def made(reaction, later):
    n = len(reaction)
    return Effect(
        np.array(reaction, float), np.array(later, float), np.zeros(n, bool), np.ones(n, bool)
    )


OWN = made([2, -4, 1], [[-1, -2], [2, np.nan], [1, 3]])
"""Signed drifts: -1 -2 | -2 - | 1 3. Given back: 1 2 | 2 - | -1 -3 of 2, 4 and 1."""

DAYS = made([2, 2, -4, 1], [[1, 1], [-1, -1], [1, 2], [0.5, 0.5]])


def compared(draws=4000):
    pools = (np.array([0, 1]), np.array([2]), np.array([3]))
    found = Matched(OWN, {"s": DAYS}, {"s": np.ones(4)}, np.ones(3), pools)
    assets = np.array(["s"] * 3, object)
    sets = draw_sets(found, assets, np.arange(3), draws, np.random.default_rng(1))
    return sets, lasting(OWN, sets, 3, 0.05)


def test_the_numbers_of_a_group():
    """Means -2/3 and 1/2; shares reversed 2/3 and 1/2; given back 2/7 and -1/3."""
    _, found = compared()
    assert found.n.tolist() == [3, 2]
    np.testing.assert_allclose(found.drift.value, [-2 / 3, 1 / 2])
    np.testing.assert_allclose(found.reversed_share.value, [2 / 3, 1 / 2])
    np.testing.assert_allclose(found.give_back.value, [2 / 7, -1 / 3])


def test_the_numbers_of_the_matched_days():
    """k = 1: (±1 - 1 + .5) / 3, so -1/6 in the mean; k = 2 without the second event: (±1 + .5) / 2."""
    sets, found = compared()
    assert np.isnan(sets.later[:, 1, 1]).all()
    assert set(sets.reaction[:, 0]) == {2.0}
    np.testing.assert_allclose(found.drift.usual, [-1 / 6, 1 / 4], atol=4 / 3 / np.sqrt(4000))
    np.testing.assert_allclose(found.drift.low, [-0.5, -0.25])
    np.testing.assert_allclose(found.drift.high, [1 / 6, 0.75])
    np.testing.assert_allclose(found.give_back.low, [-0.5 / 7, -1.5 / 3])
    np.testing.assert_allclose(found.reversed_share.high, [2 / 3, 1 / 2])


def test_time_to_return():
    """Whole but for the last session: half is gone after 1, 1 and never (3) sessions, all after 2, 3, 3.

    On the matched days half is gone after 1 or never, never before what the event does not show, and
    never: median 3.
    """
    _, found = compared()
    assert found.whole == 3
    assert found.half_life.value == 1
    assert found.returned_half.value == pytest.approx(2 / 3)
    assert found.retracement.value == 3
    assert found.returned_full.value == pytest.approx(1 / 3)
    assert found.half_life.usual == 3


def test_an_incomplete_path_has_no_time_to_return():
    own = made([2, 2], [[np.nan] * 3, [np.nan] * 3])
    days = made([2, 2], [[-1, -1, -1], [0, 0, -2]])
    found = Matched(own, {"s": days}, {"s": np.ones(2)}, np.ones(2), (np.array([0, 1]),) * 2)
    sets = draw_sets(
        found, np.array(["s", "s"], object), np.arange(2), 99, np.random.default_rng(1)
    )
    result = lasting(own, sets, 2, 0.05)
    assert result.whole == 0
    assert result.n.tolist() == [0, 0, 0]
    for number in (result.half_life, result.returned_full, result.drift, result.reversed_share):
        for part in (number.value, number.usual, number.low, number.p_value):
            assert np.isnan(part).all()


def test_beside_by_hand():
    """Mean 2 of 1, 2, 3: |4 - 2| is beaten by none of three, |3 - 2| by two, NaN has no p."""
    drawn = np.array([[1, 1, 1.0], [2, 2, 2], [3, 3, 3]])
    found = beside(np.array([4, 3, np.nan]), drawn)
    np.testing.assert_allclose(found.usual, [2, 2, 2])
    np.testing.assert_allclose(found.p_value, [1 / 4, 3 / 4, np.nan])


@pytest.mark.parametrize("chance", [0.495, 0.505])
def test_the_p_of_a_share_does_not_jump(chance):
    """Of 1,000 sets of two events (1 - q)^2, 2 q (1 - q) and q^2 have 0, 1 and 2: 0 of 2 has 2 (1 - q)^2."""
    none, both = round(1000 * (1 - chance) ** 2), round(1000 * chance**2)
    drawn = np.repeat([0, 0.5, 1], [none, 1000 - none - both, both])
    found = [float(beside(value, drawn, steps=True).p_value) for value in (0, 0.5, 1)]
    assert found == [2 * (1 + none) / 1001, 1, 2 * (1 + both) / 1001]
    assert found[0] == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("n", [2, 5, 20])
def test_the_p_of_a_share_keeps_its_level(n):
    rng = np.random.default_rng(1)
    own, drawn = (rng.binomial(n, 0.35, shape) / n for shape in ((2000,), (999, 1)))
    assert (beside(own, drawn * np.ones(2000), steps=True).p_value <= 0.05).mean() < 0.06


def test_beside_with_sets_that_lack_the_number():
    drawn = np.array([[1, np.nan], [np.nan, np.nan], [3, np.nan]])
    found = beside(np.array([9.0, 9]), drawn)
    np.testing.assert_allclose(found.usual, [2, np.nan])
    np.testing.assert_allclose(found.low, [1.05, np.nan])
    np.testing.assert_allclose(found.p_value, [1 / 3, np.nan])


@pytest.mark.parametrize("shift", [-0.5, 0.0, 0.6])
def test_fieller_by_root_search(shift):
    rng = np.random.default_rng(3)
    x = 0.04 + 0.01 * rng.random(9)
    y = shift * x + 0.01 * rng.standard_normal(9)
    bound = stats.t.ppf(0.975, 8) / 3

    def distance(ratio):
        u = y - ratio * x
        return abs(u.mean()) - bound * u.std(ddof=1)

    centre = y.mean() / x.mean()
    expected = (
        optimize.brentq(distance, centre - 50, centre),
        optimize.brentq(distance, centre, centre + 50),
    )
    np.testing.assert_allclose(fieller(y, x, 9, 0.05), expected, rtol=1e-8)


def test_fieller_by_hand():
    """x = 1, 3, y = 1, 1: means 2 and 1, s_xx = 2, s_yy = s_xy = 0, t(1) at 50% is 1, c = 1/2.

    (1 - 2G)^2 <= G^2: 3 G^2 - 4 G + 1 <= 0, G from 1/3 to 1.
    """
    np.testing.assert_allclose(fieller(np.ones(2), np.array([1.0, 3]), 2, 0.5), [1 / 3, 1])


def test_fieller_without_limits():
    """Reactions that spread as widely as their mean leave every ratio open; two pairs are the least."""
    assert fieller(np.ones(2), np.array([0.1, 3]), 2, 0.05) == (-np.inf, np.inf)
    assert np.isnan(fieller(np.ones(3), np.ones(3), 1, 0.05)).all()
    assert np.isnan(fieller(np.array([1, np.nan]), np.ones(2), 2, 0.05)).all()


def test_fewer_clusters_widen_fieller():
    rng = np.random.default_rng(1)
    x, y = 1 + 0.1 * rng.random(12), rng.standard_normal(12)
    (low, high), (wide_low, wide_high) = (fieller(y, x, n, 0.05) for n in (12, 4))
    assert wide_low < low < high < wide_high


@pytest.mark.parametrize(
    ("size", "full", "half"), [(1.0, 0.72, 0.80), (1.4, 0.65, None), (2.9, 0.45, 0.65)]
)
def test_base_rates_of_a_random_walk(size, full, half):
    """Back to where it was within 20 sessions: .72, .65, .45 of moves of 1, 1.4 and 2.9 daily deviations.

    The same by reflection with Siegmund's correction for discrete steps: 2 Phi(-(a + .583) / sqrt(20)).
    """
    rng = np.random.default_rng(2)
    later = rng.standard_normal((40_000, 20)).cumsum(axis=1)
    walk = made(np.full(len(later), size), later)
    for share, expected in ((1.0, full), (0.5, half)):
        rate = (walk.first_return(share) <= 20).mean()
        theory = 2 * stats.norm.cdf(-(share * size + 0.583) / np.sqrt(20))
        assert rate == pytest.approx(theory, abs=0.012)
        if expected:
            assert rate == pytest.approx(expected, abs=0.015)


def test_half_of_a_random_walk_reverses():
    rng = np.random.default_rng(2)
    walk = made(rng.standard_normal(20_000), rng.standard_normal((20_000, 20)).cumsum(axis=1))
    assert (walk.signed < 0).mean() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(("night", "expected"), [(0.3, 0.41), (0.02, 0.46)])
def test_peak_give_back_of_a_random_walk(night, expected):
    """A high above half a deviation is given back by .41 in the median, with .3 of the variance at night.

    The less of it falls to the night, the more is given back. 390 steps of the session.
    """
    rng = np.random.default_rng(7)
    n, steps = 16_000, 390
    gap = np.sqrt(night) * np.abs(rng.standard_normal((n, 1)))
    walk = np.sqrt((1 - night) / steps) * rng.standard_normal((n, steps)).cumsum(axis=1)
    level = 100 * (1 + 0.01 * np.hstack([gap, gap + walk]))
    day = Bars(
        np.full(n, 100.0),
        level[:, 0],
        level.max(axis=1),
        level.min(axis=1),
        level[:, -1],
        np.ones(n, int),
    )
    share = split_day0(day, np.full(n, 0.01)).peak_give_back
    assert np.median(share[np.isfinite(share)]) == pytest.approx(expected, abs=0.025)


def test_all_sessions_together_by_hand():
    """Sets 0, 2, 4 and 0, 0, 3 of two sessions: means 2, 1, sd 2, sqrt 3; own 6 and 1 lie 2 and 0 away.

    The largest distances of the sets are 1, max(0, .58) and max(1, 1.15): none reaches 2, so p = 1/4.
    With own values 2 and 2 the largest is .58, which all three reach: p = 1.
    """
    drawn = np.array([[0.0, 0.0], [2.0, 0.0], [4.0, 3.0]])
    assert _joint(np.array([6.0, 1.0]), drawn) == 1 / 4
    assert _joint(np.array([2.0, 2.0]), drawn) == 1.0
    assert _joint(np.array([np.nan, 2.0]), drawn) == 1.0
    assert np.isnan(_joint(np.array([np.nan, np.nan]), drawn))
