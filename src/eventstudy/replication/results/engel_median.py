"""Engel's food expenditure: least absolute deviations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy.replication.base import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.replication.base import Kind, Replication


@dataclass(frozen=True, slots=True)
class EngelMedian:
    """The median regression of 235 households."""

    name: ClassVar[str] = "engel_median"
    title: ClassVar[str] = "Engel's food expenditure: the median regression"
    cite: ClassVar[str] = "Koenker and Bassett (1982)"
    source: ClassVar[str] = (
        "Data of Engel (1857) as in Koenker, R. and Bassett, G. (1982), Econometrica 50, 43-61; estimates as "
        "rq of the R package quantreg prints them, standard errors as QuantReg of statsmodels does"
    )
    kind: ClassVar[Kind] = "printed"
    design: ClassVar[str] = (
        "Food expenditure on income by least absolute deviations, as in market_robust"
    )
    data: ClassVar[str] = "The package statsmodels: datasets.engel"
    needs: ClassVar[tuple[str, ...]] = ("statsmodels.datasets.engel",)
    simulates: ClassVar[bool] = False
    tolerance: ClassVar[str] = "None: to the digits printed"
    difference: ClassVar[str] = ""

    def rows(self) -> Sequence[Row]:
        """Fit the line."""
        import numpy as np
        from statsmodels.datasets import engel

        from eventstudy.models._robust import robust_line

        data = engel.load_pandas().data
        found = robust_line(data["foodexp"].to_numpy(float), data["income"].to_numpy(float), "lad")
        line, covariance = found if found else (np.full(2, np.nan), np.full((2, 2), np.nan))
        errors = np.sqrt(np.diag(covariance))
        return [
            Row("constant", 81.48225, float(line[0]), 5),
            Row("income", 0.56018, float(line[1]), 5),
            Row("standard error of the constant", 14.634, float(errors[0]), 3),
            Row("standard error of income", 0.013, float(errors[1]), 3),
        ]


PLUGIN: type[Replication] = EngelMedian
