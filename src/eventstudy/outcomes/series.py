"""Series other than returns: net purchases, log volume, volatility of a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from eventstudy.returns.panel import on_sessions, own_returns

if TYPE_CHECKING:
    from eventstudy.models.base import Floats
    from eventstudy.returns.panel import Quotes
    from eventstudy.returns.sample import Dates

Outcome = Literal["flow", "volume", "volatility"]
Measure = Literal["net_purchases", "log_volume", "log_garman_klass", "absolute_return"]

ADDS_UP: frozenset[Measure] = frozenset({"net_purchases"})
"""Measures of which a window has the sum; of the others it has the mean of its sessions."""

LOGS: frozenset[Measure] = frozenset({"log_volume", "log_garman_klass"})
"""Measures that are logarithms of what readers know."""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One outcome of one instrument.

    Attributes
    ----------
    outcome : {'flow', 'volume', 'volatility'}
        What the study asks for.
    measure : str
        How it is measured.
    instrument : str
        Id of the instrument.
    sessions : ndarray of datetime64[D], shape (T,)
        Sessions of its exchange; for a flow the dates that it has.
    values : ndarray, shape (T,)
        Million currency units; logarithms; decimals; NaN where unknown.
    """

    outcome: Outcome
    measure: Measure
    instrument: str
    sessions: Dates
    values: Floats


def outcome_series(outcome: Outcome, instrument: str, quotes: Quotes) -> tuple[Series, ...]:
    """Return the series that measure an outcome of an instrument, the best first.

    Parameters
    ----------
    outcome : {'flow', 'volume', 'volatility'}
        ``flow``: net purchases on the dates that the data have. ``volume``: the logarithm of the
        volume. ``volatility``: the logarithm of the Garman-Klass standard deviation, then the absolute
        return for where there is no open, high and low.
    instrument : str
        Its id.
    quotes : Quotes
        Prices and sessions.

    Returns
    -------
    tuple of Series
        Those of which the data have any value.
    """
    made = {"flow": _flow, "volume": _volume, "volatility": _volatility}[outcome]
    return tuple(each for each in made(instrument, quotes) if np.isfinite(each.values).any())


def _flow(instrument: str, quotes: Quotes) -> tuple[Series, ...]:
    values = quotes.prices.column(instrument, "flow")
    known = np.isfinite(values)
    dates = quotes.prices.dates[known]
    return (Series("flow", "net_purchases", instrument, dates, values[known]),)


def _volume(instrument: str, quotes: Quotes) -> tuple[Series, ...]:
    sessions = quotes.exchanges[instrument].sessions
    volume = on_sessions(quotes.prices, instrument, sessions, "volume")
    return (Series("volume", "log_volume", instrument, sessions, log_or_nothing(volume)),)


def _volatility(instrument: str, quotes: Quotes) -> tuple[Series, ...]:
    sessions = quotes.exchanges[instrument].sessions
    bars = [
        on_sessions(quotes.prices, instrument, sessions, field)
        for field in ("open", "high", "low", "close")
    ]
    ranged = log_or_nothing(np.sqrt(garman_klass(*bars)))
    size = np.abs(own_returns(quotes, instrument, sessions))
    return (
        Series("volatility", "log_garman_klass", instrument, sessions, ranged),
        Series("volatility", "absolute_return", instrument, sessions, size),
    )


def log_or_nothing(values: Floats) -> Floats:
    """Return logarithms; NaN for what is not positive."""
    positive = values > 0
    logs: Floats = np.log(values, out=np.full(values.shape, np.nan), where=positive)
    return logs


def garman_klass(open_: Floats, high: Floats, low: Floats, close: Floats) -> Floats:
    """Return the Garman-Klass variance of each session from its open, high, low and close.

    Notes
    -----
    u^2 / 2 - (2 ln 2 - 1) c^2 with u = ln(high / low), c = ln(close / open): the variance of the log
    price from open to close, the night left out.

    References
    ----------
    Garman, M. B. and Klass, M. J. (1980), Journal of Business 53, 67-78, equation 20.
    """
    spread, move = np.log(high / low), np.log(close / open_)
    variance: Floats = 0.5 * spread**2 - (2 * np.log(2) - 1) * move**2
    return np.maximum(variance, 0.0)
