"""The simulated panel that all sides of a comparison get, as plain arrays: numpy is all that it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SECURITIES, SESSIONS = 2000, 2520
ESTIMATION, EVENT = (-270, -21), (-10, 10)
WINDOWS = ((0, 0), (-1, 1), (0, 5), (-5, 5), EVENT)


@dataclass(frozen=True)
class Panel:
    """Returns and events; the windows are ESTIMATION, EVENT and WINDOWS.

    Attributes
    ----------
    returns : ndarray, shape (T, S)
        Decimal; NaN = missing. Sessions of a security lie side by side in memory, which suits both sides.
    market : ndarray, shape (T,)
        Returns of the market.
    column, day0 : ndarray of int, shape (N,)
        Security and event session of each event.
    """

    returns: Floats
    market: Floats
    column: Ints
    day0: Ints

    def save(self, path: Path) -> None:
        """Write the arrays into one file."""
        np.savez(path, returns=self.returns, market=self.market, column=self.column, day0=self.day0)


def read(path: Path) -> Panel:
    """Return what :meth:`Panel.save` wrote."""
    with np.load(path) as arrays:
        return Panel(**{name: arrays[name] for name in arrays.files})


def simulated(n: int, missing: float) -> Panel:
    """Return n events on random securities and sessions.

    Parameters
    ----------
    n : int
        Number of events.
    missing : float
        Share of the returns that are missing.
    """
    rng = np.random.default_rng(42)
    market = 0.01 * rng.standard_normal(SESSIONS)
    returns = rng.uniform(0.5, 1.5, SECURITIES) * market[:, None]
    returns += 0.02 * rng.standard_normal(returns.shape)
    returns[rng.random(returns.shape) < missing] = np.nan
    column = rng.integers(0, SECURITIES, n)
    day0 = rng.integers(-ESTIMATION[0], SESSIONS - EVENT[1], n)
    return Panel(np.asfortranarray(returns), market, column, day0)
