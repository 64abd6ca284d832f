"""Other specifications of a study: how many, which is the study's own, and what has none."""

import dataclasses

import numpy as np
import pytest

from eventstudy import charts, formats, labels, prose, tables
from eventstudy.document.sections.robustness import Robustness
from eventstudy.spec import load
from eventstudy.study import run_study

QUICK = "format: 1\ntitle: T\nprocedures: []\nstatistics: [patell]\n"
EVENTS = """
events:
  - {id: A, title: One, announced: 2021-07-26, category: duty, expected_sign: up, selection: rule}
  - {id: B, title: Two, announced: 2022-03-16 12:20, category: duty, expected_sign: up}
  - {id: C, title: Three, announced: 2022-03-17 09:00, category: duty, expected_sign: up}
  - {id: D, title: Four, announced: 2024-09-24 09:00, category: package, expected_sign: up}
"""


def run(folder, text=""):
    path = folder / "study.yaml"
    path.write_text(f"{QUICK}{text}{EVENTS}", encoding="utf-8")
    return run_study(load(path))


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return run(tmp_path_factory.mktemp("plain"))


def of_all(result, **keys):
    found = result.frames["specifications"]
    return labels.cell(found, group="all", **keys)


def test_every_combination_is_there_once(plain):
    """Two models, three estimation windows, two kinds of return, four sets, two windows."""
    found = of_all(plain, asset="CSI300")
    keys = ["model", "estimation_start", "returns", "event_set", "window_start", "window_end"]
    assert len(found) == len(found[keys].drop_duplicates()) == 2 * 3 * 2 * 4 * 2
    assert set(found["estimation_start"]) == {-70, -130, -260}


def test_the_study_s_own_specification_is_its_average(plain):
    chosen = of_all(plain, chosen="yes", asset="HSTECH").set_index(["window_start", "window_end"])
    assert len(chosen) == 2
    means = labels.cell(labels.headline(plain, "aggregate"), group="all", asset="HSTECH")
    means = means.set_index(["window_start", "window_end"])
    for window in ((0, 0), (1, 5)):
        assert chosen.loc[window, "effect"] == pytest.approx(means.loc[window, "mean"], abs=1e-15)
        assert chosen.loc[window, "std_error"] == pytest.approx(means.loc[window, "std_error"])


def test_every_row_has_a_number_or_a_reason(plain):
    found = plain.frames["specifications"]
    assert (found["effect"].notna() == (found["n"] > 0)).all()
    assert (found["p_value"].notna() | (found["reason"] != "")).all()
    assert ((found["status"] == "ok") == (found["reason"] == "")).all()


def test_sets_of_events(plain):
    """A is chosen by a rule; B and C share sessions, A and D stand apart; no day moved by 7 per cent."""
    rows = of_all(plain, asset="CSI300", model="constant_mean", returns="simple", window_end=0)
    rows = rows[rows["estimation_start"] == -130].set_index("event_set")
    assert rows["n"].to_dict() == {"all": 4, "rule": 1, "apart": 2, "unlimited": 0}
    assert rows["effective_n"].to_dict() == {"all": 3, "rule": 1, "apart": 2, "unlimited": 0}
    assert rows.loc["unlimited", "reason"] == "the same events as 'all'"


def test_categories_with_and_without_overlapping_events(plain):
    found = labels.cell(plain.frames["specifications"], group="duty", asset="CSI300", window_end=0)
    assert dict(zip(found["event_set"], found["n"], strict=True)) == {"all": 3, "apart": 1}
    table = tables.with_and_without(plain)
    first = [cell.text for cell in table.rows[0]]
    assert first[:5] == ["Duty", "CSI 300", "Day 0", "3", "2"]
    assert first[7] == "1"


def test_overlaps(plain):
    found = labels.cell(plain.frames["overlaps"], asset="CSI300").set_index("event_id")
    assert found["apart"].to_dict() == {"A": "yes", "B": "no", "C": "no", "D": "yes"}
    assert found.loc["B", "cluster"] == found.loc["C", "cluster"]


