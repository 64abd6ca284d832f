"""All assets at once: the system of every event and category, and the pooled panel, as frames."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.comparison.relabelling import clusters
from eventstudy.models.base import deducts_risk_free
from eventstudy.models.constant_mean import ConstantMean
from eventstudy.registry import build
from eventstudy.regressions import EventDummies, contrasts, pooled, system
from eventstudy.regressions.joint import NULLS
from eventstudy.spec import Window
from eventstudy.study import frames
from eventstudy.study import system_columns as columns
from eventstudy.study.aftermath import DRAWS
from eventstudy.study.draws import generator
from eventstudy.study.trial import headline_of
from eventstudy.systems import everyday, exact, on_shared_sessions, relabel

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from eventstudy.models.base import Model
    from eventstudy.placebo.placebo import Placebo
    from eventstudy.regressions.joint import Null
    from eventstudy.regressions.system import Fits
    from eventstudy.returns.sample import Dates, Ints
    from eventstudy.spec import Choice, Study
    from eventstudy.study.analysis import Analysis
    from eventstudy.study.frames import Columns
    from eventstudy.systems import Exact, Relabelled, Shared

FRAMES = ("joint", "joint_effects", "pooled")
ALL = "all"
"""Group of every event."""

FIRST, LAST = -1, 5
"""Days of the event window that have a dummy in the pooled panel."""


def joint_frames(
    study: Study, parts: Sequence[Analysis], catalogue: tuple[Ints, ...]
) -> dict[str, pd.DataFrame]:
    """Return the frames about all assets at once; empty for one asset and for pooled securities.

    Parameters
    ----------
    study : Study
        The study.
    parts : sequence of Analysis
        Its models, in order.
    catalogue : tuple of ndarray of int
        By axis: day 0 of every known event.
    """
    found: dict[str, list[Columns]] = defaultdict(list)
    if len(study.assets) > 1 and not study.pool_assets:
        for number, (choice, part) in enumerate(zip(study.models, parts, strict=True)):
            for name, rows in _of_model(study, choice, part, (catalogue, not number)):
                found[name].append(rows)
        found["pooled"] += _pooled(study, parts[0], catalogue)
    return {name: frames.stack(name, found[name]) for name in FRAMES}


def _of_model(
    study: Study, choice: Choice, part: Analysis, asked: tuple[tuple[Ints, ...], bool]
) -> Iterator[tuple[str, Columns]]:
    """Yield the rows of one model, with the frame that they belong to.

    Parameters
    ----------
    study, choice, part : Study, Choice and Analysis
        The model, and what it says of each asset.
    asked : tuple
        Day 0 of every known event by axis; whether groups are asked about, not events only.
    """
    model: Model = build("eventstudy.models", choice.name, choice.options, kind="model")
    found = _exact(study, model, part)
    if isinstance(found, str):
        yield "joint", columns.refused(choice.label, {ALL: found})
        return
    if found.shared.refused:
        yield "joint", columns.refused(choice.label, found.shared.refused)
    if not len(found.shared.events):
        return
    groups = _groups(study, found.shared.events) if asked[1] else {}
    among: dict[Null, Relabelled] = {}
    if options := _placebo(study):
        known = _dates(part, asked[0])
        ordinary = everyday(found.shared, model, study.windows, options, known)
        for null in NULLS:
            rng = generator(study.seed, choice.label, "joint", null)
            chosen = contrasts(null, len(study.assets))
            among[null] = relabel(ordinary, chosen, groups, DRAWS, rng)
    yield from columns.of_events(choice.label, found, among)
    for number, window in enumerate(study.windows if groups else ()):
        whole = np.isfinite(found.cars.car[: len(found.shared.events), number])
        fitted: dict[bytes, Fits] = {}
        for each in _dummies(found.shared, groups, window, whole):
            fit = system(_deducted(each, model), fitted)
            yield from columns.of_groups(choice.label, fit, (each, window, number), among)


def _exact(study: Study, model: Model, part: Analysis) -> Exact | str:
    """Return the system of every event; or why the model makes none."""
    requests, sample = model.inputs(), part.estimated.sample
    if sample.levels is not None or any(request.shift for request in requests):
        return "returns from trade to trade, and regressors of other sessions, make no system"
    names = [request.label for request in requests]
    shared = on_shared_sessions(sample, study.assets, names, study.min_observations)
    return shared if isinstance(shared, str) else exact(shared, model, study.windows)


def _placebo(study: Study) -> Placebo | None:
    """Return the placebo with the options that the study gives to it; None without procedures."""
    return headline_of(study) if study.placebo else None


def _groups(study: Study, events: NDArray[np.object_]) -> dict[str, Ints]:
    """Return the positions of the events of each category, and of all."""
    category = {event.id: event.category for event in study.events}
    of_event = np.array([category[name] for name in events], dtype=object)
    named = [each for each in dict.fromkeys(category.values()) if (of_event == each).any()]
    groups = {name: np.flatnonzero(of_event == name) for name in named}
    return {**groups, ALL: np.arange(len(events))}


def _dates(part: Analysis, catalogue: tuple[Ints, ...]) -> Dates:
    """Return day 0 of every known event in any market."""
    axes = part.estimated.sample.axes
    known = [axis[rows[rows < len(axis)]] for axis, rows in zip(axes, catalogue, strict=True)]
    return np.unique(np.concatenate(known))


def _dummies(
    shared: Shared, groups: Mapping[str, Ints], window: Window, whole: NDArray[np.bool_]
) -> list[EventDummies]:
    """Return the dummies of the categories, and apart from them that of all events."""
    kept = {name: rows[whole[rows]] for name, rows in groups.items()}
    kept = {name: rows for name, rows in kept.items() if len(rows)}
    named = {name: rows for name, rows in kept.items() if name != ALL}
    sets = [named, {ALL: kept[ALL]}] if kept else []
    return [_dummy(shared, each, window) for each in sets]


def _dummy(shared: Shared, groups: Mapping[str, Ints], window: Window) -> EventDummies:
    """Return a dummy for each group: how many of its events' windows cover a session."""
    sample = shared.sample
    whole = np.asarray(np.isfinite(sample.panel).all(axis=1))
    dummies = np.zeros((len(whole), len(groups)))
    dates = np.zeros(len(groups), int)
    steps = np.arange(window.start, window.end + 1)
    for number, rows in enumerate(groups.values()):
        days = sample.day0[rows]
        inside = days[days + window.end < len(whole)]
        np.add.at(dummies[:, number], inside[:, None] + steps, 1.0)
        reached = inside[whole[inside + window.end]]
        dates[number] = clusters(reached, window.length).max() + 1 if len(reached) else 0
    dummies[~whole] = 0.0
    return EventDummies(
        returns=sample.panel,
        factors=sample.factors[0],
        dummies=dummies,
        terms=tuple(groups),
        dates=dates,
        assets=shared.assets,
    )


