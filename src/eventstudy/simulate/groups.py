"""A second group in every sample of a simulation, and what a cell of the grid lays over the samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from eventstudy.simulate.lists import Factors, Once, Percents, Several, Some
from eventstudy.spec.base import Entry
from eventstudy.spec.fields import Finite, RefusedError

Parts = Annotated[tuple[Annotated[Finite, Field(gt=0, lt=1)], ...], Several, Once, Some]


class Groups(Entry):
    """A second group in every sample: how many of its events, and what is different about them.

    Attributes
    ----------
    share : tuple of float
        Share of the events of a sample that are in the second group, in whole events.
    difference : tuple of float
        True abnormal return of day 0 of the second group less that of the other events, per cent.
    variance : tuple of float
        Variance of the abnormal returns of the event window of the second group, in units of that of the others.
    """

    share: Parts = (0.5,)
    difference: Percents = (0.0,)
    variance: Factors = (1.0,)

    def first(self) -> Groups:
        """Return the first cell of the grid of groups."""
        return Groups(
            share=self.share[:1], difference=self.difference[:1], variance=self.variance[:1]
        )

    def refuse_empty(self, events: tuple[int, ...]) -> None:
        """Refuse a share of which one of the numbers of events leaves a group empty."""
        for position, share in enumerate(self.share):
            for n in events:
                if not 0 < second(n, share) < n:
                    raise RefusedError("bad-value", _empty(n, share), at=("share", position))


def second(events: int, share: float) -> int:
    """Return how many of the events of a sample are in the second group.

    Examples
    --------
    >>> [second(10, share) for share in (0.0, 0.24, 0.25, 0.5)]
    [0, 2, 3, 5]
    """
    return int(share * events + 0.5)


def _empty(events: int, share: float) -> str:
    """Say that a group has no event, and which shares leave some."""
    if events < 2:
        return "a sample of 1 event has no two groups; write 2 or more `events`"
    found = second(events, share)
    low, high = 1 / events, 1 - 1 / events
    return (
        f"{share:g} of {events:,} events puts {found:,} in the second group and leaves {events - found:,}; write a"
        f" share that leaves events on both sides, here {low:.2g} to {high:.4g}"
    )


@dataclass(frozen=True, slots=True)
class Laid:
    """What is laid over samples: the same ones in every cell of the grid.

    Attributes
    ----------
    effect : float
        True abnormal return of day 0, per cent.
    variance : float
        Variance of the abnormal returns of the event window, in units of that before.
    group_share : float
        As in :class:`Groups`; 0 where a sample is one group.
    group_difference, group_variance : float
        Of the second group, as in :class:`Groups`.
    """

    effect: float
    variance: float
    group_share: float = 0.0
    group_difference: float = 0.0
    group_variance: float = 1.0

    def null(self, *, contrast: bool) -> bool:
        """Tell whether the hypothesis of a test is true: no effect, or none that differs between groups."""
        return not self.group_difference and (contrast or not self.effect)


GROUPS = ("group_share", "group_difference", "group_variance")
"""Columns that only a design with groups has."""
