"""What every model and every statistic must do, whoever wrote it: the tests find the plug-ins."""

import dataclasses

import numpy as np
import pytest

from eventstudy.abnormal import abnormal_returns, clock_of
from eventstudy.aggregate import cumulate
from eventstudy.models.comparison_group import ComparisonGroup
from eventstudy.models.dimson import Dimson
from eventstudy.models.market import Market
from eventstudy.models.market_robust import MarketRobust
from eventstudy.models.scholes_williams import ScholesWilliams
from eventstudy.registry import plugins
from eventstudy.spec import Window
from tests.samples import common_date, example, make_sample, outcome, regressors, simulated

WINDOWS = [Window(-2, -1), Window(0, 0), Window(0, 3)]
MODELS = [
    *(example(plugin) for plugin in plugins("eventstudy.models").values()),
    ComparisonGroup(("BENCHMARK", "SECOND"), weights={"SECOND": 1, "BENCHMARK": 3}),
    Dimson("BENCHMARK", leads_lags=2),
    Market("BENCHMARK", leads_lags=1),
    MarketRobust("BENCHMARK", estimator="lad"),
    ScholesWilliams("BENCHMARK", slopes="instrument"),
]
STATISTICS = [example(plugin) for plugin in plugins("eventstudy.inference").values()]


def named(plugin):
    return plugin.name


def sample_for(model, *, n=12, seed=3, scale=1.0, edit=None):
    """Return staggered events; asset 0 has two of them."""
    panel, market = simulated(np.random.default_rng(seed), n=n, length=150, event_days=20)
    panel, market = scale * panel, scale * market
    if edit:
        edit(panel)
    column = np.array([0, *range(n)])
    day0 = np.array([110, *(125 + 2 * np.arange(n))])
    return make_sample(
        panel, regressors(model, market), column, day0, estimation=(-100, -11), event_window=(-3, 4)
    )


def cars_of(model, sample):
    return cumulate(abnormal_returns(sample, model.fit(sample)), WINDOWS)


