"""The regression of the aftermath on the reaction against statsmodels and enumeration."""

import itertools
import math

import numpy as np
import pytest
import statsmodels.api as sm

from eventstudy.reversal.slope import slope, slopes

RNG = np.random.default_rng(6)
X = np.array([0.01, -0.02, 0.03, 0.055, -0.01])
Y = np.array([0.02, 0.01, -0.01, -0.03, 0.015])
DRAWN = RNG.standard_normal((4999, 5)), RNG.standard_normal((4999, 5))


def test_against_statsmodels():
    fit = sm.OLS(Y, sm.add_constant(X)).fit(cov_type="HC3", use_t=True)
    found = slope(X, Y, DRAWN, np.random.default_rng(1))
    np.testing.assert_allclose([found.intercept, found.slope], fit.params, rtol=1e-12)
    assert found.std_error == pytest.approx(fit.bse[1], rel=1e-10)
    assert found.t == pytest.approx(fit.tvalues[1], rel=1e-10)
    assert found.p_value == pytest.approx(fit.pvalues[1], rel=1e-8)
    assert found.n == 5


def test_permutations_against_all_of_them():
    """All 120 orders of the reactions; the identity is one of them."""
    own = np.polyfit(X, Y, 1)[0]
    all_slopes = [np.polyfit(order, Y, 1)[0] for order in itertools.permutations(X)]
    exact = np.mean(np.abs(all_slopes) >= abs(own) - 1e-12)
    found = slope(X, Y, DRAWN, np.random.default_rng(1)).p_permutation
    assert abs(found - exact) < 4 * math.sqrt(exact * (1 - exact) / 4999)


def test_difference_from_matched_days_by_a_loop():
    found = slope(X, Y, DRAWN, np.random.default_rng(1))
    drawn = np.array([np.polyfit(x, y, 1)[0] for x, y in zip(*DRAWN, strict=True)])
    assert found.matched == pytest.approx(drawn.mean())
    far = np.abs(drawn - drawn.mean()) >= abs(found.slope - drawn.mean())
    assert found.difference_p == pytest.approx((1 + far.sum()) / 5000)


def test_slopes_leave_out_gaps():
    y = np.array([[1, 2, np.nan, 5.0], [1, 1, 1, 1]])
    x = np.array([[1, 2, 3, 4.0], [2, 2, 2, 2]])
    found = slopes(x, y)
    assert found[0] == pytest.approx(np.polyfit([1, 2, 4], [1, 2, 5], 1)[0])
    assert np.isnan(found[1])


def test_a_gap_of_an_event_leaves_the_regression():
    later = np.append(Y, np.nan)
    drawn = tuple(np.column_stack([each, np.ones(4999)]) for each in DRAWN)
    found = slope(np.append(X, 9.0), later, drawn, np.random.default_rng(1))
    assert found == slope(X, Y, DRAWN, np.random.default_rng(1))


def test_matched_sets_of_one_repeated_day_are_left_out():
    """Sets in which the same day was drawn for every event have no slope."""
    x = np.vstack([np.ones((40, 5)), DRAWN[0][:100]])
    found = slope(X, Y, (x, DRAWN[1][:140]), np.random.default_rng(1))
    assert np.isfinite(found.matched)
    assert found.difference_p >= 1 / 101


@pytest.mark.parametrize(
    ("n", "equal", "reason"),
    [(3, False, "3 events; 4 needed"), (5, True, "the reactions do not differ")],
)
def test_no_slope(n, equal, reason):
    x = np.full(n, 0.01) if equal else X[:n]
    found = slope(x, Y[:n], tuple(each[:, :n] for each in DRAWN), np.random.default_rng(1))
    assert found.reason == reason
    assert np.isnan(found.slope)
    assert np.isnan(found.difference_p)


def test_noise_has_no_slope_on_the_day_before_it():
    """White noise, A0 = AR_0 and Ck = CAR[1,5]: zero; the overlapping CAR[0,1] and CAR[1,5] gives +.50."""
    noise = np.random.default_rng(1).standard_normal((1, 40_000, 7))
    day, later = noise[..., 0], noise[..., 1:6].sum(axis=2)
    both, after = noise[..., :2].sum(axis=2), noise[..., 2:7].sum(axis=2)
    assert slopes(day, later)[0] == pytest.approx(0, abs=0.04)
    assert slopes(both, after)[0] == pytest.approx(0, abs=0.04)
    assert slopes(both, later)[0] == pytest.approx(0.5, abs=0.04)
