"""11 September 2001 on two American indices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy.replication.base import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.replication.base import Kind, Replication

EXPECTED = (
    ("sp500", "S&P 500", "simple", (-4.838, -7.724, -3.833)),
    ("nasdaq", "NASDAQ", "simple", (-6.564, -10.138, -9.994)),
    ("sp500", "S&P 500", "log", (-4.959, -7.982, -4.107)),
)
"""Data set of the package, index, kind of returns; per cent on day 0 and over [0,5] and [0,10]."""


@dataclass(frozen=True, slots=True)
class September11:
    """One event, two indices, constant mean."""

    name: ClassVar[str] = "september_11"
    title: ClassVar[str] = "11 September 2001: one event on two indices"
    cite: ClassVar[str] = "Chen and Siems (2004)"
    source: ClassVar[str] = (
        "Design of Chen, A. H. and Siems, T. F. (2004), The effects of terrorism on global capital markets, "
        "European Journal of Political Economy 20, 349-366; numbers not of the paper, but by pandas on the same closes"
    )
    kind: ClassVar[Kind] = "computed"
    design: ClassVar[str] = (
        "Constant mean of event days -30 to -11 (20 sessions); day 0 is 17 September 2001, the first session "
        "after the attacks; CARs of days 0, 0 to 5 and 0 to 10. The last row takes log returns, to pin the "
        "convention down."
    )
    data: ClassVar[str] = "Daily closes in the package arch: arch.data.sp500 and arch.data.nasdaq"
    needs: ClassVar[tuple[str, ...]] = ("arch",)
    simulates: ClassVar[bool] = False
    tolerance: ClassVar[str] = "None: means and sums of 20 to 31 returns, three decimals"
    difference: ClassVar[str] = ""

    def rows(self) -> Sequence[Row]:
        """Compute the CARs of both indices."""
        return [
            Row(f"{index}, {kind} returns, CAR of {days}, per cent", expected, found, 3)
            for module, index, kind, numbers in EXPECTED
            for days, expected, found in zip(
                ("day 0", "days 0 to 5", "days 0 to 10"), numbers, _cars(module, kind), strict=True
            )
        ]


def _cars(module: str, kind: str) -> list[float]:
    """Return the CARs of the three windows, per cent."""
    from importlib import import_module

    import numpy as np

    from eventstudy.models.constant_mean import ConstantMean
    from eventstudy.replication.results._sample import cars
    from eventstudy.returns.panel import session_returns
    from eventstudy.returns.sample import one_axis
    from eventstudy.spec import Window

    data = import_module(f"arch.data.{module}").load()
    dates = data.index.to_numpy().astype("datetime64[D]")
    returns = session_returns(data["Adj Close"].to_numpy(), "log" if kind == "log" else "simple")
    sample = one_axis(
        returns[:, None],
        None,
        np.array([0]),
        np.flatnonzero(dates == np.datetime64("2001-09-17")),
        estimation=Window(-30, -11),
        event_window=Window(0, 10),
        dates=dates,
    )
    found = 100 * cars(sample, ConstantMean(), [(0, 0), (0, 5), (0, 10)]).car[0]
    return [float(each) for each in found]


PLUGIN: type[Replication] = September11
