"""Resampling tests: arithmetic and packages named in resampling/README.md."""

from itertools import product

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from eventstudy.inference.cross_sectional_t import CrossSectionalT
from eventstudy.inference.jackknife_t import JackknifeT
from eventstudy.inference.johnson_bootstrap_t import JohnsonBootstrapT
from eventstudy.inference.permutation import Permutation
from eventstudy.inference.sign_flip import SignFlip
from eventstudy.inference.wild_bootstrap import WildBootstrap
from eventstudy.models.constant_mean import ConstantMean
from tests.samples import make_sample, run

TWELVE = [1.2, -0.4, 2.1, 0.3, 1.7, -0.9, 0.8, 2.5, -0.2, 1.1, 0.6, 1.9]
DATES = [0, 0, 1, 1, 1, 2, 3, 3, 4, 5, 5, 5]
NINE = [1.2, -0.4, 2.1, 0.3, 1.7, -0.9, 0.8, 2.5, 0.3]


def cars(ar, date=None, size=None):
    """Return CARs of [0,0] in per cent, one asset per event; events with one date share day 0.

    `size` multiplies the estimation returns of each event.
    """
    day0 = 4 + 10 * np.array(range(len(ar)) if date is None else date)
    panel = np.zeros((day0.max() + 1, len(ar)))
    for number, day in enumerate(day0):
        panel[day - 4 : day, number] = np.array([1, -1, -1, 1]) * (size[number] if size else 1)
        panel[day, number] = ar[number]
    sample = make_sample(
        panel, None, range(len(ar)), day0, estimation=(-4, -1), event_window=(0, 0)
    )
    return run(sample, ConstantMean(), [(0, 0)])


def drawn(test, values, *more, date=None):
    return test.test(cars(values, date), *more, np.random.default_rng(1))


@pytest.mark.parametrize(
    ("ar", "t", "p_value"), [([1, 2, 6], 1.963961, 2 / 8), ([1, -2, 6], 0.714286, 6 / 8)]
)
def test_wild_bootstrap_of_three_events(ar, t, p_value):
    found = drawn(WildBootstrap(), ar)
    np.testing.assert_allclose(found.statistic, [t], atol=5e-7)
    assert found.p_value.tolist() == [p_value]
    assert (found.n.tolist(), found.distribution.tolist()) == ([3], ["exact"])
    np.testing.assert_allclose(found.estimate, np.mean(ar), rtol=1e-14)


def test_wild_bootstrap_of_three_dates():
    found = drawn(WildBootstrap(cluster="date"), [1, 2, 6, -1], date=[0, 0, 1, 2])
    np.testing.assert_allclose(found.statistic, [1.281025], atol=5e-7)
    assert (found.p_value.tolist(), found.n.tolist()) == ([0.5], [4])


@pytest.mark.parametrize("cluster", ["date", "overlap"])
def test_wild_bootstrap_of_six_dates(cluster):
    found = drawn(WildBootstrap(cluster), TWELVE, date=DATES)
    np.testing.assert_allclose(found.statistic, [3.006480014385055], rtol=1e-12)
    assert (found.p_value.tolist(), found.distribution.tolist()) == ([8 / 64], ["exact"])
    t = []
    for signs in product([1, -1], repeat=6):
        model = sm.OLS(np.array(signs)[DATES] * TWELVE, np.ones(12))
        fitted = model.fit(cov_type="cluster", cov_kwds={"groups": np.array(DATES)})
        t.append(fitted.tvalues[0])
    assert t[0] == pytest.approx(found.statistic[0], rel=1e-12)
    assert np.mean(np.abs(t) >= abs(t[0]) - 1e-9) == found.p_value[0]


