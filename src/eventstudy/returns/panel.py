"""From prices to panels of returns, each instrument on the sessions of its own exchange."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from eventstudy.returns.request import FactorRequest
    from eventstudy.returns.sample import Dates, Floats, ReturnKind
    from eventstudy.sources.base import Prices


@dataclass(frozen=True, slots=True)
class Quotes:
    """Prices, and the sessions on which each instrument should have one.

    Attributes
    ----------
    prices : Prices
        What the source delivered.
    sessions : mapping of str to ndarray of datetime64[D]
        Sessions of each instrument's exchange, ascending.
    kind : {'simple', 'log'}
        Kind of return that the study works with.
    """

    prices: Prices
    sessions: Mapping[str, Dates]
    kind: ReturnKind


def on_sessions(prices: Prices, instrument: str, sessions: Dates, field: str = "close") -> Floats:
    """Return one field of one instrument on given sessions, shape (T,); NaN where there is none."""
    values = prices.column(instrument, field)
    position = np.searchsorted(prices.dates, sessions)
    position = np.minimum(position, len(prices.dates) - 1)
    return np.where(prices.dates[position] == sessions, values[position], np.nan)


def change(levels: Floats, previous: Floats, kind: ReturnKind) -> Floats:
    """Return the simple or log return from `previous` to `levels`, elementwise."""
    ratio = levels / previous
    return np.log(ratio) if kind == "log" else ratio - 1


def session_returns(levels: Floats, kind: ReturnKind) -> Floats:
    """Return close-to-close returns over consecutive sessions, shape (T,); the first is NaN."""
    return change(levels, np.concatenate([[np.nan], levels[:-1]]), kind)


def lagged_returns(closes: Floats, benchmark: Dates, sessions: Dates, kind: ReturnKind) -> Floats:
    """Return the benchmark's return between consecutive sessions of another market.

    Parameters
    ----------
    closes : ndarray, shape (B,)
        Closes of the benchmark on its own sessions.
    benchmark : ndarray of datetime64[D], shape (B,)
        The benchmark's sessions.
    sessions : ndarray of datetime64[D], shape (T,)
        Sessions of the market that lags it.
    kind : {'simple', 'log'}
        Kind of return.

    Returns
    -------
    ndarray, shape (T,)
        From the last benchmark close dated before the previous session to the last one dated before
        this session: several benchmark sessions compound, none gives 0, a missing close gives NaN.
    """
    last = np.searchsorted(benchmark, sessions) - 1
    level = np.where(last >= 0, closes[np.maximum(last, 0)], np.nan)
    level[sessions > benchmark[-1]] = np.nan
    return session_returns(level, kind)


def factor_panel(
    quotes: Quotes, requests: Sequence[FactorRequest], axes: Sequence[Dates]
) -> Floats:
    """Return the regressors on every axis, shape (A, T, k); short axes are filled up with NaN."""
    panel = np.full((len(axes), max(map(len, axes)), len(requests)), np.nan)
    for number, sessions in enumerate(axes):
        for position, request in enumerate(requests):
            panel[number, : len(sessions), position] = _factor(quotes, request, sessions)
    return panel


def _factor(quotes: Quotes, request: FactorRequest, sessions: Dates) -> Floats:
    """Return one regressor on the sessions of another market, shape (T,)."""
    if request.lag == "none":
        levels = on_sessions(quotes.prices, request.instrument, sessions)
        return session_returns(levels, quotes.kind)
    own = quotes.sessions[request.instrument]
    closes = on_sessions(quotes.prices, request.instrument, own)
    return lagged_returns(closes, own, sessions, quotes.kind)


def asset_panel(
    assets: Sequence[str],
    axis_of: Sequence[int],
    axes: Sequence[Dates],
    column: Callable[[str, Dates], Floats],
) -> Floats:
    """Return one series per asset on its own axis, shape (T, S).

    Parameters
    ----------
    assets : sequence of str, length S
        Ids.
    axis_of : sequence of int, length S
        Axis of each asset.
    axes : sequence of ndarray of datetime64[D]
        Sessions of each exchange.
    column : callable
        ``column(asset, sessions)`` gives the series of one asset, shape (len(sessions),).
    """
    panel = np.full((max(map(len, axes)), len(assets)), np.nan)
    for position, (asset, number) in enumerate(zip(assets, axis_of, strict=True)):
        values = column(asset, axes[number])
        panel[: len(values), position] = values
    return panel
