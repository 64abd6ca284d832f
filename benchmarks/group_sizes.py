"""How often the placebo of a group of eight events rejects at 5 per cent without an event, as a table.

Returns as in procedure_sizes.py, one series per group. The events follow falls, or lie anywhere; their
windows may share sessions or may not; the mean is estimated up to session -11, in which a part of
the fall lies, or up to the session before the fall. The table stands in
docs/explanation/which-test.md; `python -m benchmarks.group_sizes` writes it anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from benchmarks import procedure_sizes as single
from benchmarks import simulated

from eventstudy.comparison import Trial, every_session
from eventstudy.models.constant_mean import ConstantMean
from eventstudy.placebo.placebo import Placebo
from eventstudy.spec import Window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MARKER = "group sizes"

EVENTS = 8
APART = 22
"""Sessions from one event to the next at least, where windows share none."""


@dataclass(frozen=True)
class Design:
    """Where the events of a group lie, and which sessions give the mean."""

    after_fall: bool
    apart: bool
    estimation: Window

    def __str__(self) -> str:
        where = "after a fall of more than 10%" if self.after_fall else "any date"
        windows = "windows apart" if self.apart else "windows may overlap"
        return f"{where} | {windows} | {self.estimation}"


BEFORE_11, BEFORE_21 = Window(-130, -11), Window(-140, -21)
DESIGNS = (
    Design(after_fall=False, apart=True, estimation=BEFORE_11),
    Design(after_fall=True, apart=False, estimation=BEFORE_11),
    Design(after_fall=True, apart=True, estimation=BEFORE_11),
    Design(after_fall=True, apart=True, estimation=Window(-260, -11)),
    Design(after_fall=True, apart=True, estimation=BEFORE_21),
)


def dates_of(returns: Floats, design: Design, rng: np.random.Generator) -> Ints:
    """Return the days of one group, shape (EVENTS,) or shorter where the series has no more."""
    fall = np.convolve(np.log1p(np.maximum(returns, -0.99)), np.ones(20))[: len(returns)]
    days = np.arange(single.FIRST, len(returns) - 21)
    if design.after_fall:
        days = days[fall[days - 1] < np.log(0.9)]
    chosen: list[int] = []
    for day in rng.permutation(days).tolist():
        if len(chosen) < EVENTS and (not design.apart or _clear(day, chosen)):
            chosen.append(day)
    return np.array(chosen, dtype=int)


def _clear(day: int, others: list[int]) -> bool:
    """Tell whether a day lies APART sessions from all others."""
    return all(abs(day - other) >= APART for other in others)


def p_values(returns: Floats, design: Design, seed: int) -> Floats | None:
    """Return the placebo p-values of one group by window; None where it has too few events."""
    rng = np.random.default_rng(seed)
    day0 = dates_of(returns, design, rng)
    if len(day0) < EVENTS:
        return None
    model, sample = ConstantMean(), single.sample_of(returns, day0)
    sample = replace(sample, estimation=design.estimation)
    every = every_session(sample, model, single.WINDOWS, least=100)
    cars = every["index"].cars.select(every["index"].positions(day0))
    key = ("all", "index")
    trial = Trial(sample, model, cars, {key: np.arange(EVENTS)}, every, (day0,))
    return Placebo(draws=199).test(trial, rng).groups[key].p_value


@cache
def sizes(groups: int, seed: int = 20261122) -> Mapping[Design, list[simulated.Rate]]:
    """Return by design the rates on each window; every design is tried on the same series."""
    returns = single.returns_of(groups, np.random.default_rng(seed))
    found = {}
    for design in DESIGNS:
        each = [p_values(returns[:, number], design, number) for number in range(groups)]
        known = np.array([values for values in each if values is not None])
        found[design] = [simulated.independent(column) for column in known.T]
    return found


def table(found: Mapping[Design, list[simulated.Rate]], groups: int) -> str:
    """Return the rates as Markdown."""
    return simulated.markdown(
        f"Per cent of rejections at 5%, up to {groups:,} groups of {EVENTS} events, Monte-Carlo error in brackets:",
        ["events", "their windows", "estimation"],
        [str(window) for window in single.WINDOWS],
        ((str(design), rates) for design, rates in found.items()),
    )


if __name__ == "__main__":
    simulated.tabulate(MARKER, 1_200, lambda n: table(sizes(n), n))
