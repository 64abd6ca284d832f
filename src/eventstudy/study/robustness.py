"""The mean effect under every combination of design choices, and with and without some events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.aggregate import cumulate
from eventstudy.benchmark import requests_of
from eventstudy.errors import DataError
from eventstudy.reversal import DAY0
from eventstudy.spec import Robustness, Window
from eventstudy.study import frames
from eventstudy.study.analysis import analyse
from eventstudy.study.cells import estimate, place_cells
from eventstudy.study.exclusion import hide_events
from eventstudy.study.mean_effect import mean_effect, no_effect
from eventstudy.study.members import members_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.alignment import AlignedEvents
    from eventstudy.returns.panel import Quotes
    from eventstudy.returns.sample import ReturnKind, Sample
    from eventstudy.spec import Choice, Event, Study
    from eventstudy.study.analysis import Analysis
    from eventstudy.study.cells import Cells
    from eventstudy.study.frames import Columns
    from eventstudy.study.members import Members

    Events = tuple[frozenset[str], ...]

LENGTHS = (60, 250)
"""Lengths of the estimation window beside the study's own."""


@dataclass(frozen=True, slots=True)
class Question:
    """What does not change over the specifications: the study, its events in time, its prices.

    Attributes
    ----------
    study : Study
        The study.
    aligned : AlignedEvents
        Its events in event time.
    quotes : Quotes
        Prices.
    others : tuple of Event
        Known events that are not studied.
    """

    study: Study
    aligned: AlignedEvents
    quotes: Quotes
    others: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The values of every choice; the study's own is first in each."""

    models: tuple[Choice, ...]
    estimation: tuple[Window, ...]
    windows: tuple[Window, ...]
    returns: tuple[ReturnKind, ...]
    sets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Specification:
    """Model, estimation window and kind of return; whether they are the study's own."""

    choice: Choice
    estimation: Window
    returns: ReturnKind
    chosen: bool


@dataclass(frozen=True, slots=True)
class _Curve:
    """What the rows of all specifications share.

    Attributes
    ----------
    study : Study
        The study.
    grid : Grid
        The values of every choice.
    members : mapping of str to Members
        Sets of events by asset.
    own : dict
        Events of the study's own design by group and asset, one set per window; filled by its rows, the
        first.
    """

    study: Study
    grid: Grid
    members: Mapping[str, Members]
    own: dict[tuple[str, str], Events]


def grid_of(study: Study) -> Grid:
    """Return the choices that a study varies."""
    asked, own = study.robustness or Robustness(), study.estimation
    lengths = tuple(Window(own.end - length + 1, own.end) for length in LENGTHS)
    after = Window(1, min(5, study.event_window.end))
    windows = (DAY0, after) if after.end > 0 else (DAY0,)
    first, *others = study.models
    varied = [each for each in asked.models or others if each.label != first.label]
    return Grid(
        models=(first, *varied),
        estimation=tuple(dict.fromkeys((own, *(asked.estimation or lengths)))),
        windows=tuple(dict.fromkeys(asked.windows or windows)),
        returns=tuple(dict.fromkeys((study.returns, *asked.returns))),
        sets=tuple(dict.fromkeys(("all", *asked.events))),
    )


def specification_columns(question: Question, priced: Sample) -> Iterator[Columns]:
    """Yield the rows of the frame ``specifications``.

    Parameters
    ----------
    question : Question
        The study with its prices.
    priced : Sample
        The cells that have a price history, which are sorted into sets.
    """
    study = question.study
    if not study.robustness:
        return
    grid = grid_of(study)
    curve = _Curve(study, grid, members_of(study, priced), {})
    for returns in grid.returns:
        cells, unusable = _cells(question, returns)
        for choice, estimation in product(grid.models, grid.estimation):
            own = (study.models[0].label, study.estimation, study.returns)
            chosen = (choice.label, estimation, returns) == own
            spec = _Specification(choice, estimation, returns, chosen)
            reason = unusable or _mixed(choice, returns)
            part = None if reason or cells is None else _analysed(question, cells, spec)
            yield from _rows(curve, spec, (part, reason))


def _cells(question: Question, returns: ReturnKind) -> tuple[Cells | None, str]:
    """Return the cells of a study with one kind of return, or why there are none."""
    study = question.study.model_copy(update={"returns": returns})
    try:
        cells = place_cells(study, question.aligned, replace(question.quotes, kind=returns))
    except DataError as error:
        return None, str(error)
    return hide_events(study, cells, question.others), ""


def _mixed(choice: Choice, returns: ReturnKind) -> str:
    """Say why a model does not go with a kind of return; an empty text where it does."""
    given = [each.instrument for each in requests_of(choice) if each.kind == "return"]
    if given and returns == "log":
        return f"{given[0]} holds simple returns, which do not mix with log returns"
    if choice.options.get("missing") == "trade_to_trade" and returns == "simple":
        return "returns from trade to trade are log returns"
    return ""


