"""Plain numpy that gathers every window: the same numbers as the program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.gathering import gathered
from benchmarks.packages.measuring import measured
from benchmarks.panels import Panel

if TYPE_CHECKING:
    from collections.abc import Mapping


def prepared(arrays: Mapping[str, Any]) -> Panel:
    """Return the events."""
    return Panel(**arrays)


def run(panel: Panel) -> dict[str, float]:
    """Return the mean CAR of the event window, and its BMP statistic."""
    car, _, _, bmp = gathered(panel)
    return {"caar": float(car[:, -1].mean()), "bmp": float(bmp[-1]), "events": len(car)}


measured(prepared, run)
