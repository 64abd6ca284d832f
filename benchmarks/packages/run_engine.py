"""The program itself: market model, CARs over five windows, Patell and BMP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.engine import engine, sample_of
from benchmarks.packages.measuring import measured
from benchmarks.panels import Panel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventstudy.returns.sample import Sample


def prepared(arrays: Mapping[str, Any]) -> Sample:
    """Return the events as the program takes them."""
    return sample_of(Panel(**arrays))


def run(sample: Sample) -> dict[str, float]:
    """Return the mean CAR of the event window, and its BMP statistic."""
    car, _, _, bmp = engine(sample)
    return {"caar": float(car[:, -1].mean()), "bmp": float(bmp[-1]), "events": len(car)}


measured(prepared, run)
