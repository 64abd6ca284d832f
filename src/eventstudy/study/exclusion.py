"""Sessions near other events, which no estimation window uses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.study.comparison import known_days

if TYPE_CHECKING:
    from eventstudy.spec import Event, Study
    from eventstudy.study.cells import Cells


def hide_events(study: Study, cells: Cells, others: tuple[Event, ...]) -> Cells:
    """Hide the sessions near events from estimation windows, where the study asks for it.

    Parameters
    ----------
    study : Study
        Says near which events, and how near.
    cells : Cells
        The cells of the study.
    others : tuple of Event
        Known events that are not studied.

    Notes
    -----
    The sessions near an event lie inside its own event window, so that its own estimation window
    loses none to it. Leaving a session out gives the same estimates and forecast errors as a dummy
    variable of its own.
    """
    without = study.estimation_without
    if without is None:
        return cells
    hidden = np.zeros((len(cells.markets), len(cells.sample.panel)), bool)
    near = np.arange(without.days.start, without.days.end + 1)
    catalogue = others if without.events == "catalogue" else ()
    for number, days in enumerate(known_days(study, cells, catalogue)):
        rows = (days[:, None] + near).ravel()
        hidden[number, rows[(rows >= 0) & (rows < hidden.shape[1])]] = True
    return replace(cells, sample=replace(cells.sample, hidden=hidden))