def test_wild_bootstrap_is_a_test_of_sign_changes():
    found = drawn(WildBootstrap(), NINE)
    oracle = stats.permutation_test(
        (NINE,),
        lambda x, axis: stats.ttest_1samp(x, 0, axis=axis).statistic,
        permutation_type="samples",
        vectorized=True,
        n_resamples=2**9,
    )
    np.testing.assert_allclose(found.statistic, [oracle.statistic], rtol=1e-12)
    np.testing.assert_allclose(found.p_value, [oracle.pvalue], rtol=1e-12)


@pytest.mark.parametrize(("of", "value"), [("welch_t", 3.464102), ("difference", 4.0)])
def test_permutation_of_five_events(of, value):
    found = drawn(Permutation(of), [1, 5, 2, 3, 7], np.array([0, 1, 0, 0, 1], bool))
    np.testing.assert_allclose(found.statistic, [value], atol=5e-7)
    np.testing.assert_allclose(found.estimate, [4], rtol=1e-14)
    assert found.p_value.tolist() == [0.1]
    assert (found.n.tolist(), found.distribution.tolist()) == ([5], ["exact"])


def test_permutation_of_dates():
    group = np.array([1, 1, 1, 0, 0, 0], bool)
    test = Permutation("difference", cluster="date")
    found = drawn(test, [5, 7, 6, 1, 2, 3], group, date=[0, 0, 1, 2, 2, 3])
    np.testing.assert_allclose(found.p_value, [1 / 3], rtol=1e-14)
    mixed = drawn(test, [5, 7, 6, 1, 2, 3], group, date=[0, 0, 1, 1, 2, 3])
    assert mixed.reason[0].startswith("1 cluster has events on both sides")


@pytest.mark.parametrize("of", ["welch_t", "difference"])
def test_permutation_of_twelve_events(of):
    """CARs with ties: 495 ways to choose four of twelve; the package doubles a tail unless told."""
    group, values = np.arange(12) % 3 == 1, np.array([*NINE, 0.3, 1.7, -0.4])

    def statistic(x, y, axis):
        if of == "difference":
            return np.abs(x.mean(axis=axis) - y.mean(axis=axis))
        return np.abs(stats.ttest_ind(x, y, equal_var=False, axis=axis).statistic)

    oracle = stats.permutation_test(
        (values[group], values[~group]),
        statistic,
        vectorized=True,
        n_resamples=np.inf,
        alternative="greater",
    )
    found = drawn(Permutation(of), values, group)
    np.testing.assert_allclose(np.abs(found.statistic), [oracle.statistic], rtol=1e-12)
    np.testing.assert_allclose(found.p_value, [oracle.pvalue], rtol=1e-12)
    assert found.distribution.tolist() == ["exact"]


@pytest.mark.parametrize(
    ("shift", "j", "p_value"), [(0, 0.724093, 0.356756), (1, 4.850738, 0.056507)]
)
def test_bootstrap_of_two_values(shift, j, p_value):
    """The law of J* is known; 99,999 draws come within four standard errors of it."""
    draws = 99_999
    values = np.array([3] * 12 + [-1] * 28) + shift
    found = drawn(JohnsonBootstrapT(draws=draws), values)
    np.testing.assert_allclose(found.statistic, [j], atol=1e-5)
    error = 2 * np.sqrt(p_value / 2 * (1 - p_value / 2) / draws)
    np.testing.assert_allclose(found.p_value, [p_value], atol=4 * error)
    assert (found.n.tolist(), found.distribution.tolist()) == ([40], ["empirical(99999)"])


def test_jackknife_of_four_events():
    found = JackknifeT().test(cars([1, 2, 3, 6]))
    np.testing.assert_allclose(found.statistic, [1.4973914041725416], rtol=1e-12)
    np.testing.assert_allclose(found.p_value, [0.2312109520560982], rtol=1e-12)
    assert (found.n.tolist(), found.distribution.tolist()) == ([4], ["t(3)"])
    np.testing.assert_allclose(found.estimate, [3], rtol=1e-14)


