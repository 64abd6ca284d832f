"""One task of a simulation: some samples of one base, every effect, variance, model and test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from eventstudy.abnormal import abnormal_returns
from eventstudy.aggregate import cumulate
from eventstudy.inference.sides import on_side
from eventstudy.panel.models import build_model
from eventstudy.registry import build
from eventstudy.returns.panel import shifted
from eventstudy.simulate.allowed import MARKET
from eventstudy.simulate.draws import from_law, from_pool
from eventstudy.simulate.groups import second
from eventstudy.spec.plugins import PACKAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from eventstudy.abnormal import AbnormalReturns
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import StatisticResult
    from eventstudy.models.base import Model
    from eventstudy.returns.sample import Ints, Sample
    from eventstudy.simulate.design import Base, Simulation
    from eventstudy.simulate.draws import Drawn
    from eventstudy.simulate.groups import Laid
    from eventstudy.simulate.pool import Pool

    Bools = NDArray[np.bool_]

CELLS = 5_000
"""Events of a task: memory, and how finely work is cut; results do not depend on who does it."""


@dataclass(frozen=True, slots=True)
class Task:
    """Some samples of one base.

    Attributes
    ----------
    base : Base
        How they are drawn.
    samples : int
        How many.
    number : tuple of int
        Position of the base in the grid, and of these samples among its own: where the random numbers
        come from.
    """

    base: Base
    samples: int
    number: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Counted:
    """Rejections of one test on all windows.

    Attributes
    ----------
    laid : Laid
        What was laid over the samples.
    test : tuple of (str, str, str)
        Model, statistic, alternative.
    rejections, tests : ndarray of int, shape (W,)
        p-values at or below the level, and p-values.
    squares : ndarray of int, shape (3, W)
        Sums over the samples of r^2, r n and n^2, of the rejections r and tests n of a sample.
    reasons : tuple of str
        By window why the first test without a p-value has none.
    """

    laid: Laid
    test: tuple[str, str, str]
    rejections: Ints
    tests: Ints
    squares: Ints
    reasons: tuple[str, ...]


def tasks(design: Simulation) -> Iterator[Task]:
    """Yield the tasks of a design, whatever the number of workers."""
    for position, base in enumerate(design.bases()):
        size = max(1, CELLS // base.events)
        for number, start in enumerate(range(0, design.samples, size)):
            yield Task(base, min(size, design.samples - start), (position, number))


def perform(design: Simulation, task: Task, pool: Pool | None) -> list[Counted]:
    """Draw the samples of a task, fit every model once, and test under every effect and variance.

    Parameters
    ----------
    design : Simulation
        What is simulated.
    task : Task
        Which samples.
    pool : Pool or None
        Returns to draw from; None for those of a law.
    """
    seed = np.random.SeedSequence(design.seed, spawn_key=task.number)
    rng, *draws = map(np.random.default_rng, [seed, *seed.spawn(len(design.statistics))])
    drawn = (
        from_law(design, task.base, task.samples, rng)
        if pool is None
        else from_pool(design, task.base, task.samples, rng, pool)
    )
    found: list[Counted] = []
    for choice in design.models:
        model = build_model(choice, MARKET)
        sample = regressors(drawn.sample, model, design.series)
        abnormal = abnormal_returns(sample, model.fit(sample))
        for laid in design.laid():
            group = _second_group(task, laid)
            cars = cumulate(_changed(abnormal, drawn, laid, group), design.windows)
            for test, outcome in _tested(design, cars, group, draws):
                found.append(Counted(laid, (choice.label, *test), *outcome))
    return found


def _second_group(task: Task, laid: Laid) -> Bools:
    """Return which events are in the second group, shape (K, N): the last of every sample.

    The events of a sample are drawn alike, so that any of them may be those of the second group.
    """
    n = task.base.events
    last = np.arange(n) >= n - second(n, laid.group_share)
    return np.tile(last, (task.samples, 1))


def regressors(sample: Sample, model: Model, names: Sequence[str] = (MARKET,)) -> Sample:
    """Return a sample with the regressors that a model asks for.

    Parameters
    ----------
    sample : Sample
        With the returns of the market and of every factor.
    model : Model
        Asks for them, late or early, or for none.
    names : sequence of str, optional
        Of the sample's series; the market alone unless given.
    """
    known = dict(zip(names, np.moveaxis(sample.factors, 2, 0), strict=True))
    series = [shifted(known[each.instrument].T, each.shift).T for each in model.inputs()]
    factors = np.stack(series, axis=2) if series else np.empty((*sample.factors.shape[:2], 0))
    return replace(sample, factors=factors)


def _changed(abnormal: AbnormalReturns, drawn: Drawn, laid: Laid, group: Bools) -> AbnormalReturns:
    """Return abnormal returns with a larger variance and an effect laid over them.

    A model does not look at the event window of the asset, so that both may be laid over what it left.
    """
    of_second = group.ravel()
    variance = laid.variance * np.where(of_second, laid.group_variance, 1.0)
    effect = laid.effect + np.where(of_second, laid.group_difference, 0.0)
    more = np.sqrt(variance - 1)[:, None] * drawn.noise
    more[np.arange(len(more)), drawn.lands] += effect / 100
    return replace(abnormal, actual=abnormal.actual + more, ar=abnormal.ar + more)


def _tested(
    design: Simulation, cars: CumulativeReturns, group: Bools, draws: list[np.random.Generator]
) -> Iterator[tuple[tuple[str, str], tuple[Ints, Ints, Ints, tuple[str, ...]]]]:
    """Yield every statistic and alternative with rejections, tests, squares and reasons."""
    statistics = [
        build(PACKAGES["statistic"], choice.name, choice.options, kind="statistic")
        for choice in design.statistics
    ]
    results = _results(statistics, cars, group, draws)
    for choice, found in zip(design.statistics, results, strict=True):
        for alternative in design.alternatives:
            p_value = np.vstack([on_side(result, alternative).p_value for result in found])
            known = np.isfinite(p_value)
            low = known & (np.where(known, p_value, 1.0) <= design.level)
            shape = len(group), -1, len(design.windows)
            r, n = (each.reshape(shape).sum(axis=1) for each in (low, known))
            squares = np.array([r * r, r * n, n * n]).sum(axis=1)
            counts = r.sum(axis=0), n.sum(axis=0), squares, _reasons(found, known)
            yield (choice.label, alternative), counts


def _results(
    statistics: list[Any],
    cars: CumulativeReturns,
    group: Bools,
    draws: list[np.random.Generator],
) -> list[list[StatisticResult]]:
    """Return the results of every statistic: of all events at once, or sample by sample.

    A sample meets all statistics before the next one: what several of them need is then computed once.
    """
    found: list[list[StatisticResult]] = [
        [statistic.test(cars)] if statistic.scope == "event" else [] for statistic in statistics
    ]
    places = [place for place, results in enumerate(found) if not results]
    rows = np.arange(group.size).reshape(group.shape)
    for each, of_second in zip(rows, group, strict=True) if places else ():
        sample = cars.select(each)
        for place in places:
            found[place].append(_result(statistics[place], sample, of_second, draws[place]))
    return found


def _result(
    statistic: Any,  # noqa: ANN401 - the plug-ins of three protocols
    sample: CumulativeReturns,
    of_second: Bools,
    rng: np.random.Generator,
) -> StatisticResult:
    """Return the result of one test: of all events of a sample, or of its second group against the others."""
    chosen = (of_second,) if statistic.scope == "contrast" else ()
    found: StatisticResult = statistic.test(
        sample, *chosen, *([rng] if statistic.resampling else [])
    )
    return found


def _reasons(results: list[StatisticResult], known: NDArray[np.bool_]) -> tuple[str, ...]:
    """Return by window the first reason why a test was not applicable; no text where all were."""
    reason = np.vstack([result.reason for result in results])
    first = (~known).argmax(axis=0)
    found = np.where(known.all(axis=0), "", reason[first, np.arange(reason.shape[1])])
    return tuple(found.tolist())
