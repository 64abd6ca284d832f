"""Fieller's limits of a ratio of means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from eventstudy.models.base import Floats


def fieller(y: Floats, x: Floats, n: int, level: float) -> tuple[float, float]:
    """Return the limits of mean(y) / mean(x): all G with (ybar - G xbar)^2 <= c s^2(y - G x).

    Parameters
    ----------
    y, x : ndarray, shape (m,)
        Pairs; those with a NaN are left out.
    n : int
        Number of independent pairs: c = t^2_(n-1) / n.
    level : float
        One minus the confidence level.

    Returns
    -------
    low, high : float
        Infinite on both sides where xbar^2 <= c s_xx, the set being unbounded; NaN for fewer than two
        pairs.

    References
    ----------
    Fieller, E. C. (1954), Journal of the Royal Statistical Society B 16, 175-185.
    """
    from scipy.special import stdtrit

    here = np.isfinite(y) & np.isfinite(x)
    n = min(n, int(here.sum()))
    if n < 2:
        return np.nan, np.nan
    c = stdtrit(n - 1, 1 - level / 2) ** 2 / n
    mean_y, mean_x = y[here].mean(), x[here].mean()
    (s_yy, s_xy), (_, s_xx) = np.cov(y[here], x[here])
    a = mean_x**2 - c * s_xx
    if a <= 0:
        return -np.inf, np.inf
    b, d = mean_y * mean_x - c * s_xy, mean_y**2 - c * s_yy
    root = np.sqrt(max(b**2 - a * d, 0.0))
    return float((b - root) / a), float((b + root) / a)
