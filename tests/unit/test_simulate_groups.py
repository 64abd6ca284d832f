"""Samples of two groups: size and power that closed formulas give, and every registered test under some design."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr
from scipy.stats import nct, t

from eventstudy.cli import main
from eventstudy.errors import SpecError
from eventstudy.registry import plugins
from eventstudy.simulate import COLUMNS, Workers, load, seconds, simulate
from eventstudy.simulate.groups import GROUPS, second
from eventstudy.simulate.write import write_simulation

HEAD = "format: 1\ntitle: Groups\nestimation: [-60, -1]\n"
SAMPLES = 400
TWO = f"""
samples: {SAMPLES}
events: 20
law: {{beta: 0, market_sigma: 0.01}}
models: [market_adjusted]
groups: {{share: 0.4, difference: [0, 1, 2]}}
statistics: [cross_sectional_t, {{name: permutation, draws: 199}}]
"""


def written(folder, text):
    path = folder / "design.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load(path)


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    return simulate(written(tmp_path_factory.mktemp("design"), TWO))


def rate(frame, **keys):
    (row,) = frame[(frame[list(keys)] == pd.Series(keys)).all(axis=1)].itertuples()
    return row


def power(n, others, difference):
    """Power of the two-sample t test at 5 per cent, standard deviation 2 per cent: the noncentral t law."""
    degrees = n + others - 2
    shift = difference / (2 * np.sqrt(1 / n + 1 / others))
    bound = t.ppf(0.975, degrees)
    return nct.sf(bound, degrees, shift) + nct.cdf(-bound, degrees, shift)


def allowed(expected, samples=SAMPLES):
    return 4 * np.sqrt(expected * (1 - expected) / samples)


@pytest.mark.parametrize("difference", [0.0, 1.0, 2.0])
def test_size_and_power_of_the_test_of_two_groups(two, difference):
    """8 events against 12: 5, 18.0 and 54.5 per cent."""
    found = rate(two.frame, statistic="permutation", group_difference=difference)
    expected = power(8, 12, difference)
    assert expected == pytest.approx({0: 0.05, 1: 0.180, 2: 0.545}[difference], abs=1e-3)
    assert abs(found.rate - expected) < allowed(expected)
    assert found.verdict == ("" if difference else "sized")


def test_other_tests_see_both_groups_as_one_sample(two):
    """A mean effect of .4 x 2 per cent, and a spread of sqrt(4 + .24 x 4) between events: about 37 per cent."""
    found = rate(two.frame, statistic="cross_sectional_t", group_difference=2.0)
    shift = 0.8 / np.sqrt((4 + 0.24 * 4) / 20)
    expected = 1 - ndtr(2.093 - shift) + ndtr(-2.093 - shift)
    assert abs(found.rate - expected) < allowed(expected) + 0.02
    assert found.verdict == ""
    none = rate(two.frame, statistic="cross_sectional_t", group_difference=0.0)
    assert none.verdict == "sized"


def test_a_second_group_like_the_first_changes_no_number(tmp_path):
    """The samples are those of a design without groups, whose table has no columns for them."""
    text = "samples: 20\nevents: [5, 8]\neffect: [0, 1]\nvariance: [1, 2]\nstatistics: [bmp, sign_flip]\n"
    plain = simulate(written(tmp_path, text)).frame
    grouped = simulate(written(tmp_path, f"{text}groups: {{share: 0.5}}\n")).frame
    assert tuple(plain.columns) == COLUMNS
    assert [name for name in grouped if name not in COLUMNS] == list(GROUPS)
    pd.testing.assert_frame_equal(grouped.drop(columns=list(GROUPS)), plain, check_exact=True)


def test_the_variance_of_one_group_alone(tmp_path):
    """Forecast tests of single events reject 2 Phi(-1.96 / 2) = 32.7 per cent of those whose variance is 4."""
    text = "samples: 60\nevents: 40\ngroups: {share: 0.25, variance: 4}\nstatistics: [forecast_t]\n"
    (found,) = simulate(written(tmp_path, text)).frame.itertuples()
    expected = 0.25 * 2 * ndtr(-1.96 / 2) + 0.75 * 0.05
    assert abs(found.rate - expected) < allowed(expected, 2400)


@pytest.mark.parametrize("name", sorted(plugins("eventstudy.inference")))
def test_every_registered_test_can_be_simulated(tmp_path, name):
    """Under this design all of them give p-values; a new one that cannot fails here."""
    statistic = plugins("eventstudy.inference")[name]
    draws = ", draws: 99" if statistic.resampling else ""
    text = "samples: 10\nevents: 42\nspread: 1000\nwindows: [[0, 0], [0, 1]]\ngroups: {share: 0.5, difference: 1}\n"
    found = simulate(written(tmp_path, f"{text}statistics: [{{name: {name}{draws}}}]\n")).frame
    assert found["tests"].max() >= 10, found["reason"].tolist()
    assert found["rejections"].le(found["tests"]).all()


def test_numbers_of_events_of_the_second_group():
    """Whole events: a half goes up."""
    assert [second(n, share) for n, share in ((10, 0.24), (10, 0.25), (5, 0.5), (1, 0.0))] == [
        2,
        3,
        3,
        0,
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("statistics: [bmp, permutation]", "4:19: statistics[1]: permutation holds one group"),
        ("statistics: [permutation]", "a sample has one group; add `groups: {share: 0.5}`"),
        ("groups: 0.5", "4:9: groups: must be a block of keys"),
        ("groups: {shares: 0.5}", "allowed: share, difference, variance; did you mean 'share'?"),
        ("group: {share: 0.5}", "did you mean 'groups'?"),
        (
            "groups: {share: 50}",
            "4:17: groups.share[0]: '50' is out of range; it must be less than 1",
        ),
        ("groups: {share: half}", "groups.share[0]: must be a number such as 0.5, not 'half'"),
        ("groups: {share: [0.5, 0.5]}", "4:23: groups.share[1]: 0.5 stands twice; keep one"),
        ("groups: {difference: big}", "groups.difference[0]: must be a number such as 0.5"),
        (
            "groups: {variance: 0.5}",
            "groups.variance[0]: '0.5' is out of range; it must be at least 1",
        ),
        ("events: [10, 5]\ngroups: {share: 0.05}", "puts 0 in the second group and leaves 5"),
        ("events: [10, 5]\ngroups: {share: [0.5, 0.05]}", "5:23: groups.share[1]"),
        ("groups: {share: 0.999}\nevents: 5", "events on both sides, here 0.2 to 0.8"),
        ("events: 1\ngroups: {share: 0.5}", "write 2 or more `events`"),
    ],
)
def test_mistakes_about_groups_have_their_place(tmp_path, text, said):
    with pytest.raises(SpecError) as caught:
        written(tmp_path, text)
    assert said in str(caught.value)


def test_the_page_of_two_groups(two, tmp_path):
    """Sizes and power of the two kinds of tests stand in tables and figures of their own."""
    write_simulation(two, tmp_path / "o")
    page = (tmp_path / "o" / "index.html").read_text("utf-8")
    for words in (
        "A sample has two groups, and permutation test how they differ",
        "Rejections without an effect: market_adjusted",
        "Rejections without a difference between the groups: market_adjusted",
        "Power against a difference: market_adjusted",
        "True difference, per cent",
        "0.4 of the events in the second group",
    ):
        assert words in page
    assert 'id="curves-groups-market_adjusted-two-sided-0-0-0"' in page
    assert 'id="curves-market_adjusted' not in page


def test_the_time_of_groups_counts(tmp_path, capsys):
    text = "samples: 10\nevents: 4\nstatistics: [bmp]\ngroups: {difference: [0, 1]}\n"
    file = written(tmp_path, text)
    assert 0 < seconds(file) < 10
    assert main(["simulate", str(file.path), "--out", str(tmp_path / "o"), "--workers", "1"]) == 0
    assert "bmp" in capsys.readouterr().out


@pytest.mark.slow
def test_workers_change_no_byte_of_groups(tmp_path):
    """One process, two and four."""
    text = (
        "samples: 60\nevents: [300, 20]\neffect: [0, 1]\ngroups: {share: [0.2, 0.5], difference: [0, 1]}\n"
        "statistics: [patell, {name: permutation, draws: 99}]\n"
    )
    file, digests = written(tmp_path, text), set()
    for n in (1, 2, 4):
        write_simulation(simulate(file, Workers(n)), tmp_path / "o")
        digests.add(hashlib.sha256((tmp_path / "o" / "rates.csv").read_bytes()).hexdigest())
    assert len(digests) == 1


@pytest.mark.slow
def test_an_effect_that_both_groups_share_is_no_difference(tmp_path):
    """Size and power of the test of two groups are those of samples without an effect; correlation, tails and
    thin trading leave its size."""
    text = (
        "samples: 400\nevents: 30\neffect: 1\ngroups: {share: [0.2, 0.5], difference: [0, 1]}\n"
        "dates: [common, spread]\nlaw: {correlation: [0, 0.2], tails: 5, beta: 0, market_sigma: 0.01}\n"
        "models: [market_adjusted]\nstatistics: [{name: permutation, draws: 199}]\n"
    )
    frame = simulate(written(tmp_path, text)).frame
    assert set(frame.loc[frame["group_difference"] == 0, "verdict"]) == {"sized"}
    plain = frame[(frame["correlation"] == 0) & (frame["group_difference"] == 1)]
    for row in plain.itertuples():
        n = round(30 * row.group_share)
        assert abs(row.rate - power(n, 30 - n, 1)) < allowed(row.rate, 400) + 0.03


@pytest.mark.slow
def test_size_where_the_variances_of_the_groups_differ(tmp_path):
    """The small group varies more: the studentised form keeps 5 per cent, the difference alone takes the
    variance that exchanges have, (4 x 12 + 36) / 48 (1/12 + 1/36), for 4/12 + 1/36, and rejects 15.0 per cent."""
    text = (
        "samples: 2000\nevents: 48\ngroups: {share: 0.25, variance: [1, 4]}\n"
        "models: [market_adjusted]\nlaw: {beta: 0, market_sigma: 0.01}\n"
        "statistics: [{name: permutation, draws: 299},"
        " {name: permutation, label: plain, of: difference, draws: 299}]\n"
    )
    frame = simulate(written(tmp_path, text)).frame
    n, others, ratio = 12, 36, 4.0
    true = ratio / n + 1 / others
    exchanged = (ratio * n + others) / (n + others) * (1 / n + 1 / others)
    expected = 2 * ndtr(-1.96 * np.sqrt(exchanged / true))
    assert expected == pytest.approx(0.150, abs=1e-3)
    assert rate(frame, statistic="permutation", group_variance=1.0).verdict == "sized"
    assert abs(rate(frame, statistic="permutation", group_variance=4.0).rate - 0.05) < 0.02
    plain = rate(frame, statistic="plain", group_variance=4.0)
    assert abs(plain.rate - expected) < allowed(expected, 2000) + 0.01
    assert plain.verdict == "over"
