"""Strata, pseudo-dates, scales and adjusted p-values against loops written otherwise, and by hand."""

import dataclasses
import itertools

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

from eventstudy.comparison import (
    Days,
    false_discovery,
    mean_by_group,
    relabelled,
    same_events,
    step_down,
    step_down_by_p,
    strata,
    studentised,
    two_sided,
)
from eventstudy.comparison.draws import drawn_positions
from eventstudy.comparison.multiplicity import holm
from eventstudy.comparison.relabelling import (
    clusters,
    pseudo_dates,
    tail_counts,
    without_replacement,
)
from eventstudy.comparison.sessions import terciles
from tests.trials import START, trial_of, wild

DRAWS = 999


@pytest.fixture(scope="module")
def trial():
    return trial_of(
        [wild()],
        [(str(day), 0, day) for day in (100, 400, 403, 900, 1200)],
        windows=((-3, -1), (0, 0), (1, 5)),
    )


def days_of(trial, **options):
    every = trial.every
    return Days(
        {asset: studentised(each, "deviation") for asset, each in every.items()},
        {
            asset: strata(
                each,
                trial.catalogue[each.cells.axis[0]],
                **{"by": "state", "exclude": 10, **options},
            )
            for asset, each in every.items()
        },
    )


def test_every_session_is_asked_that_can_be(trial):
    """Sixty sessions before, one with a return: the first is 60, the last the last."""
    np.testing.assert_array_equal(trial.every["s0"].day0, np.arange(60, 1400))
    position = trial.every["s0"].positions(np.array([59, 60, 1399, 1400, -1]))
    np.testing.assert_array_equal(position, [1340, 0, 1339, 1340, 1340])


def test_an_event_is_one_of_the_sessions(trial):
    at = trial.every["s0"].positions(trial.sample.day0)
    np.testing.assert_array_equal(trial.every["s0"].cars.car[at], trial.cars.car)


@pytest.mark.parametrize("scale", ["deviation", "ewma", "none"])
def test_scale_of_a_car(trial, scale):
    """Twenty returns before the window, or before day 0; a weight of .94 on yesterday's variance."""
    returns, every = trial.sample.panel[:, 0], trial.every["s0"]
    found = studentised(every, scale)
    for row in (0, 300, 1339):
        day = int(every.day0[row])
        for column, (start, end) in enumerate([(-3, -1), (0, 0), (1, 5)]):
            begin = day + min(start, 0)
            size = np.std(returns[begin - 20 : begin], ddof=1)
            if scale == "ewma":
                variance = np.mean(returns[:20] ** 2)
                for each in returns[:begin]:
                    variance = 0.94 * variance + 0.06 * each**2
                size = np.sqrt(variance)
            if scale == "none":
                size = 1 / np.sqrt(end - start + 1)
            expected = every.cars.car[row, column] / size / np.sqrt(end - start + 1)
            np.testing.assert_allclose(found[row, column], expected, rtol=1e-12)


def test_the_ewma_skips_a_gap():
    """A missing return leaves the variance as it was; it is no return of zero."""
    series = wild()
    series[500] = np.nan
    whole = np.delete(wild(), 500)
    gapped, dense = (
        studentised(trial_of([each], [("a", 0, 1000 - cut)]).every["s0"], "ewma")
        for each, cut in ((series, 0), (whole, 1))
    )
    np.testing.assert_allclose(gapped[-300:], dense[-300:], rtol=1e-9)


@pytest.mark.parametrize("scale", ["deviation", "ewma"])
def test_no_look_ahead_in_the_scale(trial, scale):
    """Returns from the first session of the window, or day 0, on move neither scale nor stratum."""
    panel = trial.sample.panel.copy()
    panel[800:] *= 7
    late = trial_of([panel[:, 0]], [("a", 0, 800)], windows=((0, 0), (1, 5)))
    early = trial_of([trial.sample.panel[:, 0]], [("a", 0, 800)], windows=((0, 0), (1, 5)))
    at = 800 - 60
    for every in (late.every["s0"], early.every["s0"]):
        assert every.day0[at] == 800
    sizes = [
        each.every["s0"].cars.car[at] / studentised(each.every["s0"], scale)[at]
        for each in (late, early)
    ]
    np.testing.assert_allclose(*sizes, rtol=1e-9)


