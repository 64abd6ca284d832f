"""Returns over the horizons of broker notes, by hand and by pandas."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from eventstudy.comparison import strata
from eventstudy.reversal.horizons import SESSIONS, horizons, returns_over
from tests.trials import trial_of, wild

EVENTS = [("a", 0, 300), ("b", 0, 600), ("c", 0, 900), ("d", 0, 1375)]


@pytest.fixture(scope="module")
def trial():
    return trial_of([wild()], EVENTS)


def strata_of(trial):
    every = trial.every["s0"]
    return {"s0": strata(every, trial.catalogue[0], by="state", exclude=10)}


@pytest.fixture(scope="module")
def found(trial):
    return horizons(trial, strata_of(trial), level=0.05, draws=1999, rng=np.random.default_rng(1))[
        "all", "s0"
    ]


def earned(sessions):
    """Return what was earned over so many sessions from each session on, by day 0."""
    level = pd.Series(np.append(1.0, np.cumprod(1 + wild())))
    return (level.shift(-sessions) / level - 1)[:1400]


def test_horizons_begin_with_day_0(trial, found):
    """One session is day 0 alone; the fourth event has no thirty sessions."""
    for column, sessions in enumerate(SESSIONS):
        own = earned(sessions).iloc[[300, 600, 900, 1375]].dropna()
        assert found.n[column] == len(own)
        assert found.mean[column] == pytest.approx(own.mean(), rel=1e-9)
        assert found.median[column] == pytest.approx(own.median(), rel=1e-9)
        assert found.up[column] == (own > 0).mean()
    assert found.n.tolist() == [4, 4, 4, 4, 4, 3]


def test_base_rates_are_those_of_all_sessions(found):
    for column, sessions in enumerate(SESSIONS):
        base = earned(sessions).iloc[60:].dropna()
        assert found.base_up[column] == pytest.approx((base > 0).mean(), rel=1e-12)
        assert found.base_median[column] == pytest.approx(base.median(), rel=1e-9)


def test_wilson_interval_by_hand():
    """14 of 27 rose: centre (14 + 1.9208) / 30.8415 = .51622, half 1.95996 sqrt(27 .24966 + .9604) / 30.8415."""
    moves = np.array([1] * 14 + [-1] * 13) * 0.01
    series = wild(sessions=1600)
    days = [200 + 40 * number for number in range(27)]
    series[days] = moves
    trial = trial_of([series], [(str(day), 0, day) for day in days])
    one = horizons(trial, strata_of(trial), level=0.05, draws=99, rng=np.random.default_rng(1))[
        "all", "s0"
    ]
    assert one.up[0] == pytest.approx(0.5185, abs=5e-5)
    assert one.up_low[0] == pytest.approx(0.3399, abs=5e-4)
    assert one.up_high[0] == pytest.approx(0.6926, abs=5e-4)


def test_log_returns_compound_as_simple_ones(trial):
    cells = trial.every["s0"].cells
    logs = dataclasses.replace(cells, panel=np.log1p(cells.panel), returns="log")
    np.testing.assert_allclose(
        returns_over(logs, SESSIONS), returns_over(cells, SESSIONS), rtol=1e-9, atol=1e-14
    )


def test_rises_that_are_rarer_than_on_other_days():
    """Twelve events that all fell, each alone in its month: far from the share on other days."""
    series = wild()
    days = np.arange(120, 1320, 100)
    series[days] = -0.02
    trial = trial_of([series], [(str(day), 0, int(day)) for day in days])
    one = horizons(trial, strata_of(trial), level=0.05, draws=1999, rng=np.random.default_rng(1))[
        "all", "s0"
    ]
    assert one.up[0] == 0
    assert one.p_value[0] < 0.01


def test_p_value_of_random_days_is_no_rarity(found):
    assert (found.p_value > 0.01).all()
    assert (found.p_value <= 1).all()
