"""Means of groups over their relabelled events: any number of draws, some at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.comparison.draws import mean_by_group
from eventstudy.spill import Spill
from eventstudy.workers import spread

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from eventstudy.comparison.draws import Moves
    from eventstudy.comparison.trial import Group
    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Ints

AT_ONCE = 10_000
"""Draws that are made together; more are a task each, with random numbers of their own."""


@dataclass(frozen=True, slots=True, eq=False)
class Means:
    """Means of groups in every draw.

    Attributes
    ----------
    draws : int
        B.
    column : callable
        ``column(group, window)``: the means of a group over one window, shape (B,); NaN where no event
        has a number.
    """

    draws: int
    column: Callable[[Group, int], Floats]


def drawn_means(
    moves: Moves, groups: Mapping[Group, Ints], *, draws: int, rng: np.random.Generator
) -> Means:
    """Average relabelled cells over groups, draw by draw.

    Parameters
    ----------
    moves : Moves
        Where the cells may go.
    groups : mapping of (group, asset) to ndarray of int
        Cells of each group.
    draws : int
        B.
    rng : numpy.random.Generator
        Source of the draws.

    Notes
    -----
    Up to :data:`AT_ONCE` draws come from `rng` itself. More are cut into blocks, each with the next of the
    generators that `rng` spawns, and wait in a temporary file: 8 bytes for each draw, group and window.
    """
    if draws <= AT_ONCE:
        found = mean_by_group(moves.relabelled(draws, rng), groups)
        return Means(draws, lambda group, window: found[group][:, window])
    sizes = [min(AT_ONCE, draws - start) for start in range(0, draws, AT_ONCE)]
    windows, keys = moves.missing.shape[1], list(groups)
    instead = "draw fewer"
    disk = Spill(len(keys) * windows * len(sizes), AT_ONCE, "placebo draws", instead)
    first = np.arange(len(keys) * windows) * len(sizes)
    tasks = zip(sizes, rng.spawn(len(sizes)), strict=True)
    for number, means in enumerate(spread(partial(_block, moves, groups), tasks)):
        filled = np.pad(means, ((0, 0), (0, AT_ONCE - means.shape[1])))
        disk.write(first + number, filled)
    place = {key: position * windows for position, key in enumerate(keys)}

    def column(group: Group, window: int) -> Floats:
        begin = int(first[place[group] + window])
        return disk(slice(begin, begin + len(sizes))).ravel()[:draws]

    return Means(draws, column)


def _block(
    moves: Moves, groups: Mapping[Group, Ints], task: tuple[int, np.random.Generator]
) -> Floats:
    """Return the means of one block, a row for each group and window."""
    found = mean_by_group(moves.relabelled(*task), groups)
    return np.concatenate([found[key].T for key in groups])
