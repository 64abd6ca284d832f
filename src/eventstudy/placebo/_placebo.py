"""The placebo test of every cell and group of a study, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.aggregate import moments
from eventstudy.comparison.draws import Days, moves_of, room, two_sided
from eventstudy.comparison.means import drawn_means
from eventstudy.comparison.multiplicity import same_events, stepped_down, stepped_down_by_p
from eventstudy.comparison.relabelling import tail_counts
from eventstudy.comparison.sessions import studentised
from eventstudy.comparison.strata import strata
from eventstudy.formats import counted
from eventstudy.inference import _laws as laws
from eventstudy.placebo.base import Adjusted, Answers, Comparison

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
    days = _days(options, trial)
    value, label = _own(trial, days)
    events = _events(options, trial, days, value, label)
    joint = _jointly(options, trial, days, rng)
    drawn = joint if len(trial.every) == 1 else joint | _apart(options, trial, days, rng)
    groups = {
        key: _group(options, _only(events, rows), value[rows], drawn[key])
        for key, rows in trial.groups.items()
    }
    adjusted = _adjusted(trial.groups, value, joint, groups)
    return Comparison(Answers(events, groups), days, value, label, adjusted)


def tested_alone(options: Placebo, trial: Trial) -> StatisticResult:
    """Test every event alone, shape (N, W)."""
    days = _days(options, trial)
    return _events(options, trial, days, *_own(trial, days))


def _days(options: Placebo, trial: Trial) -> Days:
    """Return the standardised CARs and the strata of every session, by asset."""
    return Days(
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


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """What the relabellings of one group of n events give.

    Attributes
    ----------
    draws : int
        B.
    column : callable
        ``column(window)``: mean of the standardised CARs in every relabelling, shape (B,).
    confined : str
        Why the events cannot be moved to other days; an empty text where they can.
    """

    draws: int
    column: Callable[[int], Floats]
    confined: str


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
    few[small] = [f"{counted(count, 'candidate day')}; {FEWEST} needed" for count in k[small]]
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
) -> dict[Group, _Drawn]:
    """Relabel the events of each asset among its own strata; groups of several assets stay out."""
    found: dict[Group, _Drawn] = {}
    for asset in trial.every:
        groups = {key: members for key, members in trial.groups.items() if key[1] == asset}
        if groups:
            rows = np.flatnonzero(trial.sample.assets == asset)
            found |= _moved(options, replace(trial, groups=groups), days, rows, rng)
    return found


def _jointly(
    options: Placebo, trial: Trial, days: Days, rng: np.random.Generator
) -> dict[Group, _Drawn]:
    """Relabel the events of all assets at once, each to one date."""
    return _moved(options, trial, days, np.arange(len(trial.sample)), rng)


def _moved(
    options: Placebo, trial: Trial, days: Days, rows: Ints, rng: np.random.Generator
) -> dict[Group, _Drawn]:
    """Relabel some cells and average them over the groups of the trial."""
    moves = moves_of(trial, rows, days)
    means = drawn_means(moves, trial.groups, draws=options.draws, rng=rng)
    free = np.zeros(len(trial.sample), int)
    free[rows] = room(trial, rows, days)
    return {
        key: _Drawn(means.draws, partial(means.column, key), confined(free[members]))
        for key, members in trial.groups.items()
    }


def confined(free: Ints) -> str:
    """Say how many of n cells have too few days to move to; an empty text for none."""
    few = int((free < FEWEST).sum())
    if not few:
        return ""
    days, events = counted(free.min(), "candidate day"), counted(len(free), "event")
    return f"as few as {days} for {few} of {events} to move to; {FEWEST} needed"


def _group(
    options: Placebo, events: StatisticResult, value: Floats, drawn: _Drawn
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
    drawn : _Drawn
        Their relabellings.
    """
    n, mean, _ = moments(value)
    alone = n == 1
    only = np.isfinite(value).argmax(axis=0), np.arange(value.shape[1])
    p_value = np.array(
        [
            two_sided(value, drawn.column(window)[:, None])[0]
            for window, value in enumerate(mean[:, None])
        ]
    )
    law = laws.texts(n.shape, f"relabelled({drawn.draws})")
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
            laws.needs_events(n, 1),
            np.where(alone, events.reason[only], drawn.confined).astype(object),
        ),
    )


def _adjusted(
    groups: Mapping[Group, NDArray[np.int64]],
    value: Floats,
    drawn: Mapping[Group, _Drawn],
    tested: Mapping[Group, StatisticResult],
) -> dict[Group, Adjusted]:
    """Adjust the p-values of all groups, assets and windows together; equal groups count once."""
    keys, same = list(groups), same_events(groups)
    distinct = [keys[position] for position in np.unique(same)]
    usable = [np.isfinite(tested[key].p_value) & (drawn[key].confined == "") for key in distinct]
    mean = np.concatenate([moments(value[groups[key]])[1] for key in distinct])
    observed = np.where(np.concatenate(usable), mean, np.nan)
    windows = value.shape[1]

    def column(number: int) -> Floats:
        return drawn[distinct[number // windows]].column(number % windows)

    min_p, max_t = (
        dict(zip(distinct, np.split(step(observed, column), len(distinct)), strict=True))
        for step in (stepped_down_by_p, stepped_down)
    )
    return {
        key: Adjusted(
            np.maximum(min_p[keys[first]], tested[key].p_value),
            np.maximum(max_t[keys[first]], tested[key].p_value),
            _reasons(tested[key].reason, drawn[key].confined),
        )
        for key, first in zip(keys, same, strict=True)
    }


def _reasons(tested: NDArray[np.object_], confined: str) -> NDArray[np.object_]:
    """Return why a p-value or its adjustment is missing: the first of both, shape (W,)."""
    together = f"together with the other assets: {confined}" if confined else ""
    return np.where(tested == "", together, tested)
