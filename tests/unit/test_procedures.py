"""Procedures that refit, draw series anew, or filter a long history: conformal, bootstrap, GARCH."""

import dataclasses
import functools
import sys

import numpy as np
import pytest

from eventstudy.comparison import Trial
from eventstudy.errors import EstimationError
from eventstudy.models.market import Market
from eventstudy.models.market_adjusted import MarketAdjusted
from eventstudy.models.market_garch import MarketGARCH
from eventstudy.models.market_robust import MarketRobust
from eventstudy.placebo import _filtered
from eventstudy.placebo._blocks import block_length, stationary_places
from eventstudy.placebo._cells import own_generator
from eventstudy.placebo.conformal import Conformal
from eventstudy.placebo.garch_quantile import GarchQuantile
from eventstudy.placebo.stationary_bootstrap import StationaryBootstrap
from eventstudy.registry import plugins
from tests.samples import make_sample, run

WINDOWS = [(0, 0), (-1, 1), (1, 5), (0, 20)]
DAYS = [1400, 1500, 1537, 1600]
PROCEDURES = [
    Conformal(),
    Conformal("path"),
    Conformal("path", permutations="iid", draws=199),
    StationaryBootstrap(draws=199),
    GarchQuantile(sessions=1_000),
]
MARKET = Market("M")


def named(procedure):
    return (
        f"{procedure.name}-{getattr(procedure, 'of', '')}-{getattr(procedure, 'permutations', '')}"
    )


@functools.cache
def returns():
    """Return market and asset, shape (1700,) each; their volatility comes in spells."""
    rng = np.random.default_rng(20)
    size = np.exp(np.convolve(rng.standard_normal(1720), np.full(21, 0.08), mode="valid"))
    market, own = (0.01 * size * rng.standard_t(6, 1700) for _ in range(2))
    return market, market + own


def trial_of(days=DAYS, *, edit=None, scale=1.0, model=MARKET, windows=WINDOWS):
    """Return events on one series; `edit` changes its returns first."""
    market, asset = returns()
    asset = asset.copy()
    if edit:
        edit(asset)
    days = np.array(days, int)
    sample = make_sample(
        scale * asset[:, None],
        scale * market,
        np.zeros(len(days), int),
        days,
        estimation=(-130, -11),
        event_window=(-5, 20),
    )
    ids = np.array([f"event{day}" for day in days], dtype=object)
    sample = dataclasses.replace(sample, event_ids=ids)
    return Trial(sample, model, run(sample, model, windows), {}, {}, (days,))


def answers_of(procedure, trial):
    return procedure.test(trial, np.random.default_rng(5)).events


def asked(procedure):
    """Return the windows that a procedure answers for."""
    return slice(0, 1) if procedure.name == "garch_quantile" else slice(None)


def test_every_procedure_is_tested_here_or_has_its_own_file():
    assert set(plugins("eventstudy.placebo")) - {each.name for each in PROCEDURES} == {"placebo"}


