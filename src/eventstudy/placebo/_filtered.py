"""Residuals over the volatility that a GARCH equation knew before them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.errors import EstimationError
from eventstudy.formats import counted
from eventstudy.inference import _laws as laws
from eventstudy.placebo._cells import refused
from eventstudy.placebo.base import Answers
from eventstudy.spec import Window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.comparison import Trial
    from eventstudy.models.base import Floats
    from eventstudy.placebo.garch_quantile import GarchQuantile

LEAST = 1_000
"""Fewest returns on which a variance is estimated."""

NO_ARCH = (
    "the procedure garch_quantile needs the package arch, which is not installed; run"
    " pip install 'policy-eventstudy[garch]', or choose the procedure placebo"
)


@dataclass(frozen=True, slots=True)
class Variance:
    """A variance equation with its parameters.

    Attributes
    ----------
    kind : {'garch', 'gjr', 'egarch'}
        The equation.
    omega, alpha, gamma, beta : float
        Its parameters, for residuals in the unit in which they were estimated.
    """

    kind: str
    omega: float
    alpha: float
    gamma: float
    beta: float

    def after(self, residual: float, variance: float) -> float:
        """Return the variance of the session after one with this residual and variance."""
        if self.kind == "egarch":
            z = residual / np.sqrt(variance)
            shock = self.alpha * (abs(z) - np.sqrt(2 / np.pi)) + self.gamma * z
            return float(np.exp(self.omega + shock + self.beta * np.log(variance)))
        slope = self.alpha + (self.gamma if residual < 0 else 0.0)
        return float(self.omega + slope * residual**2 + self.beta * variance)

    def ahead(self, variance: float, steps: int) -> float:
        """Return the variance expected `steps` sessions later; NaN where there is no formula."""
        if self.kind == "egarch":
            return variance if steps == 0 else np.nan
        persistence = self.alpha + self.gamma / 2 + self.beta
        for _ in range(steps):
            variance = self.omega + persistence * variance
        return variance


@dataclass(frozen=True, slots=True)
class History:
    """The standardised residuals of one cell, and where its variance stands after them.

    Attributes
    ----------
    equation : Variance
        The estimated equation, for residuals in units of `unit`.
    unit : float
        Standard deviation of the residuals, decimal.
    standardised : ndarray, shape (n,)
        z of the sessions on which it was estimated.
    variance : float
        Of the session after them.
    """

    equation: Variance
    unit: float
    standardised: Floats
    variance: float


def filtered(options: GarchQuantile, trial: Trial) -> Answers:
    """Test every cell on every one-day window."""
    if answer := refused(options, trial):
        return answer
    cars, shape = trial.cars, trial.cars.car.shape
    end = trial.sample.estimation.end
    long = replace(trial.sample, estimation=Window(end - options.sessions + 1, end))
    long = replace(long, event_window=Window(end + 1, trial.sample.event_window.end))
    fit = trial.model.fit(long)
    z, p_value, n = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, int)
    reason = laws.texts(shape)
    for cell in range(len(long)):
        rows = np.array([cell])
        if fit.failures[cell]:
            reason[cell] = fit.failures[cell]
            continue
        residuals = fit.residuals(rows)[0]
        after = long.gather(rows, long.event_window).asset[0] - fit.expected[cell]
        found = history(residuals, options.volatility)
        if isinstance(found, str):
            reason[cell] = found
            continue
        n[cell] = len(found.standardised)
        for column, window in enumerate(cars.windows):
            if window.length == 1:
                z[cell, column] = _standardised(found, after, window.start - end - 1, -end - 1)
        p_value[cell] = _share(found.standardised, z[cell])
    events = laws.result(
        options,
        laws.Tested(z, p_value, laws.named("empirical", n)),
        estimate=cars.car,
        n=n,
        reason=laws.first_reason(_no_window(options, trial), laws.missing_returns(cars), reason),
    )
    return Answers(events, {})


def _no_window(options: GarchQuantile, trial: Trial) -> NDArray[np.object_]:
    """Say which windows the test has no answer for, shape (N, W)."""
    cars = trial.cars
    longer = np.broadcast_to(cars.lengths > 1, cars.car.shape)
    late = np.array([window.start > 0 for window in cars.windows])
    return laws.first_reason(
        laws.where(longer, "for one day only; a sum of days has another law"),
        laws.where(
            np.broadcast_to(late & (options.volatility == "egarch"), cars.car.shape),
            "egarch has no variance forecast for days after day 0",
        ),
    )


def _share(standardised: Floats, z: Floats) -> Floats:
    """Return (1 + #{|z_t| >= |z|}) / (n + 1), shape (W,)."""
    at_least = (np.abs(standardised)[:, None] >= np.abs(z)).sum(axis=0)
    share: Floats = (1 + at_least) / (len(standardised) + 1)
    return share


def _standardised(found: History, after: Floats, tested: int, day0: int) -> float:
    """Return the abnormal return of one session over its forecast volatility.

    Parameters
    ----------
    found : History
        What came before.
    after : ndarray, shape (G,)
        Abnormal returns of the sessions after the estimation window; NaN = missing, passed over.
    tested, day0 : int
        Positions of the tested session and of day 0 in `after`.
    """
    variance = found.variance
    for residual in after[: min(tested, day0)]:
        if np.isfinite(residual):
            variance = found.equation.after(residual / found.unit, variance)
    variance = found.equation.ahead(variance, max(tested - day0, 0))
    return float(after[tested] / found.unit / np.sqrt(variance))


def history(residuals: Floats, kind: str) -> History | str:
    """Estimate a variance equation on the residuals that are there; a reason where that fails.

    Parameters
    ----------
    residuals : ndarray, shape (T,)
        Residuals of the long estimation window, decimal; NaN = missing.
    kind : {'garch', 'gjr', 'egarch'}
        The equation.
    """
    known = residuals[np.isfinite(residuals)]
    if len(known) < LEAST:
        return f"{counted(len(known), 'return')} in the {counted(len(residuals), 'session')} before the event; {LEAST:,} needed"
    unit = float(known.std())
    if not unit > 0:
        return "the returns before the event do not vary"
    found = _estimated(known / unit, kind)
    if found is None:
        return f"the {kind} variance of the returns before the event did not converge"
    equation, deviation = found
    last = equation.after(float(known[-1] / unit), float(deviation[-1] ** 2))
    return History(equation, unit, known / unit / deviation, last)


def _estimated(values: Floats, kind: str) -> tuple[Variance, Floats] | None:
    """Return the equation and the conditional standard deviations; None without convergence."""
    import warnings

    try:
        from arch.univariate import EGARCH, GARCH, ZeroMean
    except ModuleNotFoundError as error:
        raise EstimationError(NO_ARCH) from error
    leverage = int(kind != "garch")
    process = (EGARCH if kind == "egarch" else GARCH)(p=1, o=leverage, q=1)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        found = ZeroMean(values, volatility=process).fit(disp="off", show_warning=False)
    deviation = np.asarray(found.conditional_volatility)
    if found.convergence_flag != 0 or not np.isfinite(deviation).all():
        return None
    parameters = found.params
    equation = Variance(
        kind,
        omega=float(parameters["omega"]),
        alpha=float(parameters["alpha[1]"]),
        gamma=float(parameters.get("gamma[1]", 0.0)),
        beta=float(parameters["beta[1]"]),
    )
    return equation, deviation
