"""The frames of a panel: those with rows per event are made a part at a time, when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.aggregate import cumulate
from eventstudy.inference.forecast_t import ForecastT
from eventstudy.returns.sample import chunks
from eventstudy.study import frames

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from eventstudy.spec import Window
    from eventstudy.study.analysis import Analysis
    from eventstudy.study.frames import Columns

EVENTS_AT_ONCE = 5_000
"""Events whose rows are made together."""

BY_EVENT = ("parameters", "abnormal", "car")
"""Frames with rows per event."""

OF_FIT = (
    "coefficients",
    "std_errors",
    "sigma",
    "dof",
    "n_obs",
    "r_squared",
    "expected",
    "leverage",
)


class Frames(Mapping[str, "pd.DataFrame"]):
    """Frames by name; those of single events are made when they are asked for, and kept then.

    Parameters
    ----------
    parts : sequence of Analysis
        The models.
    windows : sequence of Window
        Windows of the CARs.
    made : mapping of str to DataFrame
        The other frames.
    """

    def __init__(
        self,
        parts: Sequence[Analysis],
        windows: Sequence[Window],
        made: Mapping[str, pd.DataFrame],
    ) -> None:
        self._parts, self._windows, self._made = parts, windows, dict(made)

    def __getitem__(self, name: str) -> pd.DataFrame:
        import pandas as pd

        if name not in self._made:
            if name not in BY_EVENT:
                raise KeyError(name)
            pieces = list(self.pieces(name))
            whole = pieces[0] if len(pieces) == 1 else pd.concat(pieces, ignore_index=True)
            self._made[name] = whole.rename_axis(name)
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in BY_EVENT or name in self._made

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*BY_EVENT, *self._made)))

    def __len__(self) -> int:
        return len({*BY_EVENT, *self._made})

    def pieces(self, name: str) -> Iterator[pd.DataFrame]:
        """Yield a frame in parts, in order; together they are the frame."""
        if name in self._made or name not in BY_EVENT:
            yield self[name]
            return
        for part in self._parts:
            for rows in chunks(len(part.abnormal), EVENTS_AT_ONCE) or [slice(0)]:
                yield frames.stack(name, [_columns(name, _some(part, rows), self._windows)])


def _columns(name: str, part: Analysis, windows: Sequence[Window]) -> Columns:
    """Return one of the frames that hold rows per event."""
    sample = part.estimated.sample
    if name == "parameters":
        return frames.parameter_columns(part.label, sample, part.estimated.fit)
    if name == "abnormal":
        return frames.abnormal_columns(part.label, sample, part.abnormal)
    cars = cumulate(part.abnormal, windows)
    return frames.car_columns(part.label, cars, ForecastT().test(cars))


def _some(part: Analysis, rows: slice) -> Analysis:
    """Return some of the events of a model."""
    if len(part.abnormal) == len(range(*rows.indices(len(part.abnormal)))):
        return part
    at, fit = np.arange(rows.start, rows.stop), part.estimated.fit
    some = replace(
        fit,
        **{name: getattr(fit, name)[rows] for name in OF_FIT},
        failures=fit.failures[rows],
        scale=None if fit.scale is None else fit.scale[rows],
    )
    estimated = replace(part.estimated, sample=part.estimated.sample.select(at), fit=some)
    return replace(part, estimated=estimated, abnormal=part.abnormal.select(at))
