"""How often each statement on a group of events is made at 5 per cent without any event, as a table.

Series and dates as in group_sizes.py: eight events on any dates whose windows lie apart, or on dates that
follow a fall of more than 10 per cent in 20 sessions. Nothing happens on any of them, and every expected
sign is a coin. The table stands in docs/explanation/which-test.md; `python -m benchmarks.reversal_sizes`
writes it anew.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from benchmarks import group_sizes as groups
from benchmarks import procedure_sizes as single
from benchmarks import simulated

from eventstudy.comparison import Trial, every_session
from eventstudy.comparison.draws import drawn_positions
from eventstudy.inference.sign_flip import SignFlip
from eventstudy.models.constant_mean import ConstantMean
from eventstudy.placebo.placebo import Placebo
from eventstudy.reversal.kinds import contrast
from eventstudy.reversal.lasting import draw_sets, lasting
from eventstudy.reversal.matched import matched
from eventstudy.reversal.projection import project
from eventstudy.reversal.slope import slope
from eventstudy.spec import Window

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from eventstudy.placebo.base import Comparison

    Floats = single.Floats
    Ints = single.Ints

MARKER = "aftermath"
EVENTS, DRAWS = groups.EVENTS, 499
WINDOWS = (Window(0, 0), Window(1, 5), Window(0, 20))
KEY = ("all", "index")


def drawn(series: int, rng: np.random.Generator) -> Iterator[tuple[int, Floats, Ints]]:
    """Yield the kind of dates (of `single.DATES`), a series with events, and day 0 of each."""
    for returns in single.returns_of(series, rng).T:
        for kind, design in enumerate(groups.DESIGNS[:2]):
            day0 = groups.dates_of(returns, design, rng)
            if len(day0) == EVENTS:
                yield kind, returns, np.sort(day0)


def p_values(returns: Floats, day0: Ints, rng: np.random.Generator) -> Iterator[tuple[str, float]]:
    """Yield each statement with its p-value.

    Parameters
    ----------
    returns : ndarray, shape (SESSIONS,)
        The series.
    day0 : ndarray of int, shape (EVENTS,)
        The events.
    rng : numpy.random.Generator
        Source of the draws and of the signs.
    """
    model, sample = ConstantMean(), single.sample_of(returns, day0)
    every = every_session(sample, model, WINDOWS, least=100)
    cars = every["index"].cars.select(every["index"].positions(day0))
    trial = Trial(sample, model, cars, {KEY: np.arange(EVENTS)}, every, (day0,))
    comparison = Placebo(draws=DRAWS).compare(trial, rng)
    flipped = SignFlip().test(cars, rng).p_value
    for window, p_value in zip(WINDOWS, flipped, strict=True):
        yield f"`sign_flip`, {window}", p_value
    yield from _after(trial, comparison, rng)
    yield from _signed(trial, comparison, rng)


def _after(
    trial: Trial, comparison: Comparison, rng: np.random.Generator
) -> Iterator[tuple[str, float]]:
    """Yield what is said of the aftermath beside matched days."""
    days = {"index": comparison.days.strata["index"].candidate}
    found = matched(trial, days, {"index": None})
    rows = np.flatnonzero(found.ready)
    sets = draw_sets(found, trial.sample.assets, rows, DRAWS, rng)
    own = found.own.select(rows)
    result = lasting(own, sets, len(rows), 0.05)
    for k in (5, 20):
        yield f"drift beside matched days, k = {k}", result.drift.p_value[k - 1]
    yield "drift beside matched days, all k together", result.joint_p
    yield "share that came back, k = 5", result.reversed_share.p_value[4]
    yield "give-back, k = 5", result.give_back.p_value[4]
    yield "half-life", float(result.half_life.p_value)
    pair = sets.reaction, sets.later[:, :, 4]
    yield (
        "slope less that of matched days, k = 5",
        slope(own.reaction, own.later[:, 4], pair, rng).difference_p,
    )
    first, second = np.arange(len(rows)) % 2 == 0, np.arange(len(rows)) % 2 == 1
    halves = [
        (own.select(np.flatnonzero(half)), sets.select(np.flatnonzero(half)))
        for half in (first, second)
    ]
    yield "difference between two kinds, k = 5", contrast(*halves).difference.p_value[4]


def _signed(
    trial: Trial, comparison: Comparison, rng: np.random.Generator
) -> Iterator[tuple[str, float]]:
    """Yield what local projections say of events whose signs are coins."""
    every, rows = trial.every["index"], np.arange(EVENTS)
    moved = drawn_positions(trial, rows, comparison.days, draws=DRAWS, rng=rng)
    clean = np.flatnonzero(comparison.days.strata["index"].candidate)
    signs = rng.choice([-1.0, 1.0], EVENTS)
    found = project(every, signs, every.positions(trial.sample.day0), moved, clean)
    for h in (5, 20):
        yield f"local projection, change since day 0, h = {h}", found.p_value[h]
    yield "local projection, flat path (joint)", found.joint_p


def sizes(series: int, seed: int = 20261122) -> Mapping[str, list[simulated.Rate]]:
    """Return by statement the rate on each entry of DATES.

    Parameters
    ----------
    series : int
        Series, with one group of events of each kind.
    seed : int
        Seed of returns, dates and draws.
    """
    rng = np.random.default_rng(seed)
    found: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for kind, returns, day0 in drawn(series, rng):
        for name, p_value in p_values(returns, day0, rng):
            found[name][kind].append(p_value)
    return {
        name: [simulated.independent(np.array(each)) for each in kinds]
        for name, kinds in found.items()
    }


def table(found: Mapping[str, list[simulated.Rate]], series: int) -> str:
    """Return the rates as Markdown."""
    caption = (
        f"Per cent of rejections at 5%, {series:,} groups of {EVENTS} events, error in brackets:"
    )
    return simulated.markdown(caption, ["statement"], single.DATES, found.items())


if __name__ == "__main__":
    simulated.tabulate(MARKER, 600, lambda n: table(sizes(n), n))
