"""The placebo test of every cell and group of a study, and what it rests on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.aggregate import moments
from eventstudy.comparison.draws import Days, mean_by_group, relabelled, two_sided
from eventstudy.comparison.multiplicity import same_events, step_down, step_down_by_p
from eventstudy.comparison.relabelling import tail_counts
from eventstudy.comparison.sessions import studentised
from eventstudy.comparison.strata import strata
from eventstudy.inference import _laws as laws
from eventstudy.placebo.base import Adjusted, Answers, Comparison

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from eventstudy.comparison.trial import Group, Trial
    from eventstudy.inference.base import StatisticResult
    from eventstudy.models.base import Floats
    from eventstudy.placebo.placebo import Placebo
    from eventstudy.returns.sample import Ints

FEWEST = 19
"""Fewest candidate days with which a p-value can be .05."""


def compare(options: Placebo, trial: Trial, rng: np.random.Generator) -> Comparison:
    """Compare the events of a study with days of the same markets in the same state."""
    days = Days(
        {asset: studentised(every, options.scale) for asset, every in trial.every.items()},
        {
            asset: strata(
                every,
                trial.catalogue[every.cells.axis[0]],
                by=options.by,
                exclude=options.exclude,
            )
            for asset, every in trial.every.items()
        },
    )
    value, label = _own(trial, days)
    events = _events(options, trial, days, value, label)
    joint = _jointly(options, trial, days, rng)
    drawn = joint if len(trial.every) == 1 else joint | _apart(options, trial, days, rng)
    groups = {
        key: _group(options, _only(events, rows), value[rows], drawn[key])
        for key, rows in trial.groups.items()
    }
    return Comparison(
        Answers(events, groups), days, value, label, _adjusted(trial.groups, value, joint, groups)
    )


def _only(events: StatisticResult, rows: NDArray[np.int64]) -> StatisticResult:
    """Return the tests of some events."""
    names = ("estimate", "statistic", "p_value", "n", "distribution", "reason")
    return replace(events, **{name: getattr(events, name)[rows] for name in names})


def _own(trial: Trial, days: Days) -> tuple[Floats, Ints]:
    """Return the standardised CARs of the events themselves, and their strata."""
    value = np.full(trial.cars.car.shape, np.nan)
    label = np.full(len(value), -1)
    for asset, every in trial.every.items():
        rows = np.flatnonzero(trial.sample.assets == asset)
        position = every.positions(trial.sample.day0[rows])
        value[rows] = days.values[asset][position]
        label[rows] = days.strata[asset].label[position]
    return value, label


def _events(
    options: Placebo, trial: Trial, days: Days, value: Floats, label: Ints
) -> StatisticResult:
    """Test every event among the candidates of its stratum."""
    at_least, k = np.zeros(value.shape, int), np.zeros(value.shape, int)
    for asset, group in days.strata.items():
        for stratum in range(len(group.names)):
            rows = np.flatnonzero((trial.sample.assets == asset) & (label == stratum))
            pool = days.values[asset][group.candidate & (group.label == stratum)]
            for window in range(value.shape[1]) if len(rows) else ():
                found = tail_counts(value[rows, window], pool[:, window])
                at_least[rows, window], k[rows, window] = found
    unknown = np.broadcast_to((label < 0)[:, None], value.shape)
    few = laws.texts(value.shape)
    small = k < FEWEST
    few[small] = [f"{count} candidate days; {FEWEST} needed" for count in k[small]]
    tested = laws.Tested(value, (1 + at_least) / (k + 1), laws.named("placebo", k))
    return laws.result(
        options,
        tested,
        estimate=trial.cars.car,
        n=k,
        reason=laws.first_reason(
            laws.missing_returns(trial.cars),
            laws.where(unknown, "no returns over the 20 sessions before"),
            few,
        ),
    )


def _apart(
    options: Placebo, trial: Trial, days: Days, rng: np.random.Generator
) -> dict[Group, Floats]:
    """Relabel the events of each asset among its own strata; groups of several assets stay out."""
    found: dict[Group, Floats] = {}
    for asset in trial.every:
        groups = {key: members for key, members in trial.groups.items() if key[1] == asset}
        if groups:
            rows = np.flatnonzero(trial.sample.assets == asset)
            drawn = relabelled(trial, rows, days, draws=options.draws, rng=rng)
            found |= mean_by_group(drawn, groups)
    return found


def _jointly(
    options: Placebo, trial: Trial, days: Days, rng: np.random.Generator
) -> dict[Group, Floats]:
    """Relabel the events of all assets at once, each to one date."""
    rows = np.arange(len(trial.sample))
    drawn = relabelled(trial, rows, days, draws=options.draws, rng=rng)
    return mean_by_group(drawn, trial.groups)


def _group(
    options: Placebo, events: StatisticResult, value: Floats, drawn: Floats
) -> StatisticResult:
    """Test a group of n events by its relabellings; where it has one, it is that event's test.

    Parameters
    ----------
    options : Placebo
        The test.
    events : StatisticResult
        The tests of its events, shape (n, W).
    value : ndarray, shape (n, W)
        Their standardised CARs.
    drawn : ndarray, shape (B, W)
        Mean of the standardised CARs in every relabelling.
    """
    n, mean, _ = moments(value)
    alone = n == 1
    only = np.isfinite(value).argmax(axis=0), np.arange(value.shape[1])
    p_value, law = two_sided(mean, drawn), laws.texts(n.shape, f"relabelled({len(drawn)})")
    return laws.result(
        options,
        laws.Tested(
            mean,
            np.where(alone, events.p_value[only], p_value),
            np.where(alone, events.distribution[only], law),
        ),
        estimate=moments(events.estimate)[1],
        n=n,
        reason=laws.first_reason(
            laws.needs_events(n, 1), np.where(alone, events.reason[only], "").astype(object)
        ),
    )


def _adjusted(
    groups: Mapping[Group, NDArray[np.int64]],
    value: Floats,
    drawn: Mapping[Group, Floats],
    tested: Mapping[Group, StatisticResult],
) -> dict[Group, Adjusted]:
    """Adjust the p-values of all groups, assets and windows together; equal groups count once."""
    keys, same = list(groups), same_events(groups)
    distinct = [keys[position] for position in np.unique(same)]
    observed = np.concatenate([moments(value[groups[key]])[1] for key in distinct])
    family = np.concatenate([drawn[key] for key in distinct], axis=1)
    found = [
        dict(zip(distinct, np.split(step(observed, family), len(distinct)), strict=True))
        for step in (step_down_by_p, step_down)
    ]
    return {
        key: Adjusted(*(np.fmax(each[keys[first]], tested[key].p_value) for each in found))
        for key, first in zip(keys, same, strict=True)
    }