def test_terciles():
    found = terciles(np.array([9, 1, 5, np.nan, 2, 8, 3, 4, 6, 7.0]))
    assert found.tolist() == [2, 0, 1, -1, 0, 2, 0, 1, 1, 2]
    assert terciles(np.full(3, np.nan)).tolist() == [-1, -1, -1]


def test_strata_by_state(trial):
    """Thirds by pandas; the stratum of a day is told by the twenty returns before it."""
    every = trial.every["s0"]
    found = strata(every, np.array([], int), by="state", exclude=0)
    returns = trial.sample.panel[:, 0]
    before = np.array([returns[day - 20 : day] for day in every.day0])
    thirds = [
        pd.qcut(values, 3, labels=False) for values in (before.std(axis=1), before.sum(axis=1))
    ]
    counts = np.bincount(3 * thirds[0] + thirds[1], minlength=9).reshape(3, 3)
    for calm in range(3):
        here = thirds[0] == calm
        if counts[calm].min() >= 100:
            expected = [f"volatility {word}" for word in ("low", "middle", "high")][calm]
            words = {found.names[label] for label in found.label[here]}
            assert words == {
                f"{expected}, past return {each}" for each in ("low", "middle", "high")
            }
        else:
            assert len(set(found.label[here])) == 1
            assert (
                f"a stratum had {counts[calm].min()} candidates"
                in found.names[found.label[here][0]]
            )
    assert found.candidate.all()


def test_too_few_candidates_make_one_stratum():
    trial = trial_of([wild(sessions=350)], [("a", 0, 200)])
    found = strata(trial.every["s0"], np.array([200]), by="state", exclude=10)
    assert found.names == ("all sessions: too few candidates in a stratum",)
    assert set(found.label) == {0}


def test_days_near_an_event_are_no_candidates(trial):
    every = trial.every["s0"]
    found = strata(every, np.array([60, 700, 1399]), by="none", exclude=2)
    near = every.day0[~found.candidate].tolist()
    assert near == [60, 61, 62, 698, 699, 700, 701, 702, 1397, 1398, 1399]


def test_other_strata(trial):
    every = trial.every["s0"]
    year = strata(every, np.array([], int), by="year", exclude=0)
    dates = trial.sample.axes[0][every.day0].astype("datetime64[Y]").astype(str)
    assert [year.names[label] for label in year.label] == dates.tolist()
    calm = strata(every, np.array([], int), by="volatility", exclude=0)
    assert calm.names == ("volatility low", "volatility middle", "volatility high")
    assert abs(np.diff(np.bincount(calm.label))).max() <= 1
    assert strata(every, np.array([], int), by="none", exclude=0).names == ("all sessions",)


def test_clusters():
    """Less than eight sessions apart, to the next: 5 10 17 | 25 | 40, in the order of time."""
    assert clusters(np.array([10, 40, 5, 17, 25]), 8).tolist() == [0, 2, 0, 0, 1]


def test_distinct_numbers_each_as_often():
    drawn = without_replacement(4, 2, 24_000, np.random.default_rng(1))
    count = np.bincount(4 * drawn[:, 0] + drawn[:, 1], minlength=16).reshape(4, 4)
    assert (np.diag(count) == 0).all()
    assert abs(count[~np.eye(4, dtype=bool)] - 2000).max() < 4 * np.sqrt(2000)


def test_pseudo_dates_keep_spacing_and_pools():
    days = np.array([10, 13, 50, 90])
    pools = [np.array([10, 20, 30, 50]), np.array([10, 20, 30, 50]), np.array([90, 95])]
    drawn = pseudo_dates(days, np.array([0, 0, 1, 2]), pools, 500, np.random.default_rng(2))
    assert (drawn[:, 1] - drawn[:, 0] == 3).all()
    assert set(drawn[:, 0]) == set(drawn[:, 2]) == {10, 20, 30, 50}
    assert (drawn[:, 0] != drawn[:, 2]).all()
    assert set(drawn[:, 3]) == {90, 95}
    assert ((drawn[:, 0] == 10) & (drawn[:, 2] == 50)).any()