@pytest.mark.parametrize("procedure", PROCEDURES, ids=named)
class TestProcedures:
    def test_shapes_and_range(self, procedure):
        trial = trial_of()
        found = answers_of(procedure, trial)
        usable = found.status == "ok"
        assert usable[:, asked(procedure)].all()
        assert ((found.p_value[usable] > 0) & (found.p_value[usable] <= 1)).all()
        assert (found.distribution[usable] != "").all()
        assert (found.reason[~usable] != "").all()
        assert np.isnan(found.p_value[~usable]).all()
        np.testing.assert_array_equal(found.estimate, trial.cars.car)
        assert procedure.test(trial, np.random.default_rng(1)).groups == {}
        assert procedure.scope == "event"

    def test_other_events_and_their_order_are_irrelevant(self, procedure):
        whole, alone = (
            answers_of(procedure, trial_of()),
            answers_of(procedure, trial_of([1600, 1400])),
        )
        np.testing.assert_array_equal(whole.p_value[[3, 0]], alone.p_value)

    def test_same_seed_same_numbers(self, procedure):
        first, second = (answers_of(procedure, trial_of()) for _ in range(2))
        np.testing.assert_array_equal(first.p_value, second.p_value)

    def test_scale_invariance(self, procedure):
        decimal, percent = (answers_of(procedure, trial_of(scale=scale)) for scale in (1.0, 100.0))
        np.testing.assert_allclose(percent.p_value, decimal.p_value, atol=2.5e-3)

    def test_injected_effect_is_found(self, procedure):
        found = answers_of(procedure, trial_of(edit=lambda asset: asset.__setitem__(1600, 0.5)))
        assert found.p_value[3, 0] < 0.02

    def test_the_future_is_irrelevant(self, procedure):
        """Returns after a window move none of its numbers; nor does day 0 those of later windows."""

        def later(asset):
            asset[1606:] *= -3
            asset[1600] += 0.2

        before, after = (
            answers_of(procedure, trial_of()),
            answers_of(procedure, trial_of(edit=later)),
        )
        np.testing.assert_array_equal(before.p_value[:3], after.p_value[:3])
        if procedure.name == "garch_quantile":
            return
        np.testing.assert_allclose(before.p_value[3, 2], after.p_value[3, 2], rtol=1e-12)

    def test_a_missing_return_gives_the_reason(self, procedure):
        found = answers_of(procedure, trial_of(edit=lambda asset: asset.__setitem__(1600, np.nan)))
        assert found.reason[3, 0] == "a return is missing in the window"
        assert (found.status[:3, asked(procedure)] == "ok").all()

    def test_a_constant_series_gives_a_reason(self, procedure):
        found = answers_of(procedure, trial_of(edit=lambda asset: asset.fill(0.001)))
        assert (found.reason != "").all()
        assert np.isnan(found.p_value).all()

    def test_returns_from_trade_to_trade_give_the_reason(self, procedure):
        trial = trial_of()
        sample = dataclasses.replace(trial.sample, levels=trial.sample.panel.cumsum(axis=0))
        found = answers_of(procedure, dataclasses.replace(trial, sample=sample))
        reason = "returns are measured from trade to trade, not session by session"
        assert set(found.reason.ravel()) == {reason}

    def test_no_event(self, procedure):
        assert answers_of(procedure, trial_of([])).p_value.shape == (0, len(WINDOWS))


def ols_residuals(day, window, effect=0.0):
    """Residuals of the market model under the null, written with numpy alone."""
    market, asset = returns()
    past = np.arange(day - 130, day + min(window[0], 0))
    inside = np.arange(day + window[0], day + window[1] + 1)
    sessions = np.concatenate([past, inside])
    y, x = asset[sessions].copy(), np.column_stack([np.ones(len(sessions)), market[sessions]])
    y[len(past) :] -= effect / len(inside)
    return y - x @ np.linalg.lstsq(x, y, rcond=None)[0], len(inside)


def block_p_value(residuals, length):
    """The share of blocks, counted backwards, that are as large as the last."""
    ends = range(len(residuals), length - 1, -length)
    sums = np.array([abs(sum(residuals[end - length : end])) for end in ends])
    return np.mean(sums >= sums[0] * (1 - 1e-9))


@pytest.mark.parametrize("window", WINDOWS)
def test_conformal_by_brute_force(window):
    """Blocks cut and series rolled one by one."""
    trial = trial_of(windows=[window])
    car, path = answers_of(Conformal(), trial), answers_of(Conformal("path", q=1.5), trial)
    for row, day in enumerate(DAYS):
        residuals, length = ols_residuals(day, window)
        assert car.p_value[row, 0] == pytest.approx(block_p_value(residuals, length), rel=1e-12)
        rolled = [np.roll(residuals, shift)[-length:] for shift in range(len(residuals))]
        size = [(np.sum(np.abs(u) ** 1.5) / np.sqrt(length)) ** (1 / 1.5) for u in rolled]
        expected = np.mean(np.array(size) >= size[0] * (1 - 1e-9))
        assert path.p_value[row, 0] == pytest.approx(expected, rel=1e-12)
        assert path.statistic[row, 0] == pytest.approx(size[0], rel=1e-9)


