"""Run a simulation: tasks in parallel, their counts together, rates with their Monte-Carlo errors."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from functools import partial
from time import process_time
from typing import TYPE_CHECKING, Any

import numpy as np

from eventstudy.errors import DataError, OptionError
from eventstudy.simulate.design import Base
from eventstudy.simulate.draws import Pool
from eventstudy.simulate.task import Counted, Task, perform, tasks
from eventstudy.simulate.workers import ALONE, Workers, employed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pandas as pd

    from eventstudy.simulate.design import Simulation
    from eventstudy.simulate.loading import SimulationFile

    Watch = Callable[[Iterable[list[Counted]], int], Iterable[list[Counted]]]

COLUMNS = (
    *(field.name for field in fields(Base)),
    "effect",
    "variance",
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
"""Columns of the frame of a simulation."""

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
        When a cluster cannot be reached, a worker is lost, or a statistic compares two groups.
    """
    design = file.design
    _refuse_contrasts(design)
    pool = _pool(file)
    todo = list(tasks(design))
    totals: dict[tuple[Any, ...], list[Counted]] = {}
    with employed(workers) as run:
        done = run(partial(perform, design, pool=pool), todo)
        for task, counts in zip(todo, watch(done, len(todo)) if watch else done, strict=True):
            for each in counts:
                totals.setdefault((*astuple(task.base), *each.key), []).append(each)
    return SimulationResult(file, _frame(design, totals))


def seconds(file: SimulationFile) -> float:
    """Return about how many seconds of one processor a simulation takes, from some samples of it.

    Parameters
    ----------
    file : SimulationFile
        The design.
    """
    design = file.design
    _refuse_contrasts(design)
    pool, total = _pool(file), 0.0
    small = design.model_copy(update={"effect": design.effect[:1], "variance": design.variance[:1]})
    cells = len(design.effect) * len(design.variance) * design.samples
    first, *_ = design.bases()
    perform(small, Task(first, 1, (0, 0)), pool)
    for number, base in enumerate(design.bases()):
        start = process_time()
        perform(small, Task(base, PROBE, (number, 0)), pool)
        total += (process_time() - start) / PROBE * cells
    return total


def _refuse_contrasts(design: Simulation) -> None:
    """Raise for tests that hold one group against another: a sample is one group."""
    from eventstudy.registry import find
    from eventstudy.spec.plugins import PACKAGES

    for choice in design.statistics:
        if find(PACKAGES["statistic"], choice.name, kind="statistic").scope == "contrast":
            raise OptionError(
                f"the statistic {choice.label!r} compares two groups, and a simulated sample is one; leave it out"
            )


def _pool(file: SimulationFile) -> Pool | None:
    """Return the table of returns to draw from; None where they come from a law."""
    from eventstudy.sheets.series import read_series

    asked = file.design.returns
    if asked is None:
        return None
    path = file.path.parent / asked.file
    table = read_series(path)
    missing = [name for name in (asked.market, *asked.securities) if name not in table.names]
    if missing:
        raise DataError(
            f"{path} has no column {', '.join(missing)}; it has {', '.join(table.names)}"
        )
    chosen = asked.securities or tuple(name for name in table.names if name != asked.market)
    columns = [table.names.index(name) for name in chosen]
    market = table.values[:, table.names.index(asked.market)]
    return Pool(table.dates, table.values[:, columns], market)


def _frame(design: Simulation, totals: dict[tuple[Any, ...], list[Counted]]) -> pd.DataFrame:
    """Return the rates of every test."""
    import pandas as pd

    return pd.DataFrame(
        [row for key, counts in totals.items() for row in _rows(design, key, counts)],
        columns=list(COLUMNS),
    )


def _rows(
    design: Simulation, key: tuple[Any, ...], counts: list[Counted]
) -> Iterator[tuple[Any, ...]]:
    """Yield the rates of one test, window by window."""
    rejections = np.sum([each.rejections for each in counts], axis=0)
    tests = np.sum([each.tests for each in counts], axis=0)
    effect = key[len(fields(Base))]
    reasons = [
        next(filter(None, each), "") for each in zip(*(c.reasons for c in counts), strict=True)
    ]
    for window, rejected, n, reason in zip(
        design.windows, rejections.tolist(), tests.tolist(), reasons, strict=True
    ):
        rate = rejected / n if n else np.nan
        error = np.sqrt(rate * (1 - rate) / n) if n else np.nan
        said = verdict(rate, n, design.level) if effect == 0 else ""
        yield (*key, window.start, window.end, n, rejected, rate, error, said, reason)


def verdict(rate: float, n: int, level: float) -> str:
    """Return ``sized``, ``over`` or ``under``: whether a rate without an effect is the level.

    Parameters
    ----------
    rate : float
        Share of rejections.
    n : int
        Number of tests.
    level : float
        Level of the tests.

    Notes
    -----
    Three Monte-Carlo standard errors of the level, sqrt(level (1 - level) / n).
    """
    if not n:
        return ""
    bound = ERRORS * np.sqrt(level * (1 - level) / n)
    if abs(rate - level) <= bound:
        return "sized"
    return "over" if rate > level else "under"