def test_events_move_to_candidates_of_their_stratum_or_to_each_other(trial):
    days = days_of(trial)
    rows = np.arange(5)
    moved = drawn_positions(trial, rows, days, draws=DRAWS, rng=np.random.default_rng(3))
    every, group = trial.every["s0"], days.strata["s0"]
    own = every.positions(trial.sample.day0)
    for row in (0, 1, 3, 4):
        allowed = set(own[[0, 1, 3, 4]]) | set(np.flatnonzero(group.candidate))
        assert set(moved[:, row]) <= allowed
        assert set(group.label[moved[:, row]]) == {group.label[own[row]]}
    assert (moved[:, 2] - moved[:, 1] == 3).all()


def test_no_drawn_event_has_a_number_that_its_own_day_lacks():
    """An event at the end of the data has no CAR[1,5]: nor has it on other days."""
    trial = trial_of([wild()], [("a", 0, 600), ("b", 0, 1398)])
    drawn = dict(
        relabelled(trial, np.arange(2), days_of(trial), draws=99, rng=np.random.default_rng(1))
    )
    assert np.isfinite(drawn[0]).all()
    assert np.isfinite(drawn[1][:, 0]).all()
    assert np.isnan(drawn[1][:, 1]).all()


def test_a_cluster_that_would_leave_the_calendar():
    """Four events every twelve sessions: moved to a late day, the last of them falls off."""
    trial = trial_of(
        [wild(sessions=200)],
        [(str(number), 0, 80 + 12 * number) for number in range(4)],
        windows=((-2, 10),),
    )
    moved = drawn_positions(
        trial, np.arange(4), days_of(trial), draws=DRAWS, rng=np.random.default_rng(1)
    )
    beyond = moved[:, 3] == len(trial.every["s0"].cells)
    assert beyond.any()
    assert not beyond.all()
    inside = moved[~beyond]
    assert (np.diff(inside, axis=1) == 12).all()


def test_one_date_on_both_exchanges():
    """The second exchange is shut on every seventh day of the first, and open on the day after."""
    dates = START + np.arange(1400)
    other = np.delete(dates, np.arange(3, 1400, 7))
    trial = trial_of(
        [wild(1), wild(2, len(other))],
        [("a", 0, 800), ("a", 1, int(np.searchsorted(other, dates[800]))), ("b", 0, 1000)],
        axes=(dates, other),
    )
    moved = drawn_positions(
        trial, np.arange(3), days_of(trial), draws=DRAWS, rng=np.random.default_rng(1)
    )
    first = trial.every["s0"].sessions[trial.every["s0"].day0[moved[:, 0]]]
    second = trial.every["s1"].sessions[trial.every["s1"].day0[moved[:, 1]]]
    gap = (second - first).astype(int)
    assert set(gap) == {0, 1}
    shut = ~np.isin(first, other)
    assert (gap[shut] == 1).all()
    assert (gap[~shut] == 0).all()


def test_an_event_that_reaches_the_second_exchange_a_session_later():
    series = [wild(1), wild(2)]
    trial = trial_of(series, [("a", 0, 800), ("a", 1, 801)])
    moved = drawn_positions(
        trial, np.arange(2), days_of(trial), draws=DRAWS, rng=np.random.default_rng(1)
    )
    known = moved[:, 1] < len(trial.every["s1"].cells)
    assert (moved[known, 1] - moved[known, 0] == 1).all()


def test_means_over_groups():
    drawn = [
        (0, np.array([[1.0, np.nan], [3.0, np.nan]])),
        (1, np.array([[5.0, np.nan], [np.nan, 4.0]])),
    ]
    found = mean_by_group(iter(drawn), {("g", "s"): np.array([0, 1]), ("h", "s"): np.array([1])})
    np.testing.assert_array_equal(found["g", "s"], [[3, np.nan], [3, 4]])
    np.testing.assert_array_equal(found["h", "s"], [[5, np.nan], [np.nan, 4]])


def test_tail_counts():
    """As large as -2 are -2, 3 and 2; no number is as large as 4; nothing is counted for nothing."""
    at_least, k = tail_counts(np.array([-2, 4, np.nan]), np.array([1, -2, np.nan, 3, 2.0]))
    assert at_least.tolist() == [3, 0, 0]
    assert k.tolist() == [4, 4, 4]


