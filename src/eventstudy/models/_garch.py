"""Market model with a variance that changes over time, a cell at a time: arch finds the parameters."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from eventstudy.errors import EstimationError
from eventstudy.formats import counted
from eventstudy.models._failures import failures_of
from eventstudy.models._least_squares import residuals_of, simple_regression
from eventstudy.models.base import Fit
from eventstudy.returns.sample import chunks

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from numpy.typing import NDArray

    from eventstudy.models.base import Floats
    from eventstudy.returns.sample import Sample

Volatility = Literal["garch", "gjr", "egarch"]

PARAMETERS = {
    "garch": ("omega", "arch", "garch"),
    "gjr": ("omega", "arch", "leverage", "garch"),
    "egarch": ("omega", "arch", "leverage", "garch"),
}
TOLERANCES = 1e-8, None
"""Of the likelihood: where the first is never met, the default of arch decides."""

PER_PARAMETER = 10
"""Fewest returns for each parameter."""

DIGITS = 10
"""Decimals to which returns in their own standard deviations are rounded: what the optimiser finds
must not depend on the unit in which returns come."""


@dataclass(frozen=True, slots=True)
class Path:
    """Conditional variances of one cell.

    Attributes
    ----------
    parameters, std_errors : ndarray, shape (2 + q,)
        alpha, beta and the q parameters of the variance; robust standard errors of the latter, those
        given the variances of the former.
    covariance : ndarray, shape (2, 2)
        Of alpha and beta, (X'H^-1 X)^-1.
    forecast : ndarray, shape (H,)
        Variance of the sessions after the estimation window, as seen from its end.
    sigma : float
        sqrt(SSE / (M - 2)).
    """

    parameters: Floats
    std_errors: Floats
    covariance: Floats
    forecast: Floats
    sigma: float


def fit_garch(sample: Sample, volatility: Volatility) -> Fit:
    """Fit R_t = alpha + beta Rm_t + e_t with Var(e_t) = h_t to every cell by maximum likelihood.

    Parameters
    ----------
    sample : Sample
        N cells with one regressor.
    volatility : {'garch', 'gjr', 'egarch'}
        How h_t follows from the past.

    Raises
    ------
    EstimationError
        When the package arch is not installed.
    """
    build, names = _arch_model(), ("alpha", "beta", *PARAMETERS[volatility])
    n, length = len(sample), sample.event_window.length
    coefficients, std_errors = (np.full((n, len(names)), np.nan) for _ in range(2))
    sigma, n_obs, failures = np.full(n, np.nan), np.zeros(n, int), np.full(n, "", dtype=object)
    expected, scale = np.full((n, length), np.nan), np.ones((n, length))
    leverage = np.full((n, length, 2), np.nan)
    for rows in chunks(n):
        window, event = (
            sample.gather(rows, each) for each in (sample.estimation, sample.event_window)
        )
        y, x, market = window.asset, window.factors[:, :, 0], event.factors[:, :, 0]
        plain = simple_regression(y, x)
        n_obs[rows] = plain.n_obs
        failures[rows] = _too_few(failures_of(plain, names[:2]), plain.n_obs, len(names))
        for row in np.flatnonzero(failures[rows] == ""):
            here, cell = np.isfinite(y[row]) & np.isfinite(x[row]), rows.start + row
            ahead = sample.event_window.end - sample.estimation.end
            found = conditional(y[row, here], x[row, here], volatility, ahead, build=build)
            if isinstance(found, str):
                failures[cell] = found
                continue
            coefficients[cell], std_errors[cell] = found.parameters, found.std_errors
            design = np.column_stack([np.ones(length), market[row]])
            sigma[cell], expected[cell] = found.sigma, design @ found.parameters[:2]
            scale[cell] = found.forecast[-length:] / found.sigma**2
            leverage[cell] = design @ np.linalg.cholesky(found.covariance) / found.sigma
    return Fit(
        parameters=names,
        coefficients=coefficients,
        std_errors=std_errors,
        sigma=sigma,
        dof=np.maximum(n_obs - 2, 0),
        n_obs=n_obs,
        r_squared=np.full(n, np.nan),
        expected=expected,
        leverage=leverage,
        residuals=partial(residuals_of, sample, coefficients[:, :2], excess=False),
        failures=failures,
        scale=scale,
    )


def conditional(
    y: Floats, x: Floats, volatility: Volatility, ahead: int, *, build: Callable[..., Any]
) -> Path | str:
    """Return the parameters of one cell and the variances after it; or why there are none.

    Parameters
    ----------
    y, x : ndarray, shape (M,)
        Returns and benchmark over the estimation window, without gaps.
    volatility : {'garch', 'gjr', 'egarch'}
        As in :func:`fit_garch`.
    ahead : int
        Number of sessions to forecast.
    build : callable
        ``arch.arch_model``.
    """
    size, spread = np.std(y), np.std(x)
    units = np.round(y / size, DIGITS), np.round(x / spread, DIGITS)[:, None]
    kind, asymmetric = ("EGARCH" if volatility == "egarch" else "GARCH"), int(volatility != "garch")
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        model = build(units[0], x=units[1], mean="LS", vol=kind, o=asymmetric, rescale=False)
        fits = (model.fit(disp="off", show_warning=False, tol=tol) for tol in TOLERANCES)
        found = next((fit for fit in fits if not fit.convergence_flag), None)
        if found is None:
            return f"the likelihood of the {volatility} variance has no maximum that can be found"
        errors = np.where(np.isfinite(found.std_err), found.std_err, np.nan)
    parameters, variance = np.array(found.params), np.array(found.conditional_volatility) ** 2
    if found.convergence_flag or not (
        np.isfinite(parameters).all() and np.isfinite(variance).all()
    ):
        return f"the likelihood of the {volatility} variance has no maximum that can be found"
    z = np.asarray(found.resid) / np.sqrt(variance)
    if volatility == "egarch" and not _invertible(parameters[2:], z):
        return "the egarch variance depends on where it starts: its parameters are not invertible"
    forecast = size**2 * _forecast(volatility, parameters[2:], variance[-1], z[-1], ahead)
    if not (np.isfinite(forecast).all() and np.isfinite(variance).all()):
        return f"the {volatility} variance grows without bound"
    design = np.column_stack([np.ones(len(x)), x]) / (size * np.sqrt(variance))[:, None]
    covariance = np.linalg.inv(design.T @ design)
    back = np.array([size, size / spread])
    parameters[:2], errors[:2] = parameters[:2] * back, np.sqrt(np.diag(covariance))
    if volatility == "egarch":
        parameters[2] += 2 * np.log(size) * (1 - parameters[-1])
        errors[2] = np.nan
    else:
        parameters[2], errors[2] = parameters[2] * size**2, errors[2] * size**2
    sigma = size * np.sqrt(np.sum(np.asarray(found.resid) ** 2) / (len(y) - 2))
    return Path(parameters, errors, covariance, forecast, float(sigma))


def _invertible(parameters: Floats, z: Floats) -> bool:
    """Tell whether two starts of an EGARCH variance meet on the data, shape (M,).

    The effect of ln h_t on ln h_(t+1), given e_t, is b - (a |z_t| + g z_t) / 2: the mean of the logarithm
    of its size must be negative (Straumann and Mikosch 2006).
    """
    _, arch, lever, garch = parameters
    effect = np.abs(garch - (arch * np.abs(z) + lever * z) / 2)
    return bool(np.mean(np.log(np.maximum(effect, np.finfo(float).tiny))) < 0)


def _forecast(kind: Volatility, parameters: Floats, h: float, z: float, ahead: int) -> Floats:
    """Return E[h] of the sessions after the last one, whose variance is h and e / sqrt(h) is z.

    Of EGARCH it is the expected variance, not the exponential of the expected logarithm:
    E exp(a |z| + g z) = exp((g + a)^2 / 2) Phi(g + a) + exp((g - a)^2 / 2) Phi(a - g).
    """
    from scipy.special import ndtr

    omega, arch, *more, garch = parameters
    lever = more[0] if more else 0.0
    found = np.empty(ahead)
    if kind != "egarch":
        found[0] = omega + (arch + lever * (z < 0)) * h * z**2 + garch * h
        for step in range(1, ahead):
            found[step] = omega + (arch + lever / 2 + garch) * found[step - 1]
        return found
    mean_size = np.sqrt(2 / np.pi)
    first = omega + arch * (abs(z) - mean_size) + lever * z + garch * np.log(h)
    level, growth, power = first, 0.0, 1.0
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(ahead):
            found[step] = np.exp(level + growth)
            a, g = power * arch, power * lever
            both = np.exp((g + a) ** 2 / 2) * ndtr(g + a) + np.exp((g - a) ** 2 / 2) * ndtr(a - g)
            growth += np.log(both) - a * mean_size
            level, power = omega + garch * level, power * garch
    return found


def _too_few(
    failures: NDArray[np.object_], n_obs: NDArray[np.int64], parameters: int
) -> NDArray[np.object_]:
    """Add the cells whose returns are too few for so many parameters."""
    few = (failures == "") & (n_obs < PER_PARAMETER * parameters)
    needed = f"for a variance that changes; {PER_PARAMETER * parameters} needed"
    failures[few] = [f"{counted(n, 'return')} {needed}" for n in n_obs[few]]
    return failures


def _arch_model() -> Callable[..., Any]:
    """Return ``arch.arch_model``, which is an optional package."""
    try:
        from arch import arch_model
    except ImportError as error:
        raise EstimationError(
            "the model market_garch needs the package arch, which is not installed; run"
            " pip install 'policy-eventstudy[garch]', or choose the model market"
        ) from error
    found: Callable[..., Any] = arch_model
    return found
