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
from eventstudy.spec import Window
from eventstudy.study import frames
from eventstudy.study.analysis import analyse
from eventstudy.study.cells import estimate, place_cells
from eventstudy.study.exclusion import hide_events
from eventstudy.study.mean_effect import mean_effect, no_effect
from eventstudy.study.members import members_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.alignment import AlignedEvents
    from eventstudy.returns.panel import Quotes
    from eventstudy.returns.sample import ReturnKind, Sample
    from eventstudy.spec import Choice, Event, Study
    from eventstudy.study.analysis import Analysis
    from eventstudy.study.cells import Cells
    from eventstudy.study.frames import Columns
    from eventstudy.study.members import Members

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


def grid_of(study: Study) -> Grid:
    """Return the choices that a study varies."""
    asked, own = study.robustness, study.estimation
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
    if not study.robustness.run:
        return
    grid, members = grid_of(study), members_of(study, priced)
    for returns in grid.returns:
        cells, unusable = _cells(question, returns)
        for choice, estimation in product(grid.models, grid.estimation):
            own = (study.models[0].label, study.estimation, study.returns)
            chosen = (choice.label, estimation, returns) == own
            spec = _Specification(choice, estimation, returns, chosen)
            reason = unusable or _mixed(choice, returns)
            part = None if reason or cells is None else _analysed(question, cells, spec)
            yield from _rows(study, grid, members, spec, (part, reason))


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
    study: Study,
    grid: Grid,
    members: Mapping[str, Members],
    spec: _Specification,
    found: tuple[Analysis | None, str],
) -> Iterator[Columns]:
    """Yield the rows of one specification: all sets of events, and those of each category."""
    part, reason = found
    cars = cumulate(part.abnormal, grid.windows) if part else None
    for asset, member in members.items():
        for number, name in enumerate(grid.sets):
            text = reason or member.missing(name, grid.sets[:number])
            yield _row(study, (spec, grid), ("all", asset, name), (cars, part, text), member)
        for group in _categories(study) if spec.chosen else ():
            for name in ("all", "apart"):
                yield _row(study, (spec, grid), (group, asset, name), (cars, part, reason), member)


def _categories(study: Study) -> tuple[str, ...]:
    """Return the categories of a study, each once."""
    return tuple(dict.fromkeys(event.category for event in study.events))


def _row(
    study: Study,
    design: tuple[_Specification, Grid],
    key: tuple[str, str, str],
    found: tuple[CumulativeReturns | None, Analysis | None, str],
    member: Members,
) -> Columns:
    """Return the rows of one specification and set of events, one per window."""
    (spec, grid), (group, asset, name), (cars, part, reason) = design, key, found
    width = len(grid.windows)
    signs = _signs(study, group)
    if reason or cars is None or part is None:
        values = no_effect(width, reason)
    else:
        rows = part.groups.get((group, asset), np.zeros(0, int))
        ids = cars.abnormal.event_ids[rows]
        rows = rows[[each in member.sets[name] and each in (signs or ids) for each in ids]]
        values = mean_effect(cars.select(rows), signs, member, study.alpha)
    chosen = np.full(width, "yes" if spec.chosen and name == "all" else "no", dtype=object)
    return {
        **frames.by_group(spec.choice.label, (group, asset), width),
        "estimation_start": np.full(width, spec.estimation.start),
        "estimation_end": np.full(width, spec.estimation.end),
        "returns": np.full(width, spec.returns, dtype=object),
        "event_set": np.full(width, name, dtype=object),
        **frames.bounds(grid.windows),
        "signed": np.full(width, "yes" if signs else "no", dtype=object),
        **values,
        "chosen": chosen,
    }


def _signs(study: Study, group: str) -> dict[str, float]:
    """Return the expected sign of the events of a group that expects both; empty for one that does not."""
    known = {
        event.id: {"up": 1.0, "down": -1.0}[event.expected_sign]
        for event in study.events
        if event.expected_sign in {"up", "down"} and group in {"all", event.category}
    }
    return known if len(set(known.values())) == 2 else {}
