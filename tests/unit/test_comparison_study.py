"""Whole studies compared with other days: unusual designs give numbers or reasons, never a failure."""

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from eventstudy import labels, tables
from eventstudy.document.blocks import Note
from eventstudy.document.sections.effect_sizes import EffectSizes
from eventstudy.document.sections.horizons import Horizons
from eventstudy.document.sections.projection import Projection
from eventstudy.document.sections.reversal import Reversal
from eventstudy.spec import load
from eventstudy.study import run_study

QUICK = "procedures: [{name: placebo, draws: 199}]\nmodels: [constant_mean]\nstatistics: [patell]\n"
HELD = "C, title: Duty cut, announced: 2008-09-19 08:00"
EVENTS = """
events:
  - {id: A, title: Duty halved, announced: 2023-08-27 18:00, category: duty, expected_sign: up}
  - {id: B, title: Pledge, announced: 2022-03-16 12:20, category: duty, expected_sign: up}
  - {id: C, title: Package, announced: 2024-09-24 09:00, category: package, expected_sign: up}
"""


def result_of(folder, text, quick=QUICK):
    path = folder / "study.yaml"
    path.write_text(f"format: 1\ntitle: A study\n{quick}{text}", encoding="utf-8")
    return run_study(load(path))


def run(folder, text, quick=QUICK):
    return result_of(folder, text, quick).frames


def placebo_of(frames, **keys):
    found = frames["statistics"]
    found = found[found["statistic"] == "placebo"]
    for column, value in keys.items():
        found = found[found[column] == value]
    return found


def complete(rows):
    """Whether every row has a number or a reason."""
    return (rows["p_value"].notna() | (rows["reason"] != "")).all()


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return run(tmp_path_factory.mktemp("plain"), EVENTS)


def test_every_event_and_group_has_its_placebo(plain):
    rows = placebo_of(plain)
    assert complete(rows)
    assert set(rows["group"]) == {"A", "B", "C", "duty", "package", "all"}


def test_a_group_of_one_event_has_that_events_test(plain):
    for asset in ("CSI300", "HSTECH"):
        event, group = (placebo_of(plain, group=name, asset=asset) for name in ("C", "package"))
        for column in ("value", "p_value", "distribution"):
            np.testing.assert_array_equal(event[column], group[column])


SAYS_LITTLE = "statistics: [patell]\nrobustness: false\nmodels: [constant_mean]\n"


def test_the_placebo_is_the_headline_whatever_else_is_named(tmp_path):
    """A variant has numbers of its own, and stands behind; without any the sample quantile decides."""
    raw = "{name: placebo, label: raw, scale: none, draws: 199}"
    asked = f"{SAYS_LITTLE}windows: [[0, 0], [1, 5]]\nprocedures: [{raw}, conformal]\n"
    study = result_of(tmp_path, EVENTS, asked)
    assert [each.label for each in study.study.procedures] == ["placebo", "raw", "conformal"]
    assert set(study.frames["verdicts"]["p0_test"]) == {"placebo"}
    tests = study.frames["statistics"].query("group == 'A' and window_end == 5")
    p_value = tests.set_index(["statistic", "asset"])["p_value"]
    assert p_value["placebo", "CSI300"] != p_value["raw", "CSI300"]
    first = study.frames["placebo"].query("event_id == 'A' and window_end == 5").set_index("asset")
    assert (first["p_value"] == p_value["placebo"]).all()
    nothing = result_of(tmp_path, EVENTS, f"{SAYS_LITTLE}procedures: []\n")
    assert set(nothing.frames["verdicts"]["p0_test"]) == {"sample_quantile"}


LIMITED_TEXT = "assets: [CSI300]\n" + EVENTS.replace(
    "duty, expected_sign: up}\n", "duty, expected_sign: down}\n", 1
).rstrip().replace("C, title: Package, announced: 2024-09-24 09:00", HELD)


@pytest.fixture(scope="module")
def limited(tmp_path_factory):
    """Three mainland events; on 19 September 2008 price limits held the index back at +9.3 per cent."""
    return result_of(tmp_path_factory.mktemp("limited"), LIMITED_TEXT)


