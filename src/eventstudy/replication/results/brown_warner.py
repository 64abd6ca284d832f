"""Size and power on real prices, after Brown and Warner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy.replication.base import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from eventstudy.replication.base import Kind, Replication
    from eventstudy.replication.results._simulated import Cell

TESTS = {
    "crude_dependence": "crude dependence",
    "patell": "Patell",
    "cross_sectional_t": "cross-sectional t",
    "bmp": "BMP",
    "adjusted_bmp": "adjusted BMP",
    "corrado_rank": "Corrado rank",
    "generalized_sign": "generalised sign",
}
EXPECTED = {
    (5, 0.0, 1.0): "5.2/6.0 5.0/5.6 3.0/3.4 3.4/3.6 3.9/3.7 5.3/4.4 2.5/6.8",
    (20, 0.0, 1.0): "5.4/5.3 4.2/5.1 3.2/3.3 3.2/4.1 3.3/4.1 4.3/4.3 3.8/4.0",
    (20, 0.0, 2.0): "11.6/15.0 11.4/16.4 3.2/3.3 3.2/4.1 3.3/4.1 7.3/8.5 3.8/4.0",
    (20, 0.5, 1.0): "32.3/21.4 54.1/42.4 37.0/25.3 53.3/39.2 53.1/39.0 62.2/51.1 50.7/36.3",
    (50, 0.0, 1.0): "4.8/4.5 5.4/5.5 4.5/4.7 5.2/4.8 5.0/4.6 5.2/4.7 4.6/5.4",
    (50, 0.0, 2.0): "12.4/16.0 12.7/18.8 4.5/4.7 5.2/4.8 5.0/4.6 6.5/9.3 4.6/5.4",
    (50, 0.5, 1.0): "58.5/47.2 85.5/78.8 63.0/51.5 82.8/75.0 82.7/74.7 92.0/86.4 86.1/77.7",
    (50, 1.0, 1.0): "98.0/96.0 100/100 96.8/94.4 99.9/99.7 99.9/99.7 100/100 100/99.8",
}
"""Rejections in per cent, one-sided/two-sided, in the order of the tests; by events, effect in per cent and
variance of day 0."""
SIDES = {"greater": "one-sided", "two-sided": "two-sided"}
SAMPLES = 1_000
STOCKS, INDEX = "sp500_dataset.csv.gz", "sp500_index.csv.gz"


@dataclass(frozen=True, slots=True)
class BrownWarner:
    """Random dates and stocks, an effect laid over, rejections counted."""

    name: ClassVar[str] = "brown_warner"
    title: ClassVar[str] = "Size and power on daily returns of 20 large American stocks"
    cite: ClassVar[str] = "Brown and Warner (1985)"
    source: ClassVar[str] = (
        "Design of Brown, S. J. and Warner, J. B. (1985), Using daily stock returns, Journal of Financial "
        "Economics 14, 3-31; rates by a simulation of another program, 1,000 samples, Monte-Carlo error 0.7 points"
    )
    kind: ClassVar[Kind] = "computed"
    design: ClassVar[str] = (
        "1,000 samples; market model on days -244 to -6, event day 0, 5 per cent. Each event is a stock and a "
        "date of its own, both drawn at random and with replacement. A variance twice as large comes from adding "
        "the abnormal return of another day; the source seems to have multiplied those of day 0 by the root of two, "
        "for its cross-sectional t and BMP stay as they were. The correlation of the adjusted BMP test is that of "
        "residuals matched by event day"
    )
    data: ClassVar[str] = (
        "Closes of 1990 to 2022 in the package skfolio: datasets/data/sp500_dataset.csv.gz and sp500_index.csv.gz"
    )
    needs: ClassVar[tuple[str, ...]] = ("skfolio",)
    simulates: ClassVar[bool] = True
    tolerance: ClassVar[str] = (
        "Both sides are rates of 1,000 samples: four standard errors of their difference, "
        "4 sqrt(2 p (1 - p) / 1000) with p their mean: 3.9 points at 5 per cent, 8.9 at 50"
    )
    difference: ClassVar[str] = (
        "Chance, except for the generalised sign test up to 25 events: here its p-value is that of the binomial "
        "law itself, which five equal signs do not make significant at 5 per cent; in the source it is that of "
        "the normal law, which they do. One-sided p-values of the binomial law are not given and not listed"
    )

    def rows(self) -> Sequence[Row]:
        """Simulate the designs of the table."""
        from tempfile import TemporaryDirectory

        with TemporaryDirectory() as folder:
            found = _simulated(folder)
        return [
            row
            for (events, effect, variance), line in EXPECTED.items()
            for row in _design(events, effect, variance, line, found)
        ]


def _design(
    events: int, effect: float, variance: float, line: str, found: Mapping[Cell, float]
) -> Iterator[Row]:
    """Yield the rates of one line of the table."""
    from math import isfinite

    from eventstudy.replication.results._simulated import Cell, apart

    for (test, label), pair in zip(TESTS.items(), line.split(), strict=True):
        for (side, words), text in zip(SIDES.items(), pair.split("/"), strict=True):
            rate = found[Cell(test, side, events, 0.0, effect, variance)]
            if not isfinite(rate):
                continue
            expected = float(text)
            yield Row(
                f"N = {events}, effect {effect:g}%, variance times {variance:g}, {label}, {words}, per cent",
                expected,
                100 * rate,
                1,
                100 * apart(expected / 100, rate, SAMPLES),
            )


def _simulated(folder: str) -> Mapping[Cell, float]:
    """Return the rates of every design, in a folder that holds the returns."""
    from pathlib import Path

    from eventstudy.replication.results._simulated import rates
    from eventstudy.simulate import Returns, Simulation
    from eventstudy.spec import Choice, Window

    place = Path(folder)
    _write_returns(place / "returns.csv")
    designs = sorted({(variance, effect) for _, effect, variance in EXPECTED})
    found: dict[Cell, float] = {}
    for variance, effect in designs:
        found |= rates(
            Simulation(
                format=1,
                title=BrownWarner.title,
                samples=SAMPLES,
                alternatives=tuple(SIDES),
                estimation=Window(-244, -6),
                statistics=tuple(
                    Choice(
                        name=test,
                        label=test,
                        options={"alignment": "event_time"} if test == "adjusted_bmp" else {},
                    )
                    for test in TESTS
                ),
                returns=Returns(file="returns.csv", market="SP500"),
                events=tuple(n for n, e, v in EXPECTED if (v, e) == (variance, effect)),
                effect=(effect,),
                variance=(variance,),
            ),
            place,
        )
    return found


def _write_returns(path: Path) -> None:
    """Write the returns of the stocks and the index as one table."""
    from importlib.util import find_spec
    from pathlib import Path

    import pandas as pd

    package = find_spec("skfolio")
    data = Path(str(package.origin)).parent / "datasets" / "data" if package else Path()
    stocks, index = (pd.read_csv(data / name, index_col="Date") for name in (STOCKS, INDEX))
    stocks.join(index).pct_change().iloc[1:].to_csv(path)


PLUGIN: type[Replication] = BrownWarner
