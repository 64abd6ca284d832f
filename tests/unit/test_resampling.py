"""Tests that draw random numbers: what changes their numbers, what does not, and who is one cluster.

Two common mistakes are made here on purpose: a bootstrap that is not centred under the null (14), and
a p-value of zero from a share without the given sample (15).
"""

import dataclasses

import numpy as np
import pytest
from scipy import stats

from eventstudy.inference import _resampling as resampling
from eventstudy.inference.johnson_bootstrap_t import JohnsonBootstrapT
from eventstudy.inference.permutation import Permutation
from eventstudy.inference.wild_bootstrap import WildBootstrap
from eventstudy.models.constant_mean import ConstantMean
from eventstudy.panel import Design, Inputs, run_panel
from eventstudy.spec import Window, load
from eventstudy.study import run_study
from eventstudy.study.draws import generator
from tests.panel40_tables import write_tables
from tests.samples import make_sample, outcome, run

TESTS = [WildBootstrap(draws=999), JohnsonBootstrapT(), Permutation(draws=999)]
NAMES = tuple(test.name for test in TESTS)


def cars(n=60, *, windows=((0, 0), (0, 4)), effect=0.0, apart=3):
    """Return the CARs of events whose days 0 lie so many sessions apart."""
    panel = 0.01 * np.random.default_rng(6).standard_normal((40 + apart * n, n))
    day0 = 25 + apart * np.arange(n)
    panel[day0, np.arange(n)] += effect
    sample = make_sample(panel, None, range(n), day0, estimation=(-20, -1), event_window=(0, 9))
    return run(sample, ConstantMean(), windows)


def named(test):
    return test.name


