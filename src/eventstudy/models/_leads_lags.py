"""A benchmark beside its own past and future, as regressors for assets that trade thinly."""

from __future__ import annotations

from eventstudy.returns.request import FactorRequest, Lag


def leads_and_lags(benchmark: str, steps: int, *, lag: Lag = "none") -> tuple[FactorRequest, ...]:
    """Ask for a benchmark's return, its `steps` lags, then its `steps` leads.

    Returns
    -------
    tuple of FactorRequest, length 1 + 2 steps
        Of the session itself, 1..steps sessions before, 1..steps sessions after.
    """
    lags = tuple(range(1, steps + 1))
    shifts = (0, *lags, *(-step for step in lags))
    return tuple(FactorRequest(benchmark, lag, shift) for shift in shifts)
