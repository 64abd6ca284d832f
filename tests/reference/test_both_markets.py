"""Two assets at once, against both_markets/README.md, statsmodels and linearmodels."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from linearmodels.panel import PanelOLS
from linearmodels.system import SUR
from scipy import stats
from statsmodels.multivariate.multivariate_ols import _MultivariateOLS

from eventstudy.models.constant_mean import ConstantMean
from eventstudy.models.market import Market
from eventstudy.regressions import EventDummies, pooled, system
from eventstudy.spec import Window
from eventstudy.systems import exact, on_shared_sessions
from eventstudy.systems.shared import compounded
from tests.samples import make_sample

CLOSE = {"rtol": 1e-9, "atol": 1e-12}


@pytest.fixture(scope="module")
def by_hand():
    first = [2, -2, 2, -2, 1, -1, 1, -1, 3, 1]
    second = [2, -2, 2, -2, -1, 1, -1, 1, 1, 1]
    # a session before the first: its return is not known
    panel = np.array([[0, *first], [0, *second]], float).T
    sample = make_sample(panel, None, [0, 1], [9, 9], estimation=(-8, -1), event_window=(0, 1))
    sample.event_ids[:] = "event"
    shared = on_shared_sessions(sample, ["s0", "s1"], (), 5)
    return exact(shared, ConstantMean(), [Window(0, 0), Window(0, 1)])


@pytest.mark.parametrize(
    ("test", "null", "value", "p_value", "law"),
    [
        ("exact_f", "zero", [4 / 3, 0.975], [(9 / 13) ** 3, 1.325**-3], "F(2, 6)"),
        ("wald_chi2", "zero", [4, 3.25], [np.exp(-2), np.exp(-1.625)], "chi2(2)"),
        ("mahalanobis_rank", "zero", [1, np.nan], [1 / 9, np.nan], "empirical(8)"),
        ("mahalanobis_rank", "equal", [5, np.nan], [5 / 9, np.nan], "empirical(8)"),
    ],
)
def test_by_hand(by_hand, test, null, value, p_value, law):
    found = by_hand.tests[test, null]
    np.testing.assert_allclose(found[0][0], value, **CLOSE)
    np.testing.assert_allclose(found[1][0], p_value, **CLOSE)
    assert found[2][0, 0] == law
    np.testing.assert_allclose(by_hand.correlation, [12 / 20], **CLOSE)


def test_by_hand_equal(by_hand):
    value, p_value, law = (part[0, 0] for part in by_hand.tests["exact_f", "equal"])
    assert value == pytest.approx(14 / 9, rel=1e-12)
    assert p_value == pytest.approx(2 * stats.t.sf(np.sqrt(14 / 9), 7), rel=1e-10)
    assert law == "F(1, 7)"
    assert by_hand.tests["wald_chi2", "equal"][0][0, 0] == pytest.approx(2, rel=1e-12)


@pytest.mark.parametrize("kind", ["simple", "log"])
def test_common_sessions(kind):
    common = np.array([1, 3, 4, 6])
    days = {"A": [1, 2, 3, 4, 6], "B": [1, 3, 4, 5, 6]}
    returns = {"A": [np.nan, 0.1, 0.2, 0.05, 0.1], "B": [np.nan, 0.1, 0.1, 0.2, 0.5]}
    expected = {"A": [np.nan, 0.32, 0.05, 0.1], "B": [np.nan, 0.1, 0.1, 0.8]}
    for name, each in returns.items():
        simple = kind == "simple"
        given = np.array(each) if simple else np.log1p(each)
        found = compounded(given, np.searchsorted(days[name], common), kind)
        wanted = expected[name] if simple else np.log1p(expected[name])
        np.testing.assert_allclose(found, wanted, rtol=1e-12)


def test_f_is_that_of_statsmodels():
    """Three assets on a market, one dummy: Wilks' F with one row in the hypothesis is exact."""
    rng = np.random.default_rng(3)
    market = 0.01 * rng.standard_normal(62)
    panel = 0.01 * rng.standard_normal((62, 3)) @ rng.standard_normal((3, 3)) + market[:, None]
    panel[0] = market[0] = np.nan
    sample = make_sample(
        panel, market, range(3), [61] * 3, estimation=(-60, -1), event_window=(0, 0)
    )
    sample.event_ids[:] = "event"
    shared = on_shared_sessions(sample, ["s0", "s1", "s2"], ["M"], 20)
    found = exact(shared, Market("M"), [Window(0, 0)])
    design = np.column_stack([np.ones(61), market[1:], np.arange(61) == 60])
    fit = _MultivariateOLS(panel[1:], design).fit()
    for null, transform in (("zero", None), ("equal", np.array([[-1, 1, 0], [-1, 0, 1.0]]).T)):
        tests = [("dummy", np.array([[0, 0, 1.0]]), transform)]
        wilks = fit.mv_test(tests).results["dummy"]["stat"].loc["Wilks' lambda"]
        value, p_value, law = (part[0, 0] for part in found.tests["exact_f", null])
        assert value == pytest.approx(wilks["F Value"], rel=1e-8)
        assert p_value == pytest.approx(wilks["Pr > F"], rel=1e-8)
        assert law == f"F({wilks['Num DF']:g}, {wilks['Den DF']:g})"


