"""All assets at once: which events a system holds, relabelled joint statistics, frames and page."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from eventstudy import labels, prose, tables
from eventstudy.comparison import studentised
from eventstudy.document.sections.joint import SIZES, SOURCE, Joint
from eventstudy.models.capm import CAPM
from eventstudy.models.comparison_group import ComparisonGroup
from eventstudy.models.constant_mean import ConstantMean
from eventstudy.models.market import Market
from eventstudy.models.synthetic_control import SyntheticControl
from eventstudy.placebo.placebo import Placebo
from eventstudy.prose.joint import _adjusted
from eventstudy.regressions import EventDummies, system
from eventstudy.regressions.joint import contrasts, correlation, exact_f, squared_distance
from eventstudy.returns.sample import Sample
from eventstudy.spec import Window, load
from eventstudy.study import run_study
from eventstudy.study.joint import _deducted
from eventstudy.systems import everyday, exact, on_shared_sessions, relabel
from eventstudy.systems.relabelling import standardised

FIRST = np.datetime64("2000-01-03", "D")
DAYS = np.array([200, 420, 640, 860, 1080])
WINDOWS = (Window(0, 0), Window(1, 5))


def day(number):
    """Return a day by its number from the first."""
    return FIRST + np.timedelta64(number, "D")


def two_markets(events, *, closed=((), ()), sessions=1200, factors=None, seed=1):
    """Return events on two assets whose markets were closed on some days.

    Parameters
    ----------
    events : sequence of (id, day of the first asset or None, day of the second or None)
        Days are dates, counted from the first.
    """
    rng = np.random.default_rng(seed)
    mixed = 0.01 * rng.standard_t(6, (sessions, 2)) @ np.array([[1, 0.6], [0, 0.8]])
    open_days = [np.setdiff1d(np.arange(sessions), each) for each in closed]
    panel = np.full((sessions, 2), np.nan)
    for column, days in enumerate(open_days):
        panel[: len(days), column] = mixed[days, column]
    keys = [
        (name, column, int(np.searchsorted(open_days[column], day)))
        for name, *days in events
        for column, day in enumerate(days)
        if day is not None
    ]
    return Sample(
        event_ids=np.array([name for name, *_ in keys], object),
        assets=np.array([f"s{column}" for _, column, _ in keys], object),
        axes=tuple(FIRST + days for days in open_days),
        column=np.array([column for _, column, _ in keys], int),
        day0=np.array([day for *_, day in keys], int),
        panel=panel,
        column_axis=np.arange(2),
        factors=np.empty((2, sessions, 0)) if factors is None else factors,
        estimation=Window(-60, -11),
        event_window=Window(-2, 10),
    )


def both(days=DAYS):
    return [(f"e{day}", int(day), int(day)) for day in days]


@pytest.fixture(scope="module")
def shared():
    return on_shared_sessions(two_markets(both()), ["s0", "s1"], (), 40)


def test_contrasts_and_distances():
    assert contrasts("zero", 3).tolist() == np.eye(3).tolist()
    assert contrasts("equal", 3).tolist() == [[-1, 1, 0], [-1, 0, 1]]
    a, v = np.array([[3.0, 1], [np.nan, 1], [1, 1]]), np.array([[[2.0, 1], [1, 2]]] * 3)
    v[2] = 1
    np.testing.assert_allclose(squared_distance(a, v, "zero"), [14 / 3, np.nan, np.nan])
    np.testing.assert_allclose(squared_distance(a, v, "equal"), [2, np.nan, np.nan])
    np.testing.assert_allclose(correlation(v), [0.5, 0.5, 1])


def test_no_degrees_of_freedom_no_law():
    value, p_value, law = exact_f(np.array([2.0, 2.0]), np.array([1, 5]), 2)
    assert np.isnan(value[0])
    assert np.isnan(p_value[0])
    assert law.tolist() == ["", "F(2, 4)"]


@pytest.mark.parametrize(
    ("event", "closed", "reason"),
    [
        (("e", 200, 201), ((), ()), "day 0 differs between the markets: 2000-07-21 on s0, "),
        (("e", 200, None), ((), ()), "not studied on s1"),
        (("e", 200, 200), ((), (198, 199)), "the return of s0 on day 0 would hold 3 sessions"),
        (("e", 30, 30), ((), ()), "the estimation window begins before the calendar"),
    ],
)
def test_refused_events(event, closed, reason):
    found = on_shared_sessions(
        two_markets([event, ("other", 700, 700)], closed=closed), ["s0", "s1"], (), 40
    )
    assert found.events.tolist() == ["other"]
    assert found.refused["e"].startswith(reason)
    assert len(found.sample) == 2


def test_closed_days_are_compounded():
    """A holiday of one market only: the other's return over it counts whole, in the estimation too."""
    sample = two_markets(both([200]), closed=((), (150, 151)))
    found = on_shared_sessions(sample, ["s0", "s1"], (), 40)
    row = int(np.searchsorted(found.sample.axes[0], day(152)))
    own = sample.panel[150:153, 0]
    assert found.sample.panel[row, 0] == pytest.approx(np.prod(1 + own) - 1, rel=1e-12)
    assert found.sample.panel[row, 1] == sample.panel[150, 1]
    assert day(150) not in found.sample.axes[0]


