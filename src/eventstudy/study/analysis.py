"""What one model says: abnormal returns, CARs and tests, as columns of frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from eventstudy.abnormal import abnormal_returns
from eventstudy.aggregate import cumulate, paths
from eventstudy.inference.forecast_t import ForecastT
from eventstudy.inference.sides import on_side
from eventstudy.registry import build
from eventstudy.returns.sample import chunks
from eventstudy.spec import Window
from eventstudy.study import frames
from eventstudy.study.draws import generator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from eventstudy.abnormal import AbnormalReturns
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import StatisticResult
    from eventstudy.inference.sides import Alternative
    from eventstudy.models.base import Floats
    from eventstudy.spec import Choice, Study
    from eventstudy.study.cells import Estimated
    from eventstudy.study.frames import Columns, Group

    Groups = Mapping[Group, NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Analysis:
    """One model of a study.

    Attributes
    ----------
    label : str
        Name under which the study runs it.
    estimated : Estimated
        Its N cells and their fit.
    abnormal : AbnormalReturns
        Their abnormal returns.
    groups : mapping of (group, asset) to ndarray of int
        Positions of the cells of each category, and of ``all``, by asset.
    """

    label: str
    estimated: Estimated
    abnormal: AbnormalReturns
    groups: Groups


def analyse(study: Study, label: str, estimated: Estimated) -> Analysis:
    """Turn a fitted model into abnormal returns and groups."""
    abnormal = abnormal_returns(estimated.sample, estimated.fit)
    return Analysis(label, estimated, abnormal, _groups(study, abnormal))


def _groups(study: Study, abnormal: AbnormalReturns) -> Groups:
    """Return the cells of each category and of all events, asset by asset unless they are pooled."""
    category = {event.id: event.category for event in study.events}
    of_cell = np.array([category[event_id] for event_id in abnormal.event_ids], dtype=object)
    found = {}
    for asset in ("all",) if study.pool_assets else study.assets:
        here = (abnormal.assets == asset) | study.pool_assets
        for name in dict.fromkeys(category.values()):
            found[name, asset] = np.flatnonzero(here & (of_cell == name))
        found["all", asset] = np.flatnonzero(here)
    return {key: rows for key, rows in found.items() if len(rows)}


def estimate_columns(study: Study, part: Analysis) -> dict[str, Columns]:
    """Return the frames that hold one row per cell."""
    cars = cumulate(part.abnormal, study.windows)
    sample = part.estimated.sample
    return {
        "parameters": frames.parameter_columns(part.label, sample, part.estimated.fit),
        "diagnostics": frames.diagnostic_columns(part.label, sample, part.estimated.fit),
        "abnormal": frames.abnormal_columns(part.label, sample, part.abnormal),
        "car": frames.car_columns(part.label, cars, ForecastT().test(cars)),
        "paths": frames.path_columns(part.label, part.abnormal, study.alpha),
    }


def group_columns(
    part: Analysis, windows: Sequence[Window], alpha: float
) -> dict[str, list[Columns]]:
    """Return the frames that hold one row per group: averages and mean paths.

    Parameters
    ----------
    part : Analysis
        One model.
    windows : sequence of Window
        Windows to average over, beside every day of the event window.
    alpha : float
        One minus the confidence of the bands.
    """
    tested = tested_windows(windows, part.abnormal.event_window)
    cars = cumulate(part.abnormal, tested)
    aggregate = [
        frames.aggregate_columns(part.label, group, cars.select(rows))
        for group, rows in part.groups.items()
    ]
    value, tau = _path_values(part.abnormal), part.abnormal.tau
    return {
        "aggregate": aggregate,
        "mean_paths": [
            frames.mean_path_columns(part.label, group, value[rows], tau, alpha)
            for group, rows in part.groups.items()
        ],
    }


def _path_values(abnormal: AbnormalReturns) -> Floats:
    """Return the path of every cell, shape (N, L2), a few cells at a time for what it takes."""
    value = np.empty(abnormal.ar.shape)
    for rows in chunks(len(abnormal)):
        value[rows] = paths(abnormal.select(np.arange(rows.start, rows.stop)))[0]
    return value


def tested_windows(windows: Sequence[Window], event_window: Window) -> tuple[Window, ...]:
    """Return some windows and every day of the event window, each once."""
    first, last = event_window
    days = (Window(day, day) for day in range(first, last + 1))
    return tuple(dict.fromkeys((*windows, *days)))


def statistic_parts(
    part: Analysis,
    statistics: Sequence[Choice],
    windows: Sequence[Window],
    *,
    seed: int,
    alternative: Alternative,
) -> list[Columns]:
    """Run statistics, each on every event or on every group.

    Parameters
    ----------
    part : Analysis
        The model whose abnormal returns are tested.
    statistics : sequence of Choice
        Statistics, in the order of the rows.
    windows : sequence of Window
        Tested for events; for groups every day of the event window is tested too.
    seed : int
        Seed of the statistics that draw random numbers.
    alternative : {'two-sided', 'greater', 'less'}
        Side of the p-values.
    """
    tests: dict[str, Any] = {
        choice.label: build("eventstudy.inference", choice.name, choice.options, kind="statistic")
        for choice in statistics
    }
    found: dict[str, list[Columns]] = {label: [] for label in tests}

    def keep(label: str, key: Group | CumulativeReturns, tested: StatisticResult) -> None:
        spans = windows if tests[label].scope == "event" else grouped.windows
        tested = on_side(tested, alternative)
        found[label].append(frames.statistic_columns(part.label, label, key, tested, spans))

    single = cumulate(part.abnormal, windows)
    grouped = cumulate(part.abnormal, tested_windows(windows, part.abnormal.event_window))
    for label, test in tests.items():
        if test.scope == "event":
            keep(label, single, test.test(single))
    # group by group: statistics that rest on one intermediate find it in each other's cache
    for group, rows in part.groups.items():
        own, everyone = grouped.select(rows), part.groups["all", group[1]]
        for label, test in tests.items():
            if test.scope == "contrast":
                # one set of exchanges for all groups: of two groups both have the same p-value
                rng, chosen = generator(seed, part.label, label, group[1]), np.isin(everyone, rows)
                keep(label, group, test.test(grouped.select(everyone), chosen, rng))
            elif test.scope == "group":
                rng = generator(seed, part.label, label, *group)
                keep(label, group, test.test(own, rng) if test.resampling else test.test(own))
    return [columns for parts in found.values() for columns in parts]