def simulated(dates):
    """Return 400 sessions of two assets with a market, and dummies on so many dates each."""
    rng = np.random.default_rng(5)
    dummies = np.zeros((400, len(dates)))
    days = rng.permutation(400)
    for number, count in enumerate(dates):
        chosen, days = days[:count], days[count:]
        dummies[chosen, number] = 1
    market = rng.standard_normal((400, 1))
    size = np.exp(rng.standard_normal((400, 1)) / 2)
    noise = size * rng.standard_normal((400, 2)) @ np.array([[1, 0.6], [0, 0.8]])
    terms = tuple(f"d{number}" for number in range(len(dates)))
    returns = 0.01 * (noise + market + dummies.sum(axis=1)[:, None])
    return EventDummies(returns, market, dummies, terms, np.array(dates), ("A", "B"))


@pytest.fixture(scope="module")
def whole():
    data = simulated((1, 5, 40))
    design = np.column_stack([np.ones(400), data.factors, data.dummies])
    return data, design, system(data)


def test_system_is_that_of_linearmodels(whole):
    data, design, found = whole
    exog = pd.DataFrame(design).add_prefix("x")
    model = SUR(
        {
            name: {"dependent": pd.Series(data.returns[:, k], name=name), "exog": exog}
            for k, name in enumerate("AB")
        }
    )
    fit = model.fit(cov_type="unadjusted")
    for number in range(3):
        at = [2 + number, 7 + number]
        effect, cov = fit.params.to_numpy()[at], fit.cov.to_numpy()[np.ix_(at, at)]
        np.testing.assert_allclose(found.effect[number], effect, rtol=1e-9)
        chi2 = effect @ np.linalg.solve(cov, effect)
        assert found.tests["wald_chi2", "zero"][0][number] == pytest.approx(chi2, rel=1e-9)
        p_value = stats.chi2.sf(chi2, 2)
        assert found.tests["wald_chi2", "zero"][1][number] == pytest.approx(p_value, rel=1e-8)
    kernel = model.fit(cov_type="kernel", kernel="bartlett", bandwidth=5).cov.to_numpy()
    np.testing.assert_allclose(
        found.covariance["robust"][2], kernel[np.ix_([4, 9], [4, 9])], rtol=1e-9
    )
    assert found.errors.tolist() == ["HC3", "HC3", "kernel"]


