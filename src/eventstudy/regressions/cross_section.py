"""CARs on characteristics of the events, by ordinary least squares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from eventstudy.regressions.base import INTERCEPT, Errors, Estimates, Question, Regression, verdict
from eventstudy.regressions.design import not_identified, units_behind, with_intercept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from eventstudy.models.base import Floats
    from eventstudy.regressions.design import Characteristics

OLS = "ols"


def cross_section(
    car: Floats,
    characteristics: Characteristics,
    errors: Errors,
    clusters: Sequence[NDArray[Any]] = (),
) -> Regression:
    """Regress CARs on an intercept and characteristics.

    Parameters
    ----------
    car : ndarray, shape (n,)
        CARs, decimal; NaN = missing.
    characteristics : Characteristics
        k regressors; an event that lacks one, or its CAR, is left out.
    errors : Errors
        ``iid``, ``HC0`` to ``HC3``, or ``cluster`` by one or two ways.
    clusters : sequence of ndarray, shape (n,)
        Labels of the clusters, one array for each way; an empty text is missing.

    Returns
    -------
    Regression
        With 1 + k terms.

    Notes
    -----
    t laws with n - 1 - k degrees of freedom; for clusters G - 1, G the number of clusters of the way
    with fewer. Clustered covariances carry the factor G / (G - 1) x (n - 1) / (n - 1 - k), in two
    ways each of the three parts its own (Cameron, Gelbach and Miller 2011).

    Robust errors are refused for a term of two values one of which a single event (of a single
    cluster, when clustered) holds, and marked ``caution`` below 30; HC3 is not marked.

    References
    ----------
    MacKinnon, J. G. and White, H. (1985), Journal of Econometrics 29, 305-325. Cameron, A. C.,
    Gelbach, J. B. and Miller, D. L. (2011), Journal of Business and Economic Statistics 29, 238-249.
    """
    whole = np.isfinite(car) & np.isfinite(characteristics.values).all(axis=1)
    for labels in clusters:
        whole &= labels != ""
    car, characteristics = car[whole], characteristics.select(whole)
    ways = [np.unique(labels[whole], return_inverse=True)[1] for labels in clusters]
    question = Question(OLS, str(errors), (INTERCEPT, *characteristics.terms))
    if reason := not_identified(characteristics) or _too_few_clusters(errors, ways):
        return question.refused(len(car), reason)
    found = least_squares(car, characteristics, errors, ways)
    if not found.r_squared < 1 - 1e-12:
        return question.refused(len(car), "the terms fit the CARs exactly: no residual is left")
    if errors.kind == "iid":
        return question.answered(found, [("ok", "")] * len(question.terms))
    return question.answered(found, _verdicts(question.terms, characteristics.values, errors, ways))


def _too_few_clusters(errors: Errors, ways: Sequence[NDArray[np.int64]]) -> str:
    """Say which way of clustering has only one cluster."""
    single = [name for name, way in zip(errors.by, ways, strict=True) if way.max() < 1]
    return f"all events have one {single[0]}: no clusters to compare" if single else ""


def _verdicts(
    terms: Sequence[str], values: Floats, errors: Errors, ways: Sequence[NDArray[np.int64]]
) -> list[tuple[str, str]]:
    """Return status and reason of every term under robust errors."""
    events, unit = [np.arange(len(values))], ["events"]
    named = [f"clusters by {name}" for name in errors.by]
    found = []
    for term, column in zip(terms, with_intercept(values).T, strict=True):
        counts = [
            (units_behind(column, way), name)
            for way, name in zip(ways or events, named or unit, strict=True)
        ]
        least, name = min(counts)
        found.append(verdict(term, least, name, strict=errors.kind != "HC3"))
    return found


def least_squares(
    car: Floats, characteristics: Characteristics, errors: Errors, ways: Sequence[NDArray[np.int64]]
) -> Estimates:
    """Return the estimates of statsmodels, whatever they rest on.

    Parameters
    ----------
    car : ndarray, shape (n,)
        CARs.
    characteristics : Characteristics
        k regressors that are told apart, without gaps.
    errors : Errors
        Kind of the standard errors.
    ways : sequence of ndarray of int, shape (n,)
        Number of the cluster of each event, by way.
    """
    from statsmodels.regression import linear_model

    x = with_intercept(characteristics.values)
    size = np.linalg.norm(x, axis=0)  # regressors of one size: a market value beside a dummy
    model, clusters = linear_model.OLS(car, x / size), None
    if ways:
        groups = {"groups": np.column_stack(ways), "use_correction": True}
        fit = model.fit(cov_type="cluster", cov_kwds=groups, use_t=True)
        clusters = min(int(way.max()) + 1 for way in ways)
    else:
        fit = model.fit(cov_type="nonrobust" if errors.kind == "iid" else errors.kind, use_t=True)
    return Estimates(
        estimate=fit.params / size,
        variance=np.diag(fit.cov_params()) / size**2,
        dof=len(car) - x.shape[1] if clusters is None else clusters - 1,
        n=len(car),
        r_squared=float(fit.rsquared),
        clusters=clusters,
    )