def test_the_p_of_a_reaction_does_not_hang_on_the_windows_listed(tmp_path, limited):
    """Neither on day 0, nor where price limits make days 0 and +1 the reaction."""
    listed = f"{LIMITED_TEXT}\nwindows: [[1, 5]]\nrobustness: false\n"
    found, own = run(tmp_path, listed)["verdicts"], limited.frames["verdicts"]
    columns = ["p0", "p0_test", "floor", "outcome", "reaction_end"]
    assert found[columns].equals(own[columns])
    assert set(found["p0_test"]) == {"placebo"}
    assert set(found["reaction_end"]) == {0, 1}


def test_signed_events_on_limited_days_are_left_out_and_counted(limited):
    """Two of three events of all remain; of the category of the limited one none does."""
    for name in ("projections", "signed"):
        frame = limited.frames[name].set_index("group")
        assert set(frame.loc["all", "n"]) == {2}
        assert set(frame.loc["all", "held_back"]) == {1}
        assert set(frame.loc["package", "n"]) == {0}
        assert set(frame.loc["package", "reason"]) == {
            "price limits may have held day 0 of every signed event back"
        }
        assert frame.loc["package", "p_value"].isna().all()
    car = limited.frames["car"].query("window_start == 1 and window_end == 5")
    car = car.set_index("event_id")["car"]
    mean = limited.frames["signed"].query("group == 'all' and window_start == 1")
    mean = mean[mean["window_end"] == 5]["mean"].item()
    assert mean == pytest.approx((car["B"] - car["A"]) / 2)


def test_tables_of_signed_events_say_what_price_limits_took_away(limited):
    for table in (tables.projections(limited), tables.signed(limited)):
        (note,) = (each for each in table.notes if "price limits" in each and "left out" in each)
        assert "1 of all events (CSI 300)" in note


def test_no_p_value_holds_the_day_that_chose_the_signs(plain):
    signed = plain["signed"]
    holds = (signed["window_start"] <= 0) & (signed["window_end"] >= 0)
    assert signed.loc[holds, "p_value"].isna().all()
    assert signed.loc[holds, "reason"].str.startswith("the sign was given after").all()
    assert signed.loc[~holds, "p_value"].notna().all()
    response = plain["projections"].query("group == 'all'")
    assert (response["p_value"].isna() == (response["h"] == 0)).all()


def test_events_signed_by_expectation(tmp_path, plain):
    """All expected up: the plain mean. Expected down: its negative; without a sign: left out."""
    turned = EVENTS.replace("duty, expected_sign: up}", "duty, expected_sign: down}", 1)
    turned = turned.replace("package, expected_sign: up}", "package, expected_sign: unknown}")
    signed = run(tmp_path, turned)["signed"]
    keys = {"asset": "CSI300", "window_start": 1, "window_end": 5}

    def of(frame, **more):
        wanted = {**keys, **more}
        return frame[(frame[list(wanted)] == list(wanted.values())).all(axis=1)]

    car = of(plain["car"]).set_index("event_id")["car"]
    row = of(signed, group="all").iloc[0]
    assert row["n"] == 2
    assert row["mean"] == pytest.approx((car["B"] - car["A"]) / 2)
    assert set(signed["group"]) == {"duty", "all"}
    means = of(plain["signed"], group="all")["mean"].item()
    assert means == pytest.approx(car.mean())


def test_one_signed_event_has_the_p_of_its_own_placebo(plain):
    keys = ["asset", "window_start", "window_end"]
    event = placebo_of(plain, group="C").set_index(keys)["p_value"]
    signed = plain["signed"]
    signed = signed[(signed["group"] == "package") & (signed["reason"] == "")]
    signed = signed.set_index(keys)["p_value"]
    assert len(signed)
    np.testing.assert_array_equal(signed, event.loc[signed.index])


def test_adjusted_p_values_are_no_smaller(plain):
    frame = plain["multiplicity"]
    for column in ("p_min_p", "p_max_t", "p_bh", "p_by"):
        assert (frame[column] >= frame["p_value"] - 1e-12).all()


