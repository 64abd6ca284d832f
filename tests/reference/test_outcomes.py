"""Other outcomes and episodes against statsmodels, closed formulas and arithmetic written out."""

import numpy as np
import pytest
from statsmodels.stats.diagnostic import acorr_ljungbox
from statsmodels.tsa.ar_model import AutoReg, ar_select_order

from eventstudy.models.market_adjusted import MarketAdjusted
from eventstudy.outcomes.autoregression import (
    Autoregression,
    autoregress,
    forecast_sum,
    ljung_box,
)
from eventstudy.outcomes.bias import corrected
from eventstudy.outcomes.change import Days, among_days
from eventstudy.outcomes.episodes import covered, episode, largest_bhar
from eventstudy.outcomes.series import garman_klass
from eventstudy.spec import Window
from tests.samples import make_sample

SLOPES = ((), (0.7,), (0.4, 0.4), (0.5, 0.0, 0.4), (0.3, 0.0, 0.0, 0.0, 0.5))


@pytest.fixture(scope="module")
def series():
    """Five autoregressions of 120 values, of orders 0, 1, 2, 3 and 5."""
    noise = np.random.default_rng(4).standard_normal((5, 200))
    found = noise.copy()
    for row, slopes in enumerate(SLOPES):
        for t in range(5, 200):
            found[row, t] = noise[row, t] + sum(
                phi * found[row, t - 1 - lag] for lag, phi in enumerate(slopes)
            )
    return found[:, 80:] + 2


def known(slopes, constant=1.0, inverse=None):
    """One autoregression with given coefficients and a sigma of one."""
    size = 1 + len(slopes)
    return Autoregression(
        order=np.array([len(slopes)]),
        coefficients=np.array([[constant, *slopes]]),
        inverse=np.zeros((1, size, size)) if inverse is None else inverse,
        sigma=np.ones(1),
        dof=np.array([100 - size]),
        ljung_box_p=np.ones(1),
    )


def test_order_and_coefficients(series):
    found = autoregress(series)
    assert len(set(found.order)) > 3
    for row, y in enumerate(series):
        lags = ar_select_order(y, 5, ic="bic", trend="c").ar_lags or []
        assert found.order[row] == len(lags)
        peer = AutoReg(y, len(lags), trend="c").fit()
        size = 1 + len(lags)
        np.testing.assert_allclose(found.coefficients[row, :size], peer.params, rtol=1e-8)
        assert not found.coefficients[row, size:].any()
        np.testing.assert_allclose(
            peer.sigma2 * found.inverse[row, :size, :size], peer.cov_params(), rtol=1e-8
        )
        assert found.dof[row] == peer.nobs - size
        np.testing.assert_allclose(found.sigma[row] ** 2 * found.dof[row], peer.sigma2 * peer.nobs)


def test_ljung_box(series):
    found = autoregress(series)
    for row, y in enumerate(series):
        order = int(found.order[row])
        residuals = np.asarray(AutoReg(y, order, trend="c").fit().resid)
        peer = acorr_ljungbox(residuals - residuals.mean(), [10], model_df=order)
        statistic, p_value = ljung_box(residuals[None], order)
        np.testing.assert_allclose(statistic, peer["lb_stat"], rtol=1e-8)
        np.testing.assert_allclose(p_value, peer["lb_pvalue"], rtol=1e-8)
        np.testing.assert_allclose(found.ljung_box_p[row], peer["lb_pvalue"], rtol=1e-8)


def test_forecasts(series):
    found = autoregress(series)
    for row, y in enumerate(series):
        order = int(found.order[row])
        peer = AutoReg(y, order, trend="c").fit().get_prediction(120, 124)
        for step in range(1, 6):
            total, _ = forecast_sum(found, series[:, -5:], step, step)
            np.testing.assert_allclose(total[row], peer.predicted_mean[step - 1], rtol=1e-8)
        total, _ = forecast_sum(found, series[:, -5:], 2, 5)
        np.testing.assert_allclose(total[row], peer.predicted_mean[1:].sum(), rtol=1e-8)


def test_error_of_a_sum_without_a_lag():
    fit = known((0.0,), inverse=np.array([[[1 / 40, 0.0], [0.0, 0.0]]]))
    total, variance = forecast_sum(fit, np.array([[7.0]]), 1, 3)
    assert total == pytest.approx(3)
    assert variance == pytest.approx(3 + 9 / 40)


