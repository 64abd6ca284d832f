"""Series drawn from blocks of residuals, and the CARs that a model finds in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.abnormal import abnormal_returns
from eventstudy.aggregate import cumulate
from eventstudy.comparison import two_sided
from eventstudy.formats import counted
from eventstudy.inference import _laws as laws
from eventstudy.placebo._cells import cut_out, own_generator, refused
from eventstudy.placebo.base import Answers
from eventstudy.spec import Window
from eventstudy.workers import spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.comparison import Trial
    from eventstudy.models.base import Floats, Model
    from eventstudy.placebo.stationary_bootstrap import StationaryBootstrap
    from eventstudy.returns.sample import Ints, Sample

LEAST = 20
"""Fewest residuals from which series are drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class _Cell:
    """One cell with what its drawn series are made of, fit to be sent.

    Attributes
    ----------
    one : Sample
        The cell, cut out from the beginning of its estimation window to the end of its event window.
    car : ndarray, shape (W,)
        Its CARs.
    residuals, expected, ar : ndarray, shape (L1,), (L2,), (L2,)
        Of its estimation and its event window; NaN = missing.
    dof : int
        Residual degrees of freedom.
    seed : int
        From which all cells draw, each with its name.
    """

    one: Sample
    car: Floats
    residuals: Floats
    expected: Floats
    ar: Floats
    dof: int
    seed: int


def bootstrapped(options: StationaryBootstrap, trial: Trial, rng: np.random.Generator) -> Answers:
    """Test every cell on every window among the CARs of its own drawn series."""
    if answer := refused(options, trial):
        return answer
    sample, cars = trial.sample, trial.cars
    seed, shape = int(rng.integers(2**63)), cars.car.shape
    p_value, few = np.full(shape, np.nan), laws.texts(shape)
    able = []
    for cell in range(len(sample)):
        known = int(np.isfinite(cars.abnormal.residuals(np.array([cell]))[0]).sum())
        if not cars.abnormal.sigma[cell] > 0:
            few[cell] = "the estimation window leaves no residual variance"
        elif known < LEAST:
            few[cell] = f"{counted(known, 'residual')}; {LEAST} needed"
        else:
            able.append(cell)
    work = partial(_tested, options, trial.model, cars.windows)
    tasks = (_cell(trial, cell, seed) for cell in able)
    for cell, found in zip(able, spread(work, tasks), strict=True):
        p_value[cell] = found
    tested = laws.Tested(cars.car, p_value, laws.texts(shape, f"empirical({options.draws})"))
    events = laws.result(
        options,
        tested,
        estimate=cars.car,
        n=np.broadcast_to(cars.abnormal.n_est[:, None], shape),
        reason=laws.first_reason(laws.missing_returns(cars), few),
    )
    return Answers(events, {})


def _cell(trial: Trial, cell: int, seed: int) -> _Cell:
    """Return one cell with what its drawn series are made of."""
    abnormal, sample = trial.cars.abnormal, trial.sample
    span = Window(sample.estimation.start, sample.event_window.end)
    return _Cell(
        one=cut_out(sample.select(np.array([cell])), span),
        car=trial.cars.car[cell],
        residuals=abnormal.residuals(np.array([cell]))[0],
        expected=abnormal.expected[cell],
        ar=abnormal.ar[cell],
        dof=int(abnormal.dof[cell]),
        seed=seed,
    )


def _tested(
    options: StationaryBootstrap, model: Model, windows: Sequence[Window], cell: _Cell
) -> Floats:
    """Return the p-values of a cell among the CARs of its drawn series, shape (W,)."""
    known = cell.residuals[np.isfinite(cell.residuals)]
    own = own_generator(cell.seed, cell.one.event_ids[0], cell.one.assets[0])
    mean_length = options.block or block_length(known)
    centred = (known - known.mean()) * np.sqrt(len(known) / max(cell.dof, 1))
    span = cell.one.event_window.end - cell.one.estimation.start + 1
    places = stationary_places(len(known), span, mean_length, options.draws, own)
    return two_sided(cell.car, _cars(cell, model, windows, centred[places]))


def _cars(cell: _Cell, model: Model, windows: Sequence[Window], drawn: Floats) -> Floats:
    """Estimate the model in every drawn series and return its CARs, shape (B, W).

    Parameters
    ----------
    cell : _Cell
        The cell.
    model : Model
        The expected-return model.
    windows : sequence of Window
        W windows.
    drawn : ndarray, shape (B, T)
        Drawn residuals from the beginning of the estimation window to the end of the event window.
    """
    estimation, event = cell.one.estimation, cell.one.event_window
    returns = np.full(drawn.shape[1], np.nan)
    returns[: estimation.length] = cell.one.panel[: estimation.length, 0] - cell.residuals
    returns[-event.length :] = cell.expected + np.where(np.isfinite(cell.ar), 0.0, np.nan)
    cells = _drawn_cells(cell.one, returns + drawn)
    return cumulate(abnormal_returns(cells, model.fit(cells)), windows).car


def _drawn_cells(one: Sample, series: Floats) -> Sample:
    """Return one cell with each of B series, shape (B, T), in the place of its returns."""
    draws = len(series)
    return replace(
        one,
        event_ids=np.repeat(one.event_ids, draws),
        assets=np.repeat(one.assets, draws),
        column=np.arange(draws),
        day0=np.repeat(one.day0, draws),
        panel=series.T,
        column_axis=np.zeros(draws, int),
    )


def stationary_places(
    size: int, length: int, mean_length: float, draws: int, rng: np.random.Generator
) -> Ints:
    """Return places on a circle of `size` residuals in blocks of geometric length, (draws, length).

    Parameters
    ----------
    size, length : int
        Places on the circle, and places wanted in each draw.
    mean_length : float
        Mean length of a block; every place begins a new one with probability 1 / mean_length.
    draws : int
        Number of draws.
    rng : numpy.random.Generator
        Source of the draws.
    """
    begins = rng.random((draws, length)) < 1 / mean_length
    begins[:, 0] = True
    step = np.arange(length)
    begin = np.maximum.accumulate(np.where(begins, step, 0), axis=1)
    first = np.take_along_axis(rng.integers(0, size, (draws, length)), begin, axis=1)
    places: Ints = (first + step - begin) % size
    return places


def block_length(values: Floats) -> float:
    """Return the mean block length of Politis and White for the mean of a series, at least 1.

    Parameters
    ----------
    values : ndarray, shape (M,)
        The series, without gaps.
    """
    m = len(values)
    run = max(5, int(np.log10(m)))
    furthest = int(np.ceil(np.sqrt(m))) + run
    deviation = values - values.mean()
    covariance = np.correlate(deviation, deviation, mode="full")[m - 1 :][: furthest + 1] / m
    if not covariance[0] > 0:
        return 1.0
    small = np.abs(covariance[1:] / covariance[0]) < 2 * np.sqrt(np.log10(m) / m)
    in_a_row = np.lib.stride_tricks.sliding_window_view(small, run).all(axis=1)
    last = min(2 * (int(np.argmax(in_a_row)) + 1), furthest) if in_a_row.any() else furthest
    lag = np.arange(1, last + 1)
    weight = 2 * np.minimum(1.0, 2 * (1 - lag / last)) * covariance[1 : last + 1]
    spectrum = covariance[0] + weight.sum()
    if not spectrum > 0:
        return 1.0
    length = (((weight * lag).sum() / spectrum) ** 2 * m) ** (1 / 3)
    return float(np.clip(length, 1.0, np.ceil(min(3 * np.sqrt(m), m / 3))))
