"""Kinds of event side by side, and the events signed by what was expected, as columns of frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eventstudy.aggregate import moments
from eventstudy.comparison.draws import mean_by_group, relabelled, two_sided
from eventstudy.reversal.kinds import contrast, kinds
from eventstudy.reversal.lasting import draw_sets
from eventstudy.study import frames
from eventstudy.study.aftermath import DRAWS, SLOPES, alike, beside_columns, expected_signs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventstudy.comparison import Trial
    from eventstudy.models.base import Floats
    from eventstudy.placebo.base import Comparison
    from eventstudy.returns.sample import Ints
    from eventstudy.reversal.kinds import Contrast, Kind
    from eventstudy.reversal.lasting import Beside
    from eventstudy.reversal.matched import Matched
    from eventstudy.spec import Study
    from eventstudy.study.aftermath import Aftermath
    from eventstudy.study.frames import Columns, Group

EVERY = "all"
"""The group whose events are told apart; those of a category are too few."""


def kind_columns(
    study: Study, label: str, trial: Trial, after: Aftermath, rng: np.random.Generator
) -> Iterator[Columns]:
    """Yield what came after two kinds of event, question by question and asset by asset."""
    wanted = [k for k in SLOPES if k <= after.found.own.later.shape[1]]
    groups = {key: rows for key, rows in trial.groups.items() if key[0] == EVERY}
    asked = kinds(trial, after.found, expected_signs(study, trial)) if wanted else ()
    for kind in asked:
        compared = [_compared(study, trial, after, kind, side) for side in (0, 1)]
        for key, members in groups.items():
            sides = []
            for side, found in enumerate(compared):
                rows = members[found.ready[members] & (kind.of_event[members] == side)]
                sets = draw_sets(found, trial.sample.assets, rows, DRAWS, rng)
                sides.append((found.own.select(rows), sets))
            yield _rows(label, key, kind, contrast(*sides), np.array(wanted))


def _compared(study: Study, trial: Trial, after: Aftermath, kind: Kind, side: int) -> Matched:
    """Return the days that events of one kind are compared with: days of the same kind."""
    if kind.of_day is None:
        return after.found
    days = {
        asset: candidate & (kind.of_day[asset] == side)
        for asset, candidate in after.candidates.items()
    }
    return alike(study, trial, days)


def _rows(label: str, key: Group, kind: Kind, found: Contrast, k: Ints) -> Columns:
    """Return the rows of one question in one group: both kinds, each over the wanted horizons."""
    sides = []
    for name, n, drift in zip(kind.sides, found.n, found.drift, strict=True):
        reason = "" if n[0] else "no such event has days to be compared with"
        sides.append(
            {
                "kind": np.full(len(k), kind.name, dtype=object),
                "side": np.full(len(k), name, dtype=object),
                "k": k,
                "n": n[k - 1],
                **_at(k, "drift", drift),
                **_at(k, "difference", found.difference),
                "reason": np.full(len(k), reason, dtype=object),
            }
        )
    both = {name: np.concatenate([side[name] for side in sides]) for name in sides[0]}
    return {**frames.by_group(label, key, len(both["k"])), **both}


def _at(k: Ints, name: str, number: Beside) -> Columns:
    """Return the columns of a number at some horizons."""
    return {column: values[k - 1] for column, values in beside_columns(name, number).items()}


def signed_columns(
    study: Study, label: str, trial: Trial, comparison: Comparison, rng: np.random.Generator
) -> Iterator[Columns]:
    """Yield the mean CAR of every window in the direction expected, with its placebo p.

    The statistic is the mean of the standardised CARs times the sign, among relabelled events that
    keep their signs; a single event has the p-value of its own placebo.
    """
    signs = expected_signs(study, trial)
    signed = np.isfinite(signs)
    for asset in trial.every:
        rows = np.flatnonzero(signed & (trial.sample.assets == asset))
        groups = {
            key: members[signed[members]]
            for key, members in trial.groups.items()
            if key[1] == asset and signed[members].any()
        }
        moved = relabelled(trial, rows, comparison.days, draws=DRAWS, rng=rng) if len(rows) else ()
        drawn = mean_by_group(((row, signs[row] * values) for row, values in moved), groups)
        for key, members in groups.items():
            yield {
                **frames.by_group(label, key, len(trial.cars.windows)),
                **frames.bounds(trial.cars.windows),
                **_signed(trial, comparison, (members, signs[members]), drawn[key]),
            }


def _signed(
    trial: Trial, comparison: Comparison, events: tuple[Ints, Floats], drawn: Floats
) -> Columns:
    """Return the numbers of one group of events with their signs over every window."""
    rows, signs = events
    n, value, _ = moments(signs[:, None] * comparison.value[rows])
    alone = comparison.answers.events.p_value[rows]
    only = np.isfinite(alone).argmax(axis=0), np.arange(alone.shape[1])
    return {
        "n": n,
        "mean": moments(signs[:, None] * trial.cars.car[rows])[1],
        "value": value,
        "p_value": np.where(n == 1, alone[only], two_sided(value, drawn)),
    }