@pytest.mark.parametrize("window", [(0, 0), (-1, 1), (1, 5)])
def test_conformal_intervals_hold_what_is_not_rejected(window):
    """Each end parts the effects that a refit rejects from those that it does not."""
    found = Conformal().intervals(trial_of(windows=[window]), level=0.9)
    for row, day in enumerate(DAYS):
        low, high = found.low[row, 0], found.high[row, 0]
        step = 1e-6 * (high - low)
        p_values = [
            block_p_value(*ols_residuals(day, window, effect))
            for effect in (low - step, low + step, high - step, high + step)
        ]
        assert [p > 0.1 for p in p_values] == [False, True, True, False]


def test_conformal_leaves_missing_sessions_out():
    """A gap in the past is a shorter past: one place fewer on the circle."""
    gap = trial_of(edit=lambda asset: asset.__setitem__(1450, np.nan))
    assert answers_of(Conformal("path"), gap).n[1].tolist() == [129, 130, 133, 149]
    assert answers_of(Conformal(), gap).n[1, 0] == 129


def test_no_interval_for_a_model_that_is_not_linear():
    trial = trial_of(model=MarketRobust("M"), windows=[(0, 0)])
    assert set(Conformal().intervals(trial).reason[:, 0]) == {
        "the model is not linear in the returns"
    }
    assert (answers_of(Conformal(), trial).status == "ok").all()


def test_bootstrap_by_brute_force():
    """One draw after the other: blocks, series, least squares and CAR with numpy alone."""
    day, draws, mean_length = 1500, 99, 4.0
    found = answers_of(StationaryBootstrap(block=mean_length, draws=draws), trial_of([day]))
    market, asset = returns()
    past = np.arange(day - 130, day - 10)
    x = np.column_stack([np.ones(120), market[past]])
    line = np.linalg.lstsq(x, asset[past], rcond=None)[0]
    residuals = asset[past] - x @ line
    scaled = (residuals - residuals.mean()) * np.sqrt(120 / 118)
    seed = int(np.random.default_rng(5).integers(2**63))
    rng = own_generator(seed, f"event{day}", "s0")
    begins, first = rng.random((draws, 151)) < 1 / mean_length, rng.integers(0, 120, (draws, 151))
    own = trial_of([day]).cars.car[0]
    at_least = np.ones(len(WINDOWS))
    for draw in range(draws):
        place, drawn = 0, []
        for step in range(151):
            begin = step == 0 or begins[draw, step]
            place = first[draw, step] if begin else (place + 1) % 120
            drawn.append(scaled[place])
        again = np.linalg.lstsq(x, x @ line + drawn[:120], rcond=None)[0]
        later = np.column_stack([np.ones(26), market[day - 5 : day + 21]])
        abnormal = later @ line + drawn[125:] - later @ again
        car = [abnormal[5 + a : 6 + b].sum() for a, b in WINDOWS]
        at_least += np.abs(car) >= np.abs(own)
    np.testing.assert_allclose(found.p_value[0], at_least / (draws + 1), rtol=1e-12)


def test_places_are_blocks_on_a_circle():
    """Every place is drawn alike; a block goes on with probability 1 - 1 / b, over the end too."""
    places = stationary_places(30, 200, 5.0, 2_000, np.random.default_rng(1))
    share = np.bincount(places.ravel(), minlength=30) / places.size
    assert np.abs(share - 1 / 30).max() < 0.002
    on = np.mean((places[:, 1:] - places[:, :-1]) % 30 == 1)
    assert on == pytest.approx(0.8 + 0.2 / 30, abs=0.005)
    assert ((places[:, :-1] == 29) & (places[:, 1:] == 0)).any()


