"""Returns on dummies of event days, with an effect of every asset and of every date."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from eventstudy.formats import counted
from eventstudy.regressions.base import ENOUGH, Estimates, Question, Regression, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from eventstudy.models.base import Floats

PanelErrors = Literal["iid", "cluster:asset", "driscoll_kraay"]

EVENT_TIME = "event_time"

ABSORBED = 1e-8
"""Share of a dummy's own size that may be left beside effects and other dummies; less is rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class EventDays:
    """A panel of n returns with k dummies.

    Attributes
    ----------
    returns : ndarray, shape (n,)
        Returns, decimal, without gaps.
    dummies : ndarray, shape (n, k)
        Number of events of the asset for which the session is the day of the term.
    terms : tuple of str
        Names of the days.
    asset, date : ndarray of int, shape (n,)
        Asset and session of each return.
    """

    returns: Floats
    dummies: Floats
    terms: tuple[str, ...]
    asset: NDArray[np.int64]
    date: NDArray[np.int64]


def event_time(panel: EventDays, errors: PanelErrors) -> Regression:
    """Regress returns on event days, with fixed effects of assets and dates.

    Parameters
    ----------
    panel : EventDays
        n returns, k dummies. What has no dummy is the omitted day: all coefficients are differences
        to it.
    errors : {'iid', 'cluster:asset', 'driscoll_kraay'}
        Driscoll and Kraay's allow for correlation between assets on a date and, with Bartlett
        weights, over floor(4 (T/100)^(2/9)) dates.

    Notes
    -----
    When every asset has an event and every day of the panel but one has a dummy, a straight line in
    event time is the difference of a line in dates and a constant of each asset: no slope can be told
    from the effects, and programs that try return standard errors of any size. Such dummies are
    refused; leave out a second day, or add returns far from any event.

    Clustering by asset needs 30 assets. A term whose dummy stands on one date only has no robust
    error; below 30 dates they are marked ``caution``.

    References
    ----------
    Driscoll, J. C. and Kraay, A. C. (1998), Review of Economics and Statistics 80, 549-560. Borusyak,
    K., Jaravel, X. and Spiess, J. (2024), Review of Economic Studies 91, 3253-3285, section 3.
    """
    question = Question(EVENT_TIME, errors, panel.terms)
    missing = [
        term for term, day in zip(panel.terms, panel.dummies.T, strict=True) if not day.any()
    ]
    if missing:
        return question.refused(len(panel.returns), f"no return on {', '.join(missing)}")
    y, x = within(panel, panel.returns[:, None]), within(panel, panel.dummies)
    if reason := _absorbed(panel, x):
        return question.refused(len(y), reason)
    found, assets = _fixed_effects(panel, y, x, errors), len(np.unique(panel.asset))
    if errors == "iid":
        return question.answered(found, [("ok", "")] * len(panel.terms))
    if errors == "cluster:asset" and assets < ENOUGH:
        few = f"{counted(assets, 'asset')}; clustering by asset needs {ENOUGH}"
        return question.answered(found, [("not_applicable", few)] * len(panel.terms))
    dates = [len(np.unique(panel.date[dummy != 0])) for dummy in panel.dummies.T]
    return question.answered(
        found,
        [
            verdict(term, count, "dates", strict=True)
            for term, count in zip(panel.terms, dates, strict=True)
        ],
    )


def within(panel: EventDays, values: Floats) -> Floats:
    """Return what effects of assets and dates leave of some columns, shape (n, k).

    Notes
    -----
    The effects a, d solve n_a a + C d = sums by asset, C'a + n_d d = sums by date, with C the number
    of observations of every asset and date; the longer of the two vectors is eliminated.
    """
    from scipy.sparse import csr_array

    codes = [np.unique(each, return_inverse=True)[1] for each in (panel.asset, panel.date)]
    short, long = sorted(codes, key=lambda code: int(code.max()))
    ones, rows = np.ones(len(values)), np.arange(len(values))
    by_short, by_long = (csr_array((ones, (code, rows))) for code in (short, long))
    both = np.asarray((by_short @ by_long.T).todense())
    share = both / both.sum(axis=0)
    system = np.diag(both.sum(axis=1)) - share @ both.T
    sums = by_short @ values - share @ (by_long @ values)
    # the effects are known up to one constant: hold the first at zero
    effect = np.zeros(sums.shape)
    effect[1:] = np.linalg.lstsq(system[1:, 1:], sums[1:], rcond=None)[0]
    left = values - effect[short]
    mean = (by_long @ left) / both.sum(axis=0)[:, None]
    return np.asarray(left - mean[long])


def _absorbed(panel: EventDays, x: Floats) -> str:
    """Say which dummies the effects, or the other dummies, leave nothing of."""
    left = np.linalg.qr(x / np.linalg.norm(panel.dummies, axis=0), mode="r")
    _, values, directions = np.linalg.svd(left)
    lost = directions[len(values) :] if len(values) < x.shape[1] else directions[values <= ABSORBED]
    if not len(lost):
        return ""
    named = np.abs(lost).max(axis=0) > 0.01
    return (
        f"effects of assets and dates explain {_listed(panel.terms, named)}, or a combination of them:"
        " leave out a further day, or add assets and days without an event"
    )


def _listed(terms: Sequence[str], named: NDArray[np.bool_]) -> str:
    """Return the first of some terms, and how many more there are."""
    chosen = [term for term, here in zip(terms, named, strict=True) if here]
    more = f" and {len(chosen) - 3} more" if len(chosen) > 3 else ""
    return f"{', '.join(chosen[:3])}{more}"


def _fixed_effects(panel: EventDays, y: Floats, x: Floats, errors: PanelErrors) -> Estimates:
    """Return the least squares of demeaned data with the covariances of linearmodels."""
    from linearmodels.panel import covariance

    estimate = np.linalg.lstsq(x, y, rcond=None)[0].astype(np.float64)
    counts = {"cluster:asset": panel.asset, "driscoll_kraay": panel.date}
    effects = len(np.unique(panel.asset)) + len(np.unique(panel.date)) - 1
    kinds: dict[str, Any] = {
        "iid": covariance.HomoskedasticCovariance,
        "cluster:asset": partial(covariance.ClusteredCovariance, clusters=panel.asset),
        "driscoll_kraay": covariance.DriscollKraay,
    }
    robust = kinds[errors](
        y,
        x,
        estimate,
        panel.asset[:, None],
        panel.date[:, None],
        debiased=True,
        extra_df=effects,
    )
    return Estimates(
        estimate=estimate[:, 0],
        variance=np.diag(robust.cov),
        dof=len(y) - x.shape[1] - effects,
        n=len(y),
        r_squared=float(1 - ((y - x @ estimate) ** 2).sum() / (y**2).sum()),
        clusters=len(np.unique(counts[errors])) if errors in counts else None,
    )