def _analysed(question: Question, cells: Cells, spec: _Specification) -> Analysis:
    """Estimate one model on one estimation window, of which the same share must be there."""
    study = question.study
    share = study.min_observations / study.estimation.length
    least = max(3, int(np.ceil(share * spec.estimation.length - 1e-9)))
    varied = study.model_copy(update={"min_observations": least, "returns": spec.returns})
    quotes = replace(question.quotes, kind=spec.returns)
    moved = replace(cells, sample=replace(cells.sample, estimation=spec.estimation))
    return analyse(varied, spec.choice.label, estimate(varied, spec.choice, moved, quotes))


def _rows(
    curve: _Curve, spec: _Specification, found: tuple[Analysis | None, str]
) -> Iterator[Columns]:
    """Yield the rows of one specification: all sets of events, and those of each category."""
    part, reason = found
    windows = curve.grid.windows
    cars = cumulate(part.abnormal, windows) if part else None
    for asset in curve.members:
        before: list[dict[frozenset[str], str]] = [{} for _ in windows]
        for name in curve.grid.sets:
            picked = _picked(curve, ("all", asset, name), part, cars)
            yield _row(curve, spec, ("all", asset, name), (picked, reason), before)
        for group in _categories(curve.study) if spec.chosen else ():
            for name in ("all", "apart"):
                picked = _picked(curve, (group, asset, name), part, cars)
                yield _row(curve, spec, (group, asset, name), (picked, reason))


def _categories(study: Study) -> tuple[str, ...]:
    """Return the categories of a study, each once."""
    return tuple(dict.fromkeys(event.category for event in study.events))


def _picked(
    curve: _Curve,
    key: tuple[str, str, str],
    part: Analysis | None,
    cars: CumulativeReturns | None,
) -> CumulativeReturns | None:
    """Return the CARs of the events of one group and set that a specification could study."""
    if part is None or cars is None:
        return None
    group, asset, name = key
    rows = part.groups.get((group, asset), np.zeros(0, int))
    ids, signs = cars.abnormal.event_ids[rows], _signs(curve.study, group)
    members = curve.members[asset].sets[name]
    return cars.select(rows[[each in members and each in (signs or ids) for each in ids]])


def _row(
    curve: _Curve,
    spec: _Specification,
    key: tuple[str, str, str],
    found: tuple[CumulativeReturns | None, str],
    before: Sequence[dict[frozenset[str], str]] = (),
) -> Columns:
    """Return the rows of one specification and set of events, one per window."""
    (group, asset, name), (cars, reason) = key, found
    member, width = curve.members[asset], len(curve.grid.windows)
    signs = _signs(curve.study, group)
    own = spec.chosen and name == "all"
    reason = reason or member.missing(name)
    events: Events = (frozenset(),) * width
    if reason or cars is None:
        values = no_effect(width, reason)
    else:
        events = _events(cars)
        values = _once(mean_effect(cars, signs, member, curve.study.alpha), events, name, before)
    if own:
        curve.own[group, asset] = events
    same = zip(events, curve.own.get((group, asset), ()), strict=True)
    return {
        **frames.by_group(spec.choice.label, (group, asset), width),
        "estimation_start": np.full(width, spec.estimation.start),
        "estimation_end": np.full(width, spec.estimation.end),
        "returns": np.full(width, spec.returns, dtype=object),
        "event_set": np.full(width, name, dtype=object),
        **frames.bounds(curve.grid.windows),
        "signed": np.full(width, "yes" if signs else "no", dtype=object),
        **values,
        "events_as_chosen": np.array(
            ["yes" if a and a == b else "no" for a, b in same], dtype=object
        ),
        "chosen": np.full(width, "yes" if own else "no", dtype=object),
    }


def _events(cars: CumulativeReturns) -> Events:
    """Return the events whose CAR is known, window by window."""
    ids = cars.abnormal.event_ids
    return tuple(frozenset(ids[known]) for known in np.isfinite(cars.car).T)


def _once(
    values: Columns, events: Events, name: str, before: Sequence[dict[frozenset[str], str]]
) -> Columns:
    """Leave out the effect where an earlier set of the specification had the same events."""
    reason = np.array(
        [
            f"the same events as {seen[here]!r}" if here in seen and here else ""
            for here, seen in zip(events, before, strict=False)
        ]
        or [""] * len(events),
        dtype=object,
    )
    for here, seen in zip(events, before, strict=False):
        seen.setdefault(here, name)
    nothing = no_effect(len(events), reason)
    return {key: np.where(reason != "", nothing[key], value) for key, value in values.items()}


def _signs(study: Study, group: str) -> dict[str, float]:
    """Return the expected sign of the events of a group that expects both; empty for one that does not."""
    known = {
        event.id: {"up": 1.0, "down": -1.0}[event.expected_sign]
        for event in study.events
        if event.expected_sign in {"up", "down"} and group in {"all", event.category}
    }
    return known if len(set(known.values())) == 2 else {}
