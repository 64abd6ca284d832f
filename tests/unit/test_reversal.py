"""Day 0 in parts and the drift after it; expected values by hand from printed prices."""

import numpy as np
import pytest

from eventstudy.models.constant_mean import ConstantMean
from eventstudy.reversal import Bars, effect, split_day0
from tests.samples import make_sample, run


def bars(*rows):
    previous, opened, high, low, close = np.array(rows, float).T
    return Bars(previous, opened, high, low, close, np.ones(len(rows), int))


def test_the_day_stamp_duty_was_halved():
    """CSI 300, 28 August 2023: 3709.15 -> open = high 3911.55, low 3740.53, close 3752.62.

    Overnight 202.40 / 3709.15 = 5.46%, session -158.93 / 3911.55 = -4.06%, day 43.47 / 3709.15 =
    1.17%; of the peak of 202.40 points 158.93 were gone at the close: 0.785.
    """
    day = split_day0(bars((3709.15, 3911.55, 3911.55, 3740.53, 3752.62)), np.array([0.009]))
    assert day.overnight[0] == pytest.approx(0.0546, abs=5e-5)
    assert day.open_to_close[0] == pytest.approx(-0.0406, abs=5e-5)
    assert day.close_to_close[0] == pytest.approx(0.0117, abs=5e-5)
    assert day.peak_give_back[0] == pytest.approx(0.785, abs=5e-4)
    compound = (1 + day.overnight) * (1 + day.open_to_close) - 1
    np.testing.assert_allclose(day.close_to_close, compound, rtol=1e-12)


def test_peak_give_back_of_a_gap_down_is_the_mirror():
    """Gap down to 95, low 90, close 96: of the fall of 10 points 6 came back."""
    assert split_day0(bars((100, 95, 97, 90, 96)), np.array([0.01])).peak_give_back[0] == 0.6


@pytest.mark.parametrize(
    "row",
    [
        (100, 100, 103, 98, 101),  # no gap
        (100, 100.1, 100.4, 98, 99),  # the peak is less than half a sigma away
        (100, np.nan, np.nan, np.nan, 99),  # only closes
    ],
)
def test_peak_give_back_where_it_has_no_meaning(row):
    assert np.isnan(split_day0(bars(row), np.array([0.01])).peak_give_back[0])


def test_without_an_open_there_is_no_split():
    day = split_day0(bars((100, np.nan, np.nan, np.nan, 99)), np.array([0.01]))
    assert np.isnan(day.overnight[0])
    assert np.isnan(day.open_to_close[0])
    assert day.close_to_close[0] == pytest.approx(-0.01)


def test_signed_drift_and_give_back_share():
    """Estimation +-1 per cent (sigma 1.007); day 0 -4, then +1, +2: D = -1, -3; G = 1/4, 3/4."""
    panel = np.array([1, -1] * 40 + [-4, 1, 2], float)[:, None]
    sample = make_sample(panel, None, [0], [80], estimation=(-80, -1), event_window=(0, 2))
    found = effect(run(sample, ConstantMean(), [(0, 0)]).abnormal)
    np.testing.assert_allclose(found.signed, [[-1, -3]], atol=1e-12)
    np.testing.assert_allclose(found.give_back, [[0.25, 0.75]], atol=1e-12)


def test_no_give_back_share_of_a_small_move():
    panel = np.array([1, -1] * 40 + [0.5, 1, 2], float)[:, None]
    sample = make_sample(panel, None, [0], [80], estimation=(-80, -1), event_window=(0, 2))
    found = effect(run(sample, ConstantMean(), [(0, 0)]).abnormal)
    np.testing.assert_allclose(found.signed, [[1, 3]], atol=1e-12)
    assert np.isnan(found.give_back).all()
