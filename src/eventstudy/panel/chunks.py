"""How much of a panel is looked at together, so that it fits into the memory that is allowed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.errors import OptionError
from eventstudy.formats import counted
from eventstudy.panel.models import build_model, read_model
from eventstudy.registry import find
from eventstudy.spec.plugins import PACKAGES
from eventstudy.study.analysis import tested_windows
from eventstudy.workers import at_work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.models.base import Model
    from eventstudy.panel.events import Events
    from eventstudy.panel.job import Design, Inputs
    from eventstudy.panel.series import Series
    from eventstudy.returns.sample import Ints

UNITS = {"K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}

PROGRAM = 350_000_000
"""Bytes of the program, its packages and what a part of the results takes while it is written."""

PER_RETURN = 44
"""Bytes per return of a chunk: the return, two copies of it, counts of returns, marks."""

PER_EVENT = 600
"""Bytes per event: its names, its place, what models estimate beside the numbers by day."""

PER_ROW = 700
"""Bytes per row of a test of single events, and per event and column of regressions."""

EVENTS_SENT, BYTES_SENT = 2_500, 4_000_000
"""Events, and bytes of returns, that are sent to another process together."""

TASKS = 3
"""Chunks for each process, so that none waits long for the last one."""

COPIES = 3
"""Residuals of an event that is on its way: computed, sent, received."""

OF_DAYS, OF_WINDOWS, OF_GROUPS = 4, 8, 5
"""Numbers per event that are kept for each day and model beside one for each regressor; that tests hold
for each window; and that they hold besides where groups are tested."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Part of a panel.

    Attributes
    ----------
    names : tuple of str
        Assets that are read.
    rows : ndarray of int, shape (n,)
        Events, ascending.
    """

    names: tuple[str, ...]
    rows: Ints


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes that a panel needs.

    Attributes
    ----------
    always : int
        While chunks are estimated, whatever they are.
    tests : int
        While all events are tested, when no chunk is there any more.
    event, asset : int
        For each event, and each asset, of a chunk.
    """

    always: int
    tests: int
    event: int
    asset: int


def read_memory(text: str) -> int:
    """Return the bytes that a text such as ``2GB`` stands for.

    Raises
    ------
    OptionError
        When it stands for none.
    """
    match = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)\s*([KMGT])i?B?", text.strip(), re.ASCII | re.I)
    if not match:
        raise OptionError(
            f"--memory {text!r} is no amount of memory; write a number and K, M or G, such as 2GB or"
            " 800MB"
        )
    return int(float(match[1]) * UNITS[match[2].upper()])


def need(inputs: Inputs, design: Design, source: Series, events: int) -> Need:
    """Return what a panel needs, as measured: somewhat more than it takes.

    Parameters
    ----------
    inputs, design : Inputs, Design
        What is asked.
    source : Series
        The assets.
    events : int
        How many there are.
    """
    days = 8 * design.event_window.length
    numbers = [OF_DAYS + len(model.inputs()) for model in _models(design)]
    windows = 8 * len(tested_windows(design.car_windows, design.event_window))
    kept = PROGRAM + events * (PER_EVENT + days * sum(numbers))
    asset = PER_RETURN * len(source.dates)
    shared = asset * len(shared_names(inputs, design, source))
    tests = windows * (OF_WINDOWS + (OF_GROUPS if design.group else 0)) + _rows(design)
    # a chunk has the numbers of its own events once more while they are put with the others
    event, others = days * (sum(numbers) + 2), 0
    if at_work().apart:
        event += COPIES * 8 * design.estimation.length * len(numbers)
        others = 0 if at_work().dask else at_work().processes
    return Need(
        always=kept + shared + others * (PROGRAM + shared),
        tests=kept + events * tests + others * PROGRAM,
        event=event,
        asset=asset,
    )


def _rows(design: Design) -> int:
    """Return bytes per event of rows of single events that are there together: tests, regressions."""
    plugins = (find(PACKAGES["statistic"], each.name, kind="statistic") for each in design.choices)
    alone = len(design.labels) * len([plugin for plugin in plugins if plugin.scope == "event"])
    return PER_ROW * (alone * len(design.car_windows) + len(design.regress))


