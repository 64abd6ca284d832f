"""Student's sleep data: the first paired t test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy.replication.base import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.replication.base import Kind, Replication

FIRST = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
SECOND = (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)
"""Hours of sleep gained with each of two drugs, ten patients."""


@dataclass(frozen=True, slots=True)
class StudentSleep:
    """Ten differences and their t."""

    name: ClassVar[str] = "student_sleep"
    title: ClassVar[str] = "Student's sleep data: a mean over ten cases"
    cite: ClassVar[str] = "Student (1908)"
    source: ClassVar[str] = (
        "Student (1908), The probable error of a mean, Biometrika 6, 1-25; the test as R prints it for its data "
        "set sleep (Meys, J. and de Vries, A., R For Dummies, paired data)"
    )
    kind: ClassVar[Kind] = "printed"
    design: ClassVar[str] = "Cross-sectional t on the ten differences, as CARs of ten events"
    data: ClassVar[str] = "Twenty numbers, in the file of the replication"
    needs: ClassVar[tuple[str, ...]] = ()
    simulates: ClassVar[bool] = False
    tolerance: ClassVar[str] = "None: to the digits printed"
    difference: ClassVar[str] = ""

    def rows(self) -> Sequence[Row]:
        """Test the differences."""
        from scipy.special import stdtrit

        from eventstudy.inference.cross_sectional_t import CrossSectionalT
        from eventstudy.replication.results._sample import of_values

        cars = of_values([second - first for first, second in zip(FIRST, SECOND, strict=True)])
        found = CrossSectionalT().test(cars)
        mean, t = float(found.estimate[0]), float(found.statistic[0])
        half = float(stdtrit(9, 0.975)) * mean / t
        return [
            Row("mean difference, hours", 1.58, mean, 2),
            Row("t with 9 degrees of freedom", 4.0621, t, 4),
            Row("p, two-sided", 0.002833, float(found.p_value[0]), 6),
            Row("95% limits, lower, hours", 0.7001142, mean - half, 7),
            Row("95% limits, upper, hours", 2.4598858, mean + half, 7),
        ]


PLUGIN: type[Replication] = StudentSleep
