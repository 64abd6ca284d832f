"""One model of a study, with its question asked on every session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.comparison.sessions import EverySession
    from eventstudy.models.base import Model
    from eventstudy.returns.sample import Ints, Sample

    Group = tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """One model of a study, with all that it takes to ask its question again on other dates.

    Attributes
    ----------
    sample : Sample
        N cells, with the regressors of the model.
    model : Model
        The expected-return model.
    cars : CumulativeReturns
        CARs of the same cells over W windows.
    groups : mapping of (group, asset) to ndarray of int
        Positions of the cells of each group.
    every : mapping of str to EverySession
        By asset: the same question on every session.
    catalogue : tuple of ndarray of int
        By axis: day 0 of every known event, studied or not.
    """

    sample: Sample
    model: Model
    cars: CumulativeReturns
    groups: Mapping[Group, Ints]
    every: Mapping[str, EverySession]
    catalogue: tuple[Ints, ...]
