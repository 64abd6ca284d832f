"""Series of returns, such as factors and risk-free rates, as regressors."""

from __future__ import annotations

from eventstudy.returns.request import FactorRequest


def returns_of(*series: str) -> tuple[FactorRequest, ...]:
    """Ask for series that hold returns already, in their order."""
    return tuple(FactorRequest(name, kind="return") for name in series)
