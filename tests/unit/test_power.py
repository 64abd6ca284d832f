"""Power and minimum detectable effect against textbook tables and the noncentral t law."""

import numpy as np
import pytest
from scipy import integrate, special, stats

from eventstudy.models.constant_mean import ConstantMean
from eventstudy.power import (
    FURTHEST,
    POINTS,
    curve,
    detectable,
    detectable_by_spread,
    multiplier,
    power,
)
from eventstudy.spec import Window
from tests.samples import make_sample, run

# MacKinlay (1997), Journal of Economic Literature 35, and Campbell, Lo and MacKinlay, chapter 4: power of
# the two-sided 5% test by N and true abnormal return of 0.5, 1, 1.5 and 2 per cent, sigma 2 per cent.
TABLE = {1: (0.06, 0.08, 0.12, 0.17), 10: (0.12, 0.35, 0.66, 0.89), 50: (0.42, 0.94, 1.0, 1.0)}


@pytest.mark.parametrize("n", TABLE)
def test_power_of_the_textbook(n):
    shift = np.sqrt(n) * np.array([0.005, 0.01, 0.015, 0.02]) / 0.02
    np.testing.assert_allclose(power(shift, 10**7, 0.05), TABLE[n], atol=0.005)


def test_power_of_the_textbook_at_twice_the_sigma():
    assert power(np.sqrt(60) * 0.01 / 0.04, 10**7, 0.05) == pytest.approx(0.49, abs=0.005)


@pytest.mark.parametrize("dof", [1, 2, 4, 30])
@pytest.mark.parametrize("shift", [0.0, 1.0, 4.0])
def test_power_is_that_of_the_noncentral_t(dof, shift):
    """The noncentral t as a mixture over its denominator, integrated by another rule."""
    bound = stats.t.isf(0.025, dof)

    def integrand(spread):
        density = 2 * dof * spread * stats.chi2.pdf(dof * spread**2, dof)
        return density * (
            special.ndtr(shift - bound * spread) + special.ndtr(-shift - bound * spread)
        )

    expected = integrate.quad(integrand, 0, np.inf, epsabs=1e-11)[0]
    assert power(shift, dof, 0.05) == pytest.approx(expected, abs=1e-5)


def test_without_an_effect_power_is_the_size():
    assert power(0.0, 7, 0.1) == pytest.approx(0.1, abs=1e-5)


@pytest.mark.parametrize(
    ("n", "expected"), [(3, 5.65), (5, 3.76), (8, 3.27), (10, 3.15), (20, 2.95), (50, 2.86)]
)
def test_multipliers(n, expected):
    assert multiplier(n - 1, 0.05) == pytest.approx(expected, abs=0.005)


def test_least_effect_of_five_events():
    """Estimation +-1.4 per cent of ten returns: s^2 = 10 1.4^2 / 9, Var = s^2 (1 + 1/10); n = 5."""
    panel = np.tile([1.4, -1.4], 5 * 8)[:, None]
    sample = make_sample(
        panel, None, [0] * 5, [20, 30, 40, 50, 60], estimation=(-10, -1), event_window=(0, 0)
    )
    error, effect = detectable(run(sample, ConstantMean(), [(0, 0)]).abnormal, [Window(0, 0)], 0.05)
    assert error[0] == pytest.approx(np.sqrt(10 * 1.4**2 / 9 * 1.1 / 5))
    assert effect[0] == pytest.approx(3.761 * error[0], rel=1e-3)


def test_least_effect_by_the_spread_of_the_events():
    """1, 2, 3, 4, 5: sd = sqrt(2.5), error sqrt(2.5 / 5), times 3.761 of t(4); a gap leaves three, one none.

    2, 4, 6: sd = 2, error 2 / sqrt(3), times 5.65 of t(2).
    """
    gap = np.nan
    cars = np.array([[1, 2, 7], [2, gap, gap], [3, 4, gap], [4, gap, gap], [5, 6, gap]])
    error, effect = detectable_by_spread(cars, 0.05)
    np.testing.assert_allclose(error, [np.sqrt(0.5), 2 / np.sqrt(3), gap])
    np.testing.assert_allclose(effect / error, [3.761, 5.65, gap], rtol=1e-3)


@pytest.mark.parametrize("events", [1, 5])
def test_a_curve_runs_from_the_size_through_eighty_per_cent(events):
    """Same five events: .05 without an effect, .8 at the detectable one, monotone between."""
    panel = np.tile([1.4, -1.4], 5 * 8)[:, None]
    sample = make_sample(
        panel, None, [0] * 5, [20, 30, 40, 50, 60], estimation=(-10, -1), event_window=(0, 1)
    )
    abnormal = run(sample, ConstantMean(), [(0, 0)]).abnormal
    windows = [Window(0, 0), Window(0, 1)]
    effects, found = curve(abnormal, windows, events, level=0.05)
    assert effects.shape == found.shape == (2, POINTS)
    least = multiplier(4 if events > 1 else 9, 0.05) * np.sqrt(10 * 1.4**2 / 9 / events)
    np.testing.assert_allclose(effects[:, -1] / FURTHEST, least * np.sqrt([1.1, 2.4]))
    for mine, power_of in zip(effects, found, strict=True):
        assert power_of[0] == pytest.approx(0.05, abs=1e-5)
        assert np.interp(mine[-1] / FURTHEST, mine, power_of) == pytest.approx(0.8, abs=0.003)
        assert (np.diff(power_of) > 0).all()
