"""How often joint tests of two indices reject at 5 per cent without an event, as a table.

Pairs of returns that follow GJR-GARCH(1,1) with multivariate t(5) innovations of correlation .65 are
drawn, and dates on them: any date, or dates after a fall of the first by more than 10 per cent in 20
sessions. Nothing happens on any of them. The table stands in docs/explanation/which-test.md;
`python -m benchmarks.joint_sizes` writes it anew.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from benchmarks import simulated
from benchmarks.procedure_sizes import (
    BURN_IN,
    DATES,
    DF,
    FIRST,
    SESSIONS,
    WINDOWS,
    garch,
    sample_of,
)

from eventstudy.models.constant_mean import ConstantMean
from eventstudy.placebo.placebo import Placebo
from eventstudy.regressions import EventDummies, contrasts, system
from eventstudy.regressions.joint import NULLS
from eventstudy.systems import Shared, everyday, exact, relabel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.simulated import Rate
    from numpy.typing import NDArray

    from eventstudy.systems import Everyday

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MARKER = "joint sizes"
CORRELATION = 0.65
TOGETHER = 5
"""Events of a category."""
DRAWS = 199
ROWS = tuple(
    f"{what}, {null}"
    for null in NULLS
    for what in (
        "one event: `placebo`",
        "one event: `mahalanobis_rank`",
        "one event: `exact_f`",
        "one event: `wald_chi2`",
        "five events: `placebo`",
        "five events: `robust_f` (HC3)",
        "five events: `exact_f`",
    )
)


def pairs_of(pairs: int, rng: np.random.Generator) -> Floats:
    """Return simulated returns of pairs of indices, shape (SESSIONS, pairs, 2)."""
    shape = (SESSIONS + BURN_IN, pairs)
    root = np.linalg.cholesky([[1, CORRELATION], [CORRELATION, 1]])
    normal = rng.standard_normal((*shape, 2)) @ root.T
    z = normal / np.sqrt(rng.chisquare(DF, shape) / (DF - 2))[:, :, None]
    return garch(z.reshape(len(z), -1)).reshape(SESSIONS, pairs, 2)


def drawn_dates(first: Floats, rng: np.random.Generator) -> list[Ints]:
    """Return TOGETHER dates of each entry of DATES on one pair, fewer than one window apart allowed."""
    total = np.append(0.0, np.cumsum(np.log1p(first)))
    past = np.full(SESSIONS, np.nan)
    past[20:] = total[20:-1] - total[:-21]
    possible = np.arange(SESSIONS) >= FIRST
    possible[SESSIONS - 21 :] = False
    pools = [np.flatnonzero(possible), np.flatnonzero(possible & (past < np.log(0.9)))]
    return [
        np.sort(rng.choice(pool, TOGETHER, replace=False)) if len(pool) >= TOGETHER else pool[:0]
        for pool in pools
    ]


def shared_of(returns: Floats, day0: Ints) -> Shared:
    """Return events on one pair, shape (SESSIONS, 2), as a system holds them."""
    one = sample_of(returns[:, 0], np.tile(day0, 2))
    n = len(day0)
    cells = {
        "event_ids": np.tile(one.event_ids[:n], 2),
        "assets": np.repeat(np.array(["a", "b"], dtype=object), n),
        "column": np.repeat([0, 1], n),
        "panel": returns,
        "column_axis": np.zeros(2, int),
    }
    return Shared(one.event_ids[:n], ("a", "b"), replace(one, **cells), {}, 100)


def p_values(returns: Floats, day0: Ints, rng: np.random.Generator) -> Iterator[tuple[str, Floats]]:
    """Yield rows of the table and their p-values on one pair, (n, W) of events or (1, W) of all."""
    shared, model = shared_of(returns, day0), ConstantMean()
    found = exact(shared, model, WINDOWS)
    nowhere = np.array([], dtype="datetime64[D]")
    ordinary = everyday(shared, model, WINDOWS, Placebo(), nowhere)
    away = np.abs(ordinary.first.day0[:, None] - day0).min(axis=1) > Placebo().exclude
    near = replace(ordinary, strata=replace(ordinary.strata, candidate=away))
    fits = [system(dummy(returns, day0, window)) for window in WINDOWS]
    for null in NULLS:
        chosen = contrasts(null, 2)
        yield f"one event: `placebo`, {null}", alone(ordinary, chosen, day0)
        for test in ("mahalanobis_rank", "exact_f", "wald_chi2"):
            yield f"one event: `{test}`, {null}", found.tests[test, null][1]
        every = relabel(near, chosen, {"all": np.arange(len(day0))}, DRAWS, rng)
        yield f"five events: `placebo`, {null}", every.groups["all"][1][None]
        for test, name in (("robust_f", "`robust_f` (HC3)"), ("exact_f", "`exact_f`")):
            yield (
                f"five events: {name}, {null}",
                np.array([[fit.tests[test, null][1][0] for fit in fits]]),
            )


def dummy(returns: Floats, day0: Ints, window: tuple[int, int]) -> EventDummies:
    """Return the dummy of some events over one window."""
    days = np.zeros((SESSIONS, 1))
    np.add.at(days[:, 0], day0[:, None] + np.arange(window[0], window[1] + 1), 1.0)
    dates = 1 + int((np.diff(day0) > window[1] - window[0]).sum())
    return EventDummies(
        returns, np.empty((SESSIONS, 0)), days, ("all",), np.array([dates]), ("a", "b")
    )


def alone(ordinary: Everyday, combinations: Floats, day0: Ints) -> Floats:
    """Return the placebo p-values of each event where it is the only one, (n, W)."""
    found = []
    for number, day in enumerate(day0.tolist()):
        away = np.abs(ordinary.first.day0 - day) > Placebo().exclude
        alike = replace(ordinary.strata, candidate=away)
        result = relabel(
            replace(ordinary, strata=alike), combinations, {}, 0, np.random.default_rng(0)
        )
        found.append(result.events[1][number])
    return np.array(found)


@cache
def sizes(pairs: int, seed: int = 20261123) -> Mapping[str, list[Rate]]:
    """Return by row the rates on each entry of DATES and each window, in this order.

    Parameters
    ----------
    pairs : int
        Pairs of series, each with TOGETHER events of each kind.
    seed : int
        Seed of returns, dates and draws.
    """
    rng = np.random.default_rng(seed)
    counted: dict[tuple[str, int], list[tuple[Floats, Floats]]] = defaultdict(list)
    returns = pairs_of(pairs, rng)
    for number in range(pairs):
        for kind, day0 in enumerate(drawn_dates(returns[:, number, 0], rng)):
            for row, p_value in p_values(returns[:, number], day0, rng) if len(day0) else ():
                counted[row, kind].append(simulated.low(p_value))
    return {
        row: [
            rate
            for kind in range(len(DATES))
            for rate in simulated.clustered(*np.array(counted[row, kind]).swapaxes(0, 1))
        ]
        for row in ROWS
    }


def table(found: Mapping[str, list[Rate]], pairs: int) -> str:
    """Return the rates as Markdown."""
    return simulated.markdown(
        f"Per cent of rejections at 5%, {pairs:,} pairs with {TOGETHER} events of each kind, Monte-Carlo error in brackets:",
        ["test and null"],
        [f"{dates}, {window}" for dates in DATES for window in WINDOWS],
        ((row, found[row]) for row in ROWS),
    )


if __name__ == "__main__":
    simulated.tabulate(MARKER, 120, lambda n: table(sizes(n), n))
