"""What single models promise beyond the contract of all, by simulation with known truth."""

import numpy as np
import pytest
import statsmodels.api as sm

from eventstudy.models.dimson import Dimson
from eventstudy.models.market import Market
from eventstudy.models.market_robust import MarketRobust
from eventstudy.models.scholes_williams import ScholesWilliams
from eventstudy.models.synthetic_control import SyntheticControl
from tests.samples import make_sample, panel40, regressors

THIN = [
    ScholesWilliams("M"),
    ScholesWilliams("M", slopes="instrument"),
    Dimson("M"),
    Dimson("M", leads_lags=2),
]
M, L, N = 30, 10, 20_000


def thinly_traded(rng, length):
    """Return true market returns and what an index shows, three tenths of it a session late."""
    true = rng.standard_normal(length + 1)
    return true, 0.7 * true[1:] + 0.3 * true[:-1]


def independent_assets(model):
    """Return N assets on one date, beta 1.2, errors of unit variance, a market that rises after."""
    rng = np.random.default_rng(20261122)
    market = thinly_traded(rng, M + L + 4)[1]
    market[M + 2 : M + 2 + L] += 2
    panel = 1.2 * market[:, None] + rng.standard_normal((len(market), N))
    return make_sample(
        panel,
        regressors(model, market),
        range(N),
        [M + 2] * N,
        estimation=(-M, -1),
        event_window=(0, L - 1),
    )


@pytest.mark.parametrize("model", THIN, ids=repr)
def test_the_forecast_error_has_the_variance_that_is_stated(model):
    """With sigma known: the mean of CAR^2 / [L + |sum z_t|^2] is one, s.e. sqrt(2 / N)."""
    sample = independent_assets(model)
    fit, window = model.fit(sample), sample.gather(slice(None), sample.event_window)
    car = (window.asset - fit.expected).sum(axis=1)
    stated = L + (fit.leverage.sum(axis=1) ** 2).sum(axis=1)
    assert stated.min() > 1.3 * (L + L**2 / M)  # beta's part is large enough to be missed
    assert abs(np.mean(car**2 / stated) - 1) < 4 * np.sqrt(2 / N)


@pytest.mark.parametrize("model", THIN, ids=repr)
def test_the_residual_variance_is_a_little_above_the_truth(model):
    """E[SSE] = sigma^2 (M - 3 + SSX sum w^2): the weights of beta are not those of least squares."""
    sample = independent_assets(model)
    fit, x = model.fit(sample), sample.gather(slice(0, 1), sample.estimation).factors[0, :, 0]
    spread = (fit.std_errors[0, 1] / fit.sigma[0]) ** 2
    expected = (M - 3 + M * np.var(x) * spread) / (M - 2)
    assert 1 <= expected < 1.25
    assert abs(np.mean(fit.sigma**2) / expected - 1) < 4 * np.sqrt(2 / (N * (M - 2)))


@pytest.mark.parametrize("model", THIN, ids=repr)
def test_thin_trading_biases_least_squares_and_not_these(model):
    """Eight tenths of the assets' answer come a session late: beta 1 looks like 0.655.

    Least squares tends to (0.2 x 0.7 + 0.8 x 0.3) / (0.49 + 0.09).
    """
    rng = np.random.default_rng(3)
    true, market = thinly_traded(rng, 2500)
    panel = (0.2 * true[1:] + 0.8 * true[:-1])[:, None] + rng.standard_normal((2500, 50))

    def mean_beta(tried):
        sample = make_sample(
            panel,
            regressors(tried, market),
            range(50),
            [2450] * 50,
            estimation=(-2400, -11),
            event_window=(0, 5),
        )
        return tried.fit(sample).coefficients[:, 1].mean()

    assert mean_beta(Market("M")) == pytest.approx(0.655, abs=0.02)
    assert mean_beta(model) == pytest.approx(1, abs=0.03)


def test_scholes_williams_on_forty_firms():
    """Three regressions by statsmodels; the instrument form lies 0.003 beside them in the mean."""
    model = ScholesWilliams("MKT")
    sample = panel40(model)
    window, beta = (
        sample.gather(slice(None), sample.estimation),
        model.fit(sample).coefficients[:, 1],
    )
    for number, (y, x) in enumerate(zip(window.asset, window.factors, strict=True)):
        here = np.isfinite(y) & np.isfinite(x).all(axis=1)
        columns = x[here].T
        slopes = [sm.OLS(y[here], sm.add_constant(each)).fit().params[1] for each in columns]
        rho = np.corrcoef(columns[0], columns[1])[0, 1]
        assert beta[number] == pytest.approx(sum(slopes) / (1 + 2 * rho), rel=1e-9)
    other = ScholesWilliams("MKT", slopes="instrument").fit(sample).coefficients[:, 1]
    assert np.mean(np.abs(beta - other)) == pytest.approx(0.003, abs=0.0005)
    assert np.max(np.abs(beta - other)) == pytest.approx(0.014, abs=0.0005)


