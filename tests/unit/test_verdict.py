"""The outcome rules, one case each; the words are the whole vocabulary."""

import numpy as np
import pytest

from eventstudy.models.constant_mean import ConstantMean
from eventstudy.reversal import Legs
from eventstudy.verdict import RULES, Interval, give_back, interval, outcomes
from tests.samples import make_sample, run


def legs(overnight=(0.0, 0.5), session=(0.0, 0.5)):
    (night, night_p), (day, day_p) = overnight, session
    one = [np.array([value]) for value in (night, day, night, day, night_p, day_p)]
    return Legs(*one, n=np.array([120]))


def outcome(p0, low, high, day=None):
    share = Interval(np.array([(low + high) / 2]), np.array([low]), np.array([high]))
    return outcomes(np.array([p0]), share, day or legs(), 0.05)[0]


@pytest.mark.parametrize(
    ("p0", "low", "high", "word"),
    [
        (0.30, -1.0, 1.0, "not distinguishable from noise"),
        (0.05, -2.0, -0.1, "extended"),
        (0.01, 0.2, 1.3, "reversed"),
        (0.01, 0.2, 1.0, "reversed"),
        (0.01, 0.2, 0.9, "partly reversed"),
        (0.01, -0.8, 0.4, "held"),
        (0.01, -0.8, 0.5, "undecided"),
        (0.01, -0.8, 1.4, "undecided"),
        (0.01, np.nan, np.nan, "undecided"),
    ],
)
def test_rules(p0, low, high, word):
    assert outcome(p0, low, high) == word


def test_faded_by_the_close_needs_both_legs_and_opposite_signs():
    up_down = legs((0.05, 0.01), (-0.04, 0.01))
    assert outcome(0.3, -1, 1, up_down) == "faded by the close"
    assert outcome(0.3, -1, 1, legs((0.05, 0.01), (0.04, 0.01))) == "not distinguishable from noise"
    assert outcome(0.3, -1, 1, legs((0.05, 0.01), (-0.04, 0.2))) == "not distinguishable from noise"
    assert outcome(0.01, -0.8, 0.4, up_down) == "held"
    unknown = legs((np.nan, np.nan), (np.nan, np.nan))
    assert outcome(0.3, -1, 1, unknown) == "not distinguishable from noise"


def test_every_outcome_is_in_the_printed_rules():
    words = {rule[0] for rule in RULES}
    assert words == {
        "extended", "held", "partly reversed", "reversed", "faded by the close", "undecided",
        "not distinguishable from noise",
    }  # fmt: skip


def test_give_back_divides_the_interval_by_minus_ar0():
    """CAR 2 in [-1, 5], AR_0 -4: G = 0.5 in [-0.25, 1.25]; with AR_0 4 it is the mirror."""
    later = Interval(*(np.array([value, value]) for value in (2.0, -1.0, 5.0)))
    found = give_back(np.array([-4.0, 4.0]), later)
    np.testing.assert_array_equal(found.estimate, [0.5, -0.5])
    np.testing.assert_array_equal(found.low, [-0.25, -1.25])
    np.testing.assert_array_equal(found.high, [1.25, 0.25])


def test_interval_by_hand():
    """M = 9, s^2 = 7.5, AR 2.5, variance 8.3333: 2.5 +- 2.306004 x 2.886751 (t table, 8 dof)."""
    panel = np.array([-4, -3, -2, -1, 0, 1, 2, 3, 4, 2.5])[:, None]
    sample = make_sample(panel, None, [0], [9], estimation=(-9, -1), event_window=(0, 0))
    found = interval(run(sample, ConstantMean(), [(0, 0)]), 0, 0.05)
    np.testing.assert_allclose([found.low[0], found.high[0]], [-4.156859, 9.156859], atol=1e-5)
