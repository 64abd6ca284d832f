"""Faults of a price series, found on arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Dates = NDArray[np.datetime64]
    Floats = NDArray[np.float64]

JUMP = 15.0
"""Returns larger than this many sigma are looked at."""

ROUNDED = 1e-5
"""Share of a price by which open and close may lie outside low and high: what arithmetic leaves, and the
last of two digits of an index of 1,000 or more. It moves a return by a tenth of a basis point."""

RATIOS = (2, 3, 4, 5, 9, 10, 20, 25, 50, 100)
"""Usual ratios of splits, and their squares: what is left of one that was worked in the wrong way round."""

SPLIT_MOVE, CALM, NEAR = 8.0, 5.0, 3.0
"""In sigma: least move of a split, largest ordinary move beside it, largest ordinary move within it."""

WIDEST = 0.1
"""Furthest from the ratio, in logarithms, however restless the series is."""

LIMITS = {
    "XSHG": (
        ("1996-12-16", 0.10, 0.10),
        ("2019-07-22", 0.10, 0.20),
        ("2021-11-15", 0.10, 0.30),
    )
}
"""From a date on: daily limit of most shares, and the widest limit of any (the boards STAR, 20 per cent,
and Beijing, 30 per cent, opened on these days)."""

ROUNDING = 0.005
"""What the rounding of limit prices to a cent adds to a move of an index at most."""


def dates_without_session(calendar: Dates, dates: Dates) -> Dates:
    """Return the dates within the calendar's range that are no session."""
    import numpy as np

    known: Dates = dates[(dates >= calendar[0]) & (dates <= calendar[-1])]
    return np.setdiff1d(known, calendar)


def disordered(bars: Floats) -> NDArray[np.bool_]:
    """Tell which bars contradict themselves.

    Parameters
    ----------
    bars : ndarray, shape (n, 4)
        Open, high, low, close; NaN = not known, never a contradiction.

    Returns
    -------
    ndarray of bool, shape (n,)
        Not low <= open, close <= high, give or take :data:`ROUNDED`, or a price that is not positive.
    """
    opened, high, low, close = bars.T
    high, low = high * (1 + ROUNDED), low * (1 - ROUNDED)
    ends = (opened > high) | (opened < low) | (close > high) | (close < low)
    wrong: NDArray[np.bool_] = ends | (low > high) | (bars <= 0).any(axis=1)
    return wrong


def without_open(bars: Floats) -> Floats:
    """Return bars whose open says nothing: that of the close, shape (n, 4)."""
    import numpy as np

    return np.column_stack([bars[:, 3], bars[:, 1:]])


def repeated(close: Floats) -> NDArray[np.bool_]:
    """Tell which closes equal the close before to the last digit, shape (n,)."""
    import numpy as np

    return np.concatenate([[False], close[1:] == close[:-1]])[: len(close)]


def jumps(close: Floats, threshold: float = JUMP) -> NDArray[np.bool_]:
    """Tell on which dates the close moved more than `threshold` sigma.

    Parameters
    ----------
    close : ndarray, shape (n,)
        Without gaps.
    threshold : float
        In sigma.

    Returns
    -------
    ndarray of bool, shape (n,)
        The first is False.

    Notes
    -----
    sigma = median |r| / 0.6745, the standard deviation of a normal variable with that median. A
    standard deviation would not do: a lone jump among n returns is never more than
    (n - 1)/sqrt(n) of them, so that 15 could not be reached with fewer than 227.
    """
    import numpy as np

    moves = outliers(close[1:] / close[:-1] - 1, threshold)
    return np.concatenate([[False], moves])[: len(close)]


def outliers(returns: Floats, threshold: float = JUMP) -> NDArray[np.bool_]:
    """Tell which returns are larger than `threshold` sigma, shape (n,); see :func:`jumps`."""
    import numpy as np

    large: NDArray[np.bool_] = np.abs(returns) > threshold * _sigma(returns)
    return large


