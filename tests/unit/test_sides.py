"""One-sided p-values: exact under symmetric laws, refused under others."""

import numpy as np
import pytest
from scipy import stats

from eventstudy.inference.base import StatisticResult
from eventstudy.inference.cross_sectional_t import CrossSectionalT
from eventstudy.inference.generalized_sign import GeneralizedSign
from eventstudy.inference.patell import Patell
from eventstudy.inference.sample_quantile import SampleQuantile
from eventstudy.inference.sides import on_side
from eventstudy.inference.wilcoxon import Wilcoxon
from eventstudy.models.market import Market
from tests.samples import panel40, run

WINDOWS = [(0, 0), (-10, -1)]


@pytest.fixture(scope="module")
def cars():
    return run(panel40(), Market("MKT"), WINDOWS)


@pytest.mark.parametrize("side", ["greater", "less"])
def test_the_cross_sectional_t_is_that_of_scipy(cars, side):
    found = on_side(CrossSectionalT().test(cars), side)
    expected = stats.ttest_1samp(cars.car, 0, alternative=side)
    np.testing.assert_allclose(found.p_value, expected.pvalue, rtol=1e-10)
    assert set(found.status) == {"ok"}


def test_a_normal_law_has_two_tails(cars):
    z = Patell().test(cars).statistic
    np.testing.assert_allclose(
        on_side(Patell().test(cars), "greater").p_value, stats.norm.sf(z), rtol=1e-10
    )
    np.testing.assert_allclose(
        on_side(Patell().test(cars), "less").p_value, stats.norm.cdf(z), rtol=1e-10
    )


def test_two_sided_is_what_it_was(cars):
    two = GeneralizedSign().test(cars)
    assert on_side(two, "two-sided") is two


def test_laws_that_differ_from_event_to_event():
    """t with three numbers of degrees of freedom, normal and one that has no sides, by scipy one by one."""
    laws = np.array([["t(3)", "normal"], ["t(40)", "t(3)"], ["exact", "t(9)"]], dtype=object)
    value = np.array([[1.5, -0.3], [2.0, -4.0], [1.0, np.nan]])
    two = np.array(
        [
            [2 * stats.t.sf(1.5, 3), 2 * stats.norm.sf(0.3)],
            [2 * stats.t.sf(2, 40), 2 * stats.t.sf(4, 3)],
            [0.25, np.nan],
        ]
    )
    reason = np.where(np.isnan(value), "no spread", "").astype(object)
    found = on_side(
        StatisticResult("each", "", value, value, two, np.ones((3, 2), int), laws, reason),
        "greater",
    )
    expected = [[stats.t.sf(1.5, 3), stats.norm.cdf(0.3)], [stats.t.sf(2, 40), stats.t.cdf(4, 3)]]
    np.testing.assert_allclose(found.p_value[:2], expected, rtol=1e-10)
    assert np.isnan(found.p_value[2]).all()
    assert found.reason[2, 1] == "no spread"


@pytest.mark.parametrize("test", [Wilcoxon(), SampleQuantile()], ids=lambda test: test.name)
def test_a_statistic_under_another_law_says_so(cars, test):
    """W+ is held against a normal law about N(N+1)/4, |AR| among |e|: neither is zero on average."""
    found = on_side(test.test(cars), "greater")
    assert np.isnan(found.p_value).all()
    usable = test.test(cars).reason == ""
    assert set(found.reason[usable]) == {
        "two-sided only: one-sided p-values are given under N(0, 1) and t laws"
    }
