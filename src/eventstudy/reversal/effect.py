"""What an event did on day 0, and what came after: the two numbers that a reversal compares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.abnormal import AbnormalReturns
    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Ints

LIMITED = {"XSHG": 0.07}
"""Day-0 return of an index, by exchange, from which daily price limits of its shares may hold it
back: a tenth for most mainland shares."""


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """Reaction and aftermath of n cells.

    Attributes
    ----------
    reaction : ndarray, shape (n,)
        A_0: the abnormal return of day 0; where price limits held it back, CAR[0,1]; decimal.
    later : ndarray, shape (n, K)
        C_k, k = 1 … K: CAR[1,k]; after a limited day 0, CAR[2,k+1]; NaN beyond the event window.
    limited : ndarray of bool, shape (n,)
        Whether price limits may have held day 0 back.
    large : ndarray of bool, shape (n,)
        Whether |A_0| exceeds one residual standard deviation.
    """

    reaction: Floats
    later: Floats
    limited: NDArray[np.bool_]
    large: NDArray[np.bool_]

    @property
    def signed(self) -> Floats:
        """Signed drift sign(A_0) C_k, shape (n, K): positive is continuation, negative reversal."""
        signed: Floats = np.sign(self.reaction)[:, None] * self.later
        return signed

    @property
    def give_back(self) -> Floats:
        """-C_k / A_0, shape (n, K): 1 is a full reversal; NaN unless the reaction is large."""
        where = np.broadcast_to(self.large[:, None], self.later.shape)
        share: Floats = np.divide(
            -self.later, self.reaction[:, None], out=np.full(self.later.shape, np.nan), where=where
        )
        return share

    def first_return(self, share: float) -> Ints:
        """Return the first k at which so much of the reaction is gone; K + 1 where none is.

        Parameters
        ----------
        share : float
            0.5 for the half-life, 1 for the full retracement.
        """
        if not self.later.shape[1]:
            return np.ones(len(self.reaction), int)
        gone = -self.signed >= share * np.abs(self.reaction)[:, None]
        never = np.ones((len(gone), 1), bool)
        first: Ints = np.hstack([gone, never]).argmax(axis=1) + 1
        return first

    @property
    def whole(self) -> NDArray[np.bool_]:
        """Whether the aftermath is known as far as a limited day 0 can be followed, shape (n,)."""
        whole: NDArray[np.bool_] = np.logical_and.reduce(np.isfinite(self.later[:, :-1]), axis=1)
        return whole

    def times(self, factor: Floats) -> Effect:
        """Return the cells with reaction and aftermath multiplied by numbers above zero, shape (n,)."""
        return replace(self, reaction=self.reaction * factor, later=self.later * factor[:, None])

    def select(self, rows: Ints) -> Effect:
        """Return some cells; `rows` are positions."""
        return Effect(self.reaction[rows], self.later[rows], self.limited[rows], self.large[rows])


def held_back(abnormal: AbnormalReturns, limit: float | None) -> NDArray[np.bool_]:
    """Return whether price limits may have held the day 0 of each cell back, shape (n,).

    Parameters
    ----------
    abnormal : AbnormalReturns
        n cells whose event window begins at or before day 0.
    limit : float or None
        Size of a day-0 return, decimal, from which they may; None where there are no limits.
    """
    if limit is None:
        return np.zeros(len(abnormal.ar), bool)
    held: NDArray[np.bool_] = np.abs(abnormal.actual[:, -abnormal.event_window.start]) >= limit
    return held


def effect(abnormal: AbnormalReturns, limit: float | None = None) -> Effect:
    """Return reaction and aftermath of every cell.

    Parameters
    ----------
    abnormal : AbnormalReturns
        n cells whose event window begins at or before day 0.
    limit : float, optional
        Size of a day-0 return, decimal, from which price limits may have held it back; the same rule
        serves events and the days that they are compared with.
    """
    zero = -abnormal.event_window.start
    ar, limited = abnormal.ar, held_back(abnormal, limit)
    after = ar[:, zero + 1 :].cumsum(axis=1)
    later = after.copy()
    reaction = ar[:, zero].copy()
    if limited.any():
        reaction[limited] += ar[limited, zero + 1] if after.shape[1] else np.nan
        later[limited] = np.nan
        later[limited, :-1] = after[limited, 1:] - after[limited, :1]
    return Effect(reaction, later, limited, np.abs(reaction) > abnormal.sigma)
