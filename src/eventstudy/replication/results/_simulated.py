"""Rates of rejection of the simulator, and how far two of them may be apart."""

from __future__ import annotations

from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventstudy.simulate import Simulation

ERRORS = 4.0
"""Standard errors by which a rate may differ."""


class Cell(NamedTuple):
    """Which rate of a simulation: its test, and the part of its grid.

    Attributes
    ----------
    statistic, alternative : str
        The test and its side.
    events : int
        Events of a sample.
    correlation : float
        Of two events of one date.
    effect, variance : float
        True abnormal return, per cent, and variance of the event in units of that before.
    """

    statistic: str
    alternative: str
    events: int
    correlation: float = 0.0
    effect: float = 0.0
    variance: float = 1.0


def rates(design: Simulation, folder: Path | None = None) -> Mapping[Cell, float]:
    """Return every rate of a design, NaN where a test gives no p-value for a side.

    Parameters
    ----------
    design : Simulation
        One model, one window.
    folder : pathlib.Path, optional
        Where its table of returns is.
    """
    from eventstudy.simulate import SimulationFile, simulate

    result = simulate(SimulationFile((folder or Path()) / "design.yaml", "", design))
    rows = result.frame[[*Cell._fields, "rate"]].itertuples(index=False, name=None)
    return {Cell(*row[:-1]): float(row[-1]) for row in rows}


def apart(expected: float, found: float, samples: int) -> float:
    """Return how far two rates of as many samples may be apart, at their mean; shares."""
    rate = (expected + found) / 2
    return ERRORS * sqrt(2 * rate * (1 - rate) / samples)


def off(expected: float, samples: int) -> float:
    """Return how far a rate may be from a probability; shares."""
    return ERRORS * sqrt(expected * (1 - expected) / samples)
