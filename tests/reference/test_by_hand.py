"""Small cases whose arithmetic is written out in by_hand/README.md."""

import dataclasses

import numpy as np
import pytest
from scipy import stats

from eventstudy.inference.bmp import BMP
from eventstudy.inference.calendar_time import CalendarTime
from eventstudy.inference.cross_sectional_t import CrossSectionalT
from eventstudy.inference.crude_dependence import CrudeDependence
from eventstudy.inference.forecast_t import ForecastT
from eventstudy.inference.generalized_sign import GeneralizedSign
from eventstudy.inference.patell import Patell
from eventstudy.inference.sample_quantile import SampleQuantile
from eventstudy.inference.skewness_adjusted_t import SkewnessAdjustedT
from eventstudy.inference.wilcoxon import Wilcoxon
from eventstudy.models.comparison_group import ComparisonGroup
from eventstudy.models.constant_mean import ConstantMean
from eventstudy.models.dimson import Dimson
from eventstudy.models.market_adjusted import MarketAdjusted
from eventstudy.models.scholes_williams import ScholesWilliams
from eventstudy.models.synthetic_control import SyntheticControl
from tests.samples import make_sample, regressors, run

HALF = [-4, -3, -2, -1, 1, 2, 3, 4]
QUARTER = [-1, -1, -1, 3, -1, -1, -1, 3]


def cars(estimation, event, windows, model=None, benchmark=None):
    """Return CARs in per cent of assets given as lists of estimation and event returns."""
    panel = np.column_stack(
        [[*before, *after] for before, after in zip(estimation, event, strict=True)]
    )
    length, days = len(estimation[0]), len(event[0])
    sample = make_sample(
        panel,
        benchmark,
        range(panel.shape[1]),
        [length] * panel.shape[1],
        estimation=(-length, -1),
        event_window=(0, days - 1),
    )
    return run(sample, model or ConstantMean(), windows)


def test_one_event_constant_mean():
    found = cars([[-4, -3, -2, -1, 0, 1, 2, 3, 4]], [[2.5, 2]], [(0, 0), (0, 1)])
    np.testing.assert_allclose(found.car, [[2.5, 4.5]], atol=1e-14)
    np.testing.assert_allclose(found.variance, [[7.5 * 10 / 9, 7.5 * 22 / 9]], rtol=1e-14)
    forecast = ForecastT().test(found)
    np.testing.assert_allclose(forecast.statistic, [[0.866025, 1.050974]], atol=5e-7)
    np.testing.assert_allclose(forecast.p_value, 2 * stats.t.sf(forecast.statistic, 8), rtol=1e-12)
    assert forecast.distribution.tolist() == [["t(8)", "t(8)"]]
    quantile = SampleQuantile().test(found)
    assert quantile.p_value[0, 0] == 0.5
    assert quantile.distribution[0, 0] == "empirical(9)"
    assert quantile.status[0].tolist() == ["ok", "not_applicable"]
    assert quantile.n.tolist() == [[9, 9]]


def test_sample_quantile_scaled():
    found = cars([[-4, -3, -2, -1, 0, 1, 2, 3, 4]], [[2.1, 2]], [(0, 0), (0, 1)])
    raw, scaled = (SampleQuantile(scaled=scaled).test(found) for scaled in (False, True))
    assert [raw.p_value[0, 0], scaled.p_value[0, 0]] == [0.5, 0.7]
    assert scaled.statistic[0, 0] == raw.statistic[0, 0] == pytest.approx(2.1, rel=1e-14)
    assert scaled.status[0].tolist() == ["ok", "not_applicable"]


def test_market_adjusted_has_no_forecast_error():
    found = cars(
        [[2, 0, 1, -1]],
        [[3, 2]],
        [(0, 0), (0, 1)],
        model=MarketAdjusted("M"),
        benchmark=[1, 1, -1, 1, 0, 1],
    )
    np.testing.assert_allclose(found.abnormal.sigma**2, [2.5], rtol=1e-15)
    forecast = ForecastT().test(found)
    np.testing.assert_allclose(forecast.statistic, [[1.897367, 1.788854]], atol=5e-7)
    assert forecast.distribution.tolist() == [["t(4)", "t(4)"]]


def test_returns_from_trade_to_trade():
    levels = np.array([0, 2, np.nan, np.nan, np.nan, 6, 5, np.nan, np.nan, np.nan, 9, 12, 12, 15.0])
    sample = make_sample(
        np.r_[np.nan, np.diff(levels)][:, None],
        None,
        [0],
        [12],
        estimation=(-11, -2),
        event_window=(0, 1),
    )
    sample = dataclasses.replace(sample, returns="log", levels=levels[:, None])
    found = run(sample, ConstantMean(missing="trade_to_trade"), [(0, 0), (0, 1)])
    np.testing.assert_allclose(found.abnormal.expected, [[0.9, 0.9]], rtol=1e-14)
    np.testing.assert_allclose(found.abnormal.sigma**2, [4.9 / 3], rtol=1e-13)
    np.testing.assert_allclose(found.car, [[-0.9, 1.2]], rtol=1e-13)
    np.testing.assert_allclose(found.variance, [[4.9 / 3 * 1.1, 4.9 / 3 * 2.4]], rtol=1e-13)
    assert found.abnormal.n_est.tolist() == [4]
    assert found.abnormal.dof.tolist() == [3]


