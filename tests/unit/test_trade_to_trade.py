"""Returns from trade to trade: weighted least squares, windows measured at their ends, gaps said."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
import statsmodels.api as sm

from eventstudy.inference.forecast_t import ForecastT
from eventstudy.models.constant_mean import ConstantMean
from eventstudy.models.market import Market
from eventstudy.spec import load
from eventstudy.study import run_study
from tests.samples import make_sample, run

MODELS = [ConstantMean(missing="trade_to_trade"), Market("M", missing="trade_to_trade")]
WINDOWS = [(0, 0), (0, 1), (-1, 2), (-2, 3)]


def thin(seed=1, *, n=3, share=0.3, length=150):
    """Return log prices of assets with beta 0.8, three in ten sessions without a trade."""
    rng = np.random.default_rng(seed)
    market = 0.01 * rng.standard_normal(length)
    levels = np.cumsum(0.8 * market[:, None] + 0.02 * rng.standard_normal((length, n)), axis=0)
    levels[rng.random((length, n)) < share] = np.nan
    return levels, market


def sampled(levels, market):
    sample = make_sample(
        np.vstack([np.full((1, levels.shape[1]), np.nan), np.diff(levels, axis=0)]),
        market,
        range(levels.shape[1]),
        [130] * levels.shape[1],
        estimation=(-120, -6),
        event_window=(-3, 5),
    )
    return dataclasses.replace(sample, returns="log", levels=levels)


def bare(sample):
    """Return the sample without regressors, as the constant mean asks for it."""
    return dataclasses.replace(sample, factors=sample.factors[:, :, :0])


def of(model, sample):
    return bare(sample) if model.name == "constant_mean" else sample


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_it_is_weighted_least_squares_of_statsmodels(model):
    """WLS of R_d on d and Rm_d with weights 1 / d, trade by trade."""
    levels, market = thin()
    fit = model.fit(of(model, sampled(levels, market)))
    for row in range(3):
        traded = [t for t in range(9, 125) if np.isfinite(levels[t, row])]
        returns = np.diff(levels[traded, row])
        days = np.diff(traded).astype(float)
        summed = [market[a + 1 : b + 1].sum() for a, b in pairwise(traded)]
        columns = [days] if model.name == "constant_mean" else [days, summed]
        outside = sm.WLS(returns, np.column_stack(columns), weights=1 / days).fit()
        assert days.max() > 2
        np.testing.assert_allclose(fit.coefficients[row], outside.params, rtol=1e-10)
        np.testing.assert_allclose(fit.std_errors[row], outside.bse, rtol=1e-10)
        assert fit.sigma[row] ** 2 == pytest.approx(outside.scale, rel=1e-10)
        assert (fit.n_obs[row], fit.dof[row]) == (len(returns), outside.df_resid)
        residuals = fit.residuals(slice(None))[row]
        np.testing.assert_allclose(residuals[np.isfinite(residuals)], outside.wresid, atol=1e-14)


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_without_a_gap_it_is_least_squares(model):
    levels, market = thin(2, share=0.0)
    sample = of(model, sampled(levels, market))
    bridged = run(sample, model, WINDOWS)
    plain = run(sample, dataclasses.replace(model, missing="drop"), WINDOWS)
    np.testing.assert_allclose(bridged.car, plain.car, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(bridged.variance, plain.variance, rtol=1e-10)
    np.testing.assert_allclose(bridged.bhar, plain.bhar, rtol=1e-9, atol=1e-15)


def test_a_window_is_measured_at_its_ends():
    """A gap inside is bridged; a gap at an end is missing, with the reason."""
    levels, market = thin(3, n=1, share=0.0)
    levels[[130, 40, 41]] = np.nan  # day 0, and two sessions of the estimation window
    model = MODELS[1]
    sample = sampled(levels, market)
    found = run(sample, model, [(0, 0), (0, 1), (1, 2), (-1, 1)])
    assert np.isnan(found.car[0]).tolist() == [True, False, True, False]
    assert np.isnan(found.bhar[0]).tolist() == [True, False, True, False]
    alpha, beta = model.fit(sample).coefficients[0]
    moved = levels[131, 0] - levels[129, 0]
    assert found.car[0, 1] == pytest.approx(moved - 2 * alpha - beta * market[130:132].sum())
    reasons = ForecastT().test(found).reason[0].tolist()
    expected = "no trade on the session before the window, or on its last"
    assert reasons == [expected, "", expected, ""]


def test_the_benchmark_must_be_whole_between_two_trades():
    levels, market = thin(4, n=1, share=0.0)
    levels[[40, 41]] = np.nan
    holed = market.copy()
    holed[41] = np.nan
    with_hole, without = (MODELS[1].fit(sampled(levels, each)) for each in (holed, market))
    assert without.n_obs[0] - with_hole.n_obs[0] == 1


def test_it_keeps_its_level_where_trades_are_rare():
    """4,000 assets, half of the sessions without a trade: forecast t over [0, 4] at 5 per cent."""
    levels, market = thin(5, n=4000, share=0.5)
    found = run(sampled(levels, market), MODELS[1], [(0, 4)])
    p_value = ForecastT().test(found).p_value[:, 0]
    usable = np.isfinite(p_value)
    assert 800 < usable.sum() < 1200  # both ends traded
    rate = np.mean(p_value[usable] <= 0.05)
    assert abs(rate - 0.05) < 4 * np.sqrt(0.05 * 0.95 / usable.sum())


def test_a_sample_without_prices_is_refused():
    sample = dataclasses.replace(sampled(*thin()), levels=None)
    with pytest.raises(ValueError, match="log prices"):
        MODELS[1].fit(sample)


def test_a_study_asks_for_it(tmp_path):
    """The CSI 300 has a price each session: both ways give one number."""
    text = (
        "format: 1\ntitle: T\nassets: [CSI300]\nreturns: log\nwindows: [[0, 1], [0, 5]]\nmodels:\n"
        "  - {name: constant_mean}\n  - {name: constant_mean, label: bridged, missing: trade_to_trade}\n"
        "events: [{id: a, title: A, announced: 2023-08-27}]\n"
    )
    path = tmp_path / "study.yaml"
    path.write_text(text, encoding="utf-8")
    car = run_study(load(path)).frames["car"].set_index("model")
    for column in ("car", "std_error", "bhar"):
        plain, bridged = (
            car.loc[label, column].to_numpy() for label in ("constant_mean", "bridged")
        )
        np.testing.assert_allclose(bridged, plain, rtol=1e-9)