@pytest.mark.parametrize("values", [np.zeros(50), np.tile([1.0, -1.0], 30)])
def test_block_length_of_series_without_one(values):
    assert block_length(values) >= 1


def test_too_few_residuals():
    trial = trial_of([1500], edit=lambda asset: asset.__setitem__(slice(1371, 1485), np.nan))
    found = answers_of(StationaryBootstrap(draws=99), trial)
    assert set(found.reason[0]) == {"6 residuals; 20 needed"}


def test_a_short_history_gives_the_reason():
    found = answers_of(GarchQuantile(), trial_of([700]))
    reason = "690 returns in the 1,250 sessions before the event; 1,000 needed"
    assert found.reason[0, 0] == reason


def test_a_history_of_two_values_has_no_variance_equation():
    reason = _filtered.history(np.tile([0.01, -0.01], 600), "garch")
    assert isinstance(reason, _filtered.History | str)
    assert _filtered.history(np.zeros(1_200), "garch") == "the returns before the event do not vary"


def test_an_estimate_that_does_not_converge_gives_the_reason(monkeypatch):
    monkeypatch.setattr(_filtered, "_estimated", lambda *_: None)
    found = answers_of(GarchQuantile("gjr"), trial_of())
    reason = "the gjr variance of the returns before the event did not converge"
    assert set(found.reason[:, 0]) == {reason}


def test_without_the_package_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "arch.univariate", None)
    with pytest.raises(EstimationError, match=r"policy-eventstudy\[garch\]"):
        answers_of(GarchQuantile(), trial_of())


def test_later_days_are_not_updated_by_the_event():
    """The day after takes its variance from the session before day 0; the day before is filtered."""
    windows = [(-1, -1), (0, 0), (1, 1)]

    def day0(asset):
        asset[1600] += 0.2

    plain, moved = (
        answers_of(GarchQuantile(), trial_of([1600], windows=windows, edit=edit))
        for edit in (None, day0)
    )
    np.testing.assert_array_equal(plain.statistic[0, [0, 2]], moved.statistic[0, [0, 2]])
    assert moved.statistic[0, 1] > plain.statistic[0, 1] + 2


def test_procedures_keep_their_level_with_independent_returns():
    """2,000 events on series of their own, no effect; the floors of blocks in steps of 1 / (K + 1)."""
    rng = np.random.default_rng(8)
    panel = 0.01 * rng.standard_normal((141, 2_000))
    sample = make_sample(
        panel,
        np.zeros(141),
        range(2_000),
        [120] * 2_000,
        estimation=(-120, -1),
        event_window=(0, 20),
    )
    windows = [(0, 0), (0, 4)]
    model = MarketAdjusted("M")
    trial = Trial(sample, model, run(sample, model, windows), {}, {}, (np.array([120]),))
    for procedure, expected in (
        (Conformal(), [6 / 121, 1 / 25]),
        (Conformal("path"), [6 / 121, 6 / 125]),
        (StationaryBootstrap(block=1, draws=99), [0.05, 0.05]),
    ):
        rate = (answers_of(procedure, trial).p_value <= 0.05).mean(axis=0)
        assert np.abs(rate - expected).max() <= 4 * np.sqrt(0.05 * 0.95 / 2_000)


def test_a_variance_that_depends_on_the_order_is_not_permuted():
    """The residuals of a variance equation are not exchangeable: a reason, no number, no interval."""
    trial = dataclasses.replace(trial_of(), model=MarketGARCH("M"))
    found = Conformal().test(trial, np.random.default_rng(1)).events
    assert set(found.status.ravel()) == {"not_applicable"}
    assert "order of the sessions" in found.reason[0, 0]
    assert set(Conformal().intervals(trial).reason.ravel()) == {found.reason[0, 0]}
