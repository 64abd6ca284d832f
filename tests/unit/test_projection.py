"""Local projections against statsmodels with all controls, and against draws made one by one."""

import numpy as np
import pytest
import statsmodels.api as sm

from eventstudy.comparison import Days, strata, studentised
from eventstudy.comparison.draws import drawn_positions
from eventstudy.reversal.projection import project
from tests.trials import trial_of, wild

DAYS = np.arange(100, 1380, 34)
SIGNS = np.where(np.arange(len(DAYS)) % 3, 1.0, -1.0)


def asked(days=DAYS, effect=0.0, decay=0.0):
    """Return the trial of some events that moved the series by `effect`, `decay` of it undone after."""
    series = wild()
    for day, sign in zip(days, SIGNS, strict=False):
        series[day] += sign * effect
        series[day + 1 : day + 6] -= sign * effect * decay / 5
    return trial_of([series], [(str(day), 0, int(day)) for day in days], windows=((0, 10),))


def parts(trial, draws=499):
    every = trial.every["s0"]
    group = strata(every, trial.catalogue[0], by="state", exclude=5)
    days = Days({"s0": studentised(every, "deviation")}, {"s0": group})
    rows = np.arange(len(trial.sample))
    drawn = drawn_positions(trial, rows, days, draws=draws, rng=np.random.default_rng(1))
    return every.positions(trial.sample.day0), drawn, np.flatnonzero(group.candidate)


def found(trial, draws=499):
    own, drawn, clean = parts(trial, draws)
    return project(trial.every["s0"], SIGNS[: len(own)], own, drawn, clean)


def regression(trial, own, clean, horizon, signs, *, scaled=False):
    """Return statsmodels' model with the controls in the regression, the returns cut by hand.

    `scaled` outcomes are divided by the standard deviation of the 20 returns before.
    """
    returns = trial.sample.panel[:, 0]
    every = trial.every["s0"]
    sessions = np.union1d(clean, own)
    sessions = sessions[every.day0[sessions] + 10 < len(returns)]
    y, x = [], []
    for each in sessions:
        day = int(every.day0[each])
        before = returns[day - 20 : day]
        mean = returns[day - 60 : day - 10].mean()
        total = (returns[day : day + horizon + 1] - mean).sum()
        y.append(total / before.std(ddof=1) if scaled else total)
        sign = signs[own == each][0] if each in own else 0.0
        x.append([sign, 1, returns[day - 2], returns[day - 1], before.std(ddof=1), before.sum()])
    return sm.OLS(np.array(y), np.array(x))


@pytest.mark.parametrize("horizon", [0, 3, 10])
@pytest.mark.parametrize("n", [38, 12])
def test_against_statsmodels(n, horizon):
    """Thirty dates and more: Newey-West with h lags; fewer: HC3."""
    trial = asked(DAYS[:n])
    own, _, clean = parts(trial, 9)
    model = regression(trial, own, clean, horizon, SIGNS[:n])
    fit = (
        model.fit(cov_type="HAC", cov_kwds={"maxlags": horizon})
        if n >= 30
        else model.fit(cov_type="HC3")
    )
    result = found(trial)
    assert result.n == n
    assert result.estimate[horizon] == pytest.approx(fit.params[0], rel=1e-9)
    assert result.std_error[horizon] == pytest.approx(fit.bse[0], rel=1e-8)


def test_a_relabelled_estimate_is_the_regression_on_the_drawn_days():
    """One draw after another through statsmodels, where all drawn days are clean; outcomes scaled."""
    trial = asked(DAYS[:4])
    own, drawn, clean = parts(trial, 200)
    inside = drawn[np.isin(drawn, np.union1d(clean, own)).all(axis=1)][:20]
    assert len(inside) == 20
    estimates, first = [], []
    for positions in [own, *inside]:
        sessions = np.union1d(np.union1d(clean, own), positions)
        order = np.argsort(positions)
        for horizon, kept in ((0, first), (10, estimates)):
            model = regression(
                trial, positions[order], sessions, horizon, SIGNS[:4][order], scaled=True
            )
            kept.append(model.fit().params[0])
    change, *changes = np.subtract(estimates, first)
    estimates = estimates[1:]
    returns = trial.sample.panel[:, 0]
    volatility = np.mean([returns[day - 20 : day].std(ddof=1) for day in DAYS[:4]])
    result = project(trial.every["s0"], SIGNS[:4], own, inside, clean)
    low, high = np.quantile(estimates, [0.025, 0.975]) * volatility
    assert result.low[10] == pytest.approx(low, rel=1e-9)
    assert result.high[10] == pytest.approx(high, rel=1e-9)
    hits = (np.abs(changes) >= abs(change)).sum()
    assert np.isnan(result.p_value[0])
    assert result.p_value[10] == pytest.approx((1 + hits) / 21)


def test_an_effect_that_stays_is_found_and_flat():
    result = found(asked(effect=0.05))
    np.testing.assert_allclose(result.estimate, 0.05, atol=0.025)
    assert np.nanmin(result.p_value) > 0.01
    assert result.joint_p > 0.05


def test_an_effect_that_fades_is_not_flat():
    result = found(asked(effect=0.05, decay=1.0))
    assert result.p_value[10] < 0.01
    assert abs(result.estimate[10]) < 0.02
    assert result.joint_p < 0.02


def test_every_relabelling_counts():
    """Clusters move as a whole and land near other events too: no draw is lost for that."""
    days = np.sort(np.concatenate([DAYS[:30], DAYS[:30] + 4]))
    trial = asked(days)
    own, drawn, clean = parts(trial)
    assert (~np.isin(drawn, clean).all(axis=1)).mean() > 0.5
    result = project(trial.every["s0"], np.ones(len(own)), own, drawn, clean)
    later = result.p_value[1:]
    assert later.min() >= 1 / 500
    assert (result.low < result.high).all()
    assert abs(later * 500 - np.round(later * 500)).max() < 1e-9


def test_an_event_at_the_end_has_no_path():
    result = found(asked(np.array([200, 600, 1000, 1395])))
    assert result.n == 3


def test_two_events_of_one_session_are_one():
    trial = asked(np.array([200, 600, 1000]))
    own, drawn, clean = parts(trial)
    again = np.array([0, 1, 2, 2])
    once = project(trial.every["s0"], np.ones(3), own, drawn, clean)
    twice = project(trial.every["s0"], np.ones(4), own[again], drawn[:, again], clean)
    np.testing.assert_array_equal(once.estimate, twice.estimate)
    assert twice.n == 3


@pytest.mark.parametrize(
    ("events", "clean", "reason"),
    [
        (1, 500, "1 signed event with a whole path; 2 needed"),
        (3, 12, "12 days away from every event; 30 needed"),
    ],
)
def test_no_projection(events, clean, reason):
    trial = asked(np.array([200, 600, 1000])[:events])
    own, drawn, days = parts(trial, 19)
    result = project(trial.every["s0"], np.ones(events), own, drawn, days[:clean])
    assert result.reason == reason
    assert np.isnan(result.estimate).all()
