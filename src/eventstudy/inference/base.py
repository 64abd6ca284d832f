"""What a test statistic is, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.models.base import Floats

Scope = Literal["event", "group", "contrast"]


@dataclass(frozen=True, slots=True)
class StatisticResult:
    """The outcome of one test on W windows: of a group, shape (W,), or of N events, shape (N, W).

    Attributes
    ----------
    name, null : str
        The statistic and the hypothesis that it tests.
    estimate : ndarray
        What is tested: the mean CAR of a group, the CAR of an event, the difference between two
        groups; decimal.
    statistic, p_value : ndarray
        Value of the statistic and its two-sided p-value; NaN where it does not apply.
    n : ndarray of int
        Number of observations: events of a group, or of both groups that are compared; estimation
        returns of an event.
    distribution : ndarray of str
        Law of the p-value: ``t(118)``, ``normal``, ``exact``, ``empirical(120)``.
    reason : ndarray of str
        Why the test does not apply; an empty text where it does.
    """

    name: str
    null: str
    estimate: Floats
    statistic: Floats
    p_value: Floats
    n: NDArray[np.int64]
    distribution: NDArray[np.object_]
    reason: NDArray[np.object_]

    def __post_init__(self) -> None:
        shape = self.estimate.shape
        for name in ("statistic", "p_value", "n", "distribution", "reason"):
            if getattr(self, name).shape != shape:
                raise ValueError(f"StatisticResult {self.name}: {name} not of shape {shape}")

    @property
    def status(self) -> NDArray[np.object_]:
        """``ok`` or ``not_applicable``, in the shape of the result."""
        import numpy as np

        return np.where(self.reason == "", "ok", "not_applicable").astype(object)


class Named(Protocol):
    """A test as its result names it."""

    name: ClassVar[str]
    null: ClassVar[str]


class Described(Named, Protocol):
    """What every test statistic says of itself; its options are fields.

    ``scope`` says whether it tests each event, a group of events, or a group against the other
    events (``contrast``); ``resampling`` whether it draws random numbers and is therefore run only
    by name.
    """

    reference: ClassVar[str]
    scope: ClassVar[Scope]
    resampling: ClassVar[bool]


class Statistic(Described, Protocol):
    """A test statistic: options as fields, one method."""

    def test(self, cars: CumulativeReturns) -> StatisticResult:
        """Test every window of `cars`: the cells as one group, or each cell by itself."""
        ...


class ResamplingStatistic(Described, Protocol):
    """A test of a group that draws random numbers."""

    def test(self, cars: CumulativeReturns, rng: np.random.Generator) -> StatisticResult:
        """Test the cells as one group on every window, with random numbers from `rng`."""
        ...


class ContrastStatistic(Described, Protocol):
    """A test of a group against the other events that draws random numbers."""

    def test(
        self, cars: CumulativeReturns, group: NDArray[np.bool_], rng: np.random.Generator
    ) -> StatisticResult:
        """Test the cells where `group`, shape (N,), is true against the others, on every window."""
        ...
