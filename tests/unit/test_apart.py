"""Clusters of events: counted by hand on small calendars."""

import numpy as np

from eventstudy.comparison import apart


def found(days, span=4, names=None, **confounders):
    names = names or [chr(65 + i) for i in range(len(days))]
    return apart(np.array(days), np.array(names, dtype=object), span, confounders)


def groups(result):
    """Members of each cluster by position, in order."""
    return [
        np.flatnonzero(result.cluster == number).tolist() for number in sorted(set(result.cluster))
    ]


def test_events_closer_than_the_span_share_sessions():
    """Windows of four sessions: days 100 and 103 share one, 103 and 107 none."""
    result = found([100, 103, 107, 150])
    assert sorted(groups(result)) == [[0, 1], [2], [3]]
    assert result.alone.tolist() == [False, False, True, True]
    assert result.count == 3


def test_events_hang_together_through_others():
    """100-103 and 103-106 overlap, 100-106 do not: one cluster of three, whatever the order."""
    result = found([106, 100, 103])
    assert groups(result) == [[0, 1, 2]]
    assert result.events.tolist() == [3, 3, 3]


def test_an_event_that_is_said_to_confound_another_is_in_its_cluster():
    result = found([100, 200, 300], A=("C",))
    assert sorted(groups(result)) == [[0, 2], [1]]
    assert result.confounded.tolist() == [True, False, True]
    assert result.alone.tolist() == [False, True, False]


def test_an_event_confounded_from_outside_the_sample_does_not_stand_apart():
    result = found([100, 200], B=("ELSEWHERE",))
    assert result.count == 2
    assert result.alone.tolist() == [True, False]


def test_one_event_on_several_assets_is_one_event():
    result = found([100, 101, 200], names=["A", "A", "B"])
    assert result.events.tolist() == [1, 1, 1]
    assert result.alone.all()
    assert result.count == 2
