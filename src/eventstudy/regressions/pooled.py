"""Returns of a few assets pooled, on dummies of event days beside an effect of every asset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.formats import counted
from eventstudy.inference import _laws as laws
from eventstudy.regressions.base import ENOUGH, verdict
from eventstudy.regressions.design import with_intercept
from eventstudy.regressions.joint import hc3
from eventstudy.regressions.system import collinear

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.models.base import Floats
    from eventstudy.regressions.system import EventDummies, Fits

    Kind = tuple[str | NDArray[np.object_], Floats, int | NDArray[np.int64], list[tuple[str, str]]]

INDEPENDENT = "takes the assets of one session for independent"


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Standard errors of one kind for G coefficients.

    Attributes
    ----------
    names : ndarray of object, shape (G,)
        What they are called.
    std_error, p_value : ndarray, shape (G,)
        NaN where they are refused.
    distribution, status, reason : ndarray of object, shape (G,)
        Law, whether they hold, and why not.
    """

    names: NDArray[np.object_]
    std_error: Floats
    p_value: Floats
    distribution: NDArray[np.object_]
    status: NDArray[np.object_]
    reason: NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """Effects of G dummies on all assets together.

    Attributes
    ----------
    estimate : ndarray, shape (G,)
        Mean return of the dummy's sessions above that of the other ones.
    errors : tuple of Judged
        Those that take everything for independent, robust ones, and clusters by asset.
    """

    estimate: Floats
    errors: tuple[Judged, ...]


def pooled(data: EventDummies, fitted: dict[bytes, Fits] | None = None) -> Pooled:
    """Regress the returns of all assets on dummies that they share, with entity effects.

    Parameters
    ----------
    data : EventDummies
        Returns of m assets and G dummies; the factors are not used.
    fitted : dict, optional
        Fits of the same returns by their dummies, as :func:`~eventstudy.regressions.system` has them.

    Notes
    -----
    The panel is balanced and the dummies are the same for all assets: the estimates are those of the
    mean return of a session on the same dummies. Robust errors are therefore HC3 of that regression
    below 30 dates, and Driscoll and Kraay's from 30 on, both with t(n_d - 1); refused at one date.
    Clusters by asset need 30 assets.

    References
    ----------
    Driscoll, J. C. and Kraay, A. C. (1998), Review of Economics and Statistics 80, 549-560.
    """
    whole = np.isfinite(data.returns).all(axis=1)
    y, x = data.returns[whole], data.dummies[whole]
    lost = collinear(data.terms, np.ones((len(y), 1)), x)
    kept = np.array([term not in lost for term in data.terms], dtype=bool)
    assets, many = y.shape[1], data.dates >= ENOUGH
    wanted = {"kernel": bool((many & kept).any()), "clustered": assets >= ENOUGH}
    further = [name for name, asked in wanted.items() if asked]
    key, fitted = x[:, kept].tobytes(), {} if fitted is None else fitted
    fits = fitted[key] = fitted.get(key) or _panel_ols(y, x[:, kept], further)
    slopes, iid, dof = _within(y, x[:, kept])
    error = {name: _spread_out(fit.std_errors.to_numpy(), kept) for name, fit in fits.items()}
    none = np.full(len(kept), np.nan)
    means = _spread_out(_of_means(y.mean(axis=1), x[:, kept]), kept)
    few = (
        ""
        if wanted["clustered"]
        else f"{counted(assets, 'asset')}; clustering by asset needs {ENOUGH}"
    )
    dated = [
        verdict(term, int(count), "dates", strict=True)
        for term, count in zip(data.terms, data.dates, strict=True)
    ]
    kinds: list[Kind] = [
        ("iid", _spread_out(iid, kept), dof, [("caution", INDEPENDENT)]),
        (
            np.where(many, "driscoll_kraay", "HC3").astype(object),
            np.where(many, error.get("kernel", none), means),
            data.dates - 1,
            dated,
        ),
        (
            "cluster:asset",
            error.get("clustered", none),
            assets - 1,
            [("not_applicable" if few else "ok", few)],
        ),
    ]
    estimate = _spread_out(slopes, kept)
    reasons = np.array([lost.get(term, "") for term in data.terms], dtype=object)
    return Pooled(estimate, tuple(_judged(estimate, kind, reasons) for kind in kinds))


def _spread_out(values: Floats, kept: NDArray[np.bool_]) -> Floats:
    """Return values in the places that are kept, NaN in the others, shape (G,)."""
    found = np.full(len(kept), np.nan)
    found[kept] = values
    return found


def _panel_ols(y: Floats, x: Floats, further: list[str]) -> Fits:
    """Return the fits of linearmodels with entity effects by covariance."""
    if not further:
        return {}
    import pandas as pd
    from linearmodels.panel import PanelOLS

    sessions, assets = y.shape
    key = pd.MultiIndex.from_product([range(assets), range(sessions)])
    dummies = pd.DataFrame(np.tile(x, (assets, 1)), index=key).add_prefix("x")
    model = PanelOLS(
        pd.Series(y.T.ravel(), index=key, name="y"), dummies, entity_effects=True, check_rank=False
    )
    options = {"clustered": {"cluster_entity": True}}
    return {name: model.fit(cov_type=name, **options.get(name, {})) for name in further}


def _within(y: Floats, x: Floats) -> tuple[Floats, Floats, int]:
    """Return coefficients, their errors under independence, and degrees of freedom, with entity effects."""
    (sessions, assets), inner = y.shape, x - x.mean(axis=0)
    q, r = np.linalg.qr(inner)
    about = y - y.mean(axis=0)
    slopes = np.linalg.solve(r, q.T @ about.mean(axis=1))
    left = about - (inner @ slopes)[:, None]
    dof = assets * (sessions - 1) - x.shape[1]
    spread = (np.linalg.inv(r) ** 2).sum(axis=1) / assets
    return slopes, np.sqrt(spread * (left**2).sum() / dof), dof


def _of_means(y: Floats, x: Floats) -> Floats:
    """Return the HC3 errors of the dummies in a regression of the mean return of each session."""
    design = with_intercept(x)
    residuals = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return np.sqrt(hc3(design, residuals[:, None], 1)[:, 0, 0])


def _judged(estimate: Floats, kind: Kind, lost: NDArray[np.object_]) -> Judged:
    """Return errors with their t laws, NaN where they are refused.

    Parameters
    ----------
    estimate : ndarray, shape (G,)
        Coefficients.
    kind : tuple
        Names, standard errors, degrees of freedom, and verdicts: one for all or one for each.
    lost : ndarray of object, shape (G,)
        Why a coefficient is not identified; an empty text where it is.
    """
    from scipy.special import stdtr

    names, std_error, given, verdicts = kind
    status, reason = np.broadcast_to(np.array(verdicts, dtype=object), (len(estimate), 2)).T
    usable = (status != "not_applicable") & (std_error > 0) & (lost == "")
    dof = np.maximum(np.broadcast_to(np.asarray(given, dtype=int), estimate.shape), 1)
    error = np.where(usable, std_error, np.nan)
    return Judged(
        names=np.broadcast_to(np.asarray(names, dtype=object), estimate.shape),
        std_error=error,
        p_value=2 * stdtr(dof, -np.abs(estimate / error)),
        distribution=np.where(usable, laws.named("t", dof), "").astype(object),
        status=np.where(usable, status, "not_applicable").astype(object),
        reason=np.where(lost == "", reason, lost).astype(object),
    )
