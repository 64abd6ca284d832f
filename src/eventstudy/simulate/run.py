"""Run a simulation: tasks in parallel, their counts together, rates with their Monte-Carlo errors."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from functools import partial
from time import process_time
from typing import TYPE_CHECKING, Any

import numpy as np

from eventstudy.simulate.design import Base
from eventstudy.simulate.groups import GROUPS, Laid
from eventstudy.simulate.pool import pool_of
from eventstudy.simulate.task import Counted, Task, perform, tasks
from eventstudy.workers import ALONE, Workers, employed, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pandas as pd

    from eventstudy.simulate.design import Simulation
    from eventstudy.simulate.loading import SimulationFile

    Key = tuple[Base, Laid, tuple[str, str, str]]
    Watch = Callable[[Iterable[list[Counted]], int], Iterable[list[Counted]]]

SAMPLES = tuple(field.name for field in fields(Base))
LAID = tuple(field.name for field in fields(Laid) if field.name not in GROUPS)
RATES = (
    "model",
    "statistic",
    "alternative",
    "window_start",
    "window_end",
    "tests",
    "rejections",
    "rate",
    "std_error",
    "verdict",
    "reason",
)
COLUMNS = (*SAMPLES, *LAID, *RATES)
"""Columns of the frame of a simulation; where a sample has two groups :data:`GROUPS` stand after the variance."""

PROBE = 4
"""Samples from which the time of all is told."""

ERRORS = 3.0
"""Monte-Carlo standard errors within which a rate counts as the level."""


@dataclass(frozen=True, slots=True)
class SimulationResult:
    """What a simulation found.

    Attributes
    ----------
    file : SimulationFile
        The design.
    frame : DataFrame
        One row per cell of the grid, model, statistic, alternative and window: :data:`COLUMNS`; rates are
        shares, effects are in per cent.
    """

    file: SimulationFile
    frame: pd.DataFrame

    @property
    def contrast(self) -> pd.Series:
        """Which rows are of tests that hold the second group against the other events."""
        return self.frame["statistic"].isin(self.file.design.contrasts)

    @property
    def null(self) -> pd.Series:
        """In which rows the hypothesis of the test is true, so that its rate is a size."""
        none = self.frame["effect"] == 0
        if "group_difference" not in self.frame:
            return none
        return (none | self.contrast) & (self.frame["group_difference"] == 0)


def simulate(
    file: SimulationFile, workers: Workers = ALONE, watch: Watch | None = None
) -> SimulationResult:
    """Run a simulation.

    Parameters
    ----------
    file : SimulationFile
        The design.
    workers : Workers, optional
        Who does the work.
    watch : callable, optional
        ``watch(results, number)``: passes the results of the tasks on as they come, and tells how far it is.

    Raises
    ------
    DataError
        When the table of returns cannot be used.
    OptionError
        When a cluster cannot be reached, or a worker is lost.
    """
    design = file.design
    pool = pool_of(file)
    todo = list(tasks(design))
    totals: dict[Key, list[Counted]] = {}
    with employed(workers):
        done = spread(partial(perform, design, pool=pool), todo)
        for task, counts in zip(todo, watch(done, len(todo)) if watch else done, strict=True):
            for each in counts:
                totals.setdefault((task.base, each.laid, each.test), []).append(each)
    return SimulationResult(file, _frame(design, totals))


def seconds(file: SimulationFile) -> float:
    """Return about how many seconds of one processor a simulation takes, from some samples of it.

    Parameters
    ----------
    file : SimulationFile
        The design.
    """
    design = file.design
    pool, total = pool_of(file), 0.0
    groups = design.groups and design.groups.first()
    one = {"effect": design.effect[:1], "variance": design.variance[:1], "groups": groups}
    small = design.model_copy(update=one)
    cells = sum(1 for _ in design.laid()) * design.samples
    first, *_ = design.bases()
    perform(small, Task(first, 1, (0, 0)), pool)
    for number, base in enumerate(design.bases()):
        start = process_time()
        perform(small, Task(base, PROBE, (number, 0)), pool)
        total += (process_time() - start) / PROBE * cells
    return total


def _frame(design: Simulation, totals: dict[Key, list[Counted]]) -> pd.DataFrame:
    """Return the rates of every test; groups have no columns where a sample has none."""
    import pandas as pd

    found = pd.DataFrame(
        [row for key, counts in totals.items() for row in _rows(design, key, counts)],
        columns=[*SAMPLES, *LAID, *GROUPS, *RATES],
    )
    return found if design.groups else found.drop(columns=list(GROUPS))


def _rows(design: Simulation, key: Key, counts: list[Counted]) -> Iterator[tuple[Any, ...]]:
    """Yield the rates of one test, window by window."""
    rejections = np.sum([each.rejections for each in counts], axis=0)
    tests = np.sum([each.tests for each in counts], axis=0)
    squares = np.sum([each.squares for each in counts], axis=0).T
    base, laid, test = key
    null = laid.null(contrast=test[1] in design.contrasts)
    reasons = [
        next(filter(None, each), "") for each in zip(*(c.reasons for c in counts), strict=True)
    ]
    for window, rejected, n, sums, reason in zip(
        design.windows, rejections.tolist(), tests.tolist(), squares.tolist(), reasons, strict=True
    ):
        rate = rejected / n if n else np.nan
        error = monte_carlo_error(rate, n, sums)
        said = verdict(rate, n, design.level, error) if null else ""
        cell = *astuple(base), *astuple(laid), *test, window.start, window.end
        yield (*cell, n, rejected, rate, error, said, reason)


def monte_carlo_error(rate: float, n: int, sums: Sequence[int]) -> float:
    """Return the standard error of a rate; samples are independent, the events of one need not be.

    Parameters
    ----------
    rate : float
        R / n.
    n : int
        Number of tests.
    sums : sequence of int, length 3
        Sums over the samples of r^2, r n and n^2, of the rejections r and tests n of a sample.

    Notes
    -----
    sqrt(sum (r_k - rate n_k)^2) / n over the samples k: with one test in a sample
    sqrt(rate (1 - rate) / n).
    """
    if not n:
        return float("nan")
    square, both, size = sums
    return float(np.sqrt(max(square - 2 * rate * both + rate**2 * size, 0.0)) / n)


def verdict(rate: float, n: int, level: float, error: float = 0.0) -> str:
    """Return ``sized``, ``over`` or ``under``: whether a rate without an effect is the level.

    Parameters
    ----------
    rate : float
        Share of rejections.
    n : int
        Number of tests.
    level : float
        Level of the tests.
    error : float, optional
        Monte-Carlo standard error of the rate.

    Notes
    -----
    Three Monte-Carlo standard errors of the level, sqrt(level (1 - level) / n), which a test of the right
    size leaves in 0.3 per cent of all cases; more where tests of one sample are not independent, in the ratio
    of `error` to sqrt(rate (1 - rate) / n).
    """
    if not n:
        return ""
    independent = np.sqrt(rate * (1 - rate) / n)
    more = max(1.0, error / independent) if independent else 1.0
    bound = ERRORS * more * np.sqrt(level * (1 - level) / n)
    if abs(rate - level) <= bound:
        return "sized"
    return "over" if rate > level else "under"
