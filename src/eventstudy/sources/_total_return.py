"""Total-return prices from raw closes and dividends, such that a past return never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def total_return(close: NDArray[np.float64], dividends: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the value of one share whose dividends buy more of it, anchored at the first close.

    Parameters
    ----------
    close : ndarray of float, shape (n,)
        Closes P_t; NaN where there is none.
    dividends : ndarray of float, shape (n,)
        Dividends per share D_t on their ex-dates, on the same basis as the closes: both as of the day,
        or both divided by later splits. 0 or NaN for none.

    Returns
    -------
    ndarray of float, shape (n,)
        TR_t; NaN where there is no close.

    Notes
    -----
    TR_t = TR_{t-1} (P_t + D_t) / P_{t-1}, where t - 1 is the last session with a close; a dividend on a
    date without one counts at the next close. Neither a dividend nor a split after t enters TR_t / TR_{t-1}.
    An adjusted close that takes 1 - D_t / P_{t-1} off all that came before has the return
    P_t / (P_{t-1} - D_t) - 1 on the ex-date, and the same return on every other date.
    """
    import numpy as np

    known = np.flatnonzero(~np.isnan(close))
    value = np.full(len(close), np.nan)
    if not len(known):
        return value
    prices, paid = close[known], np.cumsum(np.nan_to_num(dividends))[known]
    growth = (prices[1:] + np.diff(paid)) / prices[:-1]
    value[known] = prices[0] * np.cumprod(np.concatenate([[1.0], growth]))
    return value


def distributions(
    dividends: NDArray[np.float64], capital_gains: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return what a fund paid per share and date, capital gains counted once.

    Parameters
    ----------
    dividends, capital_gains : ndarray of float, shape (n,)
        As Yahoo lists them; 0 or NaN for none.

    Notes
    -----
    Yahoo adds capital gains to the dividends of the same date and lists them beside it. Where the dividend
    is the smaller of the two it cannot hold them, and both are added.
    """
    import numpy as np

    paid, gains = np.nan_to_num(dividends), np.nan_to_num(capital_gains)
    return np.where(paid >= gains, paid, paid + gains)