def _sigma(returns: Floats) -> float:
    """Return the standard deviation of a normal variable with the median size of returns; 0 without any."""
    import numpy as np

    known = np.abs(returns[~np.isnan(returns)])
    return float(np.median(known)) / 0.6745 if len(known) else 0.0


def stale(bars: Floats, volume: Floats) -> NDArray[np.bool_]:
    """Tell which bars show one price all day and no volume, shape (n,); NaN = not known, never stale."""
    spread = bars.max(axis=1) - bars.min(axis=1)
    flat: NDArray[np.bool_] = (spread <= ROUNDED * bars[:, 3]) & (volume == 0)
    return flat


def splits(close: Floats) -> NDArray[np.bool_]:
    """Tell on which dates the close moved by the ratio of a split and stayed there.

    Parameters
    ----------
    close : ndarray, shape (n,)
        Without gaps.

    Returns
    -------
    ndarray of bool, shape (n,)
        The first is False.

    Notes
    -----
    |log(P_t / P_{t-1})| is within three sigma of the logarithm of one of :data:`RATIOS` and above eight
    sigma, and the moves before and after it are ordinary, up to five; sigma as in :func:`jumps`. Without
    a jump back, which is a misprint.
    """
    import numpy as np

    if len(close) < 2:
        return np.zeros(len(close), bool)
    size = np.abs(np.diff(np.log(close)))
    sigma = _sigma(size)
    away = np.abs(size[:, None] - np.log(RATIOS)).min(axis=1)
    calm = np.concatenate([[True], size <= CALM * sigma, [True]])
    hit = (away <= min(NEAR * sigma, WIDEST)) & (size > SPLIT_MOVE * sigma)
    return np.concatenate([[False], hit & calm[:-2] & calm[2:]])


def badly_split(days: Dates, close: Floats, recorded: str) -> NDArray[np.bool_]:
    """Tell on which dates the close moved by the ratio of a split that the source records.

    Parameters
    ----------
    days : ndarray of datetime64[D], shape (n,)
        Dates of the closes.
    close : ndarray, shape (n,)
        Said to be adjusted for splits.
    recorded : str
        As :class:`eventstudy.sources.base.Series` has them.

    Returns
    -------
    ndarray of bool, shape (n,)
        log(P_t / P_{t-1}) on the date of a split of k for one is within three sigma of -log k (not
        adjusted), log k (adjusted twice) or -2 log k (the wrong way round), and further than three sigma
        from 0; sigma as in :func:`jumps`.
    """
    import numpy as np

    hit = np.zeros(len(close), bool)
    if len(close) < 2 or not recorded:
        return hit
    moves = np.diff(np.log(close), prepend=np.nan)
    tolerance = min(NEAR * _sigma(moves), WIDEST)
    for entry in recorded.split("; "):
        day, ratio = entry.split(" ")
        signs = np.log(float(ratio)) * np.array([-1, 1, -2])
        row = int(np.searchsorted(days, np.datetime64(day)))
        near = row < len(days) and np.abs(moves[row] - signs).min() <= tolerance
        hit[row : row + 1] |= bool(near and abs(moves[row]) > tolerance)
    return hit


def beyond_limits(
    code: str, days: Dates, moves: Floats
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which moves of an index are beyond the limits of its shares.

    Parameters
    ----------
    code : str
        Code of the calendar of the exchange.
    days : ndarray of datetime64[D], shape (n,)
        Sessions.
    moves : ndarray, shape (n,)
        Simple returns since the session before; NaN = not known, beyond nothing.

    Returns
    -------
    unusual, impossible : ndarray of bool, shape (n,)
        Beyond the limit of most shares, and beyond that of all.
    """
    import numpy as np

    usual, widest = np.full((2, len(days)), np.inf)
    for since, most, all_ in LIMITS.get(code, ()):
        usual[days >= np.datetime64(since)] = most
        widest[days >= np.datetime64(since)] = all_
    size = np.abs(moves) - ROUNDING
    return size > usual, size > widest
