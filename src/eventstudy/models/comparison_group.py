"""Comparison group: the expected return is the mean of named peers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

if TYPE_CHECKING:
    from eventstudy.models.base import Fit, Model
    from eventstudy.returns.request import FactorRequest
    from eventstudy.returns.sample import Sample


@dataclass(frozen=True, slots=True)
class ComparisonGroup:
    """AR_t = R_t less the equally weighted mean return of the peers.

    Attributes
    ----------
    peers : tuple of str
        Ids of the instruments to compare with, chosen before the event.

    Notes
    -----
    s^2 = SSE / M about zero, M degrees of freedom, Var(CAR_W) = L s^2: nothing is estimated but the
    variance. A session on which one of the peers has no return is missing: the group is always the
    whole group.

    References
    ----------
    Barber, B. M. and Lyon, J. D. (1996), Journal of Financial Economics 41, 359-399: comparison
    portfolios.
    """

    name: ClassVar[str] = "comparison_group"
    reference: ClassVar[str] = "Barber and Lyon (1996), comparison portfolios"
    peers: Annotated[tuple[str, ...], Field(min_length=1)]

    def inputs(self) -> tuple[FactorRequest, ...]:
        """Return the peers."""
        from eventstudy.returns.request import FactorRequest

        return tuple(map(FactorRequest, self.peers))

    def fit(self, sample: Sample) -> Fit:
        """Measure the variance of every cell's difference to its peers."""
        from eventstudy.models._portfolios import fit_equal_weights

        return fit_equal_weights(sample)


PLUGIN: type[Model] = ComparisonGroup