def test_two_sided():
    """Two of three as large: 3/4; one of two: 2/3; nothing observed: nothing."""
    drawn = np.array([[1, -3, 1.0], [-2, np.nan, 2], [3, 0.5, 3]])
    found = two_sided(np.array([-2, 2, np.nan]), drawn)
    np.testing.assert_allclose(found, [3 / 4, 2 / 3, np.nan])


def stepped(observed, drawn):
    """The step-down by its definition: one hypothesis after another, one draw after another."""
    scale = [np.sqrt(np.mean([row[h] ** 2 for row in drawn])) for h in range(len(observed))]
    size = [abs(value) / unit for value, unit in zip(observed, scale, strict=True)]
    left, found, floor = list(range(len(observed))), {}, 0.0
    while left:
        best = max(left, key=lambda h: size[h])
        hits = sum(max(abs(row[h]) / scale[h] for h in left) >= size[best] for row in drawn)
        floor = max(floor, (1 + hits) / (len(drawn) + 1))
        found[best] = floor
        left.remove(best)
    return [found[h] for h in range(len(observed))]


def test_step_down_against_a_plain_loop():
    rng = np.random.default_rng(4)
    shared = rng.standard_normal((400, 1))
    drawn = (shared + rng.standard_normal((400, 7))) * np.array([1, 2, 3, 1, 1, 5, 0.1])
    observed = np.array([5, -5, 2, 1, 0.1, 25, 0.2])
    found = step_down(observed, drawn)
    np.testing.assert_allclose(found, stepped(observed, drawn), rtol=1e-12)
    alone = (1 + (abs(drawn) >= abs(observed)).sum(axis=0)) / 401
    assert (found >= alone).all()


def test_step_down_by_hand():
    """Draws (1, 1), (1, -1), (-1, 1), each of root mean square 1: sizes .5 and 2.

    The larger first: no maximum of 1 reaches 2, p = 1/4; then .5 among |±1|: p = 4/4.
    """
    drawn = np.array([[1, 1], [1, -1], [-1, 1.0]])
    np.testing.assert_allclose(step_down(np.array([0.5, -2]), drawn), [1, 0.25])


def stepped_by_p(observed, drawn):
    """The same with the share of all values, the observed one among them, in place of the size."""
    rows = [observed, *drawn]
    p_value = [
        [np.mean([abs(other[h]) >= abs(row[h]) for other in rows]) for h in range(len(observed))]
        for row in rows
    ]
    left, found, floor = list(range(len(observed))), {}, 0.0
    while left:
        best = min(left, key=lambda h: p_value[0][h])
        hits = sum(min(row[h] for h in left) <= p_value[0][best] for row in p_value[1:])
        floor = max(floor, (1 + hits) / len(rows))
        found[best] = floor
        left.remove(best)
    return [found[h] for h in range(len(observed))]


def test_step_down_by_p_against_a_plain_loop():
    """Among the columns one of few values, which tie, and one with heavy tails."""
    rng = np.random.default_rng(4)
    drawn = rng.standard_normal((199, 1)) + rng.standard_normal((199, 5))
    drawn[:, 1] = rng.choice([-2, -1, 0.5, 3], 199)
    drawn[:, 2] = rng.standard_t(2, 199)
    observed = np.array([4, 3, 9, -1, 0.1])
    found = step_down_by_p(observed, drawn)
    np.testing.assert_allclose(found, stepped_by_p(observed, drawn), rtol=1e-12)
    assert (found >= two_sided(observed, drawn) - 1e-12).all()


@pytest.fixture(scope="module")
def families():
    """Adjusted p-values of 400 families: one of 1,000 draws is taken for what was observed.

    Four columns with normal tails, like means of many events, eight with those of t(3), like single
    events; all share a part. The second set has an effect in the first column.
    """
    rng, found = np.random.default_rng(6), []
    for _ in range(400):
        drawn = np.hstack([rng.standard_normal((1000, 4)), rng.standard_t(3, (1000, 8))])
        drawn += 0.3 * rng.standard_normal((1000, 1))
        shifted = drawn[0] + np.where(np.arange(12) == 0, 4, 0)
        found.append(
            [
                [step(observed, drawn[1:]) for step in (step_down_by_p, step_down)]
                for observed in (drawn[0], shifted)
            ]
        )
    return np.array(found)


