"""What a null result could have missed: power of a t test, and the least effect that it would find."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.abnormal import car_variance
from eventstudy.aggregate import moments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.abnormal import AbnormalReturns
    from eventstudy.models.base import Floats
    from eventstudy.spec import Window

POWER = 0.8
"""Probability with which the minimum detectable effect is found."""

POINTS, FURTHEST = 25, 1.5
"""Points of a power curve, and its end in minimum detectable effects."""


def power(shift: Floats | float, dof: int, level: float) -> Floats:
    """Return the probability that a two-sided t test rejects.

    Parameters
    ----------
    shift : ndarray
        True effect over its standard error.
    dof : int
        Degrees of freedom.
    level : float
        Size of the test.

    Notes
    -----
    P(|T| > t) for T = (Z + shift) / S with S^2 = chi^2(dof) / dof, which is the mean of
    Phi(shift - t S) + Phi(-shift - t S) over the law of S, by Gauss's rule over its quantiles.
    """
    from scipy.special import gammaincinv, ndtr, stdtrit

    node, weight = _nodes()
    spread = np.sqrt(2 / dof * gammaincinv(dof / 2, (node + 1) / 2))
    bound = stdtrit(dof, 1 - level / 2) * spread
    at = np.asarray(shift, float)[..., None]
    found: Floats = (ndtr(at - bound) + ndtr(-at - bound)) @ (weight / 2)
    return found


@cache
def _nodes() -> tuple[Floats, Floats]:
    """Return nodes and weights of Gauss's rule on [-1, 1]."""
    node, weight = np.polynomial.legendre.leggauss(100)
    return node, weight


@cache
def multiplier(dof: int, level: float) -> float:
    """Return the effect, in standard errors, that a t test finds with probability :data:`POWER`.

    2.80 for many degrees of freedom, 5.65 for two, 3.76 for four.
    """
    from scipy.optimize import brentq
    from scipy.special import stdtrit

    far = 1.3 * float(stdtrit(dof, 1 - level / 2)) + 3
    return float(brentq(lambda shift: float(power(shift, dof, level)) - POWER, 0.01, far))


def detectable(
    abnormal: AbnormalReturns, windows: Sequence[Window], level: float
) -> tuple[Floats, Floats]:
    """Return standard error and least effect, were returns round events as variable as before them.

    Parameters
    ----------
    abnormal : AbnormalReturns
        The n events.
    windows : sequence of Window
        W windows.
    level : float
        Size of the two-sided test.

    Returns
    -------
    std_error, effect : ndarray, shape (W,)
        sd / sqrt(n), sd^2 the mean forecast-error variance of the CARs; and the multiplier of
        t(n - 1) times it, of the residual degrees of freedom for a single event. Decimal.
    """
    error, dof = _error(abnormal, windows, len(abnormal))
    return error, multiplier(dof, level) * error


def detectable_by_spread(car: Floats, level: float) -> tuple[Floats, Floats]:
    """Return standard error and least effect of the t test of CARs against their own spread.

    Parameters
    ----------
    car : ndarray, shape (n, W)
        CARs of a group, decimal; NaN = missing, left out of its window.
    level : float
        Size of the two-sided test.

    Returns
    -------
    std_error, effect : ndarray, shape (W,)
        sd(CAR) / sqrt(n), ddof 1, and the multiplier of t(n - 1) times it. Decimal; NaN for n < 2.
    """
    n, _, sd = moments(car)
    error: Floats = sd / np.sqrt(np.maximum(n, 1))
    times = [multiplier(int(k) - 1, level) if k > 1 else np.nan for k in n]
    return error, error * times


def curve(
    abnormal: AbnormalReturns, windows: Sequence[Window], events: int, *, level: float
) -> tuple[Floats, Floats]:
    """Return how often a t test of the mean of some events finds effects of several sizes.

    Parameters
    ----------
    abnormal : AbnormalReturns
        The events of a group.
    windows : sequence of Window
        W windows.
    events : int
        Events in the mean: all, or one, which is then as precise as the group's are on average.
    level : float
        Size of the two-sided test.

    Returns
    -------
    effects, found : ndarray, shape (W, P)
        Effects from zero to :data:`FURTHEST` times the detectable one, decimal, and their power.
    """
    error, dof = _error(abnormal, windows, events)
    shift = np.linspace(0, FURTHEST * multiplier(dof, level), POINTS)
    effects = error[:, None] * shift
    return effects, np.broadcast_to(power(shift, dof, level), effects.shape)


def _error(abnormal: AbnormalReturns, windows: Sequence[Window], events: int) -> tuple[Floats, int]:
    """Return the standard error of the mean CAR of some events, shape (W,), and its dof."""
    error: Floats = np.sqrt(car_variance(abnormal, windows).mean(axis=0) / events)
    return error, events - 1 if events > 1 else int(abnormal.dof.min())
