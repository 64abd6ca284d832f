"""The procedures of a study: one model's question asked on other dates, as columns of frames."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from eventstudy.aggregate import cumulate
from eventstudy.comparison import Trial, every_session, false_discovery, same_events
from eventstudy.placebo.base import Invertible
from eventstudy.placebo.placebo import Placebo
from eventstudy.registry import build
from eventstudy.study import frames
from eventstudy.study.draws import generator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from eventstudy.inference.base import StatisticResult
    from eventstudy.models.base import Floats, Model
    from eventstudy.placebo.base import Answers, Comparison, Procedure
    from eventstudy.returns.sample import Ints
    from eventstudy.spec import Choice, Study, Window
    from eventstudy.study.analysis import Analysis
    from eventstudy.study.frames import Columns

BINS = 40
"""Bars of a histogram of placebo days."""

METHODS: dict[str, Literal["bh", "by"]] = {"p_bh": "bh", "p_by": "by"}
"""Columns of p-values adjusted for the false discovery rate, by method."""


def trial_of(study: Study, choice: Choice, part: Analysis, catalogue: tuple[Ints, ...]) -> Trial:
    """Ask the question of one model on every session.

    Parameters
    ----------
    study : Study
        Gives the windows and the fewest observations.
    choice : Choice
        The model.
    part : Analysis
        What it says of the events.
    catalogue : tuple of ndarray of int
        By axis: day 0 of every known event.
    """
    model: Model = build("eventstudy.models", choice.name, choice.options, kind="model")
    sample = part.estimated.sample
    return Trial(
        sample=sample,
        model=model,
        cars=cumulate(part.abnormal, study.windows),
        groups=part.groups,
        every=every_session(sample, model, study.windows, least=study.min_observations),
        catalogue=catalogue,
    )


def compared(study: Study, label: str, trial: Trial) -> Comparison:
    """Return the placebo comparison of a model, with the options that the study gives to it."""
    return headline_of(study).compare(trial, generator(study.seed, label, Placebo.name))


def headline_of(study: Study) -> Placebo:
    """Return the placebo of the headline, with the options that the study gives to it."""
    options = study.placebo.options if study.placebo else {}
    placebo: Placebo = build("eventstudy.placebo", Placebo.name, options, kind="procedure")
    return placebo


def tested_over(study: Study, trial: Trial, windows: Sequence[Window]) -> StatisticResult:
    """Test every event by the headline's placebo over other windows than those of the study."""
    every = every_session(trial.sample, trial.model, windows, least=study.min_observations)
    other = replace(trial, cars=cumulate(trial.cars.abnormal, windows), every=every)
    return headline_of(study).of_events(other)


def procedure_columns(
    study: Study, label: str, trial: Trial, comparison: Comparison
) -> Iterator[Columns]:
    """Yield the rows of every procedure of a study in the frame ``statistics``."""
    for choice in study.procedures:
        if choice == study.placebo:
            answers = comparison.answers
        else:
            answers = _procedure(choice).test(trial, generator(study.seed, label, choice.label))
        yield from _answer_columns(label, choice.label, trial, answers)


def _procedure(choice: Choice) -> Procedure:
    """Return the procedure that a study chose."""
    test: Procedure = build("eventstudy.placebo", choice.name, choice.options, kind="procedure")
    return test


def interval_columns(study: Study, label: str, trial: Trial) -> Iterator[Columns]:
    """Yield the CARs that a procedure does not reject, for those procedures that can be inverted."""
    for choice in study.procedures:
        test = _procedure(choice)
        if isinstance(test, Invertible):
            found = test.intervals(trial, level=1 - study.alpha)
            values = {
                **frames.bounds(trial.cars.windows),
                "low": found.low,
                "high": found.high,
                "reason": found.reason,
            }
            rows = dict(frames.by_cell(label, trial.cars.abnormal, values))
            yield {**rows, "statistic": np.full(found.low.size, choice.label, dtype=object)}


