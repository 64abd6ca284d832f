"""The placebo test: what every procedure must do, p-values by hand, and its size on real prices."""

import dataclasses

import numpy as np
import pytest

from eventstudy.formats import counted
from eventstudy.placebo.placebo import Placebo
from tests.trials import csi300, only, trial_of, wild

DAYS = (200, 420, 424, 700, 900, 1210)
EVENTS = [*((str(day), 0, day) for day in DAYS), *((str(day), 1, day) for day in DAYS[2:])]
WINDOWS = ((-3, -1), (0, 0), (1, 5))
PLACEBO = Placebo(draws=999)


def build(events=EVENTS, *, edit=None, scale=1.0, **options):
    series = [wild(1), wild(2)]
    if edit:
        edit(series)
    return trial_of([scale * each for each in series], events, windows=WINDOWS, **options)


def answers(trial, test=PLACEBO, seed=5):
    return test.test(trial, np.random.default_rng(seed))


@pytest.fixture(scope="module")
def plain():
    return answers(build())


def test_shapes_and_range(plain):
    assert plain.events.p_value.shape == (10, 3)
    assert set(plain.groups) == {("all", "s0"), ("all", "s1")}
    for found in (plain.events, *plain.groups.values()):
        assert (found.status == "ok").all()
        assert ((found.p_value > 0) & (found.p_value <= 1)).all()
        assert (found.distribution != "").all()
    assert [found.n.tolist() for found in plain.groups.values()] == [[6] * 3, [4] * 3]


def test_one_event_against_a_loop(plain):
    """p = (1 + #{|Z_c| >= |Z|}) / (K + 1) over the candidates of its stratum, all found anew."""
    for options, exclude in ((PLACEBO, 10), (Placebo(by="none", exclude=3), 3)):
        found = answers(build(), options).events
        returns = wild(1)
        days = range(60, 1400)
        z, past, size = {}, {}, {}
        for day in days:
            before = returns[day - 20 : day]
            size[day], past[day] = before.std(ddof=1), before.sum()
            abnormal = returns - returns[day - 60 : day - 10].mean()
            z[day] = abnormal[day] / size[day]
        edges = [np.quantile(list(each.values()), [1 / 3, 2 / 3]) for each in (size, past)]
        state = {
            day: (
                int((size[day] >= edges[0]).sum()),
                int((past[day] >= edges[1]).sum()),
            )
            for day in days
        }
        candidates = [day for day in days if min(abs(day - each) for each in DAYS) > exclude]
        counts = {
            key: sum(state[day] == key for day in candidates)
            for key in ((calm, each) for calm in range(3) for each in range(3))
        }
        for row, event in enumerate(DAYS):
            calm = state[event][0]
            merged = min(counts[calm, each] for each in range(3)) < 100
            pool = [
                z[day]
                for day in candidates
                if options.by == "none"
                or (state[day][0] == calm and (merged or state[day] == state[event]))
            ]
            expected = (1 + sum(abs(value) >= abs(z[event]) for value in pool)) / (len(pool) + 1)
            assert found.p_value[row, 1] == pytest.approx(expected, rel=1e-12)
            assert found.n[row, 1] == len(pool)


def test_a_group_against_all_pairs():
    """Two events among thirty days: the relabelled p is that of all 870 ordered pairs."""
    series = wild(1, 400)
    trial = trial_of([series], [("a", 0, 150), ("b", 0, 300)], windows=((0, 0),))
    far = trial_of(
        [series],
        [("a", 0, 150), ("b", 0, 300)],
        windows=((0, 0),),
        catalogue=[np.array([*range(60, 160), *range(188, 400)])],
    )
    found = dataclasses.replace(PLACEBO, by="none", exclude=0, draws=20_000).compare(
        far, np.random.default_rng(1)
    )
    days = [150, 300, *range(160, 188)]
    value = found.days.values["s0"][trial.every["s0"].positions(np.array(days)), 0]
    pairs = [
        abs(value[first] + value[second]) / 2
        for first in range(30)
        for second in range(30)
        if first != second
    ]
    exact = np.mean(np.array(pairs) >= abs(value[:2].mean()) - 1e-12)
    group = found.answers.groups["all", "s0"]
    assert abs(group.p_value[0] - exact) < 4 * np.sqrt(exact * (1 - exact) / 20_000)
    assert found.answers.events.n[:, 0].tolist() == [28, 28]


