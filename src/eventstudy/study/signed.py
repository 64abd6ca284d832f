"""The events with the sign that the study file gives, as columns of frames: responses and mean CARs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.aggregate import moments
from eventstudy.comparison.draws import (
    Days,
    drawn_positions,
    mean_by_group,
    relabelled,
    two_sided,
)
from eventstudy.reversal.effect import LIMITED, held_back
from eventstudy.reversal.projection import no_projection, project
from eventstudy.spec import Window
from eventstudy.study import frames
from eventstudy.study.aftermath import DRAWS, POOLED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from eventstudy.comparison import Trial
    from eventstudy.models.base import Floats
    from eventstudy.placebo.base import Comparison
    from eventstudy.returns.sample import Ints
    from eventstudy.reversal.projection import Projection
    from eventstudy.spec import Study
    from eventstudy.study.frames import Columns, Group

HELD = "price limits may have held day 0 of every signed event back"
"""Why a group has neither response nor mean."""

BY_SIGN = "the sign was given after day 0, which the window holds"
"""Why a mean has no p-value."""


@dataclass(frozen=True, slots=True, eq=False)
class _Signed:
    """Signed events and the days that they are compared with, both without price limits on day 0.

    Attributes
    ----------
    signs : ndarray, shape (N,)
        Sign of the event of each cell; NaN for none.
    held : ndarray of bool, shape (N,)
        Whether price limits may have held day 0 of the cell back.
    days : Days
        Sessions without such a day 0; the others are no candidates and have no values.
    limited : mapping of str to ndarray of bool, shape (n,)
        By asset: which of its sessions have such a day 0.
    """

    signs: Floats
    held: NDArray[np.bool_]
    days: Days
    limited: Mapping[str, NDArray[np.bool_]]

    def of_group(self, members: Ints) -> tuple[Ints, int]:
        """Return the signed cells of a group, and how many more price limits take away."""
        signed = members[np.isfinite(self.signs[members])]
        held = self.held[signed]
        return signed[~held], int(held.sum())


def expected_signs(study: Study, trial: Trial) -> Floats:
    """Return the sign that the study file gives the event of each cell, shape (N,); NaN for none."""
    sign_of = {
        event.id: {"up": 1.0, "down": -1.0}.get(event.expected_sign) for event in study.events
    }
    return np.array([sign_of[name] for name in trial.sample.event_ids], dtype=float)


def _signed(study: Study, trial: Trial, comparison: Comparison) -> _Signed:
    """Tell days 0 that price limits may have held back from the others: what they hide follows later."""
    limited, held = {}, np.zeros(len(trial.sample), bool)
    values, strata = dict(comparison.days.values), dict(comparison.days.strata)
    for asset, every in trial.every.items():
        limit = LIMITED.get(study.instruments[asset].calendar)
        limited[asset] = held_back(every.cars.abnormal, limit)
        rows = np.flatnonzero(trial.sample.assets == asset)
        held[rows] = limited[asset][every.positions(trial.sample.day0[rows])]
        values[asset] = np.where(limited[asset][:, None], np.nan, values[asset])
        group = strata[asset]
        strata[asset] = replace(group, candidate=group.candidate & ~limited[asset])
    return _Signed(expected_signs(study, trial), held, Days(values, strata), limited)


def projection_columns(
    study: Study, label: str, trial: Trial, comparison: Comparison, rng: np.random.Generator
) -> Iterator[Columns]:
    """Yield the response of every asset to the events that have a sign."""
    signed = _signed(study, trial, comparison)
    for key, members in trial.groups.items():
        rows, left_out = signed.of_group(members)
        if not len(rows) + left_out:
            continue
        if key[1] in trial.every and len(rows):
            found = _projected(trial, signed, key[1], rows, rng)
        else:
            reason = HELD if key[1] in trial.every else POOLED
            found = no_projection(study.event_window.end + 1, n=len(rows), reason=reason)
        length = len(found.estimate)
        yield {
            **frames.by_group(label, key, length),
            "h": np.arange(length),
            "n": np.full(length, found.n),
            "held_back": np.full(length, left_out),
            **{name: getattr(found, name) for name in ("estimate", "std_error", "low", "high")},
            "p_value": found.p_value,
            "joint_p": np.full(length, found.joint_p),
            "reason": np.full(length, found.reason, dtype=object),
        }


def _projected(
    trial: Trial, signed: _Signed, asset: str, rows: Ints, rng: np.random.Generator
) -> Projection:
    """Return the response of one asset to some cells; a draw leaves out what lands on a limited day."""
    every, limited = trial.every[asset], signed.limited[asset]
    drawn = drawn_positions(trial, rows, signed.days, draws=DRAWS, rng=rng)
    drawn = np.where(np.append(limited, False)[drawn], len(limited), drawn)
    clean = np.flatnonzero(signed.days.strata[asset].candidate)
    at = every.positions(trial.sample.day0[rows])
    return project(every, signed.signs[rows], at, drawn, clean)


def signed_columns(
    study: Study, label: str, trial: Trial, comparison: Comparison, rng: np.random.Generator
) -> Iterator[Columns]:
    """Yield the mean CAR of every window in the direction of the signs, with its placebo p.

    The statistic is the mean of the standardised CARs times the sign, among relabelled events that
    keep their signs; a single event has the p-value of its own placebo. A window that holds day 0 has
    none: the sign was given after that day.
    """
    signed = _signed(study, trial, comparison)
    for asset in trial.every:
        chosen: dict[Group, tuple[Ints, int]] = {
            key: signed.of_group(members)
            for key, members in trial.groups.items()
            if key[1] == asset and np.isfinite(signed.signs[members]).any()
        }
        groups = {key: rows for key, (rows, _) in chosen.items()}
        rows, _ = signed.of_group(np.flatnonzero(trial.sample.assets == asset))
        moved = relabelled(trial, rows, signed.days, draws=DRAWS, rng=rng) if len(rows) else ()
        drawn = mean_by_group(((row, signed.signs[row] * v) for row, v in moved), groups)
        for key, (members, left_out) in chosen.items():
            signs = signed.signs[members]
            yield {
                **frames.by_group(label, key, len(trial.cars.windows)),
                **frames.bounds(trial.cars.windows),
                "held_back": np.full(len(trial.cars.windows), left_out),
                **_mean(trial, comparison, (members, signs), drawn.get(key)),
            }


def _mean(
    trial: Trial, comparison: Comparison, events: tuple[Ints, Floats], drawn: Floats | None
) -> Columns:
    """Return the numbers of one group of events with their signs over every window."""
    rows, signs = events
    n, value, _ = moments(signs[:, None] * comparison.value[rows])
    reason = [BY_SIGN if each.contains(Window(0, 0)) else "" for each in trial.cars.windows]
    p_value = np.full(len(n), np.nan)
    if drawn is None:
        reason = [HELD] * len(n)
    else:
        alone = comparison.answers.events.p_value[rows]
        only = np.isfinite(alone).argmax(axis=0), np.arange(alone.shape[1])
        p_value = np.where(n == 1, alone[only], two_sided(value, drawn))
        p_value[[bool(each) for each in reason]] = np.nan
    return {
        "n": n,
        "mean": moments(signs[:, None] * trial.cars.car[rows])[1],
        "value": value,
        "p_value": p_value,
        "reason": np.array(reason, dtype=object),
    }
