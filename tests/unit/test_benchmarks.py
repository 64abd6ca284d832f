"""The benchmark measures what it says: both sides of its ratio give the same numbers."""

import dataclasses
import json

import numpy as np
import pytest
from benchmarks import compare, engine, goals, growth, inference, pages, panels
from benchmarks.gathering import gathered

from eventstudy.spec import load


def test_the_engine_agrees_with_plain_numpy_and_is_not_left_behind():
    """CARs, standardised CARs, Patell and BMP to 1e-12; twice the CPU time is far off."""
    spent = engine.kernel(engine.simulated(10_000), runs=2)
    assert spent["engine"] < 2 * spent["gathering"]


def test_a_difference_is_relative_and_sees_a_gap_that_only_one_side_has():
    one = np.array([1.0, 2.0])
    far = engine.difference((one,), (np.array([1.0, 2.5]),))
    assert far == pytest.approx(0.2)
    assert np.isnan(engine.difference((one,), (np.array([1.0, np.nan]),)))


@pytest.mark.slow
def test_procedures_stay_near_their_goals():
    """Four times the goal is far off, cold start and a busy machine included."""
    spent = inference.measured(inference.prepared(load(inference.STUDY)))
    assert all(sum(spent[group].values()) < 4 * goal for group, goal in inference.GOALS.items())


def test_a_comparison_marks_what_is_extrapolated_and_says_why_something_is_missing():
    runs = {"100": 1.0, "1000": 2.0, "10000": 3.0}

    def side(*sizes):
        return {"runs": {size: {"seconds": runs[size], "memory": 1024.0} for size in sizes}}

    sides = {each.name: side(*runs) for each in compare.SIDES}
    sides["easy-es"] = side("100", "1000")
    sides["eventstudystatistics"] = {"runs": {}, "reason": "no Python 3.10 here"}
    text = compare.table({"sides": sides, "date": "2026-11-22", "machine": "a machine"})
    assert "| `easy-es` | 1 s | 2 s | ≈ 20 s | 6.67 | 1.00 | t of every day |" in text
    assert "| `eventstudystatistics` | no Python 3.10 here |" in text


TABLES = [(compare, compare.table), (goals, goals.page), (growth, growth.table)]


@pytest.mark.parametrize(("script", "table"), TABLES)
def test_the_tables_of_the_page_are_what_was_measured(script, table):
    results = json.loads(script.RESULTS.read_text(encoding="utf-8"))
    assert pages.parts(script.PAGE, script.MARKER)[1] == table(results)


def test_a_line_counts_small_sizes_and_large_ones_alike():
    """Exact points give their line; of 10 per cent beside one, every point keeps a share."""
    points = [(10.0, 3.0), (100.0, 12.0), (1000.0, 102.0)]
    np.testing.assert_allclose(growth.line(points), (2, 0.1, 0), atol=1e-9)
    fixed, slope, residual = growth.line([*points, (10_000.0, 1.1 * 1002)])
    assert 1 < residual < 10
    assert fixed + 10 * slope == pytest.approx(3, rel=0.1)


def test_other_packages_are_held_against_their_own_formula():
    """BMP about one mean over all events is BMP where all events share a day 0."""
    panel = panels.simulated(50, 0.0)
    shared = dataclasses.replace(panel, day0=np.full(50, 1000))
    assert compare.one_mean_bmp(shared) == pytest.approx(gathered(shared)[3][-1], rel=1e-12)
    assert compare.one_mean_bmp(panel) != pytest.approx(gathered(panel)[3][-1], rel=1e-6)