def test_a_gap_of_one_asset_is_one_of_all():
    sample = two_markets(both([200]))
    sample.panel[170, 1] = np.nan
    found = on_shared_sessions(sample, ["s0", "s1"], (), 40)
    row = int(np.searchsorted(found.sample.axes[0], day(170)))
    assert np.isnan(found.sample.panel[row]).all()
    assert exact(found, ConstantMean(), WINDOWS).rows.tolist() == [49]


def test_regressors_that_differ_make_no_system():
    factors = 0.01 * np.random.default_rng(2).standard_normal((2, 1200, 1))
    same = factors.copy()
    same[1] = same[0]
    found = on_shared_sessions(two_markets(both(), factors=same), ["s0", "s1"], ["M"], 40)
    assert len(found.events) == 5
    found = on_shared_sessions(two_markets(both(), factors=factors), ["s0", "s1"], ["M"], 40)
    assert "the regressors M differ between the markets" in found


@pytest.mark.parametrize("model", [ComparisonGroup(("A", "B")), SyntheticControl(("A", "B"))])
def test_models_that_are_no_regression(model):
    factors = np.repeat(0.01 * np.random.default_rng(2).standard_normal((1, 1200, 2)), 2, axis=0)
    found = on_shared_sessions(two_markets(both(), factors=factors), ["s0", "s1"], ["A", "B"], 40)
    assert "have no exact joint test" in exact(found, model, WINDOWS)


def test_nothing_in_common():
    sample = two_markets(both([200]))
    sample.panel[:, 1] = np.nan
    found = on_shared_sessions(sample, ["s0", "s1"], (), 40)
    assert found == "there is no session on which all assets and all regressors have a return"


def test_scale_and_order_change_nothing(shared):
    one = exact(shared, ConstantMean(), WINDOWS)
    sample = two_markets(both())
    turned = dataclasses.replace(sample, panel=sample.panel * np.array([3.0, 0.5]))
    scaled = exact(on_shared_sessions(turned, ["s0", "s1"], (), 40), ConstantMean(), WINDOWS)
    for test in ("exact_f", "mahalanobis_rank"):
        np.testing.assert_allclose(
            one.tests[test, "zero"][1], scaled.tests[test, "zero"][1], rtol=1e-9
        )


def test_equal_effects_of_two_assets_is_a_t_test_of_their_difference(shared):
    found = exact(shared, ConstantMean(), WINDOWS)
    rows = shared.sample.day0[0] + np.arange(-60, -10)
    difference = np.diff(shared.sample.panel[rows], axis=1)[:, 0]
    own = np.diff(shared.sample.panel[shared.sample.day0[0]])[0]
    t = (own - difference.mean()) / (difference.std(ddof=1) * np.sqrt(1 + 1 / 50))
    assert found.tests["exact_f", "equal"][0][0, 0] == pytest.approx(t**2, rel=1e-9)
    assert found.tests["exact_f", "equal"][1][0, 0] == pytest.approx(
        2 * stats.t.sf(abs(t), 49), rel=1e-9
    )


def ordinary(shared, scale="deviation"):
    known = FIRST + np.append(DAYS, -50)
    return everyday(shared, ConstantMean(), WINDOWS, Placebo("none", scale), known)


