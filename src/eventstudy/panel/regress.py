"""The regressions of a panel: CARs on characteristics of the events, returns on event days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from eventstudy.aggregate import cumulate
from eventstudy.formats import counted
from eventstudy.regressions import (
    characteristics,
    cross_section,
    event_time,
    fama_macbeth,
)
from eventstudy.regressions.base import FAMA_MACBETH
from eventstudy.regressions.event_time import EventDays
from eventstudy.study import frames

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from eventstudy.panel.cells import Data
    from eventstudy.panel.events import Events
    from eventstudy.panel.job import Design
    from eventstudy.regressions import Errors, Regression
    from eventstudy.regressions.design import Characteristics
    from eventstudy.regressions.event_time import PanelErrors
    from eventstudy.returns.sample import Sample
    from eventstudy.study.analysis import Analysis
    from eventstudy.study.frames import Columns

DATE, ASSET = "date", "asset"
"""Names to cluster by that need no column: the session of day 0, and the asset."""

PANEL_ERRORS: tuple[PanelErrors, ...] = ("cluster:asset", "driscoll_kraay")
"""Standard errors of the regression on event days."""


def cluster_columns(design: Design) -> tuple[str, ...]:
    """Return the columns of the events that hold clusters."""
    named = (name for each in design.standard_errors if each.kind == "cluster" for name in each.by)
    return tuple(dict.fromkeys(name for name in named if name not in {DATE, ASSET}))


def regression_frame(
    parts: Sequence[Analysis], events: Events, sample: Sample, data: Data, design: Design
) -> pd.DataFrame:
    """Return every regression that the design asks for, one row per term.

    Parameters
    ----------
    parts : sequence of Analysis
        The models.
    events : Events
        All events, with their characteristics.
    sample : Sample
        The events that have a session and an asset.
    data : Data
        Returns of all assets.
    design : Design
        What is regressed.
    """
    found: list[Columns] = []
    if design.regress:
        for part in parts:
            found += _cross_sections(part, events, design)
    if design.event_time:
        found += _event_days(sample, data, design)
    return frames.stack("regressions", found)


def _cross_sections(part: Analysis, events: Events, design: Design) -> Iterator[Columns]:
    """Yield the regressions of one model's CARs, window by window."""
    if not len(part.abnormal):
        return
    cars = cumulate(part.abnormal, design.car_windows)
    place = {event_id: row for row, event_id in enumerate(events.event_ids)}
    rows = np.array([place[event_id] for event_id in part.abnormal.event_ids])
    labels: dict[str, NDArray[Any]] = {
        **{name: column[rows] for name, column in events.labels.items()},
        DATE: part.abnormal.axes[0][part.abnormal.day0].astype(str).astype(object),
        ASSET: part.abnormal.assets,
    }
    regressors = characteristics(events.characteristics).select(rows)
    for position, window in enumerate(design.car_windows):
        for errors in design.standard_errors:
            found = _regress(cars.car[:, position], regressors, errors, labels)
            yield _columns(found, part.label, *window)


def _regress(
    car: NDArray[np.float64],
    regressors: Characteristics,
    errors: Errors,
    labels: dict[str, NDArray[Any]],
) -> Regression:
    """Return one regression with the errors that its name stands for."""
    if errors.kind == FAMA_MACBETH:
        return fama_macbeth(car, regressors, labels[DATE], kernel=bool(errors.by))
    return cross_section(car, regressors, errors, [labels[name] for name in errors.by])


def _columns(found: Regression, model: str, start: Any, end: Any) -> Columns:  # noqa: ANN401 - one session or one for each term
    """Return the rows of a regression."""
    shape = len(found.terms)
    return {
        "model": np.full(shape, model, dtype=object),
        "window_start": np.broadcast_to(start, shape),
        "window_end": np.broadcast_to(end, shape),
        **found.columns(),
    }


def _event_days(sample: Sample, data: Data, design: Design) -> Iterator[Columns]:
    """Yield the regressions of returns on event days, each day a window of its own."""
    panel = event_days(sample, data)
    tau = np.arange(design.event_window.start, design.event_window.end + 1)
    for errors in PANEL_ERRORS:
        yield _columns(event_time(panel, errors), "", tau, tau)


def event_days(sample: Sample, data: Data) -> EventDays:
    """Return the returns of all assets with a dummy for each day of the event window.

    The sessions run from the first of any estimation window to the last of any event window; the
    omitted days are those outside the event windows. The market is no asset.
    """
    own = [column for column, name in enumerate(data.assets.names) if name != data.market]
    values = data.assets.values[:, own]
    place = {data.assets.names[column]: position for position, column in enumerate(own)}
    rows = np.array([name in place for name in sample.assets], dtype=bool)
    asset = np.array([place[name] for name in sample.assets[rows]], dtype=np.int64)
    first = max(0, int(sample.day0.min()) + sample.estimation.start)
    last = min(len(values) - 1, int(sample.day0.max()) + sample.event_window.end)
    block = values[first : last + 1]
    here = np.isfinite(block)
    tau = np.arange(sample.event_window.start, sample.event_window.end + 1)
    dummies = np.empty((int(here.sum()), len(tau)))
    for position, day in enumerate(tau):
        session = sample.day0[rows] + day - first
        inside = (session >= 0) & (session < len(block))
        count = np.zeros(block.shape)
        np.add.at(count, (session[inside], asset[inside]), 1.0)
        dummies[:, position] = count[here]
    date, column = np.nonzero(here)
    return EventDays(
        returns=block[here],
        dummies=dummies,
        terms=tuple(f"day {day}" for day in tau),
        asset=column,
        date=date,
    )


def regression_notes(frame: pd.DataFrame, events: Events, design: Design) -> Iterator[str]:
    """Yield what to know of the regressions."""
    for name, column in {**events.characteristics, **events.labels}.items():
        blank = int((column == "").sum() if column.dtype == object else np.isnan(column).sum())
        if blank:
            yield f"{counted(blank, 'event has', 'events have')} no {name}: left out of the regressions that use it"
    if design.event_time:
        yield (
            f"event_time: coefficients are differences to the days outside {design.event_window},"
            " beside effects of assets and dates"
        )
    for status in ("not_applicable", "caution"):
        count = int((frame["status"] == status).sum())
        if count:
            yield (
                f"regressions.csv: {count:,} of {counted(len(frame), 'coefficient')} {'is' if count == 1 else 'are'} marked {status},"
                " each with the reason"
            )