def test_what_the_specifications_say_together(plain):
    """Counted again from the frame of the specifications."""
    for row in labels.records(plain.frames["spreads"]):
        mine = of_all(plain, asset=row.asset, window_start=row.window_start, status="ok")
        effect = np.sort(mine["effect"])
        assert row.n == len(effect)
        assert (row.low, row.median, row.high) == (effect[0], np.median(effect), effect[-1])
        assert row.rank == 1 + (effect < row.effect).sum()
        assert row.same_sign == (np.sign(effect) == np.sign(row.effect)).sum()
        assert row.below == (mine["p_value"] <= 0.05).sum()
        same = mine[mine["events_as_chosen"] == "yes"]["effect"]
        assert (row.same_events, row.median_same_events) == (len(same), same.median())


def test_a_set_that_the_data_leave_with_the_same_events_is_no_further_specification(tmp_path):
    """The market model loses OLD, which alone was held back by price limits: no limit is all there."""
    path = tmp_path / "study.yaml"
    events = """events:
  - {id: OLD, announced: 2008-09-18 19:00, title: Stamp duty on one side}
  - {id: C, title: Three, announced: 2022-03-17 09:00}
  - {id: D, title: Four, announced: 2023-08-28 09:00}
"""
    text = "assets: [CSI300]\nrobustness: {estimation: [[-100, -11]], events: [unlimited]}\n"
    path.write_text(f"{QUICK}{text}{events}", encoding="utf-8")
    result = run_study(load(path))
    found = of_all(result, window_end=0, returns="simple", estimation_start=-130)
    found = found.set_index(["model", "event_set"])
    assert found["n"].to_dict() == {
        ("constant_mean", "all"): 3,
        ("constant_mean", "unlimited"): 2,
        ("market", "all"): 2,
        ("market", "unlimited"): 0,
    }
    assert found.loc[("market", "unlimited"), "reason"] == "the same events as 'all'"
    assert found.index[found["events_as_chosen"] == "yes"].tolist() == [("constant_mean", "all")]
    spread = labels.cell(result.frames["spreads"], window_end=0).iloc[0]
    assert (spread["n"], spread["same_events"]) == (12, 4)
    assert "4 of them on the same events" in prose.specification_spread(result, "CSI300")


def test_mixed_signs_count_in_the_direction_expected(tmp_path):
    events = EVENTS.replace(
        "category: package, expected_sign: up", "category: package, expected_sign: down"
    )
    path = tmp_path / "study.yaml"
    path.write_text(f"{QUICK}models: [constant_mean]\n{events}", encoding="utf-8")
    result = run_study(load(path))
    row = of_all(result, chosen="yes", asset="CSI300", window_end=0).iloc[0]
    cars = labels.cell(labels.headline(result, "car"), asset="CSI300", window_start=0, window_end=0)
    cars = cars.set_index("event_id")["car"]
    assert row["signed"] == "yes"
    assert row["effect"] == pytest.approx((cars["A"] + cars["B"] + cars["C"] - cars["D"]) / 4)
    duty = labels.cell(result.frames["specifications"], group="duty")
    assert set(duty["signed"]) == {"no"}
    assert not tables.tested(row)
    day0, after = tables.robustness(result).rows[:2]
    assert (day0[-1].text, after[-1].text == formats.NOTHING) == (formats.NOTHING, False)
    said = prose.specification_spread(result, "CSI300")
    assert said.count("with p up to") == 1
    assert said.index("on days +1") < said.index("with p up to")
    whole = {row[0].value: row for row in tables.with_and_without(result).rows[::-1]}
    assert whole["all"][6].text == formats.NOTHING


def test_no_other_specification_where_none_is_asked_for(tmp_path):
    result = run(tmp_path, "robustness: false\n")
    assert not len(result.frames["specifications"])
    (note,) = Robustness().blocks(result)
    assert "asks for no other specifications" in note.text


