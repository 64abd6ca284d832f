"""The market model with a variance that changes: what its forecast knows, and what it refuses."""

import dataclasses
import sys

import numpy as np
import pytest
import statsmodels.api as sm

from eventstudy.abnormal import abnormal_returns, car_variance
from eventstudy.aggregate import cumulate, paths
from eventstudy.errors import EstimationError
from eventstudy.models._garch import _forecast
from eventstudy.models.market import Market
from eventstudy.models.market_garch import MarketGARCH
from eventstudy.spec import Window
from tests.samples import make_sample

M, GAP, L = 400, 5, 6
KINDS = ["garch", "gjr", "egarch"]


def clustered(seed, *, n=2, turbulent=1.0):
    """Return assets with beta 1.2 and GARCH(1, 1) errors; the last 20 days before the gap are wilder."""
    rng = np.random.default_rng(seed)
    length = M + GAP + L
    market, errors, h = 0.01 * rng.standard_normal(length), np.empty((length, n)), np.full(n, 1e-4)
    for day in range(length):
        errors[day] = np.sqrt(h) * rng.standard_normal(n)
        h = 4e-6 + 0.12 * errors[day] ** 2 + 0.84 * h
    errors[M - 20 : M] *= turbulent
    return make_sample(
        1.2 * market[:, None] + errors,
        market,
        range(n),
        [M + GAP] * n,
        estimation=(-M - GAP, -GAP - 1),
        event_window=(0, L - 1),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_after_the_estimation_window_moves_the_forecast(kind):
    sample, model = clustered(1, n=1), MarketGARCH("M", volatility=kind)
    panel = sample.panel.copy()
    panel[M:] += 0.2
    first, second = (model.fit(each) for each in (sample, dataclasses.replace(sample, panel=panel)))
    np.testing.assert_array_equal(first.expected, second.expected)
    np.testing.assert_array_equal(first.scale, second.scale)
    np.testing.assert_array_equal(first.leverage, second.leverage)


@pytest.mark.parametrize("kind", KINDS)
def test_turbulence_before_the_event_widens_its_error_and_fades(kind):
    fit = MarketGARCH("M", volatility=kind).fit(clustered(2, turbulent=4.0))
    assert (fit.failures == "").all()
    assert (fit.scale[:, 0] > 1.3).all()
    assert (np.diff(fit.scale, axis=1) < 0).all()


def test_the_variance_of_a_car_adds_up_the_days_and_shares_the_line():
    """Var(CAR) = sum h + (sum x)'V(sum x), V by weighted least squares of statsmodels given h."""
    sample, model = clustered(3), MarketGARCH("M")
    fit = model.fit(sample)
    abnormal = abnormal_returns(sample, fit)
    window, event = (sample.gather(slice(None), w) for w in (sample.estimation, Window(1, 4)))
    found = car_variance(abnormal, [Window(1, 4)])[:, 0]
    for row in range(len(sample)):
        alpha, beta, omega, a, b = fit.coefficients[row]
        residuals = window.asset[row] - alpha - beta * window.factors[row, :, 0]
        h = np.empty(M)
        design = sm.add_constant(window.factors[row, :, 0])
        # arch starts from an exponentially weighted mean of the first 75 squares of OLS
        first = sm.OLS(window.asset[row], design).fit().resid[:75] ** 2
        h[0] = omega + (a + b) * np.average(first, weights=0.94 ** np.arange(75))
        for day in range(1, M):
            h[day] = omega + a * residuals[day - 1] ** 2 + b * h[day - 1]
        line = sm.WLS(window.asset[row], design, weights=1 / h).fit(cov_type="fixed scale")
        x = sm.add_constant(event.factors[row, :, 0]).sum(axis=0)
        days = fit.scale[row, 1:5].sum() * fit.sigma[row] ** 2
        expected = days + x @ line.cov_params() @ x
        assert found[row] == pytest.approx(expected, rel=1e-7)
        np.testing.assert_allclose(fit.std_errors[row, :2], line.bse, rtol=1e-7)


def test_single_days_paths_and_cars_agree_on_the_variance():
    abnormal = abnormal_returns(clustered(4), MarketGARCH("M").fit(clustered(4)))
    cars = cumulate(abnormal, [Window(0, day) for day in range(L)])
    np.testing.assert_allclose(paths(abnormal)[1], cars.variance, rtol=1e-12)
    days = cumulate(abnormal, [Window(day, day) for day in range(L)])
    np.testing.assert_allclose(abnormal.ar_variance, days.variance, rtol=1e-12)
    some = abnormal.select(np.array([1]))
    np.testing.assert_array_equal(some.ar_variance, abnormal.ar_variance[[1]])


def test_the_expected_variance_of_egarch_is_what_draws_give():
    """A million paths of ten days: E[h], not the exponential of E[ln h]."""
    omega, a, g, b, h, z = -0.02, 0.25, -0.1, 0.95, 1.3, -1.7
    found = _forecast("egarch", np.array([omega, a, g, b]), h, z, 10)
    rng = np.random.default_rng(7)
    log_h = omega + a * (abs(z) - np.sqrt(2 / np.pi)) + g * z + b * np.log(h)
    log_h = np.full(1_000_000, log_h)
    for day in range(10):
        assert found[day] == pytest.approx(np.exp(log_h).mean(), rel=0.005)
        z = rng.standard_normal(1_000_000)
        log_h = omega + a * (np.abs(z) - np.sqrt(2 / np.pi)) + g * z + b * log_h


def test_too_few_returns_and_an_exact_fit_have_their_reason():
    sample = clustered(5, n=1)
    panel = sample.panel.copy()
    panel[: M - 40] = np.nan
    few = MarketGARCH("M").fit(dataclasses.replace(sample, panel=panel))
    assert few.failures[0] == "40 returns for a variance that changes; 50 needed"
    panel = sample.factors[0] * 2
    exact = MarketGARCH("M").fit(dataclasses.replace(sample, panel=panel))
    assert exact.failures[0].startswith("the model fits the estimation window exactly")


def test_a_variance_without_a_maximum_is_a_failure_with_its_reason():
    """Returns of one size alternate: nothing in them says how the variance changes."""
    sample = clustered(6, n=1)
    panel = np.where(np.arange(len(sample.panel)) % 2, 0.01, -0.01)[:, None]
    fit = MarketGARCH("M", volatility="egarch").fit(dataclasses.replace(sample, panel=panel))
    assert fit.failures[0] == "" or "variance" in fit.failures[0]
    assert np.isfinite(fit.expected).all() == (fit.failures[0] == "")


def test_without_the_package_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "arch", None)
    with pytest.raises(
        EstimationError, match=r"pip install 'policy-eventstudy\[garch\]'"
    ) as raised:
        MarketGARCH("M").fit(clustered(7, n=1))
    assert raised.value.exit_code == 2


def test_without_changing_variance_it_is_the_market_model_but_for_noise():
    """On independent errors expected returns lie within a fraction of their standard error."""
    rng = np.random.default_rng(8)
    sample = clustered(8, n=3)
    panel = sample.factors[0] + 0.01 * rng.standard_normal((len(sample.panel), 3))
    sample = dataclasses.replace(sample, panel=panel)
    garch, plain = MarketGARCH("M").fit(sample), Market("M").fit(sample)
    np.testing.assert_allclose(garch.sigma, plain.sigma, rtol=1e-3)
    assert np.abs(garch.coefficients[:, :2] - plain.coefficients).max() < 0.02