def test_a_lone_category_and_all_events_are_one_family(tmp_path):
    """Six windows of one asset are six hypotheses: BH and BY by statsmodels over six, not twelve."""
    events = EVENTS.replace("category: package", "category: duty")
    frame = run(tmp_path, f"assets: [CSI300]\n{events}")["multiplicity"]
    duty, everything = (frame[frame["group"] == name] for name in ("duty", "all"))
    assert set(duty["same_as"]) == {""}
    assert set(everything["same_as"]) == {"duty"}
    for column, method in (("p_bh", "fdr_bh"), ("p_by", "fdr_by")):
        expected = multipletests(duty["p_value"], method=method)[1]
        np.testing.assert_allclose(duty[column], expected)
    for column in ("p_value", "p_min_p", "p_max_t", "p_bh", "p_by"):
        np.testing.assert_array_equal(duty[column], everything[column])


def test_verdicts_rest_on_the_placebo(plain):
    verdicts = plain["verdicts"].set_index(["event_id", "asset"])
    assert set(verdicts["p0_test"]) == {"placebo"}
    rows = placebo_of(plain, group="C", asset="HSTECH", window_start=0, window_end=0)
    assert verdicts.loc[("C", "HSTECH"), "p0"] == rows["p_value"].item()


def test_what_follows_is_compared_on_all_sessions(plain):
    assert sorted(set(plain["lasting"]["k"])) == list(range(1, 21))
    assert set(plain["returning"]["returned"]) == {"half", "full"}
    assert sorted(set(plain["projections"]["h"])) == list(range(21))
    assert set(plain["slopes"]["reason"]) == {"1 event; 4 needed", "2 events; 4 needed"}


def test_the_same_seed_gives_the_same_numbers_whatever_else_is_asked(plain, tmp_path):
    more = run(tmp_path, EVENTS, QUICK.replace("[patell]", "[wild_bootstrap, patell]"))
    for name in ("placebo", "multiplicity", "lasting", "slopes", "projections", "horizons"):
        assert plain[name].equals(more[name])


def test_pooled_assets(tmp_path):
    result = result_of(tmp_path, f"pool_assets: true\n{EVENTS}")
    frames = result.frames
    rows = placebo_of(frames, asset="all")
    assert complete(rows)
    assert rows[rows["group"] == "all"]["n"].max() == 6
    assert set(frames["multiplicity"]["asset"]) == {"all"}
    lasting = frames["lasting"]
    matched = frames["drift"].query("matched_n > 0")["event_id"].nunique()
    assert lasting[lasting["group"] == "all"]["effective_n"].max() == matched
    for name in ("horizons", "projections"):
        assert set(frames[name]["asset"]) == {"all"}
        assert frames[name]["reason"].str.startswith("the assets are pooled").all()
        assert frames[name]["p_value"].isna().all()
    for section in (Horizons(), Projection()):
        (note,) = section.blocks(result)
        assert "the assets are pooled, and these are numbers of one asset" in note.text


def test_an_event_window_that_ends_on_day_0(tmp_path):
    frames = run(tmp_path, f"event_window: [-5, 0]\nwindows: [[-5, -1], [0, 0]]\n{EVENTS}")
    assert complete(placebo_of(frames))
    assert not len(frames["drift"])
    assert not len(frames["lasting"])
    assert not len(frames["slopes"])
    assert frames["projections"]["joint_p"].isna().all()


def test_windows_without_day_0(tmp_path):
    frames = run(tmp_path, f"windows: [[1, 5], [-5, -1]]\n{EVENTS}")
    assert complete(placebo_of(frames))
    assert set(frames["verdicts"]["p0_test"]) == {"placebo"}


