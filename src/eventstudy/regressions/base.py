"""What a regression answers, which standard errors there are, and when they are refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from eventstudy.errors import OptionError, did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from eventstudy.models.base import Floats

INTERCEPT = "intercept"

ENOUGH = 30
"""Fewest independent units behind a coefficient with which robust errors keep their level."""

LEVEL = 0.05
"""One minus the confidence of the limits."""

CROSS_SECTION = ("iid", "HC0", "HC1", "HC2", "HC3", "cluster")
FAMA_MACBETH = "fama_macbeth"
FORMS = "iid, HC0, HC1, HC2, HC3, cluster:COLUMN, cluster:COLUMN,COLUMN, fama_macbeth, fama_macbeth:kernel"


@dataclass(frozen=True, slots=True)
class Errors:
    """Standard errors, as the user names them.

    Attributes
    ----------
    kind : str
        One of :data:`CROSS_SECTION`, or ``fama_macbeth``.
    by : tuple of str
        Columns to cluster by, one or two; ``("kernel",)`` for Fama-MacBeth with Newey-West errors.
    """

    kind: str
    by: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind}:{','.join(self.by)}" if self.by else self.kind


def parse_errors(text: str) -> Errors:
    """Return the standard errors that a text such as ``cluster:date,asset`` names.

    Raises
    ------
    OptionError
        When it names none.
    """
    kind, colon, rest = text.strip().partition(":")
    by = tuple(name.strip() for name in rest.split(",")) if colon else ()
    if kind == "cluster" and 1 <= len(by) <= 2 and all(by) and len(set(by)) == len(by):
        return Errors(kind, by)
    if kind == FAMA_MACBETH and by in {(), ("kernel",)}:
        return Errors(kind, by)
    if kind in CROSS_SECTION and kind != "cluster" and not colon:
        return Errors(kind)
    known = (*CROSS_SECTION, FAMA_MACBETH)
    hint = did_you_mean(kind, known) if kind not in known else ""
    raise OptionError(f"--errors {shown(text)} names no standard errors; allowed: {FORMS}{hint}")


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """One regression with k terms.

    Attributes
    ----------
    estimator, errors : str
        How the coefficients and how their standard errors were computed.
    terms : tuple of str
        Names of the coefficients, the intercept first where there is one.
    estimate, std_error, statistic, p_value, low, high : ndarray, shape (k,)
        Coefficients, standard errors, their ratio, two-sided p-values and limits of 95% intervals;
        all but the estimates are NaN where the status is ``not_applicable``.
    n : int
        Observations.
    clusters : int, optional
        Clusters (of the way with fewer), periods of Fama-MacBeth, dates of Driscoll and Kraay.
    distribution : str
        Law of the p-values, such as ``t(36)``; empty where nothing was estimated.
    r_squared : float
        Share of the variance that the terms explain; NaN where nothing was estimated.
    status, reason : ndarray of object, shape (k,)
        ``ok``; ``caution`` where the errors rest on few units; ``not_applicable`` where they are
        refused; and why.
    """

    estimator: str
    errors: str
    terms: tuple[str, ...]
    estimate: Floats
    std_error: Floats
    statistic: Floats
    p_value: Floats
    low: Floats
    high: Floats
    n: int
    clusters: int | None
    distribution: str
    r_squared: float
    status: NDArray[np.object_]
    reason: NDArray[np.object_]

    def columns(self) -> Mapping[str, Any]:
        """Return one row per term, by column of ``regressions.csv``."""
        k = len(self.terms)
        return {
            "estimator": np.full(k, self.estimator, dtype=object),
            "errors": np.full(k, self.errors, dtype=object),
            "term": np.array(self.terms, dtype=object),
            "estimate": self.estimate,
            "std_error": self.std_error,
            "value": self.statistic,
            "p_value": self.p_value,
            "low": self.low,
            "high": self.high,
            "n": np.full(k, self.n),
            "clusters": np.full(k, np.nan if self.clusters is None else self.clusters),
            "distribution": np.full(k, self.distribution, dtype=object),
            "r_squared": np.full(k, self.r_squared),
            "status": self.status,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """What a package returns, before anything is refused.

    Attributes
    ----------
    estimate, variance : ndarray, shape (k,)
        Coefficients and their variances.
    dof : int
        Degrees of freedom of the t law.
    n : int
        Observations.
    r_squared : float
        Share of the variance that the terms explain.
    clusters : int, optional
        As in :class:`Regression`.
    """

    estimate: Floats
    variance: Floats
    dof: int
    n: int
    r_squared: float
    clusters: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is regressed and how: the names that stand in the results."""

    estimator: str
    errors: str
    terms: tuple[str, ...]

    def refused(self, n: int, reason: str) -> Regression:
        """Return the regression that cannot be estimated."""
        none = np.full(len(self.terms), np.nan)
        found = Estimates(none, none, 1, n, float("nan"))
        return self.answered(found, [("not_applicable", reason)] * len(self.terms))

    def answered(self, found: Estimates, verdicts: list[tuple[str, str]]) -> Regression:
        """Return the regression with t laws, and without errors where a verdict refuses them.

        Parameters
        ----------
        found : Estimates
            Coefficients and variances.
        verdicts : list of (str, str)
            Status and reason of each term.
        """
        from scipy.special import stdtr, stdtrit

        status, reason = (np.array(part, dtype=object) for part in zip(*verdicts, strict=True))
        impossible = (status != "not_applicable") & ~(found.variance > 0)
        status[impossible] = "not_applicable"
        reason[impossible] = "the variance of the estimate is not positive"
        usable = status != "not_applicable"
        sd = np.sqrt(np.where(usable, found.variance, np.nan))
        statistic, half = found.estimate / sd, stdtrit(found.dof, 1 - LEVEL / 2) * sd
        return Regression(
            estimator=self.estimator,
            errors=self.errors,
            terms=self.terms,
            estimate=found.estimate,
            std_error=sd,
            statistic=statistic,
            p_value=2 * stdtr(found.dof, -np.abs(statistic)),
            low=found.estimate - half,
            high=found.estimate + half,
            n=found.n,
            clusters=found.clusters,
            distribution=f"t({found.dof})" if np.isfinite(found.estimate).any() else "",
            r_squared=found.r_squared,
            status=status,
            reason=reason,
        )


def verdict(term: str, units: int, unit: str, *, strict: bool) -> tuple[str, str]:
    """Return status and reason of robust errors that rest on so many independent units.

    Parameters
    ----------
    term : str
        Name of the coefficient.
    units : int
        Number of events, clusters or dates that tell the term from the others.
    unit : str
        What they are, in the plural.
    strict : bool
        Whether fewer than :data:`ENOUGH` call for caution; HC3 keeps its level with fewer.

    Notes
    -----
    A coefficient that one unit decides has residuals of zero there: robust errors then reject 87 to
    94 per cent at 5. HC1 and Newey-West reject .41 with 2 units, .15 with 5, .09 with 8 to 15;
    Driscoll and Kraay .40, .18 and .10.
    """
    if units < 2:
        return (
            "not_applicable",
            f"{term} rests on one of the {unit}: its residual there is zero, so such errors are far too small; iid takes the events as independent",
        )
    if strict and units < ENOUGH:
        return (
            "caution",
            f"{term} rests on {units} {unit}; below {ENOUGH} such errors reject too often",
        )
    return "ok", ""
