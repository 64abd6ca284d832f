"""Cells cut out of their batch, so that their returns can be changed or drawn anew one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from eventstudy.inference import _laws as laws
from eventstudy.placebo.base import Answers

if TYPE_CHECKING:
    from eventstudy.comparison import Trial
    from eventstudy.inference.base import Named
    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Dates, Sample
    from eventstudy.spec import Window

BRIDGED = "returns are measured from trade to trade, not session by session"


def cut_out(sample: Sample, window: Window) -> Sample:
    """Return the cells with a column and an axis of their own that hold one window of sessions.

    Parameters
    ----------
    sample : Sample
        N cells.
    window : Window
        T sessions relative to day 0.

    Returns
    -------
    Sample
        The same cells: column and axis i belong to cell i, row 0 is the first session of the window.
        Hidden sessions are missing in the estimation window.
    """
    every, n = np.arange(len(sample)), len(sample)
    found = sample.gather(slice(None), window)
    past = slice(sample.estimation.start - window.start, sample.estimation.end - window.start + 1)
    found.asset[:, past] = sample.estimable.gather(slice(None), sample.estimation).asset
    return replace(
        sample,
        axes=tuple(_sessions(sample, cell, window) for cell in range(n)),
        column=every,
        day0=np.full(n, -window.start),
        panel=found.asset.T,
        column_axis=every,
        factors=found.factors,
        hidden=None,
    )


def _sessions(sample: Sample, cell: int, window: Window) -> Dates:
    """Return the dates of a window of one cell; NaT beyond the axis."""
    sessions = sample.axes[sample.axis[cell]]
    rows = sample.day0[cell] + np.arange(window.start, window.end + 1)
    inside = (rows >= 0) & (rows < len(sessions))
    dates = np.full(window.length, np.datetime64("NaT", "D"))
    dates[inside] = sessions[rows[inside]]
    return dates


def refused(options: Named, trial: Trial) -> Answers | None:
    """Return no test but the reason where returns are measured from trade to trade; else None."""
    return None if trial.sample.levels is None else unanswered(options, trial, BRIDGED)


def unanswered(options: Named, trial: Trial, why: str) -> Answers:
    """Return no test of any cell but one reason for all."""
    car = trial.cars.car
    nothing = laws.Tested(car, car, laws.texts(car.shape))
    count, reason = np.zeros(car.shape, int), laws.texts(car.shape, why)
    events = laws.result(options, nothing, estimate=car, n=count, reason=reason)
    return Answers(events, {})


def present_last(values: Floats) -> Floats:
    """Move the missing values of each row to its front; the others keep their order."""
    order = np.argsort(np.isfinite(values), axis=1, kind="stable")
    moved: Floats = np.take_along_axis(values, order, axis=1)
    return moved


def own_generator(seed: int, event_id: str, asset: str) -> np.random.Generator:
    """Return the random numbers of one cell: the same whatever other cells there are."""
    return np.random.default_rng([seed, crc32(event_id.encode()), crc32(asset.encode())])