@pytest.mark.parametrize("scale", ["deviation", "ewma", "none"])
def test_one_asset_alone_is_the_placebo(shared, scale):
    """The combination that holds one asset gives that asset's standardised CARs."""
    found = ordinary(shared, scale)
    alone = standardised(found, np.array([[1.0, 0]]))[:, :, 0]
    np.testing.assert_allclose(alone, studentised(found.first, scale), rtol=1e-12)


def test_events_among_other_days_by_a_loop(shared):
    found = ordinary(shared)
    result = relabel(found, np.eye(2), {}, 9, np.random.default_rng(1))
    z = np.stack([studentised(found.every[name], "deviation") for name in ("s0", "s1")], axis=2)
    days = found.first.day0
    axis_days = shared.sample.day0[:5]
    far = np.array([(np.abs(day - axis_days) > 10).all() for day in days])
    for window in range(2):
        pool = z[far & np.isfinite(z[:, window]).all(axis=1), window]
        spread = pool.T @ pool / len(pool)
        for event in range(5):
            own = z[np.flatnonzero(days == axis_days[event])[0], window]
            size = own @ np.linalg.solve(spread, own)
            count = sum(each @ np.linalg.solve(spread, each) >= size * (1 - 1e-12) for each in pool)
            assert result.days[event, window] == len(pool)
            assert result.events[0][event, window] == pytest.approx(size, rel=1e-9)
            assert result.events[1][event, window] == (1 + count) / (len(pool) + 1)


def test_groups_move_together(shared):
    """The same seed gives the same draws; a group of one is its event; an effect is found."""
    found = ordinary(shared)
    groups = {"all": np.arange(5), "one": np.array([2])}
    first, again = (
        relabel(found, np.eye(2), groups, 199, np.random.default_rng(4)) for _ in range(2)
    )
    np.testing.assert_array_equal(first.groups["all"][1], again.groups["all"][1])
    np.testing.assert_array_equal(first.groups["one"][1], first.events[1][2])
    assert first.groups["all"][2].tolist() == ["relabelled(199)"] * 2
    sample = two_markets(both())
    moved = sample.panel.copy()
    moved[DAYS] += np.array([0.03, -0.03])
    effect = dataclasses.replace(sample, panel=moved)
    strong = ordinary(on_shared_sessions(effect, ["s0", "s1"], (), 40))
    p_value = relabel(strong, np.eye(2), groups, 199, np.random.default_rng(4)).groups["all"][1]
    assert p_value[0] == 1 / 200
    assert p_value[1] > 0.05


STUDY = """
format: 1
title: t
models: [constant_mean, {name: market, benchmark: SPX, lag: previous_close}]
windows: [[0, 0], [0, 5]]
statistics: [forecast_t]
events:
  - {id: A, title: A, announced: 2022-03-16, category: one}
  - {id: B, title: B, announced: 2023-08-28, category: two}
  - {id: C, title: C, announced: 2024-09-24, category: two}
  - {id: H, title: H, announced: 2024-10-08, category: two}
  - {id: D, title: D, announced: 2024-01-24 15:30, timezone: Asia/Shanghai, category: two}
"""


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    path = tmp_path_factory.mktemp("joint") / "study.yaml"
    path.write_text(STUDY, "utf-8")
    return run_study(load(path))


def test_frames(result):
    joint, effects = result.frames["joint"], result.frames["joint_effects"]
    assert not joint["reason"].isna().any()
    answered = joint["p_value"].notna()
    assert (answered == (joint["status"] != "not_applicable")).all()
    assert (joint.loc[~answered, "reason"] != "").all()
    held = joint[joint["n"] > 0]
    assert set(held.loc[held["model"] == "market", "group"]) == {"A", "B", "C"}
    assert set(held.loc[held["model"] == "constant_mean", "group"]) == {
        "A", "B", "C", "one", "two", "all",
    }  # fmt: skip
    refused = joint[(joint["n"] == 0) & (joint["model"] == "market")]
    reasons = dict(zip(refused["group"], refused["reason"], strict=True))
    assert "would hold 5 sessions" in reasons["H"]
    assert reasons["D"].startswith("day 0 differs between the markets: 2024-01-25 on CSI300")
    key = ["model", "group", "asset", "window_start", "window_end", "errors"]
    assert not effects.duplicated(key).any()
    assert not joint.duplicated(
        ["model", "group", "window_start", "window_end", "null", "test"]
    ).any()


