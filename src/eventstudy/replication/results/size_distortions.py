"""Size distortions: events that move together, and events that are more volatile than other days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy.replication.base import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventstudy.replication.base import Kind, Replication

CORRELATIONS = (0.01, 0.02, 0.05, 0.10, 0.20)
CORRELATED = {
    10: (0.0605, 0.0712, 0.1036, 0.1551, 0.2415),
    30: (0.0844, 0.1189, 0.2105, 0.3210, 0.4523),
    50: (0.1083, 0.1637, 0.2913, 0.4197, 0.5509),
}
"""Size of the two-sided test that ignores the correlation, by number of events."""
VARIANCES = (1.5, 2.0, 3.0, 4.0)
VOLATILE = {
    "two-sided": (0.1095, 0.1658, 0.2578, 0.3271),
    "greater": (0.0896, 0.1224, 0.1711, 0.2054),
}
"""Size of the test that takes its variance from the estimation window, by side."""
SAMPLES, EVENTS, LEVEL = 2_000, 30, 0.05


@dataclass(frozen=True, slots=True)
class SizeDistortions:
    """Patell's test where it must fail, and the tests that keep their level."""

    name: ClassVar[str] = "size_distortions"
    title: ClassVar[str] = "Size of tests under cross-correlation and event-induced variance"
    cite: ClassVar[str] = "Kolari and Pynnonen (2010), Boehmer et al. (1991)"
    source: ClassVar[str] = (
        "Closed formulas, for the distortions that Kolari, J. W. and Pynnonen, S. (2010), Review of Financial "
        "Studies 23, 3996-4025, and Boehmer, E., Musumeci, J. and Poulsen, A. B. (1991), Journal of Financial "
        "Economics 30, 253-272, warn of: with a mean correlation r of N events the variance of Patell's statistic "
        "is 1 + (N - 1) r, and with an event-day variance that is c times as large it is c"
    )
    kind: ClassVar[Kind] = "analytic"
    design: ClassVar[str] = (
        "Rejections of a true null at 5 per cent in 2,000 samples of eventstudy simulate, normal returns, market "
        "model on days -250 to -11, event day 0. Expected are 2 Phi(-1.96 / sqrt(1 + (N - 1) r)) and "
        "2 Phi(-1.96 / sqrt(c)), one-sided Phi(-1.64 / sqrt(c)); for BMP and the cross-sectional t the level"
    )
    data: ClassVar[str] = "None: drawn from a law, seed 1"
    needs: ClassVar[tuple[str, ...]] = ()
    simulates: ClassVar[bool] = True
    tolerance: ClassVar[str] = (
        "Four Monte-Carlo standard errors, 4 sqrt(p (1 - p) / 2000): 0.019 at a size of 0.05, 0.044 at 0.55"
    )
    difference: ClassVar[str] = "Chance: each rate is one of 2,000 samples"

    def rows(self) -> Sequence[Row]:
        """Simulate every cell."""
        return [*_correlated(), *_volatile()]


def _correlated() -> Iterator[Row]:
    """Yield the size of Patell's test under correlation."""
    from eventstudy.replication.results._simulated import Cell, rates
    from eventstudy.simulate import Law, Simulation
    from eventstudy.spec import Choice

    found = rates(
        Simulation(
            format=1,
            title=SizeDistortions.title,
            samples=SAMPLES,
            statistics=(Choice(name="patell", label="patell", options={}),),
            law=Law(correlation=CORRELATIONS),
            events=tuple(CORRELATED),
            dates=("common",),
        )
    )
    for events, sizes in CORRELATED.items():
        for correlation, size in zip(CORRELATIONS, sizes, strict=True):
            cell = Cell("patell", "two-sided", events, correlation)
            yield _row(f"Patell, N = {events}, r = {correlation:.2f}", size, found[cell])


def _volatile() -> Iterator[Row]:
    """Yield the size of three tests where the variance rises."""
    from eventstudy.replication.results._simulated import Cell, rates
    from eventstudy.simulate import Simulation
    from eventstudy.spec import Choice

    names = {"patell": "Patell", "bmp": "BMP", "cross_sectional_t": "cross-sectional t"}
    found = rates(
        Simulation(
            format=1,
            title=SizeDistortions.title,
            samples=SAMPLES,
            alternatives=tuple(VOLATILE),
            statistics=tuple(Choice(name=name, label=name, options={}) for name in names),
            events=(EVENTS,),
            variance=VARIANCES,
        )
    )
    for name, label in names.items():
        for side, sizes in VOLATILE.items():
            for variance, size in zip(VARIANCES, sizes, strict=True):
                cell = Cell(name, side, EVENTS, variance=variance)
                words = "one-sided" if side == "greater" else side
                expected = size if name == "patell" else LEVEL
                yield _row(f"{label}, variance times {variance:g}, {words}", expected, found[cell])


def _row(what: str, expected: float, found: float) -> Row:
    """Return one size, to the digits of the formula."""
    from eventstudy.replication.results._simulated import off

    return Row(what, expected, found, 4, off(expected, SAMPLES))


PLUGIN: type[Replication] = SizeDistortions
