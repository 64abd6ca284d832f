"""Placebo: the event among the days of the same market that were in the same state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

if TYPE_CHECKING:
    import numpy as np

    from eventstudy.comparison.trial import Trial
    from eventstudy.inference.base import StatisticResult
    from eventstudy.placebo.base import Answers, Comparison, Procedure, Scope


@dataclass(frozen=True, slots=True)
class Placebo:
    """The CAR over its volatility known beforehand, among the same number on days without an event.

    Attributes
    ----------
    by : {'state', 'volatility', 'year', 'none'}
        Days that an event is compared with: those in the same third of volatility and the same third
        of return over the 20 sessions before; in the same third of volatility; in the same year; all.
    scale : {'deviation', 'ewma', 'none'}
        What a CAR over L sessions is divided by: sqrt(L) times the standard deviation of the 20
        returns before the window, or before day 0 if the window begins later; sqrt(L) times the
        exponentially weighted one with decay .94; nothing.
    exclude : int
        Sessions on both sides of every known event that are no candidates.
    draws : int
        B, relabellings of a group of events; more than 10,000 are drawn in blocks of as many.

    Notes
    -----
    One event: p = (1 + #{|Z_c| >= |Z|}) / (K + 1) over all K candidate days c of its stratum; it
    cannot be below 1 / (K + 1), and windows of L sessions hold only K / L independent ones. A group:
    mean Z among B relabellings, p = (1 + #) / (B + 1); each draws a pseudo-date from the stratum of an
    event, its own date included; events whose windows share sessions move as one.

    ``scale: none`` and ``by: year`` reject too often after falls, when policy comes: .143 to .174 and
    .108 to .136 at 5 per cent; they are for comparison with other work.

    References
    ----------
    Fisher, R. A. (1935), The Design of Experiments, on randomisation.
    """

    name: ClassVar[str] = "placebo"
    reference: ClassVar[str] = "Fisher (1935), randomisation over dates"
    scope: ClassVar[Scope] = "both"
    null: ClassVar[str] = "the event day is drawn like the other days of its stratum"
    by: Literal["state", "volatility", "year", "none"] = "state"
    scale: Literal["deviation", "ewma", "none"] = "deviation"
    exclude: Annotated[int, Field(ge=0, le=250)] = 10
    draws: Annotated[int, Field(ge=99, le=999_999)] = 9_999

    def test(self, trial: Trial, rng: np.random.Generator) -> Answers:
        """Test every cell and every group on every window."""
        return self.compare(trial, rng).answers

    def of_events(self, trial: Trial) -> StatisticResult:
        """Test every cell alone on every window, shape (N, W); nothing is drawn."""
        from eventstudy.placebo._placebo import tested_alone

        found: StatisticResult = tested_alone(self, trial)
        return found

    def compare(self, trial: Trial, rng: np.random.Generator) -> Comparison:
        """Return the tests together with what they rest on."""
        from eventstudy.placebo._placebo import compare

        found: Comparison = compare(self, trial, rng)
        return found


PLUGIN: type[Procedure] = Placebo