def test_number_of_dates_decides_the_errors(result):
    effects = labels.cell(result.frames["joint_effects"], model="constant_mean", asset="CSI300")
    robust = effects[effects["errors"] == "HC3"].drop_duplicates("group").set_index("group")
    assert robust.loc["one", "status"] == "not_applicable"
    assert robust.loc["two", "status"] == "caution"
    assert robust.loc["two", "distribution"] == "t(1)"
    assert robust.loc["all", "dates"] == 3
    panel = result.frames["pooled"]
    day0 = panel[(panel["tau"] == 0) & (panel["group"] == "one")].set_index("errors")
    assert day0["status"].to_dict() == {
        "placebo": "ok",
        "iid": "caution",
        "HC3": "not_applicable",
        "cluster:asset": "not_applicable",
    }


def test_common_sessions_change_no_event_without_holidays(result):
    """Where both markets were open on all sessions, effects are the CARs of the study."""
    own = result.frames["car"].set_index(
        ["model", "event_id", "asset", "window_start", "window_end"]
    )
    effects = result.frames["joint_effects"]
    row = labels.records(labels.cell(effects, model="constant_mean", group="C", asset="HSTECH"))[0]
    mine = own.loc[("constant_mean", "C", "HSTECH", 0, 0)]
    assert row.estimate == pytest.approx(mine["car"], abs=2e-3)


def test_page(result):
    blocks = Joint().blocks(result)
    assert [type(block).__name__ for block in blocks] == [
        "Text", "Note", "Table", "Table", "Details", "Table",
    ]  # fmt: skip
    assert blocks[0].text.startswith("Of three events with one day 0 in all markets")
    assert "Two events are not in the system" in blocks[0].text
    assert "After Holm's adjustment for the number of events" in blocks[0].text
    assert "beta other than one" in blocks[1].text
    groups = tables.joint_groups(result)
    assert [row[0].text for row in groups.rows] == ["One", "Two", "All events"]
    assert len(tables.joint_events(result).rows) == 3
    assert len(tables.joint_refused(result)) == 2
    assert [row[0].text for row in tables.pooled_days(result).rows][:3] == ["−1", "0", "+1"]
    assert any("HC3 by date: of second rank" in note for note in tables.pooled_days(result).notes)
    assert any("of 6 are at the floor" in note for note in tables.joint_events(result).notes)
    assert (
        tables.pooled_days(result)
        .notes[-1]
        .startswith("Floor, below which no placebo p can lie: 0.0005")
    )
    every = " ".join(cell.text for row in groups.rows for cell in row)
    assert "nan" not in every


def test_events_are_adjusted_for_their_number_by_holm(result):
    """Three events: three, two and one times the ordered p, none below the one before; at most one."""
    joint = labels.cell(result.frames["joint"], model="market", window_start=0, window_end=0)
    found = labels.cell(joint[joint["n"] > 0], test="exact_f", null="zero").sort_values("p_value")
    stepped = np.maximum.accumulate(found["p_value"].to_numpy() * [3, 2, 1])
    np.testing.assert_allclose(found["p_adjusted"], np.minimum(stepped, 1))
    groups = labels.cell(result.frames["joint"], model="constant_mean", group="all")
    assert groups["p_adjusted"].isna().all()


def test_joint_counts_say_what_the_number_of_events_leaves():
    """44 events, floor 1 / 249, of which one event cannot reach 0.05 / 44; without a floor it could."""
    p_value, adjusted = np.r_[[0.0005] * 2, [0.5] * 42], np.r_[[0.022] * 2, [1.0] * 42]
    held = pd.DataFrame({"null": "zero", "p_adjusted": adjusted, "p_value": p_value})
    both = pd.concat(
        [held.assign(floor=np.nan), held.assign(null="equal", p_adjusted=1.0, floor=np.nan)]
    )
    assert _adjusted(both, 44, 0.05) == (
        "After Holm's adjustment for the number of events two jointly and none differently are left."
    )
    text = _adjusted(both.assign(p_adjusted=1.0, floor=1 / 249), 44, 0.05)
    assert "none is left of either, and none could be" in text
    assert "below 0.0040, and 0.0011 would be needed" in text
    assert not _adjusted(both, 1, 0.05)
    assert not _adjusted(both.assign(p_value=0.5), 44, 0.05)


