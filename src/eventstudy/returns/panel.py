"""From prices to panels of returns, each instrument on the sessions of its own exchange."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from eventstudy.alignment import Exchange
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
    exchanges : mapping of str to Exchange
        Sessions and hours of each instrument's exchange.
    kind : {'simple', 'log'}
        Kind of return that the study works with.
    """

    prices: Prices
    exchanges: Mapping[str, Exchange]
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


def own_returns(quotes: Quotes, instrument: str, sessions: Dates) -> Floats:
    """Return what an instrument returned on given sessions of its own exchange, shape (T,).

    From close to close, or as the source gives it: returns are never turned into prices and back.
    In a study of log returns a given simple return r counts as log(1 + r).

    Raises
    ------
    DataError
        When a given return is -1 or less and a logarithm is wanted.
    """
    prices = quotes.prices
    if not prices.holds_returns(instrument):
        return session_returns(on_sessions(prices, instrument, sessions), quotes.kind)
    given = on_sessions(prices, instrument, sessions, "return")
    if quotes.kind == "simple":
        return given
    lost = np.flatnonzero(given <= -1)
    if len(lost):
        raise DataError(
            f"the return of {instrument} on {sessions[lost[0]]} is {given[lost[0]]:g}, which has no"
            " logarithm; study `returns: simple`, or leave the session out"
        )
    return np.log1p(given)


def lagged_returns(
    closes: Floats, benchmark: Exchange, market: Exchange, kind: ReturnKind
) -> Floats:
    """Return the benchmark's return between consecutive sessions of another market.

    Parameters
    ----------
    closes : ndarray, shape (B,)
        Closes of the benchmark on its own sessions.
    benchmark, market : Exchange
        Sessions and hours of the benchmark's exchange, and of the market that lags it.
    kind : {'simple', 'log'}
        Kind of return.

    Returns
    -------
    ndarray, shape (T,)
        From the last benchmark close before the market's previous open to the last one before this
        open: several benchmark sessions compound, none gives 0, a missing close gives NaN. For New
        York and an Asian session these are the sessions that closed between the previous close and
        this open.
    """
    last = np.searchsorted(benchmark.closes, market.opens, side="right") - 1
    level = np.where(last >= 0, closes[np.maximum(last, 0)], np.nan)
    level[market.opens > benchmark.closes[-1]] = np.nan
    return session_returns(level, kind)


def factor_panel(
    quotes: Quotes, requests: Sequence[FactorRequest], markets: Sequence[Exchange]
) -> Floats:
    """Return the regressors on every market's sessions, shape (A, T, k), filled up with NaN."""
    length = max(len(market.sessions) for market in markets)
    panel = np.full((len(markets), length, len(requests)), np.nan)
    for number, market in enumerate(markets):
        for position, request in enumerate(requests):
            own = shifted(_factor(quotes, request, market), request.shift)
            panel[number, : len(market.sessions), position] = own
    return panel


def shifted(values: Floats, sessions: int) -> Floats:
    """Return series as many sessions late, shape (T, …): row t holds what row t - sessions held.

    Rows whose value would come from before the first session, or after the last, are NaN.
    """
    row = np.arange(len(values)) - sessions
    inside = (row >= 0) & (row < len(values))
    found = np.full(values.shape, np.nan)
    found[inside] = values[row[inside]]
    return found


def _factor(quotes: Quotes, request: FactorRequest, market: Exchange) -> Floats:
    """Return one regressor on the sessions of another market, shape (T,), before any shift."""
    if request.kind == "return":
        return on_sessions(quotes.prices, request.instrument, market.sessions, "return")
    if request.lag == "none":
        return own_returns(quotes, request.instrument, market.sessions)
    if quotes.prices.holds_returns(request.instrument):
        raise DataError(
            f"`lag: previous_close` needs closes of {request.instrument}, and the source gives returns;"
            " give prices, or returns that are matched to the sessions already, without a lag"
        )
    own = quotes.exchanges[request.instrument]
    closes = on_sessions(quotes.prices, request.instrument, own.sessions)
    return lagged_returns(closes, own, market, quotes.kind)


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
