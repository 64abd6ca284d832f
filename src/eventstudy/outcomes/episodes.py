"""Episodes: buy-and-hold abnormal returns beside those of other stretches of the same length."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.comparison import every_session
from eventstudy.comparison.sessions import state
from eventstudy.spec import Window

if TYPE_CHECKING:
    from eventstudy.comparison import EverySession
    from eventstudy.models.base import Floats, Model
    from eventstudy.returns.sample import Ints, ReturnKind, Sample

LONGEST = 500
"""Most sessions of an episode: two years."""

BRIDGED = "returns are measured from trade to trade, not session by session"


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode on one asset.

    Attributes
    ----------
    bhar : float
        Buy-and-hold abnormal return, decimal.
    value : float
        The same over sqrt(L) times the standard deviation of the 20 returns before.
    p_value, n, effective_n : float, int, int
        Among all K stretches of L sessions that share none with the episode; floor(T / L) of their T
        sessions are independent.
    p_maximum, blocks : float, int
        Among the largest values of the B stretches of L sessions that share none with the episode nor
        with each other.
    reason : str
        Why there is no p-value; empty where there is.
    """

    bhar: float = np.nan
    value: float = np.nan
    p_value: float = np.nan
    n: int = 0
    effective_n: int = 0
    p_maximum: float = np.nan
    blocks: int = 0
    reason: str = ""


def episode(sample: Sample, model: Model, length: int, *, least: int) -> Episode:
    """Compare one episode with stretches of the same length.

    Parameters
    ----------
    sample : Sample
        One cell, with the regressors of `model`.
    model : Model
        The expected-return model.
    length : int
        L sessions from day 0 on.
    least : int
        Fewest returns in an estimation window.

    Notes
    -----
    BHAR = prod(1 + R) - prod(1 + E(R)), Z = BHAR / (s sqrt(L)) with s of the 20 sessions before.
    Known end: p = (1 + #{|Z_c| >= |Z|}) / (K + 1). Where the end was chosen afterwards, |Z| is held
    against the largest |BHAR| over all windows of up to L sessions inside each block, over the same s
    sqrt(L): p = (1 + #) / (B + 1). Gains and losses count alike; the windows have any start and any end
    inside the block, so that the choice of a start is in the null too. Blocks may hold other events.
    """
    if sample.levels is not None:
        return Episode(reason=BRIDGED)
    if length > LONGEST:
        return Episode(reason=f"{length} sessions are more than {LONGEST}")
    longer = replace(sample, event_window=Window(0, length - 1))
    (every,) = every_session(longer, model, (Window(0, length - 1),), least=least).values()
    value, bhar = _standardised(every, length)
    own = int(every.positions(sample.day0)[0])
    if own == len(value) or not np.isfinite(value[own]):
        return Episode(reason="a return is missing in the episode or the 20 sessions before")
    apart = np.abs(every.day0 - sample.day0[0]) >= length
    pool = np.abs(value[apart & np.isfinite(value)])
    starts = every.day0[apart & np.isfinite(value)]
    blocks = np.flatnonzero(
        apart & np.isfinite(value) & ((every.day0 - sample.day0[0]) % length == 0)
    )
    maxima = _maxima(every, blocks, length)
    return Episode(
        bhar=float(bhar[own]),
        value=float(value[own]),
        p_value=share(pool, value[own]),
        n=len(pool),
        effective_n=covered(starts, length) // length,
        p_maximum=share(maxima, value[own]),
        blocks=len(maxima),
        reason="" if len(maxima) else "no other stretch of this length in the data",
    )


def _standardised(every: EverySession, length: int) -> tuple[Floats, Floats]:
    """Return Z and BHAR of the stretch from every session on, shape (n,) each."""
    bhar = every.cars.bhar[:, 0]
    scale = _scale(every, length)
    value: Floats = np.divide(bhar, scale, out=np.full(len(bhar), np.nan), where=scale > 0)
    return value, bhar


def _scale(every: EverySession, length: int) -> Floats:
    """Return what the BHAR of L sessions is divided by, shape (n,)."""
    scale: Floats = state(every)[0] * np.sqrt(length)
    return scale


def _maxima(every: EverySession, blocks: Ints, length: int) -> Floats:
    """Return the largest |BHAR| of each block over its scale."""
    abnormal = every.cars.abnormal
    largest = largest_bhar(abnormal.actual[blocks], abnormal.expected[blocks], abnormal.returns)
    found: Floats = largest / _scale(every, length)[blocks]
    return found


def largest_bhar(actual: Floats, expected: Floats, kind: ReturnKind) -> Floats:
    """Return the largest absolute BHAR over all windows inside each block, shape (b,).

    Parameters
    ----------
    actual, expected : ndarray, shape (b, L)
        Returns, and what the model expects of them.
    kind : {'simple', 'log'}
        Kind of returns.
    """
    held, usual = (_wealth(each, kind) for each in (actual, expected))
    largest = np.zeros(len(actual))
    for start in range(actual.shape[1]):
        later = slice(start + 1, None)
        gain = held[:, later] / held[:, [start]] - usual[:, later] / usual[:, [start]]
        largest = np.maximum(largest, np.abs(gain).max(axis=1))
    return largest


def _wealth(returns: Floats, kind: ReturnKind) -> Floats:
    """Return what one unit has become before the first and after every session, shape (b, L + 1)."""
    growth = np.exp(returns) if kind == "log" else 1 + returns
    wealth: Floats = np.column_stack([np.ones(len(growth)), growth.cumprod(axis=1)])
    return wealth


def share(pool: Floats, value: float) -> float:
    """Return (1 + #{|Z_c| >= |Z|}) / (K + 1) over K sizes; NaN for none."""
    if not len(pool):
        return float("nan")
    return float((1 + (pool >= abs(value)).sum()) / (len(pool) + 1))


def covered(starts: Ints, length: int) -> int:
    """Return how many sessions stretches of L sessions from some rows on cover together.

    Examples
    --------
    >>> import numpy as np
    >>> covered(np.array([0, 1, 2, 10]), 5)  # 0 to 6, and 10 to 14
    12
    """
    if not len(starts):
        return 0
    return int(np.minimum(np.diff(np.sort(starts)), length).sum()) + length