def test_own_lists(tmp_path):
    text = (
        "robustness: {models: [{name: market, label: hsi, benchmark: HSI}], estimation: [[-100, -11]],"
        " windows: [[0, 1]], returns: [simple], events: [apart]}\n"
    )
    result = run(tmp_path, text)
    found = of_all(result, asset="HSTECH")
    assert prose.varied_models(result).startswith("HSI: the move beyond what goes with Hang Seng")
    assert set(found["model"]) == {"constant_mean", "hsi"}
    assert set(found["estimation_start"]) == {-130, -100}
    assert set(found["returns"]) == {"simple"}
    assert set(found["event_set"]) == {"all", "apart"}
    assert set(zip(found["window_start"], found["window_end"], strict=True)) == {(0, 1)}


def test_a_model_that_does_not_go_with_a_kind_of_return_says_so(tmp_path):
    text = (
        "returns: log\nassets: [CSI300]\nrobustness: {estimation: [[-100, -11]]}\n"
        "models: [constant_mean, {name: constant_mean, label: bridged, missing: trade_to_trade}]\n"
    )
    result = run(tmp_path, text)
    found = of_all(result, model="bridged", returns="simple")
    assert set(found["reason"]) == {"returns from trade to trade are log returns"}
    first, *_ = tables.lost(result)
    assert first == (
        "Lost: 8 of 32 specifications (Bridged; Simple returns): returns from trade to trade are log returns."
    )


def test_where_every_specification_is_lost_the_reasons_stand_alone(plain):
    """No curve, no table, but why."""
    frame = plain.frames["specifications"].assign(
        status="not_applicable", reason="the file is gone"
    )
    frames = {**plain.frames, "specifications": frame}
    none = dataclasses.replace(plain, frames=frames)
    text, *notes = Robustness().blocks(none)
    assert text.text == "No specification has an effect of all events."
    assert [note.text for note in notes] == [
        "Lost: 96 of 96 specifications (all): the file is gone."
    ]


def test_sets_that_leave_the_same_events_are_named(plain):
    """What is shown is fewer than every combination: the difference is said."""
    found = of_all(plain, asset="CSI300", window_end=0)
    same = int(found["reason"].str.startswith("the same events").sum())
    other = of_all(plain, asset="HSTECH", window_end=0)
    same += int(other["reason"].str.startswith("the same events").sum())
    assert any(f"Counted once: {same} of 96" in text for text in tables.lost(plain))


def test_the_section(plain):
    blocks = Robustness().blocks(plain)
    said = prose.specification_spread(plain, "CSI300")
    row = labels.cell(plain.frames["spreads"], asset="CSI300").iloc[0]
    assert f"{row['n']} specifications of {row['fewest']} to {row['most']} events" in said
    assert "is a count and no test" in prose.specifications(plain)
    (curves,) = (block for block in blocks if block.kind == "part")
    figures = [b for panel in curves.blocks[0].panels for b in panel.blocks if b.kind == "figure"]
    assert [figure.id for figure in figures] == [
        "figure-robustness-CSI300",
        "figure-robustness-HSTECH",
    ]
    assert len(tables.robustness(plain).rows) == 4


def test_the_curve_marks_every_choice_of_every_specification():
    """Two specifications on one window, one on another: neighbours with the same choice join."""
    point = charts.Point(0.01, 0.0, 0.02, 0.01, ("Mean", "Log"), chosen=True)
    other = point._replace(value=0.02, p_value=0.5, choices=("Mean", "Simple"), chosen=False)
    spec = charts.specification_curve(
        [charts.Curve("Day 0", [point, other]), charts.Curve("After", [other])],
        [["Mean"], ["Log", "Simple"]],
        charts.accent(0),
        alpha=0.05,
    )
    bars = next(
        layer["data"]["values"]
        for layer in spec["layer"]
        if layer["mark"].get("interpolate") == "step-after"
    )
    assert len(bars) == 2 * 5
    widths = [after["x"] - before["x"] for before, after in zip(bars[::2], bars[1::2], strict=True)]
    assert max(widths) == pytest.approx(2 * (250 - 14) / 3, abs=0.2)
    diamonds = [
        layer["data"]["values"]
        for layer in spec["layer"]
        if layer["mark"].get("shape") == "diamond"
    ]
    assert [len(values) for values in diamonds] == [1]
