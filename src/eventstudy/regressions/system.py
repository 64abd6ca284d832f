"""The system over the whole sample: returns of all assets on shared factors and dummies of event days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from eventstudy.regressions.base import ENOUGH, verdict
from eventstudy.regressions.design import DEPENDENT, with_intercept
from eventstudy.regressions.joint import NULLS, correlation, exact_f, hc3, squared_distance, wald

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linearmodels.system.results import SystemResults
    from numpy.typing import NDArray

    from eventstudy.models.base import Floats
    from eventstudy.regressions.joint import Null, Tested

    Key = tuple[str, Null]
    Fits = Mapping[str, Any]
    """Fits of linearmodels by errors."""


@dataclass(frozen=True, slots=True, eq=False)
class EventDummies:
    """Returns of m assets on T sessions, with G dummies.

    Attributes
    ----------
    returns : ndarray, shape (T, m)
        Returns, decimal; a row with a gap is left out of every equation.
    factors : ndarray, shape (T, k)
        Regressors that all equations share, without the constant.
    dummies : ndarray, shape (T, G)
        Number of events of each term whose window covers the session.
    terms : tuple of str, length G
        Names of the dummies.
    dates : ndarray of int, shape (G,)
        n_d, windows of each term that share no session.
    assets : tuple of str, length m
        The assets.
    """

    returns: Floats
    factors: Floats
    dummies: Floats
    terms: tuple[str, ...]
    dates: NDArray[np.int64]
    assets: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """Effects of G dummies on m assets.

    Attributes
    ----------
    effect : ndarray, shape (G, m)
        Mean effect per session of the window; NaN where a dummy cannot be told from the others.
    covariance : mapping of str to ndarray, shape (G, m, m)
        By errors, ``iid`` and ``robust``: covariance of the effects of a term; NaN where refused.
    dof : ndarray of int, shape (G,)
        Degrees of freedom of the ``iid`` errors.
    tests : mapping of (test, null) to tuple of ndarray, shape (G,)
        Statistic, p-value and law of ``exact_f``, ``wald_chi2`` and ``robust_f``.
    errors : ndarray of object, shape (G,)
        What the robust errors are: ``HC3`` below 30 dates, ``kernel`` from 30.
    status, reason : ndarray of object, shape (G,)
        Of the robust errors, see :class:`~eventstudy.regressions.base.Regression`.
    correlation : float
        Mean correlation of the residuals of two assets on one session.
    lost : mapping of str to str
        Why a dummy has no effect, by term.
    """

    effect: Floats
    covariance: Mapping[str, Floats]
    dof: NDArray[np.int64]
    tests: Mapping[Key, Tested]
    errors: NDArray[np.object_]
    status: NDArray[np.object_]
    reason: NDArray[np.object_]
    correlation: float
    lost: Mapping[str, str]


def system(data: EventDummies, fitted: dict[bytes, Fits] | None = None) -> System:
    """Estimate the system as seemingly unrelated regressions and test every dummy jointly.

    Parameters
    ----------
    data : EventDummies
        Returns, regressors and dummies.
    fitted : dict, optional
        Fits of the same returns by their regressors: those asked for again are taken from it, others
        are put into it. The only category of a study and all its events are one regression.

    Notes
    -----
    All equations have the same regressors, so generalised least squares is least squares equation by
    equation, and the covariance of a coefficient over equations is its entry of (X'X)^-1 times that of
    the errors. ``exact_f`` and ``wald_chi2`` take the covariance of the errors for the same on all
    dates, events included. ``robust_f`` is (n_d - m) / (m (n_d - 1)) times the Wald statistic with HC3
    errors, from 30 dates on with Newey-West errors over floor(4 (T/100)^(2/9)) lags, both with
    the products of the residuals of two assets: F(m, n_d - m). Both need m + 1 dates.

    References
    ----------
    Binder, J. J. (1985), Journal of Accounting Research 23, 370-383.
    """
    whole = np.isfinite(data.returns).all(axis=1) & np.isfinite(data.factors).all(axis=1)
    y, base = data.returns[whole], with_intercept(data.factors[whole])
    dummies = data.dummies[whole]
    lost = collinear(data.terms, base, dummies)
    kept = np.array([term not in lost for term in data.terms], dtype=bool)
    x = np.column_stack([base, dummies[:, kept]])
    fitted, key = {} if fitted is None else fitted, x.tobytes()
    if key not in fitted:
        kernel = bool((data.dates[kept] >= ENOUGH).any())
        fitted[key] = _by_kernel(y, x) if kernel else {}
    return _answered(data, kept, y, x, (fitted[key], lost))


def collinear(terms: tuple[str, ...], base: Floats, dummies: Floats) -> dict[str, str]:
    """Say which dummies are nothing but a combination of the regressors before them, or empty."""
    x = np.column_stack([base, dummies])
    size = np.linalg.norm(x, axis=0)
    left = np.abs(np.diag(np.linalg.qr(x / np.where(size > 0, size, 1.0), mode="r")))
    found = {}
    for term, norm, rest in zip(terms, size[base.shape[1] :], left[base.shape[1] :], strict=True):
        if not norm:
            found[term] = f"no return of all assets on the sessions of {term}"
        elif rest <= DEPENDENT:
            found[term] = f"the sessions of {term} are a combination of those of the other terms"
    return found


def _by_kernel(y: Floats, x: Floats) -> Fits:
    """Return the fit of linearmodels with Newey-West errors."""
    from linearmodels.system import SUR

    model = SUR(
        {f"y{number}": {"dependent": column, "exog": x} for number, column in enumerate(y.T)}
    )
    lags = int(4 * (len(y) / 100) ** (2 / 9))
    options: dict[str, Any] = {"kernel": "bartlett", "bandwidth": lags}
    return {"kernel": model.fit(method="ols", cov_type="kernel", **options)}


def _answered(
    data: EventDummies,
    kept: NDArray[np.bool_],
    y: Floats,
    x: Floats,
    found: tuple[Fits, Mapping[str, str]],
) -> System:
    """Return effects, covariances and tests of all dummies, NaN for those that are lost."""
    fits, lost = found
    g, m, first = len(data.terms), y.shape[1], x.shape[1] - int(kept.sum())
    effect, iid = np.full((g, m), np.nan), np.full((g, m, m), np.nan)
    q, r = np.linalg.qr(x)
    slopes = np.linalg.solve(r, q.T @ y)
    residuals = y - x @ slopes
    effect[kept] = slopes[first:]
    spread = (np.linalg.inv(r)[first:] ** 2).sum(axis=1)
    iid[kept] = spread[:, None, None] * (residuals.T @ residuals / len(y))
    robust = np.full(iid.shape, np.nan)
    robust[kept] = hc3(x, residuals, first)
    many = data.dates >= ENOUGH
    if "kernel" in fits:
        # linearmodels stacks the coefficients equation by equation
        place = first + np.arange(m)[:, None] * x.shape[1] + np.arange(int(kept.sum()))
        robust[kept & many] = _blocks(fits["kernel"], place)[many[kept]]
    status, reason = _verdicts(data, m)
    robust[status == "not_applicable"] = np.nan
    return System(
        effect=effect,
        covariance={"iid": iid * len(y) / (len(y) - x.shape[1]), "robust": robust},
        dof=np.full(g, len(y) - x.shape[1]),
        tests=_tests(effect, iid, robust, (data.dates, len(y), x.shape[1])),
        errors=np.where(many, "kernel", "HC3").astype(object),
        status=status,
        reason=reason,
        correlation=float(correlation((residuals.T @ residuals)[None])[0]),
        lost=lost,
    )


def _blocks(fit: SystemResults, place: NDArray[np.int64]) -> Floats:
    """Return the covariances of the coefficients of every dummy across equations, (G, m, m)."""
    whole = fit.cov.to_numpy()
    blocks: Floats = whole[place.T[:, :, None], place.T[:, None, :]]
    return blocks


def _verdicts(data: EventDummies, assets: int) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Return status and reason of the robust errors of every dummy."""
    found = [
        verdict(term, int(count), "dates", strict=True)
        for term, count in zip(data.terms, data.dates, strict=True)
    ]
    status, reason = (np.array(part, dtype=object) for part in zip(*found, strict=True))
    few = (status == "caution") & (data.dates <= assets)
    reason[few] = [
        f"{text}; a joint test of {assets} assets needs {assets + 1} dates" for text in reason[few]
    ]
    return status, reason


def _tests(
    effect: Floats, iid: Floats, robust: Floats, counts: tuple[NDArray[np.int64], int, int]
) -> dict[Key, Tested]:
    """Return the joint tests of every dummy."""
    dates, rows, columns = counts
    m = effect.shape[1]
    dof = np.full(len(effect), rows - columns)
    found: dict[Key, Tested] = {}
    for null in NULLS:
        q = m if null == "zero" else m - 1
        chi2 = squared_distance(effect, iid, null)
        found["wald_chi2", null] = wald(chi2, q)
        found["exact_f", null] = exact_f(chi2 * (rows - columns) / rows, dof, q)
        found["robust_f", null] = exact_f(squared_distance(effect, robust, null), dates - 1, q)
    return found
