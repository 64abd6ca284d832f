"""Distribution: how the CARs of single events are spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import charts, formats, tables
from eventstudy.document.blocks import Figure, Panel, Panels, Part
from eventstudy.language import derived, marked, say, sentences
from eventstudy.panel.describe import cars, histogram, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, PanelSection
    from eventstudy.panel import PanelResult
    from eventstudy.spec import Window

MOST_WINDOWS = 4
"""Windows with a histogram; the table has every window."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """A histogram per window, and quantiles."""

    name: ClassVar[str] = "distribution"
    order: ClassVar[int] = 40
    title: ClassVar[str] = marked("Distribution of CARs")

    def blocks(self, result: PanelResult) -> Sequence[Block]:
        """Return the table of quantiles, then the histograms side by side."""
        panels = [
            Panel(formats.capital(formats.window(*window)), 0, (_figure(result, window),))
            for window in result.design.car_windows[:MOST_WINDOWS]
            if spread(cars(result, window)).n
        ]
        drawn = Part("part-histograms", say("Histograms"), (Panels(tuple(panels)),))
        return (tables.car_spreads(result), *((drawn,) if panels else ()))


def _figure(result: PanelResult, window: Window) -> Figure:
    """Return the histogram of one window."""
    values = cars(result, window)
    bars, mean = histogram(values), spread(values).mean
    key, words = f"{window.start}-{window.end}", formats.window(*window)
    beyond = bars.below + bars.above
    events = formats.capital(
        formats.count(
            derived(beyond, f"values of results/car.csv of {result.headline} outside the chart"),
            "event",
        )
    )
    rest = say("{events} beyond the ends.", events=events) if beyond else ""
    return Figure(
        id=f"figure-cars-{key}",
        title="",
        caption=sentences(say("Events by CAR, per cent."), rest),
        name=say("Histogram of the CARs of {days}", days=words),
        spec=charts.histogram(
            bars, mean, charts.accent(0), say("CAR of {days}, per cent", days=words)
        ),
        table=tables.histogram_table(f"numbers-cars-{key}", bars),
    )


PLUGIN: type[PanelSection] = Distribution