def test_an_event_window_that_ends_on_day_0_leaves_out_what_comes_after(tmp_path):
    """No column, plot or sentence about days that are not there; the sections say why."""
    design = "assets: [CSI300]\nevent_window: [-10, 0]\nwindows: [[-1, 0]]\nrobustness: false"
    result = result_of(tmp_path, f"{design}{EVENTS}")
    outcomes = tables.outcomes(result)
    assert [column.title for column in outcomes.columns][-2:] == ["AR, day 0", "p"]
    assert labels.NOTHING_AFTER in outcomes.notes[0]
    assert len(EffectSizes().blocks(result)) == 2
    assert Reversal().blocks(result) == (Note(labels.NOTHING_AFTER),)
    notes = [each.text for each in Projection().blocks(result) if isinstance(each, Note)]
    assert labels.NOTHING_AFTER in notes
    short = result_of(tmp_path, f"{design.replace('10, 0]', '10, 6]')}{EVENTS}")
    drift = [c.title for c in tables.reversal(short).columns if c.title.startswith("Drift")]
    assert drift == ["Drift, one session", "Drift, five sessions"]


def test_a_reaction_without_its_like_is_compared_with_nothing(plain):
    """Ten days within a quarter or none; the event stays out of the numbers of its groups."""
    drift = plain["drift"].drop_duplicates(["event_id", "asset"])
    alone = drift["matched_n"] == 0
    assert 0 < alone.sum() < len(drift)
    assert (drift.loc[~alone, "matched_n"] >= 10).all()
    n = plain["lasting"].query("group == 'all' and k == 1").set_index("asset")["n"]
    assert n.to_dict() == drift[~alone].groupby("asset").size().to_dict()


def test_events_that_a_rule_brought_in_have_a_group_of_their_own(tmp_path):
    """One event of three: its drift is that of the event itself; no such group where all are chosen so."""
    ruled = EVENTS.replace("{id: A,", "{id: A, selection: rule,")
    frames = run(tmp_path, ruled)
    keys = {"group": "chosen_by_a_rule", "asset": "CSI300", "k": 1}
    drift = frames["drift"].query("event_id == 'A' and asset == 'CSI300' and k == 1")
    rows = frames["lasting"]
    row = rows[(rows[list(keys)] == list(keys.values())).all(axis=1)]
    assert row["drift"].tolist() == pytest.approx(drift["signed_drift"].tolist())
    every = run(tmp_path, EVENTS.replace("{id:", "{selection: rule, id:"))
    assert "chosen_by_a_rule" not in set(every["lasting"]["group"])


def test_no_expected_sign_no_projection(tmp_path):
    frames = run(tmp_path, EVENTS.replace(", expected_sign: up", ""))
    assert not len(frames["projections"])


def test_one_signed_event_has_no_projection_and_says_why(plain):
    package = plain["projections"].query("group == 'package'")
    assert set(package["reason"]) == {"1 signed event with a whole path; 2 needed"}


def test_log_returns(tmp_path):
    """Horizons are what an investor earned, whatever kind of return is studied."""
    frames = run(tmp_path, f"returns: log\n{EVENTS}")
    assert complete(placebo_of(frames))
    day = frames["day0"].set_index(["event_id", "asset"])["close_to_close"]
    first = frames["horizons"].query("group == 'package' and sessions == 1")
    for row in first.itertuples():
        assert row.mean == pytest.approx(day["C", row.asset], abs=1e-12)


def test_events_of_one_asset_only(tmp_path):
    frames = run(
        tmp_path,
        """
events:
  - {id: A, title: One, announced: 2023-08-27 18:00, assets: [CSI300], expected_sign: up}
  - {id: B, title: Two, announced: 2022-03-16 12:20, assets: [HSTECH], expected_sign: up}
""",
    )
    rows = placebo_of(frames)
    assert complete(rows)
    assert {(row.group, row.asset) for row in rows.itertuples()} >= {
        ("A", "CSI300"),
        ("B", "HSTECH"),
    }
    assert ("A", "HSTECH") not in set(zip(rows["group"], rows["asset"], strict=True))