def test_a_market_that_swings_back_leaves_no_beta():
    """With a first-order autocorrelation below -1/2 the divisor 1 + 2 rho1 is negative."""
    market = np.tile([0.01, -0.01, 0.011, -0.009], 15)
    for slopes in ("separate", "instrument"):
        model = ScholesWilliams("M", slopes=slopes)
        sample = make_sample(
            np.random.default_rng(1).standard_normal((60, 1)),
            regressors(model, market),
            [0],
            [50],
            estimation=(-40, -3),
            event_window=(0, 2),
        )
        assert "leave no beta" in model.fit(sample).failures[0]


@pytest.mark.parametrize("model", THIN, ids=repr)
def test_a_benchmark_that_does_not_vary(model):
    sample = make_sample(
        np.random.default_rng(1).standard_normal((60, 1)),
        regressors(model, np.full(60, 0.001)),
        [0],
        [50],
        estimation=(-40, -3),
        event_window=(0, 2),
    )
    assert "does not vary" in model.fit(sample).failures[0]


@pytest.mark.parametrize("model", THIN, ids=repr)
def test_too_few_returns(model):
    """As many returns as there are regressors: they are counted, not fitted exactly."""
    columns = 1 + len(model.inputs())
    market = np.random.default_rng(1).standard_normal(60)
    panel = np.random.default_rng(2).standard_normal((60, 1))
    panel[: 50 - columns] = np.nan
    sample = make_sample(
        panel, regressors(model, market), [0], [50], estimation=(-40, -1), event_window=(0, 2)
    )
    assert model.fit(sample).failures[0] == f"{columns} returns for {columns} regressors"


@pytest.mark.parametrize("estimator", ["huber", "lad"])
def test_an_outlier_moves_a_robust_line_less(estimator):
    """One return of 60 per cent on the best day of the market, in 120 of one per cent."""
    rng = np.random.default_rng(4)
    market = 0.01 * rng.standard_normal(140)
    panel = (market + 0.01 * rng.standard_normal(140))[:, None]
    panel[5 + market[5:125].argmax()] = 0.6
    sample = make_sample(panel, market, [0], [130], estimation=(-125, -6), event_window=(0, 5))
    robust, plain = MarketRobust("M", estimator=estimator).fit(sample), Market("M").fit(sample)
    assert abs(robust.coefficients[0, 1] - 1) < 0.25
    assert abs(plain.coefficients[0, 1] - 1) > 0.9
    assert robust.sigma[0] > 0.05  # the outlier is a return of this asset like any other


@pytest.mark.parametrize("estimator", ["huber", "lad"])
def test_a_series_that_mostly_stands_still_has_no_robust_line(estimator):
    """Nine of ten returns are zero: their spread about the median is zero."""
    rng = np.random.default_rng(5)
    panel = np.where(np.arange(80) % 10 == 0, 0.01 * rng.standard_normal(80), 0.0)[:, None]
    market = 0.01 * rng.standard_normal(80)
    sample = make_sample(panel, market, [0], [70], estimation=(-60, -1), event_window=(0, 5))
    fit = MarketRobust("M", estimator=estimator).fit(sample)
    assert fit.failures[0] == "the robust regression finds no line: too many returns are equal"
    assert np.isnan(fit.expected).all()


def test_the_weights_of_a_synthetic_control_are_optimal():
    """Kuhn-Tucker: the residuals go equally with every donor in use, and less with the others."""
    rng = np.random.default_rng(6)
    donors = 0.01 * rng.standard_normal((220, 1)) + 0.01 * rng.standard_normal((220, 8))
    truth = np.array([0.5, 0.3, 0.2, 0, 0, 0, 0, 0])
    panel = (donors @ truth)[:, None] + 0.005 * rng.standard_normal((220, 30))
    sample = make_sample(
        panel, donors, range(30), [205] * 30, estimation=(-200, -6), event_window=(0, 5)
    )
    fit = SyntheticControl(tuple("ABCDEFGH")).fit(sample)
    window = sample.gather(slice(None), sample.estimation)
    weights, residuals = fit.coefficients, fit.residuals(slice(None))
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-12)
    assert weights.min() == 0
    together = np.einsum("nt,ntk->nk", residuals, window.factors)
    most = together.max(axis=1)[:, None]
    slack = (most - together) / np.einsum("nt,nt->n", residuals, residuals)[:, None]
    np.testing.assert_allclose(slack[weights > 0], 0, atol=1e-10)
    np.testing.assert_allclose(weights.mean(axis=0), truth, atol=0.05)
    np.testing.assert_array_equal(fit.dof, 195 - (weights > 0).sum(axis=1) + 1)


def test_a_synthetic_control_needs_more_returns_than_donors():
    rng = np.random.default_rng(7)
    panel, donors = rng.standard_normal((40, 1)), rng.standard_normal((40, 3))
    panel[:27] = np.nan
    sample = make_sample(panel, donors, [0], [30], estimation=(-25, -1), event_window=(0, 5))
    failure = SyntheticControl(("A", "B", "C")).fit(sample).failures[0]
    assert failure == "3 returns in the estimation window; 4 needed"