def test_error_of_a_sum_with_one_lag():
    fit = known((0.5,))
    before = np.array([[4.0]])
    assert [forecast_sum(fit, before, step, step)[0][0] for step in (1, 2, 3)] == [3, 2.5, 2.25]
    assert forecast_sum(fit, before, 1, 3)[1] == pytest.approx(6.3125)
    assert forecast_sum(fit, before, 2, 3)[1] == pytest.approx(3.8125)


def test_error_that_estimation_adds():
    """The derivative of the sum by the coefficients, by central differences."""
    inverse = np.array([[[0.3, -0.1, 0.0], [-0.1, 0.2, 0.05], [0.0, 0.05, 0.1]]])
    before = np.array([[3.0, -1.0]])

    def total(constant, *slopes):
        return forecast_sum(known(slopes, constant), before, 1, 4)[0][0]

    at, step = np.array([1.0, 0.5, 0.2]), 1e-6
    slope = [(total(*(at + d)) - total(*(at - d))) / (2 * step) for d in step * np.eye(3)]
    _, alone = forecast_sum(known((0.5, 0.2)), before, 1, 4)
    _, both = forecast_sum(known((0.5, 0.2), inverse=inverse), before, 1, 4)
    assert both - alone == pytest.approx(slope @ inverse[0] @ slope)


@pytest.mark.parametrize(
    ("slopes", "bias"),
    [
        ((0.5,), (2.5,)),
        ((-0.4,), (-0.2,)),
        ((0.5, 0.2), (1.7, 2.8)),
        ((1.2, -0.5), (1.7, 0.0)),
    ],
)
def test_bias(slopes, bias):
    """Added back over m = 100 values; the implied mean c / (1 - sum of phi) stays."""
    found = corrected(known(slopes)).coefficients[0]
    np.testing.assert_allclose(found[1:] - slopes, np.array(bias) / 100, atol=1e-12)
    assert found[0] / (1 - found[1:].sum()) == pytest.approx(1 / (1 - sum(slopes)))


def test_bias_stops_before_a_unit_root():
    """.99 + 3.97 / 100 would be above one: 5 of 20 steps are left, .99 + .0099; 1.01 stays."""
    assert corrected(known((0.99,))).coefficients[0, 1] == pytest.approx(0.99 + 5 / 20 * 0.0397)
    assert corrected(known((1.01,))).coefficients[0, 1] == 1.01


def test_garman_klass():
    bar = 100 * np.exp([[0.0], [0.03], [-0.01], [0.02]])
    assert garman_klass(*bar) == pytest.approx(0.000645482, rel=1e-6)


def test_change_among_other_days():
    values = np.array([*([1.0, 3.0] * 30), 5.0, 3.0])
    candidate = np.zeros(62, bool)
    candidate[20:50] = True
    days = Days(np.zeros(62, int), candidate)
    found = among_days(values, np.array([60]), [Window(0, 0), Window(0, 1)], days)
    np.testing.assert_allclose(found.change, [[3, 2]])
    np.testing.assert_allclose(found.p_value, [[1 / 31, 1 / 31]])
    assert found.n.tolist() == [[30, 30]]


@pytest.mark.parametrize(("expected", "largest"), [(0.0, [0.5, 0.32]), (0.1, [0.66, 0.11])])
def test_largest_buy_and_hold_return(expected, largest):
    actual = np.array([[0.1, -0.5], [0.2, 0.1]])
    found = largest_bhar(actual, np.full((2, 2), expected), "simple")
    np.testing.assert_allclose(found, largest)
    logs = largest_bhar(np.log1p(actual), np.full((2, 2), np.log1p(expected)), "log")
    np.testing.assert_allclose(logs, largest)


def test_sessions_that_stretches_cover():
    assert covered(np.array([0, 1, 2, 10]), 5) // 5 == 2
    assert covered(np.array([], int), 5) == 0


def test_episode():
    returns = np.where(np.arange(100) % 2, -0.01, 0.01)
    returns[[60, 61]] = 0.1
    sample = make_sample(
        returns[:, None], np.zeros(100), [0], [60], estimation=(-20, -1), event_window=(0, 0)
    )
    found = episode(sample, MarketAdjusted("M"), 2, least=20)
    assert found.bhar == pytest.approx(0.21)
    # starts 20 to 98 but 59, 60 and 61; they cover 20 to 59 and 62 to 99: 78 sessions
    assert (found.n, found.effective_n) == (76, 39)
    assert found.p_value == pytest.approx(1 / 77)
    # 20, 22 … 58 and 62, 64 … 98
    assert found.blocks == 39
    assert found.p_maximum == pytest.approx(1 / 40)
    deviation = np.sqrt(20 / 19) / 100
    assert found.value == pytest.approx(0.21 / (deviation * np.sqrt(2)))
