"""Cross-sections period by period, and the mean of their coefficients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from eventstudy.formats import counted
from eventstudy.regressions.base import (
    ENOUGH,
    FAMA_MACBETH,
    INTERCEPT,
    Errors,
    Estimates,
    Question,
    Regression,
)
from eventstudy.regressions.design import DEPENDENT, with_intercept

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.models.base import Floats
    from eventstudy.regressions.design import Characteristics

LEAST, LEAST_KERNEL = 2, 4
"""Fewest periods for a variance over them, and for one with the automatic number of lags."""


def fama_macbeth(
    y: Floats, characteristics: Characteristics, period: NDArray[Any], *, kernel: bool = False
) -> Regression:
    """Regress in every period by itself, and test the mean of the coefficients over periods.

    Parameters
    ----------
    y : ndarray, shape (n,)
        CARs or returns, decimal; NaN = missing.
    characteristics : Characteristics
        k regressors; an observation that lacks one, or y, is left out.
    period : ndarray, shape (n,)
        Date of each observation.
    kernel : bool
        Newey-West errors over the periods with Bartlett weights, for coefficients that depend on
        those of the period before; otherwise periods are taken as independent.

    Returns
    -------
    Regression
        With 1 + k terms; `clusters` is the number of periods P, the law t(P - 1). A period that
        cannot tell its coefficients apart is left out, which the reason says.

    References
    ----------
    Fama, E. F. and MacBeth, J. D. (1973), Journal of Political Economy 81, 607-636.
    """
    whole = np.isfinite(y) & np.isfinite(characteristics.values).all(axis=1)
    x, number = (
        with_intercept(characteristics.values[whole]),
        np.unique(period[whole], return_inverse=True)[1],
    )
    usable = _identified(x, number)
    kept = usable[number]
    errors = Errors(FAMA_MACBETH, ("kernel",) if kernel else ())
    question = Question(FAMA_MACBETH, str(errors), (INTERCEPT, *characteristics.terms))
    periods = int(usable.sum())
    lost = (
        f"{len(usable) - periods} of {counted(len(usable), 'date')} left out: too few different events for"
        f" {counted(x.shape[1], 'coefficient')}"
    )
    if periods < LEAST:
        return question.refused(int(kept.sum()), f"{lost}; at least {LEAST} others are needed")
    if kernel and periods < LEAST_KERNEL:
        reason = f"{counted(periods, 'date')}; Newey-West errors need at least {LEAST_KERNEL}"
        return question.refused(int(kept.sum()), reason)
    found = _mean_coefficients(y[whole][kept], x[kept], number[kept], kernel=kernel)
    note = lost if periods < len(usable) else ""
    caution = f"{counted(periods, 'date')}; below {ENOUGH} Newey-West errors reject too often"
    verdicts = ("caution", caution) if kernel and periods < ENOUGH else ("ok", note)
    return question.answered(found, [verdicts] * x.shape[1])


def _identified(x: Floats, period: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say which periods can tell their coefficients apart."""
    order = np.argsort(period, kind="stable")
    parts = np.split(x[order], np.flatnonzero(np.diff(period[order])) + 1) if len(x) else []
    return np.array([_full_rank(part) for part in parts], dtype=bool)


def _full_rank(x: Floats) -> bool:
    size = np.linalg.norm(x, axis=0)
    if len(x) < x.shape[1] or not (size > 0).all():
        return False
    return bool(np.linalg.svd(x / size, compute_uv=False)[-1] > DEPENDENT)


def _mean_coefficients(
    y: Floats, x: Floats, period: NDArray[np.int64], *, kernel: bool
) -> Estimates:
    """Return the estimates of linearmodels."""
    import warnings

    import pandas as pd
    from linearmodels.panel import FamaMacBeth

    index = pd.MultiIndex.from_arrays([np.arange(len(y)), period])
    names = [str(position) for position in range(x.shape[1])]
    with warnings.catch_warnings():
        # fewer periods than terms leave no joint test; the t of one term needs two periods
        warnings.simplefilter("ignore")
        model = FamaMacBeth(pd.Series(y, index=index), pd.DataFrame(x, index=index, columns=names))
        fit = model.fit(cov_type="kernel" if kernel else "robust")
    periods = len(np.unique(period))
    return Estimates(
        estimate=fit.params.to_numpy(),
        variance=np.diag(fit.cov.to_numpy()),
        dof=periods - 1,
        n=len(y),
        r_squared=float(fit.rsquared),
        clusters=periods,
    )
