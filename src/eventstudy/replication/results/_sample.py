"""Events of published designs on series that a package ships."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eventstudy.abnormal import abnormal_returns
from eventstudy.aggregate import cumulate
from eventstudy.spec import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.models.base import Floats, Model
    from eventstudy.returns.sample import Sample


def cars(sample: Sample, model: Model, windows: Sequence[tuple[int, int]]) -> CumulativeReturns:
    """Return the CARs of a model over windows."""
    abnormal = abnormal_returns(sample, model.fit(sample))
    return cumulate(abnormal, [Window(*window) for window in windows])


def of_values(values: Sequence[float]) -> CumulativeReturns:
    """Return numbers as the abnormal returns of as many independent events on one day.

    The estimation window is there for the form only: tests that look at the event day alone see nothing
    but the numbers.
    """
    from eventstudy.models.constant_mean import ConstantMean
    from eventstudy.returns.sample import one_axis

    length = 20
    wave: Floats = np.where(np.arange(length) % 2, 1.0, -1.0)
    panel = np.vstack([np.tile(wave[:, None], len(values)), np.asarray(values, float)])
    events = np.arange(len(values))
    sample = one_axis(
        panel,
        None,
        events,
        np.full(len(values), length),
        estimation=Window(-length, -1),
        event_window=Window(0, 0),
    )
    return cars(sample, ConstantMean(), [(0, 0)])
