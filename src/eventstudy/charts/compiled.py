"""Vega-Lite compiled to Vega once per shape of chart: what differs among alike charts is filled in after."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventstudy.charts.theme import Spec

FIRST = 9_100_000_000
"""Stands for the first bound of a shape, the next numbers for the next; no chart has bounds as large."""

_HOLE = re.compile(r'\[\{"hole": (\d+)\}\]|(-?)(91\d{8})(?:\.0)?(?![\d.])')


def compiled(spec: Spec, compile_shape: Callable[[str], str]) -> str:
    """Return the Vega specification of a chart as JSON.

    Parameters
    ----------
    spec : dict
        Vega-Lite specification as :func:`~eventstudy.charts.theme.chart` makes it: data inline, scales
        with bounds.
    compile_shape : callable
        Turns a Vega-Lite specification into a Vega specification, both JSON; called once per shape.

    Notes
    -----
    Compiling takes longer than drawing, and reads neither rows nor bounds: it looks at the sign of a
    bound only, which therefore belongs to the shape. Pointing belongs to the live chart: tooltips, and
    marks that cannot be seen, are left out.
    """
    shape = _Shape()
    taken = json.dumps(shape.of(still(spec)))
    return _HOLE.sub(shape.filling, _once(taken, compile_shape))


@cache
def _once(shape: str, compile_shape: Callable[[str], str]) -> str:
    return compile_shape(shape)


def still(spec: Spec) -> Spec:
    """Return a chart without what only a pointer finds."""
    layers = [
        {
            **layer,
            "encoding": {
                name: channel for name, channel in layer["encoding"].items() if name != "tooltip"
            },
        }
        for layer in spec["layer"]
        if layer["mark"].get("opacity") != 0
    ]
    return {**spec, "layer": layers}


class _Shape:
    """What is taken out of a specification, by number."""

    def __init__(self) -> None:
        self._rows: list[object] = []
        self._bounds: dict[float, int] = {}

    def of(self, part: object) -> object:
        """Return a part of a specification with numbers in place of rows and bounds."""
        if isinstance(part, list):
            return [self.of(each) for each in part]
        if not isinstance(part, dict):
            return part
        return {name: self._named(name, value) for name, value in part.items()}

    def _named(self, name: str, value: object) -> object:
        if name == "data" and isinstance(value, dict):
            self._rows.append(value["values"])
            return {"values": [{"hole": len(self._rows) - 1}]}
        if name == "domain" and isinstance(value, list):
            return [self._bound(each) if isinstance(each, int | float) else each for each in value]
        return self.of(value)

    def _bound(self, bound: float) -> float:
        """Return the number that stands for a bound: of its sign, and of its own among the chart's."""
        if bound == 0:
            return bound
        number = FIRST + self._bounds.setdefault(abs(bound), len(self._bounds))
        return number if bound > 0 else -number

    def filling(self, found: re.Match[str]) -> str:
        """Return what a hole was made for."""
        rows, sign, number = found.groups()
        if rows is not None:
            return json.dumps(self._rows[int(rows)])
        return sign + json.dumps(list(self._bounds)[int(number) - FIRST])
