"""The frame of the episodes: events that last until a day, on every asset."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.outcomes.episodes import Episode, episode
from eventstudy.registry import build
from eventstudy.study import frames

if TYPE_CHECKING:
    import pandas as pd

    from eventstudy.models.base import Model
    from eventstudy.returns.sample import Sample
    from eventstudy.spec import Event, Study
    from eventstudy.study.analysis import Analysis

ENDS = {None: "", True: "yes", False: "no"}
"""How the results write whether the end of an episode was known beforehand."""


def episode_frames(study: Study, part: Analysis) -> dict[str, pd.DataFrame]:
    """Return the frame ``episodes``: every event with an end, under the headline model.

    Parameters
    ----------
    study : Study
        Its events may last until a day.
    part : Analysis
        The headline model.
    """
    rows = [
        _row(study, part, event, asset)
        for event in study.events
        if event.until
        for asset in study.assets_of(event)
    ]
    return {"episodes": frames.from_rows("episodes", rows)}


def _row(study: Study, part: Analysis, event: Event, asset: str) -> tuple[object, ...]:
    """Return one row: where the episode lies, and what became of it."""
    sample = part.estimated.sample
    here = np.flatnonzero((sample.event_ids == event.id) & (sample.assets == asset))
    key = (part.label, event.id, asset)
    if not len(here):
        lost = [
            drop.reason
            for drop in part.estimated.dropped
            if (drop.event_id, drop.asset) == (event.id, asset)
        ]
        reason = lost[0] if lost else "the announcement has no session here"
        return (*key, "", "", 0, ENDS[event.end_known], *_numbers(Episode(reason=reason)))
    cell = sample.select(here)
    sessions = cell.axes[cell.axis[0]]
    end = int(np.searchsorted(sessions, np.datetime64(event.until, "D"), side="right")) - 1
    length = end - int(cell.day0[0]) + 1
    last = _last_price(cell)
    if last < sessions[max(end, 0)] or sessions[-1] < np.datetime64(event.until, "D"):
        found = Episode(reason=f"prices end on {last}, the episode on {event.until}")
    elif length < 1:
        found = Episode(reason=f"it ends on {event.until}, before its day 0")
    else:
        choice = study.models[0]
        model: Model = build("eventstudy.models", choice.name, choice.options, kind="model")
        found = episode(cell, model, length, least=study.min_observations)
    days = (str(sessions[int(cell.day0[0])]), str(sessions[end]))
    return (*key, *days, max(length, 0), ENDS[event.end_known], *_numbers(found))


def _last_price(cell: Sample) -> np.datetime64:
    """Return the last session of the asset's series that has a return."""
    known = np.flatnonzero(np.isfinite(cell.panel[:, cell.column[0]]))
    sessions = cell.axes[cell.axis[0]]
    last: np.datetime64 = sessions[known[-1]] if len(known) else sessions[0]
    return last


def _numbers(found: Episode) -> tuple[object, ...]:
    """Return the numbers of an episode in the order of the columns."""
    values = asdict(found)
    reason = values.pop("reason")
    p_maximum, blocks = values.pop("p_maximum"), values.pop("blocks")
    floor = 1 / (found.effective_n + 1) if found.n else float("nan")
    status = "not_applicable" if reason else "ok"
    return (*values.values(), floor, p_maximum, blocks, status, reason)
