"""What one model says: abnormal returns, CARs, tests, drift and verdicts, as columns of frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from eventstudy.abnormal import abnormal_returns
from eventstudy.aggregate import cumulate, paths
from eventstudy.inference.forecast_t import ForecastT
from eventstudy.inference.sample_quantile import SampleQuantile
from eventstudy.registry import build
from eventstudy.reversal import DAY0, drift
from eventstudy.spec import Window
from eventstudy.study import frames
from eventstudy.study.draws import generator
from eventstudy.verdict import give_back, interval, no_interval, outcomes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from eventstudy.abnormal import AbnormalReturns
    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import StatisticResult
    from eventstudy.reversal import Legs
    from eventstudy.spec import Choice, Study
    from eventstudy.study.cells import Estimated
    from eventstudy.study.frames import Columns, Group
    from eventstudy.verdict import Interval

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
        "abnormal": frames.abnormal_columns(part.label, sample, part.abnormal),
        "car": frames.car_columns(part.label, cars, ForecastT().test(cars)),
        "paths": frames.path_columns(part.label, part.abnormal, study.alpha),
        "drift": drift_columns(part),
    }


def drift_columns(part: Analysis) -> Columns:
    """Return the signed drift and the give-back share of every cell and horizon."""
    found = drift(part.abnormal)
    horizons = np.arange(1, found.signed.shape[1] + 1)
    values = {"k": horizons, "signed_drift": found.signed, "give_back_share": found.give_back}
    return frames.by_cell(part.label, part.abnormal, values)


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
    cars, value = cumulate(part.abnormal, tested), paths(part.abnormal)[0]
    tau = part.abnormal.tau
    return {
        "aggregate": [
            frames.aggregate_columns(part.label, group, cars.select(rows))
            for group, rows in part.groups.items()
        ],
        "mean_paths": [
            frames.mean_path_columns(part.label, group, value[rows], tau, alpha)
            for group, rows in part.groups.items()
        ],
    }


def tested_windows(windows: Sequence[Window], event_window: Window) -> tuple[Window, ...]:
    """Return some windows and every day of the event window, each once."""
    first, last = event_window
    days = (Window(day, day) for day in range(first, last + 1))
    return tuple(dict.fromkeys((*windows, *days)))


def statistic_parts(
    part: Analysis, statistics: Sequence[Choice], windows: Sequence[Window], *, seed: int
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
    """
    tests: dict[str, Any] = {
        choice.label: build("eventstudy.inference", choice.name, choice.options, kind="statistic")
        for choice in statistics
    }
    found: dict[str, list[Columns]] = {label: [] for label in tests}

    def keep(label: str, key: Group | CumulativeReturns, tested: StatisticResult) -> None:
        spans = windows if tests[label].scope == "event" else grouped.windows
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
            rng = generator(seed, part.label, label, *group)
            if test.scope == "contrast":
                keep(
                    label, group, test.test(grouped.select(everyone), np.isin(everyone, rows), rng)
                )
            elif test.scope == "group":
                keep(label, group, test.test(own, rng) if test.resampling else test.test(own))
    return [columns for parts in found.values() for columns in parts]


def verdict_columns(study: Study, part: Analysis, legs: Legs) -> Columns:
    """Return the outcome of every cell with the numbers that it rests on.

    Parameters
    ----------
    study : Study
        Gives the level and the event window.
    part : Analysis
        N cells.
    legs : Legs
        Day-0 legs of the same cells.
    """
    later = Window(1, max(1, min(5, study.event_window.end)))
    known = [DAY0, later] if study.event_window.contains(later) else [DAY0]
    cars = cumulate(part.abnormal, known)
    p0, floor = SampleQuantile().test(cars).p_value[:, 0], 1 / (part.abnormal.n_est + 1)
    day0 = interval(cars, 0, study.alpha)
    after = interval(cars, 1, study.alpha) if len(known) == 2 else no_interval(len(p0))
    large = np.abs(day0.estimate) > part.abnormal.sigma
    share = give_back(np.where(large, day0.estimate, np.nan), after)
    values = {
        "outcome": outcomes(np.where(floor <= study.alpha, p0, np.nan), share, legs, study.alpha),
        "p0": p0,
        "p0_test": np.full(len(part.abnormal), SampleQuantile.name, dtype=object),
        "floor": floor,
        **_named("ar0", day0),
        **{
            name: np.repeat(end, len(part.abnormal)) for name, end in frames.bounds([later]).items()
        },
        **_named("car", after),
        "car_p": ForecastT().test(cars).p_value[:, 1] if len(known) == 2 else after.estimate,
        **_named("give_back", share),
    }
    columns = {name: value[:, None] for name, value in values.items()}
    return frames.by_cell(part.label, part.abnormal, columns)


def _named(name: str, limits: Interval) -> Columns:
    """Return the three columns of an interval."""
    return {name: limits.estimate, f"{name}_low": limits.low, f"{name}_high": limits.high}
