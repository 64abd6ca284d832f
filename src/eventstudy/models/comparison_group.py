"""Comparison group: the expected return is the mean of named peers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from eventstudy.spec.fields import RefusedError

if TYPE_CHECKING:
    from eventstudy.models.base import Fit, Model
    from eventstudy.returns.request import FactorRequest
    from eventstudy.returns.sample import Sample

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


@dataclass(frozen=True, slots=True)
class ComparisonGroup:
    """AR_t = R_t less the mean return of the peers, each with its weight.

    Attributes
    ----------
    peers : tuple of str
        Ids of the instruments to compare with, chosen before the event.
    weights : dict of str to float, or None
        A positive number for every peer, such as its market value before the event; they are divided
        by their sum. All peers weigh the same unless given.

    Notes
    -----
    E[R_t] = sum w_j R_jt with the same weights on every session: a portfolio that is brought back to
    its weights every day, not one that is bought and held.

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
    weights: dict[str, Positive] | None = None

    def __post_init__(self) -> None:
        if self.weights is None:
            return
        missing = [name for name in self.peers if name not in self.weights]
        foreign = [name for name in self.weights if name not in self.peers]
        if missing or foreign:
            wrong = f"{missing[0]} has none" if missing else f"{foreign[0]} is not among the peers"
            message = f"every peer needs one weight, and only peers: {wrong}"
            raise RefusedError("bad-value", message, at=("weights",))

    def inputs(self) -> tuple[FactorRequest, ...]:
        """Return the peers."""
        from eventstudy.returns.request import FactorRequest

        return tuple(map(FactorRequest, self.peers))

    def fit(self, sample: Sample) -> Fit:
        """Measure the variance of every cell's difference to its peers."""
        from eventstudy.models._portfolios import fit_fixed_weights

        given = self.weights or dict.fromkeys(self.peers, 1.0)
        total = sum(given[name] for name in self.peers)
        return fit_fixed_weights(sample, [given[name] / total for name in self.peers])


PLUGIN: type[Model] = ComparisonGroup
