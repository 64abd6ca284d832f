"""Prices in doubt that the outcome of an event rests on: its own, and those of its benchmarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eventstudy.alignment import sessions
from eventstudy.quality.rules import OPENS
from eventstudy.registry import build
from eventstudy.returns.request import FactorRequest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from eventstudy.alignment import AlignedEvents
    from eventstudy.models.base import Model
    from eventstudy.quality.rules import Checked
    from eventstudy.spec import Study

    Dates = NDArray[np.datetime64]

BEFORE, AFTER = 1, 6
"""Sessions before and after day 0 whose closes the outcome of an event rests on."""


def doubt_rows(
    study: Study, aligned: AlignedEvents, checked: Sequence[Checked]
) -> list[tuple[str, ...]]:
    """Return the rows of the frame ``doubts``: prices in doubt that an event's outcome rests on.

    Parameters
    ----------
    study : Study
        Its assets and events; the outcome of an event is that of the first model.
    aligned : AlignedEvents
        Day 0 of its events.
    checked : sequence of Checked
        From :func:`eventstudy.quality.inspect`.
    """
    first = study.models[0]
    model: Model = build("eventstudy.models", first.name, first.options, kind="model")
    used = [*map(FactorRequest, study.assets), *model.inputs()]
    return [
        row
        for each in checked
        for position, request in enumerate(used)
        if each.doubts and request.instrument == each.finding.asset
        for row in _of_events(study, aligned, each, request, own=position < len(study.assets))
    ]


def _of_events(
    study: Study, aligned: AlignedEvents, checked: Checked, request: FactorRequest, *, own: bool
) -> Iterator[tuple[str, ...]]:
    """Yield the doubts of one check, event by event, in the order of their sessions.

    `request` says how returns are made of the series: of an asset itself (`own`), or of a benchmark.
    """
    if not own and checked.doubts[0] == OPENS.doubt:  # of a benchmark only closes are used
        return
    finding = checked.finding
    name = "" if own else f"{study.instruments[finding.asset].short}, "
    order = np.argsort(checked.dates, kind="stable")
    days = checked.dates[order]
    for row, event in enumerate(study.events):
        for asset in study.assets_of(event):
            day0 = aligned.session[row, aligned.calendars.index(study.instruments[asset].calendar)]
            if (asset == finding.asset) != own or np.isnat(day0):
                continue
            first, last = _reach(study, asset, day0, request)
            for i in order[(days >= first) & (days <= last)]:
                about = str(checked.dates[i]), f"{name}{checked.doubts[i]}"
                yield (event.id, asset, *about, finding.check, finding.status)


def _reach(study: Study, asset: str, day0: np.datetime64, request: FactorRequest) -> Dates:
    """Return the first and the last date whose close of a series is in the returns of an event."""
    calendar = sessions(study.instruments[asset].calendar)
    after = min(AFTER, study.event_window.end)
    rows = np.searchsorted(calendar, day0) - request.shift + np.array([-BEFORE, after])
    ends = calendar[np.clip(rows, 0, len(calendar) - 1)]
    known = sessions(study.instruments[request.instrument].calendar)
    late = np.searchsorted(known, ends, "left" if request.lag == "previous_close" else "right")
    reach: Dates = known[np.maximum(late - 1, 0)]
    return reach
