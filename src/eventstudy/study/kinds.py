"""Kinds of event side by side, as columns of a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eventstudy.reversal.kinds import contrast, kinds
from eventstudy.reversal.lasting import draw_sets
from eventstudy.study import frames
from eventstudy.study.aftermath import DRAWS, SLOPES, alike, beside_columns
from eventstudy.study.signed import expected_signs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventstudy.comparison import Trial
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
