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
        Not low <= open, close <= high, or a price that is not positive.
    """
    opened, high, low, close = bars.T
    ends = (opened > high) | (opened < low) | (close > high) | (close < low)
    wrong: NDArray[np.bool_] = ends | (low > high) | (bars <= 0).any(axis=1)
    return wrong


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

    size = np.abs(returns)
    large: NDArray[np.bool_] = size > threshold * (np.median(size) if len(size) else 0) / 0.6745
    return large
