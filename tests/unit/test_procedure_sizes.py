"""The table of sizes in docs/explanation/which-test.md: repeated on a smaller scale, and its claims."""

import numpy as np
import pandas as pd
import pytest
from benchmarks import group_sizes as groups
from benchmarks import procedure_sizes as sizes
from benchmarks import reversal_sizes as after
from benchmarks.simulated import printed

from eventstudy.comparison import Trial, every_session
from eventstudy.models.constant_mean import ConstantMean


def close(found, page):
    """Whether rates of another seed are within four errors of both."""
    for rate, (value, error) in zip(found, page, strict=True):
        if rate.n:
            own = np.sqrt(2 * max(value, 0.02) * (1 - value) / rate.n)
            assert abs(rate.value - value) <= 4 * np.hypot(own, error)
        else:
            assert np.isnan(value)
    return True


@pytest.mark.parametrize("events", [60, pytest.param(600, marks=pytest.mark.slow)])
def test_table_again(events):
    found, page = sizes.sizes(events, seed=7), printed(sizes.MARKER)
    assert list(page) == [*sizes.PLACEBO, *sizes.OTHERS, *sizes.STATISTICS]
    assert all(close(found[name], page[name]) for name in page)


def test_claims():
    page = {name: rates[:, 0] for name, rates in printed(sizes.MARKER).items()}
    any_date, after_fall = slice(0, 3), slice(3, 6)
    assert np.nanmax(page["`placebo`"]) < 0.08
    assert page["`garch_quantile`"][3] < 0.08
    for name in ("`sample_quantile`", "`forecast_t`", "`stationary_bootstrap`"):
        assert page[name][3] > 0.1
        assert np.nanmax(page[name][any_date]) < 0.09
    assert (page["`placebo`, `by: none`, `scale: none`"][after_fall] > 0.1).all()


def test_all_sessions_at_once_are_the_placebo_of_each_event():
    rng, day0 = np.random.default_rng(1), np.array([1_500, 2_500, 3_777])
    returns, model = sizes.returns_of(1, rng)[:, 0], ConstantMean()
    sample = sizes.sample_of(returns, day0)
    every = every_session(sample, model, sizes.WINDOWS, least=100)
    cars = every["index"].cars.select(every["index"].positions(day0))
    for procedure in sizes.PLACEBO.values():
        found = sizes.among_all_sessions(procedure, every["index"], day0)
        for row in range(3):
            one, key = np.array([row]), {("all", "index"): np.array([0])}
            trial = Trial(sample.select(one), model, cars.select(one), key, every, (day0[one],))
            expected = procedure.test(trial, rng).events.p_value[0]
            np.testing.assert_allclose(found[row], expected, rtol=1e-12)


def test_groups_of_events_after_falls():
    """The mean of the estimation window is what makes them reject, not the days that they share."""
    page = printed(groups.MARKER)
    assert list(page) == [str(design) for design in groups.DESIGNS]
    anywhere, overlapping, apart, longer, before = (rates[:, 0] for rates in page.values())
    assert anywhere.max() < 0.07
    assert apart[2] > overlapping[2] > 0.05
    assert before[2] < longer[2] < apart[2]
    assert before.max() < 0.09


@pytest.mark.slow
def test_groups_again():
    found, page = groups.sizes(150, seed=7), printed(groups.MARKER)
    assert all(close(found[design], page[str(design)]) for design in groups.DESIGNS)


@pytest.mark.parametrize("design", groups.DESIGNS[1:3], ids=str)
def test_dates_of_groups(design):
    """Falls by pandas: the twenty sessions before the day."""
    returns = sizes.returns_of(3, np.random.default_rng(4))[:, 1]
    days = groups.dates_of(returns, design, np.random.default_rng(1))
    past = pd.Series(np.log1p(returns)).rolling(20).sum().shift()
    assert len(days) == groups.EVENTS
    assert (past[days] < np.log(0.9)).all()
    assert (np.diff(np.sort(days)).min() >= groups.APART) == design.apart


def test_statements_on_the_aftermath_keep_their_level():
    page = printed(after.MARKER)
    assert all(f"k = {k}" in " ".join(page) for k in (5, 20))
    for name, rates in page.items():
        least_sized = "sign_flip" in name or "projection" in name
        assert rates[0, 0] <= 0.07, name
        assert rates[1, 0] <= (0.10 if least_sized else 0.07), name


@pytest.mark.slow
def test_aftermath_again():
    found, page = after.sizes(150, seed=7), printed(after.MARKER)
    assert list(found) == list(page)
    assert all(close(found[name], page[name]) for name in page)
