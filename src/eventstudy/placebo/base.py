"""What a procedure that draws other dates, or the data anew, is, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.comparison.draws import Days
    from eventstudy.comparison.trial import Group, Trial
    from eventstudy.inference.base import StatisticResult
    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Ints

Scope = Literal["event", "both"]


class Procedure(Protocol):
    """A test that refits or draws other dates: options as fields, one method.

    ``scope`` says whether it tests single events only, or groups of events too.
    """

    name: ClassVar[str]
    reference: ClassVar[str]
    scope: ClassVar[Scope]
    null: ClassVar[str]

    def test(self, trial: Trial, rng: np.random.Generator) -> Answers:
        """Test every cell, and every group, on every window."""
        ...


@dataclass(frozen=True, slots=True)
class Intervals:
    """Effects on the CAR that a test does not reject.

    Attributes
    ----------
    low, high : ndarray, shape (N, W)
        Ends of the interval, decimal; NaN where there is none.
    reason : ndarray of object, shape (N, W)
        Why there is no finite interval; an empty text where there is one.
    """

    low: Floats
    high: Floats
    reason: NDArray[np.object_]


@runtime_checkable
class Invertible(Protocol):
    """A procedure that also says which effects it does not reject."""

    def intervals(self, trial: Trial, *, level: float = 0.95) -> Intervals:
        """Return the ends of the intervals, or why there are none."""
        ...


@dataclass(frozen=True, slots=True)
class Answers:
    """The outcome of a procedure.

    Attributes
    ----------
    events : StatisticResult
        Tests of single events, shape (N, W).
    groups : mapping of (group, asset) to StatisticResult
        Tests of groups, shape (W,) each; empty where the procedure tests single events only.
    """

    events: StatisticResult
    groups: Mapping[Group, StatisticResult]


@dataclass(frozen=True, slots=True)
class Adjusted:
    """p-values of one group adjusted for all groups, assets and windows, each shape (W,).

    Attributes
    ----------
    min_p : ndarray
        By the minimum of the p-values, step by step.
    max_t : ndarray
        By the maximum of the statistics, step by step.
    reason : ndarray of str
        Why a p-value or its adjustment is missing; an empty text where both are there.
    """

    min_p: Floats
    max_t: Floats
    reason: NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Placebo tests with what they rest on.

    Attributes
    ----------
    answers : Answers
        The tests.
    days : Days
        Standardised CARs and strata of every session, by asset.
    value : ndarray, shape (N, W)
        Standardised CAR of each cell.
    label : ndarray of int, shape (N,)
        Stratum of each cell among those of its asset; -1 for none.
    adjusted : mapping of (group, asset) to Adjusted
        p-values of the groups adjusted for all groups, assets and windows.
    """

    answers: Answers
    days: Days
    value: Floats
    label: Ints
    adjusted: Mapping[Group, Adjusted]