@pytest.mark.parametrize("kind", ["simple", "log"])
def test_buy_and_hold_compounds(kind):
    returns = np.array([[0.01, -0.02, 0.03, 0.1, -0.1], [0, 0, 0, 0.05, 0.05]]).T
    asset, market = (np.log1p(returns) if kind == "log" else returns).T
    sample = make_sample(asset[:, None], market, [0], [3], estimation=(-3, -1), event_window=(0, 1))
    found = run(dataclasses.replace(sample, returns=kind), MarketAdjusted("M"), [(0, 0), (0, 1)])
    np.testing.assert_allclose(found.bhar, [[0.05, -0.1125]], rtol=1e-12)
    if kind == "simple":
        np.testing.assert_allclose(found.car, [[0.05, -0.1]], rtol=1e-12)


def test_a_comparison_group_is_a_benchmark():
    peers = np.array([[1, 1, -1, 1, 0, 1], [3, 2, -1, 4, 2, 5], [-1, 0, -1, -2, -2, -3]]).T
    asset = np.array([2, 0, 1, -1, 3, 2.0])
    sample = make_sample(asset[:, None], peers, [0], [4], estimation=(-4, -1), event_window=(0, 1))
    found = run(sample, ComparisonGroup(("A", "B", "C")), [(0, 0), (0, 1)])
    np.testing.assert_allclose(found.car, [[3, 4]], rtol=1e-14)
    np.testing.assert_allclose(found.variance, [[2.5, 5]], rtol=1e-14)
    assert found.abnormal.dof.tolist() == [4]


def test_a_comparison_group_with_weights():
    peers = np.array([[1, -1, 1, 1, 1, 3], [-3, 5, -3, 1, 3, -1.0]]).T
    asset = np.array([1, 2, -1, 3, 5, 4.0])
    model = ComparisonGroup(("A", "B"), weights={"B": 50, "A": 150})
    sample = make_sample(asset[:, None], peers, [0], [4], estimation=(-4, -1), event_window=(0, 1))
    found = run(sample, model, [(0, 0), (0, 1)])
    np.testing.assert_allclose(found.car, [[3.5, 5.5]], rtol=1e-14)
    np.testing.assert_allclose(found.variance, [[2.0625, 4.125]], rtol=1e-14)


def test_synthetic_control_of_three_donors():
    donors = np.array([[1, 1, -1, -1, 3, 1], [1, -1, 1, -1, 1, 0], [-5, -5, -5, -5, 9, 9.0]]).T
    asset = np.array([2, 0, 1, -2, 4, 0.25])
    model = SyntheticControl(("A", "B", "C"))
    sample = make_sample(asset[:, None], donors, [0], [4], estimation=(-4, -1), event_window=(0, 1))
    found = run(sample, model, [(0, 0), (0, 1)])
    np.testing.assert_allclose(model.fit(sample).coefficients, [[0.25, 0.75, 0]], rtol=1e-12)
    np.testing.assert_allclose(found.abnormal.sigma**2, [2.5 / 3], rtol=1e-12)
    np.testing.assert_allclose(found.car, [[2.5, 2.5]], rtol=1e-12)
    np.testing.assert_allclose(found.variance, [[1.25, 2.604166666666667]], rtol=1e-12)
    assert found.abnormal.dof.tolist() == [3]


@pytest.mark.parametrize(
    "model", [ScholesWilliams("M"), ScholesWilliams("M", slopes="instrument"), Dimson("M")]
)
def test_a_beta_from_leads_and_lags(model):
    """The benchmark returns to its first value in the gap before the event."""
    market = np.array([-1, 3, 1, -1, 1, -3, -1, 1, -1, 3, 2, 1.0])
    asset = [0, 4, 2, 0, -2, -4, 2, 0, -2, 0, 4, 2.5]
    sample = make_sample(
        np.array(asset)[:, None],
        regressors(model, market),
        [0],
        [10],
        estimation=(-9, -2),
        event_window=(0, 1),
    )
    found = run(sample, model, [(0, 0), (0, 1)])
    np.testing.assert_allclose(model.fit(sample).coefficients, [[0, 1.5]], atol=1e-14)
    np.testing.assert_allclose(found.abnormal.sigma**2, [5], rtol=1e-14)
    np.testing.assert_allclose(found.car, [[1, 2]], rtol=1e-13)
    np.testing.assert_allclose(found.variance, [[10, 22.34375]], rtol=1e-13)
    assert found.abnormal.dof.tolist() == [6]


