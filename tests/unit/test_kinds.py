"""Kinds of event: answers by hand, drifts and differences by hand, and their size without any effect."""

import numpy as np
import pandas as pd
import pytest

from eventstudy.reversal.effect import Effect
from eventstudy.reversal.kinds import NEITHER, contrast, kinds
from eventstudy.reversal.lasting import Sets
from eventstudy.reversal.matched import matched
from tests.trials import trial_of, wild


def side(reaction, later, drawn):
    """Return events and sets of matched days whose later returns are given, one per set and event."""
    n = len(reaction)
    own = Effect(np.array(reaction), np.array(later), np.zeros(n, bool), np.ones(n, bool))
    drawn = np.array(drawn)
    never = np.zeros(drawn.shape[:2], int)
    return own, Sets(np.ones(drawn.shape[:2]), drawn, never, never)


def test_two_kinds_and_their_difference():
    """Drifts (1 + 3) / 2 = 2 against -1; sets 0, 1, 2, 3 and 1, 1, 1, 1; difference 3, sets -1 to 2.

    Distances from the means 1.5, 1 and .5: of the first kind .5 is reached by all four sets, of the
    second 2 by none, of the difference 2.5 by none: p = 1, 1/5, 1/5.
    """
    first = side(
        [1.0, -2.0], [[1.0], [-3.0]], [[[value], [value]] for value in (0.0, 1.0, 2.0, 3.0)]
    )
    second = side([2.0], [[-1.0]], [[[1.0]]] * 4)
    found = contrast(first, second)
    assert [n.tolist() for n in found.n] == [[2], [1]]
    assert [drift.value.tolist() for drift in found.drift] == [[2.0], [-1.0]]
    assert found.difference.value.tolist() == [3.0]
    assert found.difference.usual.tolist() == [0.5]
    assert [drift.p_value.tolist() for drift in found.drift] == [[1.0], [0.2]]
    assert found.difference.p_value.tolist() == [0.2]


@pytest.fixture(scope="module")
def trial():
    """Two events on one series: a fall of a tenth and more in front of the first only."""
    series = wild(seed=3, sessions=500)
    series[180:200] = -0.006
    series[195:201] = 0.01, 0.01, 0.01, 0.01, 0.01, 0.03
    series[395:401] = -0.01, -0.01, -0.01, -0.01, -0.01, 0.03
    series[380:395] = 0.001
    return trial_of([series], [("a", 0, 200), ("b", 0, 400)])


def test_every_question_is_answered(trial):
    """.994^15 x 1.01^5 - 1 = -4.0% is no fall of a tenth; a day on which it is answers the other way."""
    every = trial.every["s0"]
    found = matched(trial, {"s0": np.ones(len(every.cells), bool)}, {"s0": None})
    named = {kind.name: kind for kind in kinds(trial, found, np.array([1.0, -1.0]))}
    assert named["direction"].of_event.tolist() == [0, 1]
    assert named["surprise"].of_event.tolist() == [0, 1]
    assert named["state"].of_event.tolist() == [1, 1]
    assert named["run_up"].of_event.tolist() == [0, 1]


def test_the_state_is_the_simple_return_of_twenty_sessions(trial):
    """The same by pandas from the series itself, on every session."""
    every = trial.every["s0"]
    found = matched(trial, {"s0": np.ones(len(every.cells), bool)}, {"s0": None})
    state = next(kind for kind in kinds(trial, found, np.full(2, np.nan)) if kind.name == "state")
    prices = (1 + pd.Series(trial.sample.panel[:, 0])).cumprod()
    before = (prices.shift(1) / prices.shift(21) - 1).to_numpy()[every.day0]
    assert state.of_day["s0"].tolist() == np.where(before < -0.10, 0, 1).tolist()
    assert (before < -0.10).any()


def test_an_event_without_an_expected_sign_is_of_no_direction(trial):
    every = trial.every["s0"]
    found = matched(trial, {"s0": np.ones(len(every.cells), bool)}, {"s0": None})
    named = {kind.name: kind for kind in kinds(trial, found, np.array([np.nan, 1.0]))}
    assert named["direction"].of_event.tolist() == [NEITHER, 0]
    assert named["surprise"].of_event.tolist() == [NEITHER, 0]


def test_a_window_that_begins_late_knows_no_run_up():
    trial = trial_of([wild(sessions=500)], [("a", 0, 200)], event_window=(-4, 10))
    every = trial.every["s0"]
    found = matched(trial, {"s0": np.ones(len(every.cells), bool)}, {"s0": None})
    named = {kind.name: kind for kind in kinds(trial, found, np.ones(1))}
    assert named["run_up"].of_event.tolist() == [NEITHER]
