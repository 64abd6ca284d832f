"""Kinds of event: expected up or down, as expected or against, after a fall or not, anticipated or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.reversal.lasting import beside, signed_drift
from eventstudy.spec import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from eventstudy.comparison.sessions import EverySession
    from eventstudy.comparison.trial import Trial
    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Ints, Sample
    from eventstudy.reversal.effect import Effect
    from eventstudy.reversal.lasting import Beside, Sets
    from eventstudy.reversal.matched import Matched

FALL = -0.10
"""Simple return of the 20 sessions before day 0 below which an event comes after a fall."""

BEFORE = Window(-20, -1)
RUN_UP = Window(-5, -1)
"""Sessions before day 0 in which an anticipated event is priced."""

NEITHER = -1


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A question with two answers that is put to every event before its aftermath is seen.

    Attributes
    ----------
    name : {'direction', 'surprise', 'state', 'run_up'}
        What is asked.
    sides : tuple of str
        The two answers.
    of_event : ndarray of int, shape (N,)
        Answer of each cell, 0 or 1; -1 for neither.
    of_day : mapping of str to ndarray of int, or None
        By asset: the answer of every session; None where days without an event have none.
    """

    name: str
    sides: tuple[str, str]
    of_event: Ints
    of_day: Mapping[str, Ints] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Contrast:
    """The mean signed drift of two kinds of event, each beside its matched days.

    Attributes
    ----------
    n : tuple of ndarray of int, each shape (K,)
        Events of each kind with a C_k.
    drift : tuple of Beside, each (K,)
        Mean signed drift of each kind.
    difference : Beside
        That of the first kind less that of the second, (K,).
    """

    n: tuple[Ints, Ints]
    drift: tuple[Beside, Beside]
    difference: Beside


def kinds(trial: Trial, found: Matched, expected: Floats) -> tuple[Kind, ...]:
    """Put every question to every event.

    Parameters
    ----------
    trial : Trial
        N cells and every session of their assets.
    found : Matched
        Their reactions, and those of every session.
    expected : ndarray, shape (N,)
        Sign that the study file gives the event: 1, -1, or NaN.

    Notes
    -----
    The state and the run-up are asked of days without an event too, so that an event after a fall is
    compared with days after a fall, and one whose reaction continues a move with days that continue one.
    """
    sign = np.sign(found.own.reaction)
    return (
        Kind("direction", ("up", "down"), _answer(expected > 0, np.isfinite(expected))),
        Kind(
            "surprise",
            ("as_expected", "against"),
            _answer(sign == expected, np.isfinite(expected) & (sign != 0)),
        ),
        _of_days(
            trial, "state", ("after_fall", "otherwise"), lambda asset: _fell(trial.every[asset])
        ),
        _of_days(
            trial,
            "run_up",
            ("same_way", "otherwise"),
            lambda asset: _ran_up(trial.every[asset], found.days[asset]),
        ),
    )


def contrast(first: tuple[Effect, Sets], second: tuple[Effect, Sets]) -> Contrast:
    """Hold the drift of two kinds of event against each other and each against its matched days.

    Parameters
    ----------
    first, second : tuple
        The events of a kind and as many sets of matched days.

    Notes
    -----
    p of the difference d: (1 + #{|d* - mean d*| >= |d - mean d*|}) / (B + 1) over pairs of sets, so that
    what distinguishes the two kinds of days without any event is not put down to the events.
    """
    (n, value, drawn), (other_n, other, other_drawn) = (
        signed_drift(*side) for side in (first, second)
    )
    return Contrast(
        (n, other_n),
        (beside(value, drawn), beside(other, other_drawn)),
        beside(value - other, drawn - other_drawn),
    )


def _answer(yes: NDArray[np.bool_], known: NDArray[np.bool_]) -> Ints:
    """Return 0 for yes, 1 for no, -1 where it is not known."""
    answer: Ints = np.where(known, np.where(yes, 0, 1), NEITHER)
    return answer


def _of_days(
    trial: Trial, name: str, sides: tuple[str, str], answer: Callable[[str], Ints]
) -> Kind:
    """Ask every session of every asset; the events have the answer of their day 0."""
    of_day = {asset: answer(asset) for asset in trial.every}
    of_event = np.full(len(trial.sample), NEITHER)
    for asset, every in trial.every.items():
        rows = np.flatnonzero(trial.sample.assets == asset)
        of_event[rows] = of_day[asset][every.positions(trial.sample.day0[rows])]
    return Kind(name, sides, of_event, of_day)


def past_return(cells: Sample) -> Floats:
    """Return the simple return of the sessions :data:`BEFORE` of n cells, shape (n,); NaN = unknown."""
    before = cells.gather(slice(None), BEFORE).asset
    logs = before if cells.returns == "log" else np.log1p(before)
    past: Floats = np.expm1(logs.sum(axis=1))
    return past


def _fell(every: EverySession) -> Ints:
    """Return whether each session comes after a fall."""
    past = past_return(every.cells)
    return _answer(past < FALL, np.isfinite(past))


def _ran_up(every: EverySession, days: Effect) -> Ints:
    """Return whether the sessions before each session moved the way of its reaction."""
    abnormal = every.cars.abnormal
    first = RUN_UP.start - abnormal.event_window.start
    if first < 0:
        return np.full(len(abnormal), NEITHER)
    run_up = abnormal.ar[:, first : first + RUN_UP.length].sum(axis=1)
    return _answer(
        np.sign(run_up) == np.sign(days.reaction), np.isfinite(run_up) & np.isfinite(days.reaction)
    )