def test_events_at_the_ends_of_the_data(tmp_path):
    """The last event has no sessions after it, the first hardly any before."""
    frames = run(
        tmp_path,
        """
assets: [CSI300]
events:
  - {id: first, title: First, announced: 2006-08-01, expected_sign: up}
  - {id: second, title: Second, announced: 2006-08-02, expected_sign: down}
  - {id: middle, title: Middle, announced: 2015-07-05, expected_sign: up}
  - {id: last, title: Last, announced: 2025-12-31, expected_sign: up}
""",
    )
    rows = placebo_of(frames)
    assert complete(rows)
    last = rows[(rows["group"] == "last") & (rows["window_end"] > 0)]
    assert set(last["reason"]) == {"a return is missing in the window"}
    every = frames["lasting"].query("group == 'all'").set_index("k")["n"]
    assert every[1] == every[20] == 3
    returning = frames["returning"].query("group == 'all'")
    assert returning["n"].tolist() == [3, 3]


def test_price_limits_move_the_reaction(tmp_path):
    """After 19 September 2008 (+9.3 per cent) the next day is part of the reaction: 0.0934 and 0.0648."""
    frames = run(
        tmp_path,
        """
assets: [CSI300]
events: [{id: A, title: Duty on purchases abolished, announced: 2008-09-18 20:00}]
""",
    )
    verdict = frames["verdicts"].iloc[0]
    day, both = (
        frames["car"].query(f"window_start == 0 and window_end == {end}")["car"].item()
        for end in (0, 1)
    )
    assert verdict["reaction_end"] == 1
    assert verdict["ar0"] == pytest.approx(both)
    assert both > day + 0.05
    drift = frames["drift"].set_index("k")["signed_drift"]
    later = frames["abnormal"].set_index("tau")["ar"]
    assert drift[1] == pytest.approx(later[2])
    assert np.isnan(drift[20])


def test_no_candidates(tmp_path):
    """Everything lies near some event: no p-value, no matched day, and the reason."""
    days = [f"{year}-{month}-10" for year in range(2020, 2027) for month in ("03", "08")]
    events = "".join(
        f"  - {{id: E{day}, title: Event, announced: {day}, expected_sign: up}}\n" for day in days
    )
    result = result_of(
        tmp_path,
        f"assets: [HSTECH]\nevents:\n{events}",
        QUICK.replace("draws: 199", "draws: 199, exclude: 250"),
    )
    frames = result.frames
    single = placebo_of(frames).query("group != 'all'")
    assert complete(single)
    few = single[single["reason"].str.contains("candidate days; 19 needed")]
    assert len(few) > 60
    group = placebo_of(frames, group="all")
    assert complete(group)
    assert group["reason"].str.contains("14 events to move to; 19 needed").all()
    assert set(frames["multiplicity"].query("group == 'all'")["reason"]) == set(group["reason"])
    said = tables.placebo_groups(result).notes[-1]
    assert said.startswith("No p for")
    assert group["reason"].iloc[0] in said
    assert set(frames["verdicts"]["p0_test"]) == {"sample_quantile"}
    assert not len(frames["lasting"])
    assert "days away from every event; 30 needed" in frames["projections"]["reason"].iloc[0]


def test_a_procedure_that_can_be_inverted_gives_intervals(tmp_path):
    """An interval leaves out zero exactly where the test rejects; no interval has a reason."""
    quick = QUICK.replace("procedures: [", "procedures: [conformal, ")
    result = result_of(tmp_path, EVENTS, quick)
    keys = ["event_id", "asset", "window_start", "window_end"]
    found = result.frames["intervals"].set_index(keys)
    tests = result.frames["statistics"]
    tests = tests[tests["statistic"] == "conformal"]
    p_values = tests.rename(columns={"group": "event_id"}).set_index(keys)["p_value"]
    known = found[found["reason"] == ""]
    assert 0 < len(known) < len(found)
    outside = (known["low"] > 0) | (known["high"] < 0)
    assert (outside == (p_values.loc[known.index] <= result.study.alpha)).all()
    page = tables.cars(result, "A", "CSI300")
    printed = [cell.detail for row in page.rows for cell in row if cell.detail]
    assert len(printed) == (known.index.get_level_values("event_id") == "A").sum() / 2
    assert any(note.startswith("No interval by conformal over") for note in page.notes)