@pytest.mark.parametrize(
    ("slopes", "beta", "variance", "squares"),
    [("separate", 9 / 2, 31 / 3, 3 / 2), ("instrument", 19 / 7, 394 / 147, 26 / 49)],
)
def test_slopes_over_variances_that_differ(slopes, beta, variance, squares):
    model = ScholesWilliams("M", slopes=slopes)
    market = np.array([1, 0, 1, -1, -1, 1, 5, 2, 1, 0.0])
    asset = np.array([9, 2, 1, -3, -2, 2, 9, 10, 5.5, 9.0])
    sample = make_sample(
        asset[:, None],
        regressors(model, market),
        [0],
        [7],
        estimation=(-6, -2),
        event_window=(0, 1),
    )
    found = run(sample, model, [(0, 0), (0, 1)])
    np.testing.assert_allclose(model.fit(sample).coefficients, [[0, beta]], atol=1e-14)
    np.testing.assert_allclose(found.abnormal.sigma**2, [variance], rtol=1e-13)
    np.testing.assert_allclose(found.car, [[10 - 2 * beta, 15.5 - 3 * beta]], rtol=1e-13)
    expected = [[variance * (1.2 + 4 * squares), variance * (2.8 + 9 * squares)]]
    np.testing.assert_allclose(found.variance, expected, rtol=1e-13)


@pytest.mark.parametrize("ar", [[1, 2, 3, -4, 5], [1, 2, 2, -4, 5]])
def test_wilcoxon_of_five_events(ar):
    found = Wilcoxon().test(cars([HALF] * 5, [[value] for value in ar], [(0, 0)]))
    assert found.statistic.tolist() == [11.0]
    assert found.p_value.tolist() == [0.4375]
    assert (found.n.tolist(), found.distribution.tolist()) == ([5], ["exact"])


def test_generalized_sign_of_five_events():
    estimation = [HALF, HALF, HALF, QUARTER, QUARTER]
    found = GeneralizedSign().test(cars(estimation, [[1], [2], [3], [4], [-5]], [(0, 0)]))
    np.testing.assert_allclose(found.statistic, [1.825742], atol=5e-7)
    np.testing.assert_allclose(found.p_value, [0.17408], rtol=1e-12)
    assert (found.n.tolist(), found.distribution.tolist()) == ([5], ["exact"])


@pytest.mark.parametrize(
    ("statistic", "value", "law", "p_value"),
    [
        (CrossSectionalT(), 2.0, "t(1)", 2 * stats.t.sf(2.0, 1)),
        (CrudeDependence(), 2.366432, "t(7)", 2 * stats.t.sf(2.366432, 7)),
        (Patell(), 1.527046, "normal", 2 * stats.norm.sf(1.527046)),
        (BMP(), 3.228742, "t(1)", 2 * stats.t.sf(3.228742, 1)),
    ],
)
def test_two_events(statistic, value, law, p_value):
    estimation = [[-2, -1, 1, 2] * 2, [1, -1] * 4]
    found = statistic.test(cars(estimation, [[3], [1]], [(0, 0)]))
    np.testing.assert_allclose(found.statistic, [value], atol=5e-6)
    np.testing.assert_allclose(found.p_value, [p_value], atol=1e-6)
    assert (found.n.tolist(), found.distribution.tolist()) == ([2], [law])
    np.testing.assert_allclose(found.estimate, [2.0], rtol=1e-14)


@pytest.mark.parametrize(("skewness", "value"), [("sample", 3.385195), ("moment", 2.245436)])
def test_skewness_adjusted_t_of_three_events(skewness, value):
    statistic = SkewnessAdjustedT(skewness)
    found = statistic.test(cars([HALF] * 3, [[1], [2], [6]], [(0, 0)]))
    np.testing.assert_allclose(found.statistic, [value], atol=5e-6)
    np.testing.assert_allclose(found.p_value, [2 * stats.norm.sf(value)], atol=1e-5)
    assert (found.n.tolist(), found.distribution.tolist()) == ([3], ["normal"])


@pytest.mark.parametrize(
    ("statistic", "value", "alpha", "law"),
    [
        (CalendarTime(), 2.138090, 4, "t(2)"),
        (CalendarTime(lags=1), 2.717465, 4, "t(2)"),
        (CalendarTime("sqrt_n"), 3.187884, 10 / 3, "t(2)"),
        (CalendarTime(min_events=2), 3.535534, 2.5, "t(1)"),
        (CalendarTime(standardised=True), 3.235546, 4, "t(2)"),
    ],
)
def test_calendar_time_of_three_events(statistic, value, alpha, law):
    panel = np.array(
        [
            [1, -1, 1, -1, 3, 1, 0],
            [3, 1, -1, -3, 1, 3, 0],
            [0, 2, -2, 2, -2, 5, 7],
        ]
    ).T
    sample = make_sample(panel, None, range(3), [4, 4, 5], estimation=(-4, -1), event_window=(0, 1))
    found = statistic.test(run(sample, ConstantMean(), [(0, 1)]))
    np.testing.assert_allclose(found.statistic, [value], atol=2e-6)
    np.testing.assert_allclose(found.estimate, [alpha], rtol=1e-14)
    np.testing.assert_allclose(found.p_value, 2 * stats.t.sf(value, int(law[2])), atol=1e-6)
    assert (found.n.tolist(), found.distribution.tolist()) == ([3], [law])
