"""Petersen's panel: standard errors with one and two ways of clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy.replication.base import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.regressions import Errors
    from eventstudy.replication.base import Kind, Replication

EXPECTED = {
    "White": (0.0284, 0.0284),
    "clusters of firms": (0.0670, 0.0506),
    "clusters of years": (0.0234, 0.0334),
    "clusters of firms and years": (0.0651, 0.0536),
}
"""Standard errors of the constant and of the slope."""


@dataclass(frozen=True, slots=True)
class PetersenClusters:
    """500 firms over ten years, four kinds of standard errors."""

    name: ClassVar[str] = "petersen_clusters"
    title: ClassVar[str] = "Standard errors in a panel of firms and years"
    cite: ClassVar[str] = "Petersen (2009)"
    source: ClassVar[str] = (
        "Petersen, M. A. (2009), Estimating standard errors in finance panel data sets, Review of Financial "
        "Studies 22, 435-480; the author's test data set and the standard errors that he prints for it"
    )
    kind: ClassVar[Kind] = "printed"
    design: ClassVar[str] = (
        "OLS of y on x, 5,000 observations; White's errors, clusters in one and two ways"
    )
    data: ClassVar[str] = (
        "The test data that the package statsmodels ships: stats/tests/test_data.txt"
    )
    needs: ClassVar[tuple[str, ...]] = ("statsmodels.stats.tests",)
    simulates: ClassVar[bool] = False
    tolerance: ClassVar[str] = "None: four decimals"
    difference: ClassVar[str] = ""

    def rows(self) -> Sequence[Row]:
        """Run the regression with each kind of error."""
        from eventstudy.regressions import Errors

        kinds = (
            Errors("HC1"),
            Errors("cluster", ("firm",)),
            Errors("cluster", ("year",)),
            Errors("cluster", ("firm", "year")),
        )
        return [
            Row(f"{label}, standard error of {term}", theirs, ours, 4)
            for (label, expected), errors in zip(EXPECTED.items(), kinds, strict=True)
            for term, theirs, ours in zip(("constant", "x"), expected, _errors(errors), strict=True)
        ]


def _errors(errors: Errors) -> list[float]:
    """Return the standard errors of constant and slope."""
    from importlib.resources import files

    import numpy as np

    from eventstudy.regressions import characteristics, cross_section

    with (files("statsmodels.stats.tests") / "test_data.txt").open() as lines:
        firm, year, x, y = np.loadtxt(lines, unpack=True)
    labels = {"firm": firm.astype(int).astype(str), "year": year.astype(int).astype(str)}
    found = cross_section(
        y, characteristics({"x": x}), errors, [labels[name] for name in errors.by]
    )
    return [float(each) for each in found.std_error]


PLUGIN: type[Replication] = PetersenClusters