def test_order_of_events_is_irrelevant(plain):
    order = np.random.default_rng(0).permutation(len(EVENTS))
    found = answers(build([EVENTS[number] for number in order]))
    np.testing.assert_array_equal(found.events.p_value, plain.events.p_value[order])
    for key, group in found.groups.items():
        np.testing.assert_allclose(group.statistic, plain.groups[key].statistic, rtol=1e-9)
        np.testing.assert_allclose(group.p_value, plain.groups[key].p_value, atol=0.05)


def test_same_seed_same_numbers(plain):
    again = answers(build())
    for key, group in again.groups.items():
        np.testing.assert_array_equal(group.p_value, plain.groups[key].p_value)
    other = answers(build(), seed=6)
    assert (other.groups["all", "s0"].p_value != plain.groups["all", "s0"].p_value).any()
    np.testing.assert_array_equal(other.events.p_value, plain.events.p_value)


def test_scale_invariance(plain):
    percent = answers(build(scale=100.0))
    np.testing.assert_array_equal(percent.events.p_value, plain.events.p_value)
    for key, group in percent.groups.items():
        np.testing.assert_allclose(group.p_value, plain.groups[key].p_value, atol=2e-3)


def test_injected_effect_is_found():
    def shock(series):
        for each in series:
            each[list(DAYS)] += 0.15

    found = answers(build(edit=shock))
    assert found.events.p_value[:, 1].max() < 0.03
    assert all(group.p_value[1] < 0.01 for group in found.groups.values())


def test_a_missing_return_gives_the_reason(plain):
    def gap(series):
        series[0][1212] = np.nan

    found = answers(build(edit=gap))
    assert found.events.reason[5].tolist() == ["", "", "a return is missing in the window"]
    assert found.groups["all", "s0"].n.tolist() == [6, 6, 5]
    assert (found.events.status[:5] == "ok").all()


def test_a_missing_return_before_the_event_gives_the_reason():
    def gap(series):
        series[0][1200] = np.nan

    found = answers(build(edit=gap))
    assert set(found.events.reason[5]) == {"no returns over the 20 sessions before"}
    assert found.groups["all", "s0"].n.tolist() == [5, 5, 5]


def test_no_spread_before_the_event_gives_a_reason():
    def flat(series):
        series[0][1185:1210] = 0.0

    found = answers(build(edit=flat)).events
    assert (found.status[5] == "not_applicable").all()
    assert (found.reason[5] != "").all()


def test_too_few_candidates():
    trial = build([("a", 0, 700)], catalogue=[np.arange(60, 1390), np.array([], int)])
    found = answers(trial, Placebo(by="none", exclude=1))
    assert found.events.reason[0, 1] == "9 candidate days; 19 needed"
    assert found.groups["all", "s0"].reason[1] == "9 candidate days; 19 needed"
    assert np.isnan(found.groups["all", "s0"].p_value).all()


def test_a_group_that_cannot_move():
    """Forty firms, one event after the other: hardly a day is left that is away from all of them."""
    series = [wild(seed, 480) for seed in range(40)]
    events = [(str(number), number, 80 + 10 * number) for number in range(40)]
    trial = trial_of(
        series, events, windows=((0, 0),), catalogue=[np.arange(80, 480, 10)] * 40, pooled=True
    )
    found = Placebo(by="none", exclude=9, draws=99).compare(trial, np.random.default_rng(1))
    group = found.answers.groups["all", "all"]
    reason = "as few as 11 candidate days for 40 of 40 events to move to; 19 needed"
    assert group.reason.tolist() == [reason]
    assert np.isnan(group.p_value).all()
    adjusted = found.adjusted["all", "all"]
    assert np.isnan(adjusted.min_p).all()
    assert adjusted.reason.tolist() == [reason]