@pytest.mark.parametrize("model", MODELS, ids=named)
class TestModels:
    def test_shapes(self, model):
        sample = sample_for(model)
        abnormal = cars_of(model, sample).abnormal
        assert abnormal.ar.shape == (13, 8)
        assert abnormal.residuals(slice(0, 5)).shape == (5, 90)
        assert np.isfinite(abnormal.ar).all()
        assert (abnormal.sigma > 0).all()
        assert (abnormal.dof > 80).all()

    def test_no_look_ahead(self, model):
        """Returns of the asset in the event window move neither forecast nor residuals."""
        before = sample_for(model, n=2)
        late = before.day0.min() - 3

        def shock(panel):
            panel[late:] += 0.05

        after = sample_for(model, n=2, edit=shock)
        keep = np.array([0])
        first, second = (model.fit(each.select(keep)) for each in (before, after))
        np.testing.assert_array_equal(first.expected, second.expected)
        np.testing.assert_array_equal(first.residuals(slice(None)), second.residuals(slice(None)))
        np.testing.assert_array_equal(first.sigma, second.sigma)

    def test_order_of_events_is_irrelevant(self, model):
        sample = sample_for(model)
        order = np.random.default_rng(0).permutation(len(sample))
        straight, shuffled = cars_of(model, sample), cars_of(model, sample.select(order))
        np.testing.assert_array_equal(straight.car[order], shuffled.car)
        np.testing.assert_array_equal(straight.variance[order], shuffled.variance)

    def test_scale_invariance(self, model):
        """Measuring returns in per cent changes no standardised number."""
        decimal, percent = (cars_of(model, sample_for(model, scale=s)) for s in (1.0, 100.0))
        np.testing.assert_allclose(percent.car, 100 * decimal.car, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(percent.scar, decimal.scar, rtol=1e-9)

    def test_injected_effect_is_found(self, model):
        sample = sample_for(model)
        panel = sample.panel.copy()
        np.add.at(panel, (sample.day0, sample.column), 0.03)
        # an event of the same asset may lie in another's window: the second of asset 0 does not
        shocked = cars_of(model, dataclasses.replace(sample, panel=panel))
        effect = shocked.car[:, 1] - cars_of(model, sample).car[:, 1]
        np.testing.assert_allclose(effect[0], 0.03, atol=1e-12)
        np.testing.assert_allclose(effect[2:], 0.03, atol=1e-12)

    def test_missing_returns_are_left_out(self, model):
        """A gap in the estimation window equals a shorter window, not a return of zero."""

        def gap(panel):
            panel[30, :] = np.nan

        with_gap = sample_for(model, edit=gap)
        zeroed = sample_for(model, edit=lambda panel: panel.__setitem__((30, slice(None)), 0.0))
        first, second = model.fit(with_gap.select([0])), model.fit(zeroed.select([0]))
        assert first.n_obs.tolist() == [89]
        assert second.n_obs.tolist() == [90]
        assert np.isnan(first.residuals(slice(None))).sum() == 1
        assert first.sigma[0] != second.sigma[0]

    def test_a_gap_in_the_event_window_makes_the_car_missing(self, model):
        sample = sample_for(model)
        panel = sample.panel.copy()
        panel[sample.day0[0] + 2, 0] = np.nan
        car = cars_of(model, dataclasses.replace(sample, panel=panel)).car[0]
        assert np.isfinite(car[:2]).all()
        assert np.isnan(car[2])

    def test_no_cell_at_all(self, model):
        fit = model.fit(sample_for(model).select(np.array([], dtype=int)))
        assert fit.expected.shape == (0, 8)


@pytest.mark.parametrize("statistic", STATISTICS, ids=named)
class TestStatistics:
    def result(self, statistic, sample=None, model=None, scale=1.0):
        """Test a sample; where the test needs other events, against those of another seed."""
        model = model or Market("BENCHMARK")
        others = cars_of(model, sample_for(model, seed=4, scale=scale))
        return outcome(statistic, cars_of(model, sample or sample_for(model)), others=others)

    def test_shapes_and_range(self, statistic):
        found = self.result(statistic)
        shape = (13, 3) if statistic.scope == "event" else (3,)
        assert found.statistic.shape == found.p_value.shape == shape
        usable = found.status == "ok"
        assert usable.any()
        p_value = found.p_value[usable]
        assert ((p_value > 0) & (p_value <= 1)).all()
        assert (found.distribution[usable] != "").all()
        assert (found.reason[~usable] != "").all()
        assert np.isnan(found.p_value[~usable]).all()

    def test_order_of_events_is_irrelevant(self, statistic):
        sample = sample_for(Market("BENCHMARK"))
        order = np.random.default_rng(0).permutation(len(sample))
        straight = self.result(statistic, sample).p_value
        shuffled = self.result(statistic, sample.select(order)).p_value
        expected = straight[order] if statistic.scope == "event" else straight
        np.testing.assert_allclose(shuffled, expected, rtol=1e-9)

    def test_scale_invariance(self, statistic):
        model = Market("BENCHMARK")
        decimal, percent = (
            self.result(statistic, sample_for(model, scale=scale), scale=scale)
            for scale in (1.0, 100.0)
        )
        np.testing.assert_allclose(percent.p_value, decimal.p_value, rtol=1e-7)

    def test_injected_effect_is_found(self, statistic):
        sample = sample_for(Market("BENCHMARK"))
        panel = sample.panel.copy()
        np.add.at(panel, (sample.day0, sample.column), 0.08)
        p_value = self.result(statistic, dataclasses.replace(sample, panel=panel)).p_value
        day0 = p_value[2:, 1].max() if statistic.scope == "event" else p_value[1]
        assert day0 < 0.02

    def test_missing_returns_are_not_zero(self, statistic):
        """An event whose window has a gap leaves the test; it does not enter as zero."""
        sample = sample_for(Market("BENCHMARK"))
        panel = sample.panel.copy()
        panel[sample.day0[-1], sample.column[-1]] = np.nan
        found = self.result(statistic, dataclasses.replace(sample, panel=panel))
        if statistic.scope == "event":
            assert found.reason[-1, 1] == "a return is missing in the window"
            return
        without = self.result(statistic, sample.select(np.arange(12)))
        assert found.n[1] == without.n[1] == (12 if statistic.scope == "group" else 12 + 13)
        if "corrado" not in statistic.name:  # a day's rank is lost, the event's others stay
            np.testing.assert_allclose(found.p_value[1], without.p_value[1], rtol=1e-9)

    @pytest.mark.parametrize("n", [0, 1, 2, 5])
    def test_few_events(self, statistic, n):
        """A number, or the reason why there is none: never NaN alone, never a warning."""
        sample = sample_for(Market("BENCHMARK")).select(np.arange(n))
        found = self.result(statistic, sample)
        usable = found.status == "ok"
        assert np.isfinite(found.statistic[usable]).all()
        assert np.isfinite(found.p_value[usable]).all()
        assert (found.reason[~usable] != "").all()

    def test_constant_series(self, statistic):
        model = next(model for model in MODELS if model.name == "constant_mean")
        sample = sample_for(model, edit=lambda panel: panel.fill(0.001))
        found = self.result(statistic, sample, model)
        usable = found.status == "ok"
        assert np.isfinite(found.p_value[usable]).all()

    def test_identical_series(self, statistic):
        sample = sample_for(Market("BENCHMARK")).select(np.array([3, 3, 3]))
        found = self.result(statistic, sample)
        assert np.isfinite(found.p_value[found.status == "ok"]).all()

    def test_says_where_it_comes_from(self, statistic):
        assert any(character.isdigit() for character in statistic.reference)
        assert statistic.null
        assert statistic.scope in {"event", "group", "contrast"}


def test_the_portfolio_of_a_window_holds_only_the_events_that_have_it():
    """Crude dependence: events without the window lend it no history."""
    statistic = next(test for test in STATISTICS if test.name == "crude_dependence")
    sample = sample_for(Market("BENCHMARK"))
    panel = sample.panel.copy()
    panel[sample.day0[1:] + 3, sample.column[1:]] = np.nan
    ragged = statistic.test(cars_of(Market("B"), dataclasses.replace(sample, panel=panel)))
    alone = statistic.test(cars_of(Market("B"), sample.select(np.array([0]))))
    assert ragged.n.tolist() == [13, 13, 1]
    np.testing.assert_allclose(ragged.statistic[2], alone.statistic[2], rtol=1e-12)


@pytest.mark.parametrize(
    "name",
    ["bmp", "cross_sectional_t", "corrado_zivney_rank", "generalized_rank_t", "generalized_rank_z"],
)
def test_equal_events_have_no_spread(name):
    """Rounding between equal CARs is no variance to divide by."""
    statistic = next(test for test in STATISTICS if test.name == name)
    sample = sample_for(Market("BENCHMARK")).select(np.array([3] * 7))
    found = statistic.test(cars_of(Market("BENCHMARK"), sample))
    assert set(found.status) == {"not_applicable"}
    assert all("the events do not differ" in reason for reason in found.reason)


def test_events_that_are_equal_on_one_day_of_a_window():
    """Corrado-Zivney: a day without spread over the events is not a day without deviation."""
    statistic = next(test for test in STATISTICS if test.name == "corrado_zivney_rank")
    cars = cars_of(Market("B"), sample_for(Market("BENCHMARK")))
    cars.abnormal.ar[:, 1] = np.sqrt(cars.abnormal.ar_variance[:, 1])
    found = statistic.test(cars)
    whole = ["on a day of the window the events do not differ" in each for each in found.reason]
    first = cars.abnormal.event_window.start
    assert whole == [window.start <= first + 1 <= window.end for window in cars.windows]
    assert any(whole)
    assert not all(whole)


@pytest.mark.parametrize("model", MODELS, ids=named)
def test_an_exact_fit_is_a_failure(model):
    """A benchmark that is the asset itself leaves rounding errors, not residuals.

    Three separate slopes do not add up to exactly one for it; a constant return they do explain.
    """
    sample = sample_for(model)
    if model.inputs() and getattr(model, "slopes", "") != "separate":
        weighted = getattr(model, "weights", None) or dict.fromkeys(getattr(model, "peers", ()), 1)
        weights = [weighted[name] for name in getattr(model, "peers", ())] or None
        columns = sample.factors[0] if weights else sample.factors[0, :, :1]
        market = np.average(columns, axis=1, weights=weights)
        panel = np.column_stack([market] * sample.panel.shape[1])
    else:
        panel = np.full(sample.panel.shape, 0.001)
    fit = model.fit(dataclasses.replace(sample, panel=panel))
    assert all("exactly" in failure for failure in fit.failures)


def test_a_portfolio_of_one_session_has_no_robust_error():
    """Thirty events on one day are one observation in calendar time; two lags need three."""
    statistic = next(test for test in STATISTICS if test.name == "calendar_time")
    panel, market = simulated(np.random.default_rng(3), n=30, event_days=5)
    cars = cumulate(
        abnormal_returns(sample := common_date(panel, market), Market("B").fit(sample)),
        [Window(0, 0), Window(0, 1), Window(0, 4)],
    )
    found = dataclasses.replace(statistic, lags=2).test(cars)
    assert found.reason.tolist() == [
        "1 session in calendar time; 2 needed",
        "2 sessions in calendar time; 2 lags need 3",
        "",
    ]
    none = dataclasses.replace(statistic, min_events=31).test(cars)
    assert none.n.tolist() == [0, 0, 0]
    assert (none.status == "not_applicable").all()


def test_a_session_of_two_exchanges_is_one():
    """Events of two session axes meet on their common dates."""
    statistic = next(test for test in STATISTICS if test.name == "calendar_time")
    sample = sample_for(Market("B"), n=4)
    dates, cars = sample.axes[0], cars_of(Market("B"), sample)
    axes, late = (dates, dates[2:]), np.array([0, 0, 0, 1, 1])
    shifted = dataclasses.replace(
        cars.abnormal, axes=axes, clock=clock_of(axes), axis=late, day0=sample.day0 - 2 * late
    )
    for test in (statistic, dataclasses.replace(statistic, standardised=True)):
        one, two = test.test(cars), test.test(cumulate(shifted, WINDOWS))
        np.testing.assert_array_equal(one.statistic, two.statistic)
