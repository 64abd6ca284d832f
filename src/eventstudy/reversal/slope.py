"""Does a larger reaction give more back: the regression of the aftermath on the reaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.formats import counted
from eventstudy.reversal.lasting import beside

if TYPE_CHECKING:
    from eventstudy.models.base import Floats

FEWEST = 4
"""Fewest events of a regression."""


@dataclass(frozen=True, slots=True)
class Slope:
    """C_k = a + b A_0 + u over the events of a group.

    Attributes
    ----------
    n : int
        Number of events.
    intercept, slope, std_error, t, p_value : float
        a, b, and the HC3 error of b with its t(n - 2).
    p_permutation : float
        (1 + permutations of A_0 over the events with as large a |b|) / (B + 1).
    matched, difference_p : float
        Mean slope over sets of matched days, and the p of the slope's distance from it.
    reason : str
        Why there is no slope; empty where there is one.
    """

    n: int
    intercept: float
    slope: float
    std_error: float
    t: float
    p_value: float
    p_permutation: float
    matched: float
    difference_p: float
    reason: str = ""


def slope(
    reaction: Floats, later: Floats, drawn: tuple[Floats, Floats], rng: np.random.Generator
) -> Slope:
    """Regress the aftermath of a group on its reactions, and do the same on matched days.

    Parameters
    ----------
    reaction, later : ndarray, shape (n,)
        A_0 and C_k of the events; pairs with a NaN are left out.
    drawn : tuple of ndarray, shape (B, n)
        The same of B sets of matched days.
    rng : numpy.random.Generator
        Source of the permutations, B of them.

    Notes
    -----
    A_0 and C_k share the estimated mean, which biases b by about k / M: the matched days have the same
    bias.
    """
    from statsmodels.regression.linear_model import OLS

    here = np.isfinite(reaction) & np.isfinite(later)
    x, y, n = reaction[here], later[here], int(here.sum())
    if n < FEWEST or not np.ptp(x) > 0:
        reason = (
            f"{counted(n, 'event')}; {FEWEST} needed"
            if n < FEWEST
            else "the reactions do not differ"
        )
        none = np.nan
        return Slope(n, none, none, none, none, none, none, none, none, reason)
    fit = OLS(y, np.column_stack([np.ones(n), x])).fit(cov_type="HC3", use_t=True)
    draws = len(drawn[0])
    mixed = rng.permuted(np.tile(x, (draws, 1)), axis=1)
    own, shuffled = slopes(x[None], y[None])[0], slopes(mixed, np.broadcast_to(y, mixed.shape))
    far = np.abs(shuffled) >= np.abs(own) * (1 - 1e-9)
    matched = beside(own, slopes(drawn[0][:, here], drawn[1][:, here]))
    return Slope(
        n=n,
        intercept=float(fit.params[0]),
        slope=float(fit.params[1]),
        std_error=float(fit.bse[1]),
        t=float(fit.tvalues[1]),
        p_value=float(fit.pvalues[1]),
        p_permutation=float((1 + far.sum()) / (draws + 1)),
        matched=float(matched.usual),
        difference_p=float(matched.p_value),
    )


def slopes(x: Floats, y: Floats) -> Floats:
    """Return the least-squares slope of each row of y on the same row of x, shape (B,).

    Pairs with a NaN in y are left out of their row; NaN where the others do not differ in x.
    """
    here = np.isfinite(y)
    count = np.maximum(here.sum(axis=1, keepdims=True), 1)
    dx = np.where(here, x - np.where(here, x, 0.0).sum(axis=1, keepdims=True) / count, 0.0)
    size = (dx**2).sum(axis=1)
    product = (dx * np.where(here, y, 0.0)).sum(axis=1)
    found: Floats = np.divide(product, size, out=np.full(len(size), np.nan), where=size > 0)
    return found