def test_assets_that_cannot_move_together_are_not_adjusted():
    """The second asset ends on day 215, and the days before 205 lie near events of the first."""
    short = wild(2)
    short[216:] = np.nan
    trial = trial_of(
        [wild(1), short],
        [("a", 0, 202), ("a", 1, 202), ("b", 0, 700)],
        windows=((0, 0),),
        catalogue=[np.arange(60, 205), np.array([202])],
    )
    found = Placebo(by="none", exclude=0, draws=99).compare(trial, np.random.default_rng(1))
    for (key, adjusted), n in zip(found.adjusted.items(), (2, 1), strict=True):
        assert np.isfinite(found.answers.groups[key].p_value).all()
        assert np.isnan(adjusted.min_p).all()
        assert np.isnan(adjusted.max_t).all()
        few = f"as few as 11 candidate days for 1 of {counted(n, 'event')} to move to; 19 needed"
        assert adjusted.reason.tolist() == [f"together with the other assets: {few}"]


def test_a_group_of_one_event_is_that_event():
    found = answers(build([("a", 0, 700), ("b", 1, 900), ("c", 1, 1100)]))
    np.testing.assert_array_equal(found.groups["all", "s0"].p_value, found.events.p_value[0])
    assert found.groups["all", "s0"].distribution[1].startswith("placebo(")
    assert found.groups["all", "s1"].distribution[1] == "relabelled(999)"


def test_pooled_assets():
    found = answers(build(pooled=True))
    assert set(found.groups) == {("all", "all")}
    assert found.groups["all", "all"].n.tolist() == [10] * 3
    assert (found.groups["all", "all"].status == "ok").all()


def test_adjusted_p_values_are_no_smaller_than_single_ones():
    found = PLACEBO.compare(build(), np.random.default_rng(5))
    for key, adjusted in found.adjusted.items():
        for each in (adjusted.min_p, adjusted.max_t):
            assert (each >= found.answers.groups[key].p_value).all()


def test_the_mean_of_a_group_is_over_the_windows_it_has():
    """An event without CAR[1,5] has none on other days: the p is that of the other event alone."""
    trial = build([("a", 0, 700), ("b", 0, 1398)])
    found = answers(trial)
    group, alone = found.groups["all", "s0"], found.events
    assert group.n.tolist() == [2, 2, 1]
    assert group.p_value[2] == alone.p_value[0, 2]


@pytest.fixture(scope="module")
def market():
    """Every candidate day of the CSI 300 that is more than twenty sessions from the ends."""
    closes = csi300()[1]
    series = closes[1:] / closes[:-1] - 1
    days = np.arange(60, len(series) - 11)
    return trial_of(
        [series],
        [(str(day), 0, int(day)) for day in days],
        windows=((0, 0), (1, 5)),
        catalogue=[np.array([], int)],
    )


def test_one_event_on_any_day_is_tested_exactly(market):
    """All days in turn: the p-values of a stratum are 2/(K+1) … (K+1)/(K+1), each once."""
    found = PLACEBO.compare(only(market, np.arange(len(market.sample))), np.random.default_rng(1))
    p_value, label = found.answers.events.p_value[:, 0], found.label
    for stratum in np.unique(label[label >= 0]):
        here = np.sort(p_value[label == stratum])
        k = found.answers.events.n[label == stratum, 0][0]
        assert (here[1:] >= here[:-1]).all()
        allowed = np.floor(0.05 * (k + 1) - 1) / k
        assert abs((here <= 0.05).mean() - allowed) <= 12 / len(here)


def test_groups_of_events_on_any_days_are_tested_at_their_level(market):
    """Six events on random days of the CSI 300, 300 times: five per cent within four errors."""
    rng, n = np.random.default_rng(8), len(market.sample)
    test = Placebo(draws=199)
    hits = [
        test.test(only(market, rng.choice(n, 6, replace=False)), rng).groups["all", "s0"].p_value
        <= 0.05
        for _ in range(300)
    ]
    rate = np.mean(hits, axis=0)
    assert (abs(rate - 0.05) <= 4 * np.sqrt(0.05 * 0.95 / 300)).all()
