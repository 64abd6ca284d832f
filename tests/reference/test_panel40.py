"""The synthetic panel of 40 firms: every number from outside, to 1e-8 or better."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from arch import arch_model
from linearmodels.iv import IV2SLS
from scipy import stats

from eventstudy.abnormal import abnormal_returns
from eventstudy.inference import _correlation as correlation
from eventstudy.inference._correlation import average_correlation
from eventstudy.inference.adjusted_bmp import AdjustedBMP
from eventstudy.inference.adjusted_patell import AdjustedPatell
from eventstudy.inference.bmp import BMP
from eventstudy.inference.calendar_time import CalendarTime
from eventstudy.inference.corrado_rank import CorradoRank
from eventstudy.inference.corrado_zivney_rank import CorradoZivneyRank
from eventstudy.inference.cross_sectional_t import CrossSectionalT
from eventstudy.inference.crude_dependence import CrudeDependence
from eventstudy.inference.forecast_t import ForecastT
from eventstudy.inference.generalized_rank_t import GeneralizedRankT
from eventstudy.inference.generalized_rank_z import GeneralizedRankZ
from eventstudy.inference.generalized_sign import GeneralizedSign
from eventstudy.inference.patell import Patell
from eventstudy.inference.sign import Sign
from eventstudy.inference.wilcoxon import Wilcoxon
from eventstudy.models._garch import _forecast
from eventstudy.models.capm import CAPM
from eventstudy.models.carhart_4 import Carhart4
from eventstudy.models.dimson import Dimson
from eventstudy.models.factors import Factors
from eventstudy.models.fama_french_3 import FamaFrench3
from eventstudy.models.fama_french_5 import FamaFrench5
from eventstudy.models.market import Market
from eventstudy.models.market_garch import MarketGARCH
from eventstudy.models.market_robust import MarketRobust
from eventstudy.models.scholes_williams import ScholesWilliams
from tests.samples import PANEL40, panel40, run

CLOSE = {"rtol": 1e-10, "atol": 1e-13}


def expected(name):
    return pd.read_csv(PANEL40 / "expected" / f"{name}.csv")


@pytest.fixture(scope="module")
def daily():
    table = expected("daily_tests")
    return table, run(panel40(), Market("MKT"), [(day, day) for day in table["rel_day"]])


@pytest.fixture(scope="module")
def windows():
    table = expected("car_tests")
    pairs = table[["win_start", "win_end"]].to_numpy().tolist()
    return table, run(panel40(), Market("MKT"), pairs)


def test_parameters():
    table, fit = expected("params"), Market("MKT").fit(panel40())
    np.testing.assert_allclose(fit.coefficients[:, 0], table["alpha"], rtol=1e-9, atol=1e-16)
    np.testing.assert_allclose(fit.coefficients[:, 1], table["beta"], **CLOSE)
    np.testing.assert_allclose(fit.sigma**2, table["s2"], **CLOSE)
    np.testing.assert_allclose(fit.std_errors[:, 1], table["se_beta"], **CLOSE)
    np.testing.assert_allclose(fit.r_squared, table["R2"], **CLOSE)
    assert set(fit.dof) == {248}


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (FamaFrench3(), "ff3"),
        (Factors(("Mkt-RF", "SMB", "HML"), "RF"), "ff3"),
        (FamaFrench5(), "ff5"),
    ],
)
def test_factor_models(model, name):
    """Coefficients and abnormal returns; the CAR of the file runs from day -10."""
    table, single = expected(f"params_{name}"), expected(f"single_{name}")
    fit = model.fit(panel40(model))
    coefficients = table.filter(regex=r"^b\d").to_numpy()
    np.testing.assert_allclose(fit.coefficients, coefficients, rtol=1e-8, atol=1e-14)
    found = run(panel40(model), model, [(-10, day) for day in range(-10, 11)])
    wide = single.pivot_table(index="event_id", columns="rel_day", values=["AR", "CAR"])
    np.testing.assert_allclose(found.abnormal.ar, wide["AR"], **CLOSE)
    np.testing.assert_allclose(found.car, wide["CAR"], **CLOSE)


@pytest.mark.parametrize(
    "model",
    [
        CAPM("Mkt-RF", "RF"),
        Carhart4(momentum="RMW"),
        Factors(("SMB", "CMA")),
        Market("MKT", leads_lags=1),
        Market("MKT", leads_lags=2),
    ],
    ids=repr,
)
def test_regressions_of_statsmodels(model):
    """Row by row: coefficients, standard errors, forecasts and their variance."""
    sample = panel40(model)
    fit, excess = model.fit(sample), getattr(model, "risk_free", None) is not None
    abnormal = abnormal_returns(sample, fit)
    windows = [
        sample.gather(slice(None), each) for each in (sample.estimation, sample.event_window)
    ]
    for row in range(len(sample)):
        (y, x, _), (actual, x_event, risk_free) = (
            regression(window, row, excess=excess) for window in windows
        )
        outside = sm.OLS(y, x).fit()
        forecast = outside.get_prediction(x_event)
        np.testing.assert_allclose(fit.coefficients[row], outside.params, rtol=1e-8, atol=1e-14)
        np.testing.assert_allclose(fit.std_errors[row], outside.bse, rtol=1e-9)
        np.testing.assert_allclose(fit.r_squared[row], outside.rsquared, rtol=1e-9)
        np.testing.assert_allclose(fit.expected[row], forecast.predicted + risk_free, rtol=1e-8)
        np.testing.assert_allclose(abnormal.ar[row], actual - forecast.predicted, **CLOSE)
        np.testing.assert_allclose(abnormal.ar_variance[row], forecast.se_obs**2, rtol=1e-9)
        assert fit.dof[row] == outside.df_resid


def test_scholes_williams_as_instrumental_variables():
    """Two-stage least squares of linearmodels with the sum of three sessions as instrument."""
    model = ScholesWilliams("MKT", slopes="instrument")
    sample = panel40(model)
    fit, window = model.fit(sample), sample.gather(slice(None), sample.estimation)
    for row in range(len(sample)):
        x, one = window.factors[row], np.ones((250, 1))
        outside = IV2SLS(window.asset[row], one, x[:, [0]], x.sum(axis=1)).fit(
            cov_type="unadjusted", debiased=True
        )
        np.testing.assert_allclose(fit.coefficients[row], outside.params, rtol=1e-9, atol=1e-14)
        np.testing.assert_allclose(fit.std_errors[row], outside.std_errors, rtol=1e-9)
        np.testing.assert_allclose(fit.sigma[row] ** 2, outside.s2, rtol=1e-10)


@pytest.mark.parametrize(
    ("volatility", "vol", "o"),
    [("garch", "GARCH", 0), ("gjr", "GARCH", 1), ("egarch", "EGARCH", 1)],
)
def test_a_changing_variance_as_arch_finds_it(volatility, vol, o):
    """arch itself, in per cent: the same maximum, and of our parameters the same variances."""
    sample = panel40().select(np.arange(3))
    fit = MarketGARCH("MKT", volatility=volatility).fit(sample)
    window = sample.gather(slice(None), sample.estimation)
    lost = [reason for reason in fit.failures if reason]  # which fits fail, rounding decides
    assert len(lost) <= (2 if vol == "EGARCH" else 0)
    assert all("invertible" in reason or "no maximum" in reason for reason in lost)
    for row in np.flatnonzero(fit.failures == ""):
        y, x = 100 * window.asset[row], 100 * window.factors[row]
        given = {"mean": "LS", "vol": vol, "o": o, "rescale": False}
        model = arch_model(y, x=x, **given)
        own = fit.coefficients[row].copy()
        own[0] *= 100
        persistent = own[-1] if vol == "EGARCH" else 0.0
        own[2] = own[2] + (1 - persistent) * np.log(1e4) if persistent else own[2] * 1e4
        best = model.fit(disp="off", show_warning=False)
        fixed = model.fix(own)
        assert fixed.loglikelihood == pytest.approx(best.loglikelihood, abs=2e-3)
        np.testing.assert_allclose(own[:2], best.params.iloc[:2], atol=0.01)
        ours = fit.scale[row] * fit.sigma[row] ** 2 * 1e4
        h = fixed.conditional_volatility[-1] ** 2
        z = fixed.resid[-1] / np.sqrt(h)
        if vol == "EGARCH":
            # arch forecasts EGARCH by simulation only; one more session shows the first step
            longer = arch_model(np.append(y, 0), x=np.vstack([x, [[0]]]), **given).fix(own)
            np.testing.assert_allclose(
                _forecast("egarch", own[2:], h, z, 1),
                longer.conditional_volatility[[-1]] ** 2,
                rtol=1e-6,
            )
            np.testing.assert_allclose(ours, _forecast("egarch", own[2:], h, z, 31)[10:], rtol=1e-4)
        else:
            ahead = fixed.forecast(horizon=31, x=np.zeros((1, 1, 31)), reindex=False)
            np.testing.assert_allclose(ours, ahead.variance.iloc[0, 10:], rtol=1e-4)


@pytest.mark.parametrize("lags", [1, 2])
def test_dimson_as_a_combination_of_coefficients(lags):
    """statsmodels gives the coefficients and the variance of their weighted sum."""
    model = Dimson("MKT", leads_lags=lags)
    sample = panel40(model)
    fit, window = model.fit(sample), sample.gather(slice(None), sample.estimation)
    for row in range(len(sample)):
        x = window.factors[row]
        rho = [np.corrcoef(x[:, 0], x[:, lag])[0, 1] for lag in range(1, lags + 1)]
        weights = {1: weights_of_one, 2: weights_of_two}[lags](*rho)
        outside = sm.OLS(window.asset[row], sm.add_constant(x)).fit()
        combined = outside.t_test(np.array([0, 1, *weights, *weights]))
        np.testing.assert_allclose(fit.coefficients[row, 1], combined.effect[0], rtol=1e-9)
        spread = (combined.sd[0, 0] ** 2) / outside.scale
        std_error = fit.sigma[row] * np.sqrt(spread)
        np.testing.assert_allclose(fit.std_errors[row, 1], std_error, rtol=1e-9)


def test_huber_as_statsmodels_and_by_its_definition():
    """sum psi(e / s) = sum psi(e / s) x = 0 with s the median of |e| over 0.6745."""
    model = MarketRobust("MKT")
    sample = panel40(model)
    fit, window = model.fit(sample), sample.gather(slice(None), sample.estimation)
    abnormal = abnormal_returns(sample, fit)
    event = sample.gather(slice(None), sample.event_window)
    for row in range(len(sample)):
        y, x = window.asset[row], sm.add_constant(window.factors[row, :, 0])
        outside = sm.RLM(y, x, M=sm.robust.norms.HuberT(1.345)).fit(maxiter=500, tol=1e-12)
        line, covariance = fit.coefficients[row], outside.cov_params()
        np.testing.assert_allclose(line, outside.params, rtol=1e-7, atol=1e-10)
        np.testing.assert_allclose(fit.std_errors[row], outside.bse, rtol=1e-7)
        residuals = y - x @ line
        scaled = residuals / (np.median(np.abs(residuals)) / stats.norm.ppf(0.75))
        np.testing.assert_allclose(np.clip(scaled, -1.345, 1.345) @ x, 0, atol=1e-6)
        variance = np.sum(residuals**2) / 248
        np.testing.assert_allclose(fit.sigma[row] ** 2, variance, rtol=1e-12)
        x_event = sm.add_constant(event.factors[row, :, 0])
        forecast = variance + np.einsum("ti,ij,tj->t", x_event, covariance, x_event)
        np.testing.assert_allclose(abnormal.ar_variance[row], forecast, rtol=1e-7)


def test_least_absolute_deviations_are_least():
    """Of all lines through two observations, one of which is the solution, by search."""
    model = MarketRobust("MKT", estimator="lad")
    sample = panel40(model).select(np.arange(0, 40, 5))
    fit, window = model.fit(sample), sample.gather(slice(None), sample.estimation)
    first, second = np.triu_indices(250, 1)
    for row in range(len(sample)):
        y, x = window.asset[row], window.factors[row, :, 0]
        slopes = (y[first] - y[second]) / (x[first] - x[second])
        lines = np.column_stack([y[first] - slopes * x[first], slopes])
        sums = [np.abs(y - part[:, [0]] - part[:, [1]] * x).sum(axis=1) for part in chunked(lines)]
        best = lines[np.concatenate(sums).argmin()]
        np.testing.assert_allclose(fit.coefficients[row], best, rtol=1e-9)


def chunked(lines):
    return np.array_split(lines, 20)


def weights_of_one(first):
    return [(1 + first) / (1 + 2 * first)]


def weights_of_two(first, second):
    total = 1 + 2 * first + 2 * second
    return [(1 + 2 * first + second) / total, (1 + first + second) / total]


def regression(window, row, *, excess):
    """Return y, X with a constant, and the risk-free return taken off y, of one event."""
    factors = window.factors[row]
    risk_free = factors[:, -1] if excess else np.zeros(len(factors))
    kept = factors[:, :-1] if excess else factors
    return window.asset[row] - risk_free, sm.add_constant(kept), risk_free


def test_abnormal_returns(daily):
    table, (_, cars) = expected("ar_sar"), daily
    wide = table.pivot_table(index="event_id", columns="rel_day", values=["AR", "SAR", "h"])
    abnormal = cars.abnormal
    np.testing.assert_allclose(abnormal.ar, wide["AR"], **CLOSE)
    np.testing.assert_allclose(cars.scar, wide["SAR"], **CLOSE)
    np.testing.assert_allclose(
        abnormal.ar_variance, wide["h"] * abnormal.sigma[:, None] ** 2, **CLOSE
    )


def test_cars_of_every_event(windows):
    found, table = windows[1], expected("event_cars")
    for position, window in enumerate(found.windows):
        rows = table[(table["win_start"] == window.start) & (table["win_end"] == window.end)]
        np.testing.assert_allclose(found.car[:, position], rows["CAR"], **CLOSE)
        np.testing.assert_allclose(found.variance[:, position], rows["varCAR"], **CLOSE)
        forecast = ForecastT().test(found)
        np.testing.assert_allclose(forecast.statistic[:, position], rows["SCAR"], **CLOSE)
    np.testing.assert_allclose(
        forecast.p_value, 2 * stats.t.sf(np.abs(forecast.statistic), 248), rtol=1e-10
    )


@pytest.mark.parametrize(
    ("statistic", "column", "law"),
    [
        (CrossSectionalT(), "t_crosssec", stats.t(39)),
        (CrudeDependence(), "t_brownwarner", stats.t(249)),
        (Patell(), "Z_patell", stats.norm()),
        (BMP(), "t_BMP", stats.t(39)),
        (GeneralizedSign(), "Z_gensign", stats.norm()),
        (Sign(), "Z_sign", stats.norm()),
        (AdjustedBMP("event_time"), "t_KP_adjBMP_rho_event", stats.t(39)),
        (AdjustedBMP("calendar"), "t_KP_adjBMP_rho_calendar", stats.t(39)),
    ],
)
def test_daily_statistics(daily, statistic, column, law):
    table, cars = daily
    found = statistic.test(cars)
    np.testing.assert_allclose(found.statistic, table[column], **CLOSE)
    np.testing.assert_allclose(found.p_value, 2 * law.sf(np.abs(table[column])), rtol=1e-9)
    np.testing.assert_allclose(found.estimate, table["AAR"], **CLOSE)
    assert set(found.n) == {40}
    assert set(found.status) == {"ok"}


@pytest.mark.parametrize(
    ("statistic", "column", "law"),
    [
        (CrossSectionalT(), "t_crosssec", stats.t(39)),
        (Patell(), "J2", stats.norm()),
        (Patell("sar_sum"), "Z_patell_sumSAR", stats.norm()),
        (BMP(), "t_BMP", stats.t(39)),
        (GeneralizedSign(), "Z_gensign", stats.norm()),
        (Sign(), "Z_sign", stats.norm()),
        (AdjustedBMP("event_time"), "t_KP_rho_event", stats.t(39)),
        (AdjustedBMP("calendar"), "t_KP_rho_calendar", stats.t(39)),
        (CorradoRank(), "corrado_rank", stats.norm()),
        (GeneralizedRankT(), "GRANK_T", stats.t(249)),
        (GeneralizedRankZ(), "GRANK_Z", stats.norm()),
    ],
)
def test_window_statistics(windows, statistic, column, law):
    table, cars = windows
    found = statistic.test(cars)
    np.testing.assert_allclose(found.statistic, table[column], **CLOSE)
    np.testing.assert_allclose(found.p_value, 2 * law.sf(np.abs(table[column])), rtol=1e-9)
    np.testing.assert_allclose(found.estimate, table["CAAR"], **CLOSE)


def test_wilcoxon(daily):
    """The file has the smaller of W+ and W-; ours is W+, and both add up to 40 x 41 / 2."""
    table, cars = daily
    found = Wilcoxon().test(cars)
    smaller = np.minimum(found.statistic, 820 - found.statistic)
    np.testing.assert_array_equal(smaller, table["wilcoxon_W"])
    np.testing.assert_allclose(found.p_value, table["wilcoxon_p"], rtol=1e-12)
    assert set(found.distribution) == {"normal"}


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        (AdjustedBMP(), (1.9079923406325629, 3.395064852442518)),
        (AdjustedPatell(), (2.01660392921278, 5.013335628967419)),
        (CorradoZivneyRank(), (2.0918879828675645, 3.4164370069830747)),
    ],
)
def test_statistics_given_in_the_readme(windows, statistic, expected):
    """[-10,+10] and [0,0]."""
    found = statistic.test(windows[1])
    np.testing.assert_allclose(found.statistic[:2], expected, **CLOSE)


def test_generalized_rank_p_values(windows):
    table, cars = windows
    found = GeneralizedRankT().test(cars)
    np.testing.assert_allclose(found.p_value, table["GRANK_T_p"], rtol=1e-9)


def by_date(cars, alignment, monkeypatch):
    """The average correlation by the form that large groups use."""
    monkeypatch.setattr(correlation, "PAIRWISE_UP_TO", 1)
    average_correlation.cache_clear()
    found = average_correlation(cars, alignment)
    average_correlation.cache_clear()
    return found


@pytest.mark.parametrize(
    ("alignment", "events"),
    [("event_time", 40), ("overlap", 12), ("calendar", 12), ("event_time", 12)],
)
def test_the_sum_by_date_equals_the_sum_over_pairs(windows, monkeypatch, alignment, events):
    """Where all pairs share all their dates the two forms of r are one: the twelve events of one
    date in every alignment, all forty by event day."""
    cars = windows[1].select(np.arange(events))
    pairwise = average_correlation(cars, alignment)
    np.testing.assert_allclose(by_date(cars, alignment, monkeypatch), pairwise, rtol=1e-9)


def test_the_sum_by_date_follows_its_definition(windows, monkeypatch):
    """r = 2 / (N (N-1)) sum w_ij sum_t z_it z_jt, written out pair by pair for staggered events.

    z has mean 0 and sum of squares 1 over its own estimation window: on the dates that two events
    share it is not the Pearson correlation, from which this form differs by up to 2 per cent here.
    """
    cars = windows[1]
    abnormal, n = cars.abnormal, 40
    residuals = abnormal.residuals(slice(None))
    z = residuals - residuals.mean(axis=1, keepdims=True)
    z /= np.sqrt((z**2).sum(axis=1, keepdims=True))
    by_row = np.zeros((n, len(abnormal.axes[0])))
    for i, day in enumerate(abnormal.day0):
        by_row[i, day - 270 : day - 20] = z[i]
    apart = np.abs(abnormal.day0[:, None] - abnormal.day0)
    expected = []
    for window in cars.windows:
        weight = np.maximum(window.length - apart, 0) / window.length
        expected.append(2 * np.triu(weight * (by_row @ by_row.T), 1).sum() / (n * (n - 1)))
    found = by_date(cars, "overlap", monkeypatch)
    np.testing.assert_allclose(found, expected, rtol=1e-10)
    np.testing.assert_allclose(found[1], 0.01033717200279503, rtol=1e-10)


def test_average_correlation_by_window(windows):
    found = average_correlation(windows[1], "overlap")
    np.testing.assert_allclose(found[:2], [0.024552936290852145, 0.01033717200279503], rtol=1e-10)


def test_sums_of_standardised_returns(windows):
    """CSAR of every event, and BMP on it by its definition."""
    found, table = windows[1], expected("event_cars")
    for position, window in enumerate(found.windows):
        rows = table[(table["win_start"] == window.start) & (table["win_end"] == window.end)]
        np.testing.assert_allclose(found.csar[:, position], rows["CSAR"], **CLOSE)
        t = np.sqrt(40) * rows["CSAR"].mean() / rows["CSAR"].std()
        np.testing.assert_allclose(BMP("sar_sum").test(found).statistic[position], t, rtol=1e-10)


def portfolio(first, last):
    """Return number and mean of the expected abnormal returns by session, from the files alone."""
    table, events = expected("ar_sar"), pd.read_csv(PANEL40 / "inputs" / "events.csv")
    table = table[table["rel_day"].between(first, last)].merge(events, on="event_id")
    by_session = table.groupby(table["event_index"] + table["rel_day"])["AR"]
    return by_session.count().to_numpy(), by_session.mean().to_numpy()


@pytest.mark.parametrize("window", [(0, 0), (-1, 1), (-10, 10)])
@pytest.mark.parametrize("weights", ["equal", "sqrt_n"])
@pytest.mark.parametrize("lags", [None, 0, 3])
def test_calendar_time_as_statsmodels(window, weights, lags):
    """Sessions grouped by pandas; HC3 below 60 of them, then Newey-West with its own lags."""
    count, mean = portfolio(*window)
    outside = sm.WLS(mean, np.ones(len(mean)), weights=count if weights == "sqrt_n" else 1.0)
    newey_west = {"maxlags": lags, "use_correction": True}
    if lags is None and len(mean) < 60:
        fit = outside.fit(cov_type="HC3", use_t=True)
    else:
        fit = outside.fit(cov_type="HAC", cov_kwds=newey_west, use_t=True)
    statistic = CalendarTime(weights, lags=lags)
    found = statistic.test(run(panel40(), Market("MKT"), [window]))
    np.testing.assert_allclose(found.statistic, fit.tvalues, rtol=1e-9)
    np.testing.assert_allclose(found.p_value, fit.pvalues, rtol=1e-8)
    np.testing.assert_allclose(found.estimate, fit.params, rtol=1e-9)
    assert found.distribution[0] == f"t({len(mean) - 1})"


def test_calendar_time_standardised_by_pandas():
    """The history of each session's portfolio from a table of residuals by date and event."""
    found = run(panel40(), Market("MKT"), [(-10, 10)])
    abnormal = found.abnormal
    day = abnormal.day0[:, None] + np.arange(-270, -20)
    residuals = pd.DataFrame(
        {
            "event": np.repeat(np.arange(40), 250),
            "day": day.ravel(),
            "residual": abnormal.residuals(slice(None)).ravel(),
        }
    ).pivot_table("residual", "day", "event")
    _, mean = portfolio(-10, 10)
    sessions = np.unique(abnormal.day0[:, None] + np.arange(-10, 11))
    held = [np.flatnonzero(np.abs(abnormal.day0 - session) <= 10) for session in sessions]
    spread = [residuals[rows].mean(axis=1).std(ddof=1) for rows in held]
    outside = sm.OLS(mean / spread, np.ones(len(mean))).fit(
        cov_type="HAC", cov_kwds={"maxlags": None, "use_correction": True}, use_t=True
    )
    result = CalendarTime(standardised=True).test(found)
    np.testing.assert_allclose(result.statistic, outside.tvalues, rtol=1e-9)
    np.testing.assert_allclose(result.estimate, mean.mean(), rtol=1e-9)