def shared_names(inputs: Inputs, design: Design, source: Series) -> tuple[str, ...]:
    """Return the assets that every event may look at: market, benchmarks, peers, factors."""
    asked = [inputs.market]
    for model in _models(design):
        asked += [request.instrument for request in model.inputs()]
    known = {*source.names}
    return tuple(dict.fromkeys(name for name in asked if name in known))


def _models(design: Design) -> list[Model]:
    """Return the models of a panel, whatever the market is called."""
    return [build_model(read_model(text), market="MARKET") for text in design.labels]


def chunks_of(
    inputs: Inputs, design: Design, source: Series, events: Events, memory: int | None
) -> list[Chunk] | None:
    """Cut a panel into chunks, asset by asset.

    Parameters
    ----------
    inputs, design : Inputs, Design
        What is asked.
    source : Series
        The assets.
    events : Events
        The events.
    memory : int, optional
        Most bytes that may be used, by this process and its local workers together, or by each of a cluster.

    Returns
    -------
    list of Chunk, optional
        None where nothing is said and nobody else works: all is looked at together, and stays in memory.

    Raises
    ------
    OptionError
        When the memory is too small for one asset with its events.
    """
    if memory is None and not at_work().apart:
        return None
    shared = shared_names(inputs, design, source)
    used = sorted({*events.assets} & {*source.names}) or [*source.names[:1]]
    place = {name: number for number, name in enumerate(used)}
    # an event without an asset is lost in the first chunk
    asset = np.array([place.get(name, 0) for name in events.assets], dtype=np.int64)
    number = np.bincount(asset, minlength=len(used))
    if memory is None:
        chunk = _sent_together(number, len(source.dates))
    else:
        many = f"{counted(len(events), 'event')} on {counted(len(source.dates), 'session')}"
        chunk = _within(memory, need(inputs, design, source, len(events)), number, many)
    return [
        Chunk(_together(shared, used, chunk == number), np.flatnonzero(chunk[asset] == number))
        for number in range(chunk[-1] + 1)
    ]


def _sent_together(number: Ints, sessions: int) -> Ints:
    """Return the chunk of each asset by how much is sent to another process at a time."""
    share = number / EVENTS_SENT + 8 * sessions / BYTES_SENT
    return _packed(np.ceil(1000 * share).astype(np.int64), 1000)


def _within(memory: int, needed: Need, number: Ints, many: str) -> Ints:
    """Return the chunk of each asset by the memory that is allowed."""
    cost = needed.asset + needed.event * number
    least = max(needed.always + _at_once() * int(cost.max()), needed.tests)
    if least > memory:
        each = f" in each of {_at_once()} processes" if _at_once() > 1 else ""
        raise OptionError(
            f"--memory {_size(memory)} is too small: {many} need about {_size(least)} for one chunk{each};"
            " allow more, or give fewer models, windows or events at a time"
        )
    return _packed(cost, (memory - needed.always) // _at_once())


def _at_once() -> int:
    """Return how many chunks share the memory that is allowed: those of a cluster have their own."""
    return 1 if at_work().dask else at_work().processes


def _together(shared: Sequence[str], used: Sequence[str], here: Ints) -> tuple[str, ...]:
    """Return the assets of a chunk with those that all share, each once."""
    own = (used[number] for number in np.flatnonzero(here).tolist())
    return tuple(dict.fromkeys((*shared, *own)))


def _packed(cost: Ints, room: int) -> Ints:
    """Return the chunk of each asset: as few chunks as neighbours allow, of much the same cost."""
    tasks = TASKS * at_work().processes if at_work().apart else 1
    number = max(-(-int(cost.sum()) // room), tasks)
    fair = min(room, -(-int(cost.sum()) // number) + int(cost.max()))
    chunk, filled = np.zeros(len(cost), dtype=np.int64), 0
    for place, own in enumerate(cost.tolist()):
        over = place > 0 and filled + own > fair
        chunk[place] = chunk[max(place - 1, 0)] + over
        filled = own if over else filled + own
    return chunk


def _size(count: int) -> str:
    """Write an amount of memory, rounded up."""
    unit, name = (10**9, "GB") if count >= 10**9 else (10**6, "MB")
    tenths = -(-count * 10 // unit)
    return f"{tenths / 10:g}{name}"