@pytest.mark.parametrize("test", TESTS, ids=named)
def test_the_seed_decides(test):
    first, again, other = (outcome(test, cars(), others=cars(50), seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(first.p_value, again.p_value)
    assert (first.p_value != other.p_value).any()
    np.testing.assert_array_equal(first.statistic, other.statistic)


@pytest.mark.parametrize("test", TESTS, ids=named)
def test_other_windows_change_no_number(test):
    """Nor does a gap in one of them."""
    alone = outcome(test, cars(windows=[(0, 4)]), others=cars(50, windows=[(0, 4)]))
    both = cars(windows=[(0, 0), (0, 4)])
    both.car[3, 0] = np.nan
    beside = outcome(test, both, others=cars(50, windows=[(0, 0), (0, 4)]))
    assert alone.p_value[0] == beside.p_value[1]
    assert beside.n.tolist() == [alone.n[0] - 1, alone.n[0]]


@pytest.mark.parametrize(
    ("test", "floor"), [*zip(TESTS, (0.001, 0.002, 0.001), strict=True)], ids=str
)
def test_15_no_p_value_is_zero(test, floor):
    """An effect beyond all draws: 1 / (B + 1), of two tails twice that; not 0 / B."""
    found = outcome(test, cars(effect=0.2), others=cars(50))
    assert found.p_value[0] == floor
    assert found.distribution[0] == "empirical(999)"


def test_14_resamples_are_centred_on_the_mean_of_the_data():
    """Not centred, the law moves with the data: no mean, however large, looks unusual in it."""
    group, test = cars(effect=0.012), JohnsonBootstrapT(share=1.0)
    car = group.car[:, 0]
    assert stats.ttest_1samp(car, 0).statistic > 8
    drawn = np.random.default_rng(2).choice(car, (999, 60))
    s, g = drawn.mean(axis=1) / drawn.std(axis=1, ddof=1), stats.skew(drawn, axis=1)
    uncentred = np.sqrt(60) * (s + g * s**2 / 3 + g / 360)
    found = outcome(test, group, others=None)
    assert 0.3 < (uncentred >= found.statistic[0]).mean() < 0.7
    assert found.p_value[0] == 0.002


def test_few_events_have_no_bootstrap():
    found = outcome(JohnsonBootstrapT(), cars(39), others=None)
    assert set(found.reason) == {"39 events; 40 needed"}
    assert set(outcome(JohnsonBootstrapT(), cars(40), others=None).status) == {"ok"}


def test_a_single_cluster_says_so():
    found = outcome(WildBootstrap("overlap"), cars(apart=1), others=None)
    assert found.status.tolist() == ["ok", "not_applicable"]
    assert found.reason[1] == "all events are one cluster: nothing to hold it against"
    assert outcome(WildBootstrap("date"), cars(apart=0), others=None).reason[0] == found.reason[1]


def test_overlapping_windows_are_one_cluster():
    """Days 0 at 0, 2, 7, 9 and 20: [0,4] joins the first two and the next two, [0,5] all four."""
    sample = make_sample(
        0.01 * np.random.default_rng(1).standard_normal((60, 5)),
        None,
        range(5),
        25 + np.array([0, 2, 7, 9, 20]),
        estimation=(-20, -1),
        event_window=(0, 9),
    )
    group = run(sample, ConstantMean(), [(0, 0), (0, 4), (0, 5)])
    found = resampling.clusters(group, "overlap").T.tolist()
    assert found == [[0, 1, 2, 3, 4], [0, 0, 1, 1, 2], [0, 0, 0, 0, 1]]
    group.car[1, 2] = np.nan
    assert resampling.clusters(group, "overlap")[:, 2].tolist() == [0, -1, 1, 1, 2]
    assert resampling.clusters(group, "event")[:, 2].tolist() == [0, -1, 2, 3, 4]


def test_events_of_one_date_change_sign_together():
    """Twelve dates of three events that share half their variance: by date the level is kept."""
    base = cars(36, windows=[(0, 0)], apart=0)
    base.abnormal.day0[:] = 25 + np.repeat(np.arange(12), 3)
    rng, hits = np.random.default_rng(8), {"event": 0, "date": 0}
    for draw in range(400):
        car = np.repeat(rng.standard_normal(12), 3) + rng.standard_normal(36)
        group = dataclasses.replace(base, car=car[:, None])
        for cluster in hits:
            test = WildBootstrap(cluster, draws=999)
            hits[cluster] += outcome(test, group, others=None, seed=draw).p_value[0] <= 0.05
    assert abs(hits["date"] / 400 - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 400)
    assert hits["event"] / 400 > 0.12


def test_groups_of_unlike_variance_need_welch():
    """Eight events with five times the standard deviation of 32 others."""
    base, group = cars(40, windows=[(0, 0)]), np.arange(40) < 8
    rng, hits = np.random.default_rng(9), {"welch_t": 0, "difference": 0}
    for draw in range(400):
        car = rng.standard_normal(40) * np.where(group, 5, 1)
        drawn = dataclasses.replace(base, car=car[:, None])
        for of in hits:
            found = Permutation(of, draws=499).test(drawn, group, np.random.default_rng(draw))
            hits[of] += found.p_value[0] <= 0.05
    assert hits["welch_t"] / 400 < 0.05 + 4 * np.sqrt(0.05 * 0.95 / 400)
    assert hits["difference"] / 400 > 0.15


def test_an_empty_side_is_a_reason():
    rng = np.random.default_rng(1)
    nobody = Permutation().test(cars(), np.ones(60, bool), rng)
    assert set(nobody.reason) == {"there are no other events to hold the group against"}
    one = Permutation().test(cars(), np.arange(60) < 1, rng)
    assert set(one.reason) == {"1 event; 2 needed"}
    assert Permutation("difference").test(cars(), np.arange(60) < 1, rng).status[0] == "ok"
    rest = Permutation().test(cars(), np.arange(60) < 59, rng)
    assert set(rest.reason) == {"1 other event; 2 needed"}


def test_all_rearrangements_or_some():
    rng = np.random.default_rng(0)
    signs = resampling.sign_changes(5, 32, rng)
    assert (signs.count, signs.exact) == (32, True)
    (every,) = signs.parts
    assert len(np.unique(every, axis=0)) == 32
    labels = resampling.label_changes(np.array([1, 0, 1, 0, 0], bool), 10, rng)
    (every,) = labels.parts
    assert len(np.unique(every, axis=0)) == 10
    assert set(every.sum(axis=1)) == {2}
    some = resampling.sign_changes(5, 31, rng)
    assert (some.count, some.exact, some.law) == (31, False, "empirical(31)")


def test_every_test_has_random_numbers_of_its_own():
    names = [("market", "wild_bootstrap", group, "all") for group in ("all", "a", "b")]
    draws = {generator(seed, *key).integers(2**62) for seed in (1, 2) for key in names}
    assert len(draws) == 6
    assert generator(1, "m", "s").integers(100) == generator(1, "m", "s").integers(100)


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    return write_tables(tmp_path_factory.mktemp("tables"))


def panel(tables, *statistics, **changes):
    """Return statistics.csv of panel40, two windows."""
    given = Inputs(tables / "R.csv", tables / "E.csv", market=str(tables / "M.csv"))
    spans = {"estimation": Window(-270, -21), "event_window": Window(-1, 1)}
    return run_panel(given, Design(statistics=statistics, **spans, **changes)).frames["statistics"]


def test_other_tests_and_groups_change_no_number(tables):
    key = ["group", "window_start", "window_end", "statistic"]
    alone = panel(tables, "wild_bootstrap")
    beside = panel(tables, *NAMES, "bmp", group="grp").merge(alone, on=key, suffixes=("", "_alone"))
    assert len(beside) == len(alone)
    assert (beside["p_value"] == beside["p_value_alone"]).all()
    assert (panel(tables, "wild_bootstrap", seed=2)["p_value"] != alone["p_value"]).any()


def test_the_two_groups_of_a_panel_against_each_other(tables):
    table = panel(tables, "permutation", group="grp").set_index("group")
    assert set(table.loc["all", "reason"]) == {
        "there are no other events to hold the group against"
    }
    one, other = table.loc["0"], table.loc["1"]
    assert set(one["n"]) == set(other["n"]) == {40}
    np.testing.assert_allclose(one["estimate"], -other["estimate"].to_numpy(), rtol=1e-9)
    np.testing.assert_array_equal(one["p_value"], other["p_value"].to_numpy())


def test_a_study_names_them_with_options(tmp_path):
    path = tmp_path / "study.yaml"
    events = "\n".join(
        f"  - {{id: e{month}, title: E, announced: 2023-{month:02d}-14, category: c{month % 2}}}"
        for month in range(1, 11)
    )
    path.write_text(
        "format: 1\ntitle: T\nassets: [CSI300]\nmodels: [constant_mean]\nseed: 7\n"
        "statistics: [permutation, {name: wild_bootstrap, cluster: overlap, draws: 99}]\n"
        f"events:\n{events}\n",
        "utf-8",
    )
    table = (
        run_study(load(path)).frames["statistics"].set_index(["statistic", "group"]).sort_index()
    )
    assert set(table.loc[("permutation", "c0"), "distribution"]) == {"exact"}
    assert set(table.loc[("permutation", "all"), "status"]) == {"not_applicable"}
    wild = table.loc[("wild_bootstrap", "c0")]
    assert set(wild["distribution"]) == {"exact"}
    assert wild["p_value"].min() >= 2 / 2**5
