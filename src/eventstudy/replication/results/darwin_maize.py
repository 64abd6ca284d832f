"""Darwin's maize: Fisher's t and randomisation tests, and Wilcoxon's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy.replication.base import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.replication.base import Kind, Replication

DIFFERENCES = (49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48)
"""Height of the crossed less that of the self-fertilised plant of each pair, eighths of an inch."""


@dataclass(frozen=True, slots=True)
class DarwinMaize:
    """Fifteen differences, three tests."""

    name: ClassVar[str] = "darwin_maize"
    title: ClassVar[str] = "Darwin's maize: the first randomisation test"
    cite: ClassVar[str] = "Fisher (1935)"
    source: ClassVar[str] = (
        "Fisher, R. A. (1935), The Design of Experiments, sections 17 and 21; the signed ranks as printed in the "
        "documentation of scipy.stats.wilcoxon"
    )
    kind: ClassVar[Kind] = "printed"
    design: ClassVar[str] = (
        "Cross-sectional t, sign flips of every pair (all 32,768 choices) and Wilcoxon's signed ranks on the "
        "15 differences, as CARs of 15 independent events"
    )
    data: ClassVar[str] = "Fifteen numbers, in the file of the replication"
    needs: ClassVar[tuple[str, ...]] = ()
    simulates: ClassVar[bool] = False
    tolerance: ClassVar[str] = (
        "None: of the 32,768 choices of signs 863 have a sum of 314 or more, as many -314 or less"
    )
    difference: ClassVar[str] = ""

    def rows(self) -> Sequence[Row]:
        """Test the differences."""
        import numpy as np

        from eventstudy.inference.cross_sectional_t import CrossSectionalT
        from eventstudy.inference.sign_flip import SignFlip
        from eventstudy.inference.wilcoxon import Wilcoxon
        from eventstudy.replication.results._sample import of_values

        cars = of_values(DIFFERENCES)
        t = CrossSectionalT().test(cars)
        flips = SignFlip(cluster="event").test(cars, np.random.default_rng(1))
        ranks = Wilcoxon().test(cars)
        return [
            Row("sum of the differences", 314, float(cars.car.sum()), 0),
            Row("t with 14 degrees of freedom", 2.148, float(t.statistic[0]), 3),
            Row("p of t, two-sided", 0.0497, float(t.p_value[0]), 4),
            Row(
                "choices of signs as far from zero, per cent",
                5.267,
                100 * float(flips.p_value[0]),
                3,
            ),
            Row("choices with a sum of 314 or more", 863, float(flips.p_value[0]) * 2**14, 0),
            Row("Wilcoxon, exact p, two-sided", 0.041259765625, float(ranks.p_value[0]), 12),
        ]


PLUGIN: type[Replication] = DarwinMaize
