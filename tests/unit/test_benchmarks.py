"""The benchmark measures what it says: both sides of its ratio give the same numbers."""

import numpy as np
import pytest
from benchmarks import engine, inference

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