def test_adjusted_p_values_keep_the_level_of_the_family(families):
    rate = (families[:, 0].min(axis=2) <= 0.05).mean(axis=0)
    assert (abs(rate - 0.05) <= 4 * np.sqrt(0.05 * 0.95 / 400)).all()


def test_the_minimum_of_p_finds_more_beside_heavy_tails(families):
    by_p, by_size = (families[:, 1, :, 0] <= 0.05).mean(axis=0)
    assert by_p > by_size + 0.2


def test_groups_of_the_same_events_are_one():
    groups = {("a", "s"): [0, 2], ("b", "s"): [1], ("all", "s"): [2, 0], ("all", "t"): [3]}
    found = same_events({key: np.array(rows) for key, rows in groups.items()})
    assert found.tolist() == [0, 1, 0, 3]


def test_step_down_leaves_out_what_is_not_tested():
    drawn = np.random.default_rng(1).standard_normal((99, 3))
    drawn[:, 2] = np.nan
    found = step_down(np.array([2.0, np.nan, 1]), drawn)
    assert np.isfinite(found[0])
    assert np.isnan(found[1:]).all()
    assert np.isnan(step_down(np.array([np.nan]), drawn[:, :1])).all()
    by_p = step_down_by_p(np.array([2.0, np.nan, 1]), drawn)
    assert np.isfinite(by_p).tolist() == [True, False, False]
    assert np.isnan(step_down_by_p(np.array([np.nan]), drawn[:, :1])).all()


def test_a_draw_without_a_number_counts_for_nothing():
    """Two of four draws are known, one as large: 2/3 of three values; by itself the family of one."""
    drawn = np.array([[3.0], [np.nan], [1], [np.nan]])
    assert step_down_by_p(np.array([2.0]), drawn)[0] == pytest.approx(2 / 5)


@pytest.mark.parametrize(("method", "name"), [("bh", "fdr_bh"), ("by", "fdr_by")])
def test_false_discovery(method, name):
    p_value = np.array([0.01, np.nan, 0.2, 0.03, 0.03, 0.9])
    found = false_discovery(p_value, method)
    known = np.isfinite(p_value)
    np.testing.assert_allclose(found[known], multipletests(p_value[known], method=name)[1])
    assert np.isnan(found[1])
    assert np.isnan(false_discovery(np.array([np.nan]), method)).all()


def test_all_pairs_of_pseudo_dates_are_drawn_alike():
    """Two events among five days: twenty ordered pairs, each as often."""
    pool = np.array([3, 7, 20, 31, 44])
    drawn = pseudo_dates(
        np.array([3, 31]), np.array([0, 1]), [pool, pool], 40_000, np.random.default_rng(1)
    )
    pairs, count = np.unique(drawn, axis=0, return_counts=True)
    assert {tuple(pair) for pair in pairs.tolist()} == set(itertools.permutations(pool.tolist(), 2))
    assert abs(count - 2000).max() < 4.5 * np.sqrt(2000)


def test_the_order_of_the_cells_decides_nothing_but_the_draws(trial):
    turned = dataclasses.replace(
        trial, sample=trial.sample.select([4, 3, 2, 1, 0]), cars=trial.cars.select([4, 3, 2, 1, 0])
    )
    rng = [np.random.default_rng(9), np.random.default_rng(9)]
    one, two = (
        drawn_positions(each, np.arange(5), days_of(each), draws=99, rng=generator)
        for each, generator in zip((trial, turned), rng, strict=True)
    )
    assert (one[:, 2] - one[:, 1] == 3).all()
    assert (two[:, 2] - two[:, 3] == 3).all()


@pytest.mark.parametrize("n", [0, 1, 2, 40])
def test_holm_is_that_of_statsmodels(n):
    """Step by step, never above one; what is not known stays so and is not counted."""
    p_value = np.random.default_rng(n).random(n) ** 3
    if n > 2:
        p_value[[1, 5]] = np.nan, p_value[7]
    known = np.isfinite(p_value)
    expected = np.full(n, np.nan)
    if n:
        expected[known] = multipletests(p_value[known], method="holm")[1]
    np.testing.assert_allclose(holm(p_value), expected, rtol=1e-14)
