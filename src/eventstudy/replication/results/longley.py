"""Longley's data: certified least squares on nearly collinear regressors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy.replication.base import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.replication.base import Kind, Replication

TERMS = ("GNPDEFL", "GNP", "UNEMP", "ARMED", "POP", "YEAR")
CERTIFIED = (
    (-3482258.63459582, 890420.383607373, 8, 9),
    (15.0618722713733, 84.9149257747669, 13, 13),
    (-0.0358191792925910, 0.0334910077722432, 16, 16),
    (-2.02022980381683, 0.488399681651699, 14, 15),
    (-1.03322686717359, 0.214274163161675, 14, 15),
    (-0.0511041056535807, 0.226073200069370, 16, 15),
    (1829.15146461355, 455.478499142212, 11, 12),
)
"""Estimate and standard error of each term, and the decimals of both."""
DIGITS = 7
"""Significant digits that count as close."""


@dataclass(frozen=True, slots=True)
class Longley:
    """Sixteen years, six regressors."""

    name: ClassVar[str] = "longley"
    title: ClassVar[str] = "Longley's data: certified least squares"
    cite: ClassVar[str] = "Longley (1967), NIST"
    source: ClassVar[str] = (
        "National Institute of Standards and Technology, Statistical Reference Datasets, linear regression, "
        "Longley (higher level of difficulty)"
    )
    kind: ClassVar[Kind] = "printed"
    design: ClassVar[str] = (
        "Employment on six regressors and a constant, as in the regression over events"
    )
    data: ClassVar[str] = "The package statsmodels: datasets.longley"
    needs: ClassVar[tuple[str, ...]] = ("statsmodels.datasets.longley",)
    simulates: ClassVar[bool] = False
    tolerance: ClassVar[str] = (
        "Seven significant digits: the certified values have 15 from arithmetic of 500 digits, and with a "
        "condition number of 5e9 of the regressors double precision keeps about seven in the worst case"
    )
    difference: ClassVar[str] = "Rounding in double precision, far behind the seventh digit"

    def rows(self) -> Sequence[Row]:
        """Run the regression."""
        from statsmodels.datasets import longley

        from eventstudy.regressions import Errors, characteristics, cross_section

        data = longley.load_pandas().data
        found = cross_section(
            data["TOTEMP"].to_numpy(float),
            characteristics({name: data[name].to_numpy(float) for name in TERMS}),
            Errors("iid"),
        )
        rows = []
        for term, (estimate, error, places, its) in enumerate(CERTIFIED):
            name = ("constant", *TERMS)[term]
            ours, spread = float(found.estimate[term]), float(found.std_error[term])
            rows.append(
                Row(f"{name}, estimate", estimate, ours, places, abs(estimate) / 10**DIGITS)
            )
            rows.append(Row(f"{name}, standard error", error, spread, its, error / 10**DIGITS))
        return rows


PLUGIN: type[Replication] = Longley
