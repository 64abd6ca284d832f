"""Series of returns beside the market in a law, for models that ask for factors."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from eventstudy.simulate.allowed import MARKET
from eventstudy.spec.base import Entry
from eventstudy.spec.fields import Finite, RefusedError, checked_id


class Factor(Entry):
    """A series of returns that every security moves with.

    Attributes
    ----------
    sigma : float
        Standard deviation of its return, per cent a session.
    loading : float
        Of every security; that of a risk-free rate is 1.
    """

    sigma: Annotated[Finite, Field(gt=0, le=100)]
    loading: Annotated[Finite, Field(ge=-10, le=10)] = 1.0


def _named(factors: dict[str, Factor]) -> dict[str, Factor]:
    """Refuse names that results cannot have, and that of the market."""
    for name in factors:
        try:
            checked_id(name)
        except RefusedError as error:
            raise RefusedError(error.code, error.message, at=(name,)) from error
        if name == MARKET:
            message = f"{MARKET} is the market, whose loading is `beta` and whose size `market_sigma`; leave it out"
            raise RefusedError("bad-value", message, at=(name,))
    return factors


Named = Annotated[dict[str, Factor], AfterValidator(_named)]
