"""Joint tests of the effects on several assets: all zero, or all equal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from eventstudy.regressions.design import DEPENDENT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.models.base import Floats

    Words = NDArray[np.object_]
    Tested = tuple[Floats, Floats, Words]

Null = Literal["zero", "equal"]

NULLS: tuple[Null, ...] = ("zero", "equal")
"""All effects are zero; all effects are the same, whatever they are."""


def contrasts(null: Null, assets: int) -> Floats:
    """Return the combinations of m effects that a null hypothesis sets to zero, shape (q, m).

    Parameters
    ----------
    null : {'zero', 'equal'}
        ``zero``: each effect, q = m. ``equal``: the difference of each to the first, q = m - 1.
    assets : int
        m.
    """
    every = np.eye(assets)
    return every if null == "zero" else every[1:] - every[0]


def squared_distance(effect: Floats, covariance: Floats, null: Null) -> Floats:
    """Return (Ca)' (C V C')^-1 (Ca), shape (...,); NaN where a is unknown or the matrix singular.

    Parameters
    ----------
    effect : ndarray, shape (..., m)
        a.
    covariance : ndarray, shape (..., m, m)
        V.
    null : {'zero', 'equal'}
        C, see :func:`contrasts`.
    """
    chosen = contrasts(null, effect.shape[-1])
    a, v = effect @ chosen.T, chosen @ covariance @ chosen.T
    usable = np.asarray(np.isfinite(a).all(axis=-1) & np.isfinite(v).all(axis=(-2, -1)))
    held = np.where(usable[..., None, None], v, np.eye(len(chosen)))
    usable &= np.linalg.cond(held) < 1 / DEPENDENT
    held = np.where(usable[..., None, None], held, np.eye(len(chosen)))
    solved = np.linalg.solve(held, np.where(usable[..., None], a, 0.0)[..., None])[..., 0]
    return np.where(usable, (a * solved).sum(axis=-1), np.nan)


def exact_f(distance: Floats, dof: NDArray[np.int64], q: int) -> Tested:
    """Test q combinations of effects with the exact law of Hotelling's T squared.

    Parameters
    ----------
    distance : ndarray, shape (...,)
        T squared: the distance with S = E'E / dof in the place of the covariance of the errors.
    dof : ndarray of int, shape (...,)
        Residual degrees of freedom of each regression.
    q : int
        Combinations.

    Returns
    -------
    statistic, p_value, distribution : ndarray, shape (...,)
        F = (dof - q + 1) / (q dof) T^2 ~ F(q, dof - q + 1); NaN without degrees of freedom.

    Notes
    -----
    Exact for normal errors that are independent over time and regressors that all equations share,
    also for sums of effects over a window: their variance is that of one error times a known number.

    References
    ----------
    Hotelling, H. (1931), Annals of Mathematical Statistics 2, 360-378. Schipper, K. and Thompson, R.
    (1983), Journal of Accounting Research 21, 184-221, and Binder, J. J. (1985), Journal of Accounting
    Research 23, 370-383: its use for returns around an announcement.
    """
    from scipy.special import fdtrc

    second = dof - q + 1
    usable = np.isfinite(distance) & (second > 0)
    value = np.where(usable, distance * second / (q * np.maximum(dof, 1)), np.nan)
    p_value = fdtrc(q, np.where(usable, second, 1), np.where(usable, value, 0.0))
    values, position = np.unique(second, return_inverse=True)
    names = np.array([f"F({q}, {k})" for k in values.tolist()], dtype=object)
    law = names[position.reshape(second.shape)]
    return value, np.where(usable, p_value, np.nan), np.where(usable, law, "").astype(object)


def wald(distance: Floats, q: int) -> Tested:
    """Test q combinations of effects with the law of large samples, chi2(q), shape (...,) each."""
    from scipy.special import chdtrc

    usable = np.isfinite(distance)
    p_value = np.where(usable, chdtrc(q, np.where(usable, distance, 0.0)), np.nan)
    return distance, p_value, np.where(usable, f"chi2({q})", "").astype(object)


def hc3(x: Floats, residuals: Floats, first: int) -> Floats:
    """Return HC3 covariances of the coefficients from `first` on, across equations, (G, m, m).

    Scores q_t e_t / (1 - h_t), q_t the row of (X'X)^-1 X' of the coefficient. A row that one dummy
    alone decides has a residual of zero and a leverage of one: it counts nothing.
    """
    q, r = np.linalg.qr(x)
    rows = np.linalg.solve(r, q.T)[first:]
    rest = 1 - (q**2).sum(axis=1)
    held = np.where(rest > DEPENDENT, rest, 1.0)
    inflated = np.where((rest > DEPENDENT)[:, None], residuals / held[:, None], 0.0)
    scores = rows[:, :, None] * inflated
    found: Floats = np.einsum("gta,gtb->gab", scores, scores)
    return found


def correlation(covariance: Floats) -> Floats:
    """Return the mean correlation between the m errors, shape (n,)."""
    sd = np.sqrt(np.einsum("nii->ni", covariance))
    every = covariance / (sd[:, :, None] * sd[:, None, :])
    above = np.triu_indices(covariance.shape[1], 1)
    found: Floats = every[:, *above].mean(axis=1)
    return found