def _deducted(data: EventDummies, model: Model) -> EventDummies:
    """Return the regression of excess returns where the model has one."""
    if not deducts_risk_free(model):
        return data
    return replace(data, returns=data.returns - data.factors[:, -1:], factors=data.factors[:, :-1])


def _pooled(study: Study, part: Analysis, catalogue: tuple[Ints, ...]) -> Iterator[Columns]:
    """Yield the rows of the pooled panel: an effect of every index, dummies of event days."""
    model, sample = ConstantMean(), part.estimated.sample
    bare = replace(sample, factors=sample.factors[:, :, :0], levels=None)
    shared = on_shared_sessions(bare, study.assets, (), study.min_observations)
    if isinstance(shared, str) or not len(shared.events):
        return
    first, last = max(FIRST, study.event_window.start), min(LAST, study.event_window.end)
    days = [Window(day, day) for day in range(first, last + 1)]
    groups = _groups(study, shared.events)
    among = None
    if options := _placebo(study):
        ordinary = everyday(shared, model, days, options, _dates(part, catalogue))
        mean = np.full((1, len(study.assets)), 1 / len(study.assets))
        rng = generator(study.seed, "pooled")
        among = relabel(ordinary, mean, groups, DRAWS, rng)
    fitted: dict[bytes, Fits] = {}
    for names in ([name for name in groups if name != ALL], [ALL]):
        data = [_dummy(shared, {name: groups[name] for name in names}, day) for day in days]
        every = replace(
            data[0],
            dummies=np.column_stack([each.dummies for each in data]),
            dates=np.concatenate([each.dates for each in data]),
            terms=tuple(f"{name} on day {day.start}" for day in days for name in names),
        )
        yield from columns.of_panel(pooled(every, fitted), names, days, (every, among))