def _answer_columns(model: str, label: str, trial: Trial, answers: Answers) -> Iterator[Columns]:
    """Yield the rows of one procedure: of single events, then of groups."""
    windows = trial.cars.windows
    yield frames.statistic_columns(model, label, trial.cars, answers.events, windows)
    for group, found in answers.groups.items():
        yield frames.statistic_columns(model, label, group, found, windows)


def placebo_columns(label: str, trial: Trial, comparison: Comparison) -> Columns:
    """Return what the placebo test of every event rests on."""
    cars, events = trial.cars, comparison.answers.events
    values = {
        **frames.bounds(cars.windows),
        "value": comparison.value,
        "p_value": events.p_value,
        "n": events.n,
        "effective_n": events.n // cars.lengths,
        "floor": 1 / (events.n + 1),
        "stratum": np.broadcast_to(strata_of(trial, comparison)[:, None], cars.car.shape),
    }
    return frames.by_cell(label, cars.abnormal, values)


def strata_of(trial: Trial, comparison: Comparison) -> NDArray[np.object_]:
    """Return the stratum of every cell in words, shape (N,); an empty text for none."""
    names = [
        comparison.days.strata[asset].names[label] if label >= 0 else ""
        for asset, label in zip(trial.sample.assets, comparison.label, strict=True)
    ]
    return np.array(names, dtype=object)


def bin_columns(label: str, trial: Trial, comparison: Comparison) -> Iterator[Columns]:
    """Yield the histogram of the candidate days of every stratum that an event is compared with."""
    for asset in trial.every:
        days, group = comparison.days.values[asset], comparison.days.strata[asset]
        used = comparison.label[trial.sample.assets == asset]
        for stratum in sorted(set(used[used >= 0].tolist())):
            pool = days[group.candidate & (group.label == stratum)]
            for window, values in zip(trial.cars.windows, pool.T, strict=True):
                count, edges = _histogram(values)
                keys = {"model": label, "asset": asset, "stratum": group.names[stratum]}
                yield {
                    **{key: np.full(len(count), text, dtype=object) for key, text in keys.items()},
                    "window_start": np.full(len(count), window.start),
                    "window_end": np.full(len(count), window.end),
                    "low": edges[:-1],
                    "high": edges[1:],
                    "n": count,
                }


def _histogram(values: Floats) -> tuple[Ints, Floats]:
    """Return counts and edges of the known values; one empty bar where there is none."""
    known = values[np.isfinite(values)]
    if not len(known):
        return np.zeros(1, int), np.zeros(2)
    count, edges = np.histogram(known, BINS)
    return count, edges


def multiplicity_columns(label: str, trial: Trial, comparison: Comparison) -> Sequence[Columns]:
    """Return the p-values of all groups, assets and windows, alone and read together.

    Groups of the same events are one hypothesis: the family holds them once, under the name of the
    first, which the others give.
    """
    keys, same = list(trial.groups), same_events(trial.groups)
    alone = np.array([comparison.answers.groups[key].p_value for key in keys])
    distinct = np.unique(same)
    methods = {}
    for name, method in METHODS.items():
        family = np.full(alone.shape, np.nan)
        family[distinct] = false_discovery(alone[distinct].ravel(), method).reshape(
            len(distinct), -1
        )
        methods[name] = family[same]
    return [
        {
            **frames.by_group(label, key, len(trial.cars.windows)),
            **frames.bounds(trial.cars.windows),
            "same_as": np.full(
                len(trial.cars.windows), "" if first == row else keys[first][0], dtype=object
            ),
            "p_value": alone[row],
            "p_min_p": comparison.adjusted[key].min_p,
            "p_max_t": comparison.adjusted[key].max_t,
            **{name: values[row] for name, values in methods.items()},
            "reason": comparison.adjusted[key].reason,
        }
        for row, (key, first) in enumerate(zip(keys, same.tolist(), strict=True))
    ]
