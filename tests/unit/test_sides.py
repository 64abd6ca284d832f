"""One-sided p-values: exact under symmetric laws, refused under others."""

import numpy as np
import pytest
from scipy import stats

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


@pytest.mark.parametrize("test", [Wilcoxon(), SampleQuantile()], ids=lambda test: test.name)
def test_a_statistic_under_another_law_says_so(cars, test):
    """W+ is held against a normal law about N(N+1)/4, |AR| among |e|: neither is zero on average."""
    found = on_side(test.test(cars), "greater")
    assert np.isnan(found.p_value).all()
    usable = test.test(cars).reason == ""
    assert set(found.reason[usable]) == {
        "two-sided only: one-sided p-values are given under N(0, 1) and t laws"
    }
