"""Fifteen p-values: the example with which the false discovery rate was introduced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy.replication.base import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.replication.base import Kind, Replication

P_VALUES = (
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
    0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thrombolysis:
    """What is left of nine small p-values."""

    name: ClassVar[str] = "thrombolysis"
    title: ClassVar[str] = "Fifteen p-values: false discovery rate against family-wise error"
    cite: ClassVar[str] = "Benjamini and Hochberg (1995)"
    source: ClassVar[str] = (
        "Benjamini, Y. and Hochberg, Y. (1995), Controlling the false discovery rate, Journal of the Royal "
        "Statistical Society B 57, 289-300, section 4.1"
    )
    kind: ClassVar[Kind] = "printed"
    design: ClassVar[str] = (
        "Number of hypotheses rejected at 5 per cent, without and with adjustment"
    )
    data: ClassVar[str] = "Fifteen p-values of a clinical trial, in the file of the replication"
    needs: ClassVar[tuple[str, ...]] = ()
    simulates: ClassVar[bool] = False
    tolerance: ClassVar[str] = "None: counts"
    difference: ClassVar[str] = ""

    def rows(self) -> Sequence[Row]:
        """Adjust the p-values."""
        import numpy as np

        from eventstudy.comparison.multiplicity import false_discovery, holm

        p_values = np.array(P_VALUES)
        adjusted = false_discovery(p_values, "bh")
        return [
            Row("at or below .05, not adjusted", 9, int((p_values <= 0.05).sum()), 0),
            Row("Benjamini-Hochberg", 4, int((adjusted <= 0.05).sum()), 0),
            Row(
                "Bonferroni, and Holm who rejects the same",
                3,
                int((holm(p_values) <= 0.05).sum()),
                0,
            ),
            Row("fourth p-value, adjusted: 15 / 4 x .0095", 0.035625, float(adjusted[3]), 6),
        ]


PLUGIN: type[Replication] = Thrombolysis
