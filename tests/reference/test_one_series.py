"""Procedures for one series against arithmetic written out and against arch."""

import numpy as np
import pytest
from arch import arch_model
from arch.bootstrap import optimal_block_length

from eventstudy.comparison import Trial, every_session, step_down, step_down_by_p
from eventstudy.models.constant_mean import ConstantMean
from eventstudy.models.market_adjusted import MarketAdjusted
from eventstudy.placebo._blocks import block_length
from eventstudy.placebo.conformal import Conformal
from eventstudy.placebo.garch_quantile import GarchQuantile
from eventstudy.placebo.placebo import Placebo
from eventstudy.placebo.stationary_bootstrap import StationaryBootstrap
from eventstudy.spec import Window
from tests.samples import make_sample, run


def trial_of(before, after, windows, *, model=None, benchmark=None, gap=0):
    """Return one event: returns before it, then those of its gap and event window."""
    model = model or ConstantMean()
    sample = make_sample(
        np.array([*before, *after], float)[:, None],
        benchmark,
        [0],
        [len(before) + gap],
        estimation=(-len(before) - gap, -gap - 1),
        event_window=(0, len(after) - gap - 1),
    )
    return Trial(sample, model, run(sample, model, windows), {}, {}, (np.array([], int),))


def placebo_of(returns, *, event, exclude, **options):
    """Run the placebo on one event of one series that is its own abnormal return."""
    model = MarketAdjusted("M")
    sample = make_sample(
        np.array(returns, float)[:, None],
        np.zeros(len(returns)),
        [0],
        [event],
        estimation=(-3, -1),
        event_window=(0, 0),
    )
    windows = [Window(0, 0)]
    trial = Trial(
        sample,
        model,
        run(sample, model, windows),
        {("all", "s0"): np.array([0])},
        every_session(sample, model, windows, least=3),
        (np.array([event]),),
    )
    procedure = Placebo(by="none", exclude=exclude, draws=99, **options)
    return procedure.test(trial, np.random.default_rng(1))


def test_placebo_of_one_event():
    returns = [(-1) ** t * t for t in range(24)]
    found = placebo_of([*returns, -20.5], event=24, exclude=1, scale="none")
    for answer in (found.events.p_value[0], found.groups["all", "s0"].p_value):
        assert answer.tolist() == [3 / 21]
    assert found.events.n.tolist() == [[20]]
    assert found.events.distribution.tolist() == [["placebo(20)"]]


def test_placebo_divides_by_what_was_known_before():
    returns = np.tile([1.0, -1.0], 30)
    returns[50] = 3
    found = placebo_of(returns, event=50, exclude=10).events
    assert found.statistic[0, 0] == pytest.approx(2.924038, abs=5e-7)
    assert found.p_value[0, 0] == 1 / (found.n[0, 0] + 1)


def p_values(procedure, trial, seed=1):
    return procedure.test(trial, np.random.default_rng(seed)).events


def test_one_day():
    trial = trial_of([-4, -3, -2, -1, 0, 1, 2, 3, 4], [5], [(0, 0)])
    for options in ({}, {"of": "path"}, {"of": "path", "permutations": "iid"}):
        found = p_values(Conformal(**options), trial)
        assert found.p_value[0, 0] == pytest.approx(0.2, rel=1e-12)
        assert found.statistic[0, 0] == pytest.approx(4.5, rel=1e-12)
        assert found.distribution[0, 0] == "empirical(9)"
        assert found.estimate[0, 0] == 5


def test_two_days():
    trial = trial_of([1, 1, -2, 0, 3, -1, -1, -1], [2, 2], [(0, 1)])
    car, path = p_values(Conformal(), trial), p_values(Conformal("path"), trial)
    squares = p_values(Conformal("path", q=2), trial)
    drawn = p_values(Conformal("path", permutations="iid", draws=99_999), trial)
    assert [car.p_value[0, 0], path.p_value[0, 0], squares.p_value[0, 0]] == [0.2, 0.2, 0.5]
    assert car.statistic[0, 0] == pytest.approx(3.2, rel=1e-12)
    assert path.statistic[0, 0] == pytest.approx(2.262742, abs=5e-7)
    assert squares.statistic[0, 0] == pytest.approx(1.902731, abs=5e-7)
    assert [car.n[0, 0], path.n[0, 0], drawn.n[0, 0]] == [4, 9, 99_999]
    assert drawn.p_value[0, 0] == pytest.approx(14 / 45, abs=4 * np.sqrt(0.31 * 0.69 / 99_999))


def test_interval():
    trial = trial_of(range(-9, 10), [6, 0], [(0, 0), (0, 1)])
    found = Conformal().intervals(trial)
    np.testing.assert_allclose([found.low[0, 0], found.high[0, 0]], [-4, 16], rtol=1e-12)
    assert found.reason[0, 0] == ""
    assert np.isnan(found.low[0, 1])
    expected = "9 earlier blocks: no p below 0.100, so no effect is excluded at 95%"
    assert found.reason[0, 1] == expected