def test_one_index_has_no_section(tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text(STUDY + "assets: [CSI300]\n", "utf-8")
    alone = run_study(load(path))
    assert all(alone.frames[name].empty for name in ("joint", "joint_effects", "pooled"))
    assert Joint().blocks(alone) == ()
    assert not any("All indices at once" in text for text in prose.formulas(alone.study))


def test_without_procedures_the_exact_f_speaks(tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text(STUDY + "procedures: []\n", "utf-8")
    found = run_study(load(path))
    assert "placebo" not in set(found.frames["joint"]["test"])
    assert "level (exact F)" in prose.jointly(found)
    blocks = Joint().blocks(found)
    assert "not run by this study" in blocks[1].text
    for table in (block for block in blocks if block.kind == "table"):
        text = " ".join((table.caption, *table.notes, *(column.title for column in table.columns)))
        assert "placebo" not in text.lower().replace("no placebo was run", "")


def test_excess_returns_leave_the_risk_free_one_out_of_the_regressors():
    """The last regressor of a model of excess returns is deducted, not estimated."""
    data = EventDummies(
        np.full((3, 2), 0.05),
        np.array([[1, 0.01]] * 3),
        np.eye(3)[:, :1],
        ("d",),
        np.ones(1, int),
        ("A", "B"),
    )
    excess = _deducted(data, CAPM())
    np.testing.assert_allclose(excess.returns, 0.04)
    assert excess.factors.tolist() == [[1]] * 3
    assert _deducted(data, Market("M")) is data


def test_dummies_that_cannot_be_told_apart_have_a_reason():
    rng = np.random.default_rng(6)
    days = np.zeros((200, 2))
    days[[20, 60, 100]] = 1
    data = EventDummies(
        rng.standard_normal((200, 2)),
        np.empty((200, 0)),
        days,
        ("a", "b"),
        np.array([3, 3]),
        ("A", "B"),
    )
    found = system(data)
    assert found.lost == {"b": "the sessions of b are a combination of those of the other terms"}
    assert np.isnan(found.effect).all(axis=1).tolist() == [False, True]
    assert np.isnan(found.tests["exact_f", "zero"][1]).tolist() == [False, True]


def test_market_system_has_its_regressor(shared):
    factors = np.repeat(0.01 * np.random.default_rng(2).standard_normal((1, 1200, 1)), 2, axis=0)
    sample = two_markets(both(), factors=factors)
    found = exact(on_shared_sessions(sample, ["s0", "s1"], ["M"], 40), Market("M"), WINDOWS)
    assert found.tests["exact_f", "zero"][2][0, 0] == "F(2, 47)"


def test_sessions_hidden_in_one_market_are_hidden_in_all():
    """The return over a holiday is hidden when one of its sessions is, the event's own day never."""
    sample = two_markets(both([200]), closed=((), (150, 151)))
    hidden = np.zeros((2, 1200), bool)
    hidden[0, [151, 200]] = True
    shown = on_shared_sessions(dataclasses.replace(sample, hidden=hidden), ["s0", "s1"], (), 40)
    away = shown.sample.axes[0][shown.sample.hidden[0]]
    assert away.tolist() == [day(152), day(200)]
    found = exact(shown, ConstantMean(), WINDOWS)
    assert found.rows.tolist() == [49]
    assert np.isfinite(found.tests["mahalanobis_rank", "zero"][1][0, 0])
    assert found.tests["mahalanobis_rank", "zero"][2][0, 0] == "empirical(49)"


def test_the_size_that_pages_name_is_that_of_the_documentation():
    text = (Path(__file__).parents[2] / SOURCE).read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if "one event: `exact_f`, zero" in line)
    cells = [float(cell.split("(")[0]) for cell in row.split("|")[2:-1]]
    assert [cells[0], cells[3]] == [pytest.approx(100 * size) for size in SIZES.values()]
