"""Grunfeld's investment data: cross-sections year by year, after Fama and MacBeth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy.replication.base import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.replication.base import Kind, Replication

EXPECTED = {
    "constant": (-14.7569720, 7.2876699),
    "value": (0.1306047, 0.0093422),
    "capital": (0.0729576, 0.0277398),
}
"""Mean coefficient and its standard error."""
LATER = "American Steel"
"""A firm that the ten of the published data do not hold."""


@dataclass(frozen=True, slots=True)
class GrunfeldMeans:
    """Ten firms, twenty years, twenty regressions."""

    name: ClassVar[str] = "grunfeld_means"
    title: ClassVar[str] = "Grunfeld's investment data: cross-sections year by year"
    cite: ClassVar[str] = "Fama and MacBeth (1973)"
    source: ClassVar[str] = (
        "Method of Fama, E. F. and MacBeth, J. D. (1973), Journal of Political Economy 81, 607-636, on the data of "
        "Grunfeld (1958), the example of xtfmb for Stata; digits as pmg of the R package plm prints them"
    )
    kind: ClassVar[Kind] = "printed"
    design: ClassVar[str] = (
        "Investment on value and capital of ten firms in each year of 1935 to 1954; means of the coefficients "
        "and their standard errors, as in the regression of CARs date by date"
    )
    data: ClassVar[str] = (
        "The package statsmodels: datasets.grunfeld, without American Steel, which was added later"
    )
    needs: ClassVar[tuple[str, ...]] = ("statsmodels.datasets.grunfeld",)
    simulates: ClassVar[bool] = False
    tolerance: ClassVar[str] = "None: seven decimals"
    difference: ClassVar[str] = ""

    def rows(self) -> Sequence[Row]:
        """Average the regressions."""
        from statsmodels.datasets import grunfeld

        from eventstudy.regressions import characteristics, fama_macbeth

        data = grunfeld.load_pandas().data
        firms = data[data["firm"] != LATER]
        found = fama_macbeth(
            firms["invest"].to_numpy(float),
            characteristics({name: firms[name].to_numpy(float) for name in ("value", "capital")}),
            firms["year"].to_numpy(int),
        )
        rows = []
        for place, (term, (estimate, error)) in enumerate(EXPECTED.items()):
            ours, spread = float(found.estimate[place]), float(found.std_error[place])
            rows.append(Row(f"{term}, mean", estimate, ours, 7))
            rows.append(Row(f"{term}, standard error", error, spread, 7))
        return [*rows, Row("years", 20, float(found.clusters or 0), 0)]


PLUGIN: type[Replication] = GrunfeldMeans