def test_floors():
    """The smallest p-values, and the longest window with an interval, for 120 sessions."""
    rng = np.random.default_rng(3)
    days = [1, 5, 6, 7, 10]
    trial = trial_of(rng.standard_normal(120), np.full(10, 9.0), [(0, n - 1) for n in days])
    found = p_values(Conformal(), trial)
    expected = [1 / 121, 1 / 25, 1 / 21, 1 / 18, 1 / 13]
    np.testing.assert_allclose(found.p_value[0], expected, rtol=1e-12)
    intervals = Conformal().intervals(trial)
    assert (intervals.reason[0] == "").tolist() == [True, True, True, False, False]


def test_fair_signs():
    trial = trial_of(
        np.tile([1, -1], 20),
        [1, 1, 1],
        [(0, 2), (0, 0)],
        model=MarketAdjusted("M"),
        benchmark=np.zeros(43),
    )
    found = p_values(StationaryBootstrap(block=1, draws=99_999), trial)
    assert found.p_value[0, 0] == pytest.approx(1 / 4, abs=4 * np.sqrt(3 / 16 / 99_999))
    assert found.p_value[0, 1] == 1
    assert found.distribution[0, 0] == "empirical(99999)"


def correlations(values, lags):
    """Return autocorrelations over all squares, and as arch divides them, over those that meet."""
    d, m = values - values.mean(), len(values)
    cross = np.abs([d[k:] @ d[: m - k] for k in range(1, lags + 1)])
    meet = [np.linalg.norm(d[k:]) * np.linalg.norm(d[: m - k]) for k in range(2, lags + 2)]
    return cross / (d @ d), cross / meet


@pytest.mark.parametrize("slope", [-0.5, 0.0, 0.3, 0.7, 0.9])
@pytest.mark.parametrize("size", [60, 120, 250])
def test_block_length_of_politis_and_white(slope, size):
    """Equal wherever the two forms of an autocorrelation fall on one side of the bound."""
    compared = 0
    for seed in range(20):
        values = np.random.default_rng([seed, size]).standard_normal(size)
        for t in range(1, size):
            values[t] += slope * values[t - 1]
        bound = 2 * np.sqrt(np.log10(size) / size)
        one, other = correlations(values, int(np.ceil(np.sqrt(size))) + 5)
        if ((one < bound) == (other < bound)).all():
            expected = optimal_block_length(values)["stationary"].iloc[0]
            assert block_length(values) == pytest.approx(max(expected, 1.0), rel=1e-10)
            compared += 1
    assert compared >= 5


def garch_returns(sessions, seed=11):
    """Return GJR-GARCH(1,1) returns with t(6) innovations, decimal."""
    rng = np.random.default_rng(seed)
    shocks = rng.standard_t(6, sessions) * np.sqrt(4 / 6)
    returns, variance = np.empty(sessions), 1.5e-4
    for t, shock in enumerate(shocks):
        returns[t] = np.sqrt(variance) * shock
        slope = 0.04 + 0.08 * (shock < 0)
        variance = 3e-6 + slope * returns[t] ** 2 + 0.9 * variance
    return returns


ORDERS = {"garch": ("GARCH", 0), "gjr": ("GARCH", 1), "egarch": ("EGARCH", 1)}


@pytest.mark.parametrize("kind", list(ORDERS))
def test_garch_quantile_against_arch(kind):
    """A gap of ten sessions, day 0, and for the two with a formula the day after next."""
    returns = garch_returns(1_300)
    before, after = returns[:1250], returns[1250:1264].copy()
    after[10:13] = [-0.04, 0.03, 0.035]
    trial = trial_of(before, after, [(0, 0), (2, 2), (0, 1)], gap=10)
    found = p_values(GarchQuantile(kind), trial)
    residuals, later = before - before.mean(), after - before.mean()
    unit = residuals.std()
    name, leverage = ORDERS[kind]
    options = {"mean": "Zero", "vol": name, "p": 1, "o": leverage, "q": 1, "rescale": False}
    fitted = arch_model(residuals / unit, **options).fit(disp="off")
    z = np.abs(residuals / unit / fitted.conditional_volatility)
    to_day_before = np.concatenate([residuals, later[:10]]) / unit
    held = arch_model(to_day_before, **options).fix(fitted.params)
    horizon = 1 if kind == "egarch" else 3
    variance = held.forecast(horizon=horizon).variance.to_numpy()[-1]
    for column, day in enumerate([0] if kind == "egarch" else [0, 2]):
        expected = later[10 + day] / unit / np.sqrt(variance[day])
        assert found.statistic[0, column] == pytest.approx(expected, rel=1e-6)
        p_value = (1 + np.sum(z >= abs(expected))) / 1251
        assert found.p_value[0, column] == pytest.approx(p_value, rel=1e-12)
        assert found.n[0, column] == 1250
    assert found.reason[0, 2] == "for one day only; a sum of days has another law"
    assert (found.reason[0, 1] != "") == (kind == "egarch")


def test_adjusted_p_values_of_three_hypotheses():
    observed = np.array([2.2, 2, 20])
    drawn = np.array([[1, -1, 0], [-2, 1, 20], [0.5, -2.5, 1], [1.5, 2.5, -2]])
    np.testing.assert_allclose(step_down_by_p(observed, drawn), [0.2, 0.8, 0.8])
    np.testing.assert_allclose(step_down(observed, drawn), [0.4, 0.6, 0.4])
