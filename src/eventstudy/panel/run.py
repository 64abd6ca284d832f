"""The order of a panel: tables, sessions, models, tests."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.errors import EventError, OptionError
from eventstudy.formats import counted
from eventstudy.panel.chunks import chunks_of
from eventstudy.panel.events import EVERYTHING, read_events
from eventstudy.panel.pieces import study_events
from eventstudy.panel.regress import cluster_columns, regression_frame, regression_notes
from eventstudy.panel.series import open_series
from eventstudy.panel.tables import Frames
from eventstudy.study import frames
from eventstudy.study.analysis import Analysis, group_columns, statistic_parts
from eventstudy.workers import ALONE, Workers, employed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from eventstudy.abnormal import AbnormalReturns
    from eventstudy.ledger import Dropped
    from eventstudy.panel.events import Events
    from eventstudy.panel.job import Design, Inputs
    from eventstudy.returns.sample import Sample
    from eventstudy.study.analysis import Groups
    from eventstudy.study.cells import Estimated

ALPHA = 0.05
"""Level of the tests and bands that a page reads out."""


@dataclass(frozen=True, slots=True)
class PanelResult:
    """All numbers of one panel.

    Attributes
    ----------
    inputs : Inputs
        Where the data came from.
    design : Design
        What was asked.
    frames : Frames
        Tidy long frames by name, those of :data:`eventstudy.panel.write.FRAMES`; returns are decimals.
    studied : mapping of str to int
        Number of events that each model could be estimated on.
    events : int
        Number of events given.
    notes : tuple of str
        What the user should know about the tables, in sentences.
    command : str
        The command that rebuilds the result.
    """

    inputs: Inputs
    design: Design
    frames: Frames
    studied: Mapping[str, int]
    events: int
    notes: tuple[str, ...]
    command: str = ""

    @property
    def headline(self) -> str:
        """The model that a page reads out: the first one that could be estimated on any event."""
        return next(label for label, studied in self.studied.items() if studied)


def run_panel(
    inputs: Inputs,
    design: Design,
    *,
    command: str = "",
    memory: int | None = None,
    workers: Workers = ALONE,
) -> PanelResult:
    """Estimate and test every event of a panel.

    Parameters
    ----------
    inputs : Inputs
        The tables.
    design : Design
        Models, windows and statistics.
    command : str, optional
        The command that rebuilds the result.
    memory : int, optional
        Most bytes that may be used; then the assets are read from Parquet and studied by chunks.
    workers : Workers, optional
        Who estimates.

    Returns
    -------
    PanelResult
        The same tables give the same numbers, whatever the order of their rows.

    Raises
    ------
    SpecError, OptionError
        When the events, or the options, have mistakes; when workers cannot be reached, or are lost.
    DataError
        When returns cannot be used.
    EventError
        When no event can be studied.
    """
    events = read_events(
        inputs.events,
        design.group,
        characteristics=tuple(dict.fromkeys(design.regress)),
        labels=cluster_columns(design),
    )
    if memory is not None and design.event_time:
        raise OptionError(
            "--event-time takes the returns of all assets at once; leave out --event-time, or --memory"
        )
    source = open_series(inputs.returns, by_parts=memory is not None)
    with employed(workers):
        chunks = chunks_of(inputs, design, source, events, memory)
        found = study_events(inputs, design, source, events, chunks)
    studied = [estimated for estimated, _ in found.modelled]
    dropped = (*found.dropped, *(drop for part in studied for drop in part.dropped))
    if not any(len(part.sample) for part in studied):
        raise EventError(_nothing_left(dropped))
    parts = [
        _analyse(label, *each, events)
        for label, each in zip(design.labels, found.modelled, strict=True)
    ]
    made = _frames(parts, dropped, design)
    notes = [*found.notes, *_notes(events, found.sample, parts, design)]
    if design.regress or design.event_time:
        made["regressions"] = regression_frame(parts, events, found.sample, found.data, design)
        notes += regression_notes(made["regressions"], events, design)
    return PanelResult(
        inputs=inputs,
        design=design,
        frames=Frames(parts, design.car_windows, made),
        studied={part.label: len(part.abnormal) for part in parts},
        events=len(events),
        notes=tuple(notes),
        command=command,
    )


def _nothing_left(dropped: Sequence[Dropped]) -> str:
    """Return why a panel has no event, with the reasons of the first ones."""
    listed = [f"  {drop.event_id}, {drop.asset}, {drop.model}: {drop.reason}" for drop in dropped]
    more = [f"  and {len(listed) - 10} more"] if len(listed) > 10 else []
    return "\n".join(["no event can be studied:", *listed[:10], *more])


def _analyse(label: str, part: Estimated, abnormal: AbnormalReturns, events: Events) -> Analysis:
    """Put the events of a model into groups."""
    group_of = dict(zip(events.event_ids, events.groups, strict=True))
    values = np.array([group_of[event_id] for event_id in abnormal.event_ids], dtype=object)
    groups: Groups = {
        (name, EVERYTHING): np.flatnonzero(values == name) for name in sorted(set(values) - {""})
    }
    if len(abnormal):
        groups = {(EVERYTHING, EVERYTHING): np.arange(len(abnormal)), **groups}
    return Analysis(label, part, abnormal, groups)


def _frames(
    parts: Sequence[Analysis], dropped: Sequence[Dropped], design: Design
) -> dict[str, pd.DataFrame]:
    """Return the frames that rest on all events."""
    tests = [
        columns
        for part in parts
        for columns in statistic_parts(
            part,
            design.choices,
            design.car_windows,
            seed=design.seed,
            alternative=design.alternative,
        )
    ]
    groups = [group_columns(part, design.car_windows, ALPHA) for part in parts]
    return {
        **{
            name: frames.stack(name, [columns for each in groups for columns in each[name]])
            for name in groups[0]
        },
        "statistics": frames.stack("statistics", tests),
        "dropped": frames.from_rows("dropped", [astuple(drop) for drop in dropped]),
    }


def _notes(
    events: Events, sample: Sample, parts: Sequence[Analysis], design: Design
) -> Iterator[str]:
    """Yield what to know of the events."""
    if design.group and (blank := int((events.groups == "").sum())):
        yield f"{counted(blank, 'event has', 'events have')} no {design.group}: part of {EVERYTHING!r} only"
    if twice := len(sample) - len(set(zip(sample.assets, sample.day0.tolist(), strict=True))):
        yield (
            f"events that repeat the asset and day 0 of another: {twice}; the same returns count more"
            " than once, remove them unless that is meant"
        )
    for part in parts:
        few = int((part.abnormal.n_est < design.estimation.length).sum())
        if few:
            yield (
                f"{part.label}: {counted(few, 'event has', 'events have')} fewer than {design.estimation.length} returns in the"
                " estimation window, see n_obs in parameters.csv"
            )
