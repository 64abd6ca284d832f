"""Local projections: the response of the cumulative return to signed events, horizon by horizon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.aggregate import quantiles
from eventstudy.comparison.sessions import state
from eventstudy.formats import counted
from eventstudy.spec import Window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.comparison.sessions import EverySession
    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Ints

LAGS = 2
"""Returns of so many sessions before day 0 among the controls."""

FEW = 30
"""Fewest event dates with which errors robust to autocorrelation are sized; fewest days that they are
compared with."""


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """b_h of p_(t+h) - p_(t-1) = a_h + b_h s_t + controls + e, h = 0 … H.

    Attributes
    ----------
    n : int
        Event sessions with a sign and a whole path.
    estimate, std_error : ndarray, shape (H + 1,)
        b_h; its Newey-West error with h lags for 30 event dates and more, its HC3 error below.
    low, high : ndarray, shape (H + 1,)
        2.5 and 97.5 per cent points of z_h over relabelled events, at the mean volatility of the events.
    p_value : ndarray, shape (H + 1,)
        (1 + #{|z*_h - z*_0| >= |z_h - z_0|}) / (B + 1), z_h the b_h of outcomes over their volatility;
        NaN for h = 0.
    joint_p : float
        p of z_h = z_0 for every h, by the largest |z_h - z_0| in standard deviations of relabelled
        events; NaN where the event window ends on day 0.
    reason : str
        Why there is no projection; empty where there is one.
    """

    n: int
    estimate: Floats
    std_error: Floats
    low: Floats
    high: Floats
    p_value: Floats
    joint_p: float
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Design:
    """Outcomes and controls of n sessions, the controls taken out of the outcomes.

    Attributes
    ----------
    rest : ndarray, shape (n + 1, H + 1)
        What the controls leave of the cumulative returns; 0 where something is unknown, and at the end.
    basis : ndarray, shape (n + 1, q)
        The controls, orthonormal over the sessions of the regression; 0 at the same places.
    known : ndarray of bool, shape (n + 1,)
        Whether outcome and controls are known; False at the end.
    """

    rest: Floats
    basis: Floats
    known: NDArray[np.bool_]


def project(
    every: EverySession, signs: Floats, positions: Ints, drawn: Ints, clean: Ints
) -> Projection:
    """Estimate the response of one asset to signed events.

    Parameters
    ----------
    every : EverySession
        Every session of the asset; its abnormal returns are cumulated.
    signs : ndarray, shape (n,)
        Sign of each event, 1 or -1.
    positions : ndarray of int, shape (n,)
        The events among the sessions; the first of those on one session counts.
    drawn : ndarray of int, shape (B, n)
        The events relabelled: their positions in each draw.
    clean : ndarray of int
        Sessions away from every event: the only ones that events are compared with.

    Notes
    -----
    The controls C are taken out first (Frisch, Waugh and Lovell): b_h = s'My / s'Ms. A relabelled
    event is held against the same coefficients of the controls, wherever it stands; one without the
    whole path leaves its draw. For the p-values every outcome is divided by the standard deviation of
    the 20 returns before its day 0: events find more volatility than the days they are moved to.
    They test the change since day 0: a sign that was given after the fact has chosen b_0, and every
    b_h carries it.

    References
    ----------
    Jorda, O. (2005), American Economic Review 95, 161-182.
    """
    volatility = state(every)[0]
    design, sample = _design(every, np.ones(len(volatility)), clean, positions)
    scaled, _ = _design(every, volatility, clean, positions)
    usable = np.zeros(len(positions), bool)
    usable[np.unique(positions, return_index=True)[1]] = True
    usable &= scaled.known[positions]
    n = int(usable.sum())
    reason = f"{counted(n, 'signed event')} with a whole path; 2 needed" if n < 2 else ""
    if len(sample) - n < FEW:
        reason = reason or f"{counted(len(sample) - n, 'day')} away from every event; {FEW} needed"
    if reason:
        return no_projection(design.rest.shape[1], n=n, reason=reason)
    signs, own = signs[usable], positions[usable]
    value = _slopes(scaled, signs, own[None])[0]
    chance = _slopes(scaled, signs, drawn[:, usable])
    low, high = quantiles(chance, (0.025, 0.975)) * volatility[own].mean()
    return Projection(
        n=n,
        estimate=_slopes(design, signs, own[None])[0],
        std_error=_errors(design, signs, own, sample),
        low=low,
        high=high,
        p_value=_since_day0(value, chance),
        joint_p=_joint(value, chance),
    )


def no_projection(length: int, *, n: int, reason: str) -> Projection:
    """Return no number but the reason, for horizons 0 to length - 1."""
    none = np.full(length, np.nan)
    return Projection(n, none, none, none, none, none, np.nan, reason)


def _design(
    every: EverySession, unit: Floats, clean: Ints, positions: Ints
) -> tuple[_Design, Ints]:
    """Return the design of all sessions, and which of them the regression rests on.

    Outcomes are divided by `unit`, shape (n,); a session without one is left out.
    """
    abnormal = every.cars.abnormal
    outcome = abnormal.ar[:, -abnormal.event_window.start :].cumsum(axis=1)
    outcome = outcome / np.where(unit > 0, unit, np.nan)[:, None]
    before = every.cells.gather(slice(None), Window(-20, -1)).asset
    controls = np.column_stack(
        [np.ones(len(before)), before[:, -LAGS:], before.std(axis=1, ddof=1), before.sum(axis=1)]
    )
    known = np.isfinite(outcome).all(axis=1) & np.isfinite(controls).all(axis=1)
    sample = np.union1d(clean, positions)
    sample = sample[known[sample]]
    triangle = np.linalg.qr(controls[sample], mode="r")
    basis = np.where(known[:, None], controls, 0.0) @ np.linalg.pinv(triangle)
    rest = np.where(known[:, None], outcome, 0.0)
    rest = rest - basis @ (basis[sample].T @ rest[sample])
    return _Design(_ended(rest), _ended(basis), np.append(known, False)), sample


def _ended(values: Floats) -> Floats:
    """Return the rows and a row of zeros."""
    return np.vstack([values, np.zeros(values.shape[1])])


def _slopes(design: _Design, signs: Floats, rows: Ints) -> Floats:
    """Return b_h by regressing out the controls: s'My / s'Ms for each draw, shape (B, H + 1)."""
    product = np.zeros((len(rows), design.rest.shape[1]))
    loading = np.zeros((len(rows), design.basis.shape[1]))
    for number, sign in enumerate(signs):
        product += sign * design.rest[rows[:, number]]
        loading += sign * design.basis[rows[:, number]]
    count = design.known[rows].sum(axis=1, keepdims=True)
    size = count - (loading**2).sum(axis=1, keepdims=True)
    found: Floats = np.divide(product, size, out=np.zeros(product.shape), where=count > 0)
    return found


def _errors(design: _Design, signs: Floats, rows: Ints, sample: Ints) -> Floats:
    """Return the standard errors of b_h, shape (H + 1,).

    With s* = Ms and e the residuals: HC3 sum(s*^2 e^2 / (1 - h)^2) / (s*'s*)^2, h the leverage of s and
    C together; Newey-West from the scores s* e.
    """
    from statsmodels.stats.sandwich_covariance import S_hac_simple

    dummy = np.zeros(len(design.known))
    dummy[rows] = signs
    basis = design.basis[sample]
    shock = dummy[sample] - basis @ (basis.T @ dummy[sample])
    size = (shock**2).sum()
    rest = design.rest[sample]
    residuals = rest - np.outer(shock, shock @ rest / size)
    if len(rows) >= FEW:
        scores = shock[:, None] * residuals
        meat = [S_hac_simple(each, nlags=lag)[0, 0] for lag, each in enumerate(scores.T)]
    else:
        leverage = (basis**2).sum(axis=1) + shock**2 / size
        meat = ((shock / (1 - leverage)) ** 2 @ residuals**2).tolist()
    errors: Floats = np.sqrt(meat) / size
    return errors


def _since_day0(estimate: Floats, chance: Floats) -> Floats:
    """Return the p of each change since day 0, shape (H + 1,); NaN for day 0 itself."""
    moved, other = estimate - estimate[0], chance - chance[:, :1]
    at_least = (np.abs(other) >= np.abs(moved)).sum(axis=0)
    p_value: Floats = (1 + at_least) / (len(chance) + 1)
    p_value[0] = np.nan
    return p_value


def _joint(estimate: Floats, chance: Floats) -> float:
    """Return the p of a flat response by the largest distance from b_0; NaN where day 0 is all."""
    if len(estimate) == 1:
        return np.nan
    moved, other = estimate[1:] - estimate[0], chance[:, 1:] - chance[:, :1]
    spread = other.std(axis=0, ddof=1)
    largest = np.abs(other / spread).max(axis=1)
    return float((1 + (largest >= np.abs(moved / spread).max()).sum()) / (len(chance) + 1))