def test_jackknife_of_the_mean_is_the_cross_sectional_t():
    """Pseudo-values of a mean, formed by leaving events out, are the observations."""
    values = np.array(TWELVE)
    without = np.array([np.delete(values, row).mean() for row in range(12)])
    pseudo = 12 * values.mean() - 11 * without
    expected = np.sqrt(12) * pseudo.mean() / pseudo.std(ddof=1)
    found, plain = (test.test(cars(values)) for test in (JackknifeT("mean"), CrossSectionalT()))
    np.testing.assert_allclose(found.statistic, [expected], rtol=1e-12)
    np.testing.assert_array_equal(found.statistic, plain.statistic)
    np.testing.assert_array_equal(found.p_value, plain.p_value)


SIX = [2, 3, 4, 5, 6, -1]


def test_sign_flip_of_six_events():
    found = drawn(SignFlip(), SIX)
    np.testing.assert_allclose(found.statistic, [19 / 6], rtol=1e-14)
    assert found.p_value.tolist() == [4 / 64]
    assert (found.n.tolist(), found.distribution.tolist()) == ([6], ["exact"])
    np.testing.assert_allclose(found.estimate, [19 / 6], rtol=1e-14)


@pytest.mark.parametrize(
    ("size", "p_value"), [([1, 1, 1, 1, 1, 10], 4 / 64), ([10, 1, 1, 1, 1, 1], 6 / 64)]
)
def test_sign_flip_of_standardised_cars(size, p_value):
    found = SignFlip("scar").test(cars(SIX, size=size), np.random.default_rng(1))
    assert found.p_value.tolist() == [p_value]
    np.testing.assert_allclose(found.estimate, [19 / 6], rtol=1e-14)


@pytest.mark.parametrize(
    ("ar", "date", "reason"),
    [
        (SIX[:5], None, "5 events; 6 needed: no p below 0.062"),
        (SIX, [0, 0, 0, 1, 1, 1], "6 events in 2 clusters; 6 needed: no p below 0.5"),
        (SIX, [0] * 6, "6 events in 1 cluster; 6 needed: no p below 1"),
    ],
)
def test_sign_flip_of_too_few(ar, date, reason):
    assert drawn(SignFlip(), ar, date=date).reason.tolist() == [reason]


@pytest.mark.parametrize("date", [None, DATES])
def test_sign_flip_by_enumeration(date):
    """scipy for single events, a loop over the signs of dates for clusters."""
    found = drawn(SignFlip(), TWELVE, date=date)
    sums = np.bincount(range(12) if date is None else date, TWELVE)
    every = np.array([abs(np.dot(signs, sums)) for signs in product((1, -1), repeat=len(sums))])
    assert found.p_value[0] == np.mean(every >= sum(TWELVE) - 1e-9)
    if date is None:
        expected = stats.permutation_test(
            (np.array(TWELVE),), np.mean, permutation_type="samples", n_resamples=np.inf
        )
        np.testing.assert_allclose(found.p_value, expected.pvalue, rtol=1e-12)


def test_sign_flip_of_many_events_draws():
    """25 whole numbers: the exact law by convolution, the drawn share within four errors."""
    values = [3, 1, -2, 5, 4, -1, 2, 6, -3, 2, 1, 4, -5, 3, 2, -2, 1, 3, 4, -1, 2, -4, 5, 1, 2]
    law = np.ones(1)
    for value in values:
        two_points = np.zeros(2 * abs(value) + 1)
        two_points[[0, -1]] = 0.5
        law = np.convolve(law, two_points)
    reach = np.arange(len(law)) - sum(map(abs, values))
    expected = law[np.abs(reach) >= sum(values)].sum()
    found = drawn(SignFlip(draws=99_999), values)
    error = np.sqrt(expected * (1 - expected) / 99_999)
    assert abs(found.p_value[0] - expected) <= 4 * error
    assert found.distribution.tolist() == ["empirical(99999)"]