def test_exact_f_of_a_category_is_that_of_statsmodels(whole):
    data, design, found = whole
    fit = _MultivariateOLS(data.returns, design).fit()
    for number in range(3):
        row = np.eye(5)[[2 + number]]
        for null, transform in (("zero", None), ("equal", np.array([[-1.0], [1]]))):
            wilks = fit.mv_test([("d", row, transform)]).results["d"]["stat"].loc["Wilks' lambda"]
            value, p_value, law = (part[number] for part in found.tests["exact_f", null])
            assert value == pytest.approx(wilks["F Value"], rel=1e-8)
            assert p_value == pytest.approx(wilks["Pr > F"], rel=1e-7)
            assert law == f"F({wilks['Num DF']:g}, {wilks['Den DF']:g})"


def test_hc3_is_that_of_statsmodels(whole):
    data, design, found = whole
    series = {"A": data.returns[:, 0], "B": data.returns[:, 1], "sum": data.returns.sum(axis=1)}
    variance = {
        name: sm.OLS(y, design).fit(cov_type="HC3").cov_params()[3, 3] for name, y in series.items()
    }
    covariance = (variance["sum"] - variance["A"] - variance["B"]) / 2
    matrix = np.array([[variance["A"], covariance], [covariance, variance["B"]]])
    np.testing.assert_allclose(found.covariance["robust"][1], matrix, rtol=1e-8)
    distance = found.effect[1] @ np.linalg.solve(matrix, found.effect[1])
    value, p_value, law = (part[1] for part in found.tests["robust_f", "zero"])
    assert value == pytest.approx(3 / 8 * distance, rel=1e-8)
    assert p_value == pytest.approx(stats.f.sf(value, 2, 3), rel=1e-8)
    assert law == "F(2, 3)"


def test_one_date_has_no_robust_error(whole):
    found = whole[2]
    assert found.status.tolist() == ["not_applicable", "caution", "ok"]
    assert "d0 rests on one of the dates" in found.reason[0]
    assert np.isnan(found.covariance["robust"][0]).all()
    assert np.isnan(found.tests["robust_f", "zero"][1][0])


def test_pooled_panel(whole):
    data, _, _ = whole
    found = pooled(data)
    design = np.column_stack([np.repeat(np.eye(2), 400, axis=0), np.tile(data.dummies, (2, 1))])
    fit = sm.OLS(data.returns.T.ravel(), design).fit()
    iid, robust, clustered = found.errors
    np.testing.assert_allclose(found.estimate, fit.params[2:], **CLOSE)
    np.testing.assert_allclose(iid.std_error, fit.bse[2:], rtol=1e-8)
    np.testing.assert_allclose(iid.p_value, fit.pvalues[2:], rtol=1e-7)
    means = sm.OLS(data.returns.mean(axis=1), sm.add_constant(data.dummies)).fit(
        cov_type="HC3", use_t=True
    )
    np.testing.assert_allclose(found.estimate, means.params[1:], **CLOSE)
    assert robust.std_error[1] == pytest.approx(means.bse[2], rel=1e-8)
    p_value = 2 * stats.t.sf(abs(means.params[2] / means.bse[2]), 4)
    assert robust.p_value[1] == pytest.approx(p_value, rel=1e-8)
    key = pd.MultiIndex.from_product([range(2), range(400)])
    panel = PanelOLS(
        pd.Series(data.returns.T.ravel(), index=key),
        pd.DataFrame(np.tile(data.dummies, (2, 1)), index=key),
        entity_effects=True,
    ).fit(cov_type="kernel")
    assert robust.std_error[2] == pytest.approx(panel.std_errors.iloc[2], rel=1e-9)
    assert robust.names.tolist() == ["HC3", "HC3", "driscoll_kraay"]
    assert robust.distribution.tolist() == ["", "t(4)", "t(39)"]
    assert robust.status.tolist() == ["not_applicable", "caution", "ok"]
    assert set(clustered.status) == {"not_applicable"}
    assert clustered.reason[0] == "2 assets; clustering by asset needs 30"
