"""What one outcome series says of every event: levels, what is usual, and two tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.formats import counted, fixed
from eventstudy.inference import _laws as laws
from eventstudy.outcomes.autoregression import HIGHEST, LAGS, autoregress, forecast_sum, unknown
from eventstudy.outcomes.bias import corrected
from eventstudy.outcomes.change import FEWEST, among_days
from eventstudy.outcomes.series import ADDS_UP
from eventstudy.returns.sample import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from eventstudy.models.base import Floats
    from eventstudy.outcomes.autoregression import Autoregression
    from eventstudy.outcomes.change import Days
    from eventstudy.outcomes.series import Series
    from eventstudy.returns.sample import Ints
    from eventstudy.spec import Window

    Texts = NDArray[np.object_]

WHITE = 0.01
"""p-value of the Ljung-Box statistic below which an autoregression is not trusted."""


SHORTEST = 40
"""Sessions of an estimation window with which an autoregression is estimated."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """One series round n events, each shape (n, W) but the last three.

    Attributes
    ----------
    level, usual, abnormal : ndarray
        Sum over the window of what adds up, mean of its sessions otherwise; the same of the estimation
        window; their difference.
    abnormal_sd : ndarray
        Mean of the window less mean of the estimation window, over the standard deviation of the
        estimation window.
    change, p_value, n : ndarray
        See :class:`~eventstudy.outcomes.change.Among`.
    surprise, p_forecast : ndarray
        Level less its forecast from the day before the window, or before day 0 if it begins later; the
        p-value of the forecast t.
    reason, forecast_reason : ndarray of object
        Why there is no p_value, no p_forecast.
    order, ljung_box_p : ndarray, shape (n,)
        Of the autoregression.
    """

    level: Floats
    usual: Floats
    abnormal: Floats
    abnormal_sd: Floats
    change: Floats
    p_value: Floats
    n: Ints
    surprise: Floats
    p_forecast: Floats
    reason: Texts
    forecast_reason: Texts
    order: Floats
    ljung_box_p: Floats


def answer(
    series: Series,
    day0: Ints,
    windows: Sequence[Window],
    estimation: Window,
    days: Days,
) -> Answer:
    """Answer the question of a study with one series.

    Parameters
    ----------
    series : Series
        T sessions.
    day0 : ndarray of int, shape (n,)
        Rows of the events.
    windows : sequence of Window
        W windows.
    estimation : Window
        Estimation window.
    days : Days
        The T sessions as days to compare with.
    """
    past = _around(series, day0, estimation)
    inside = np.column_stack([_around(series, day0, each).mean(axis=1) for each in windows])
    mean, deviation = _moments(past)
    times = np.array([each.length if series.measure in ADDS_UP else 1 for each in windows])
    among = among_days(series.values, day0, windows, days)
    fit = _fit(past)
    outlook, p_forecast = _forecasts(series, day0, windows, fit)
    beyond = laws.where(~np.isfinite(inside), _missing(series))
    abnormal = inside - mean[:, None]
    return Answer(
        level=times * inside,
        usual=times * np.broadcast_to(mean[:, None], inside.shape),
        abnormal=times * abnormal,
        abnormal_sd=laws.ratio(abnormal, deviation[:, None]),
        change=among.change,
        p_value=among.p_value,
        n=among.n,
        surprise=times * (inside - outlook),
        p_forecast=p_forecast,
        reason=laws.first_reason(beyond, _no_days(among.p_value, among.n, among.change)),
        forecast_reason=laws.first_reason(beyond, _no_forecast(fit, p_forecast)),
        order=np.where(fit.dof > 0, fit.order, np.nan),
        ljung_box_p=fit.ljung_box_p,
    )


def _around(series: Series, day0: Ints, window: Window) -> Floats:
    """Return one window of every event, shape (n, L); NaN beyond the ends."""
    which = np.zeros(len(day0), int)
    return cut(series.values[None], which, day0 + window.start, window.length)


def _moments(past: Floats) -> tuple[Floats, Floats]:
    """Return mean and standard deviation of the known values of each row; NaN for fewer than two."""
    known = np.isfinite(past)
    n = known.sum(axis=1)
    mean = laws.ratio(np.where(known, past, 0.0).sum(axis=1), n.astype(float))
    square = np.where(known, past - mean[:, None], 0.0) ** 2
    return mean, np.sqrt(laws.ratio(square.sum(axis=1), n - 1.0))


def _fit(past: Floats) -> Autoregression:
    """Return autoregressions with their bias taken out; nothing is known of a row with a gap."""
    if past.shape[1] < SHORTEST:
        return unknown(len(past), HIGHEST)
    gap = np.flatnonzero(np.isfinite(past).sum(axis=1) < past.shape[1])
    filled = past.copy()
    filled[gap] = 0.0
    fit = corrected(autoregress(filled))
    fit.dof[gap] = 0
    fit.sigma[gap] = np.nan
    fit.ljung_box_p[gap] = np.nan
    return fit


def _forecasts(
    series: Series, day0: Ints, windows: Sequence[Window], fit: Autoregression
) -> tuple[Floats, Floats]:
    """Return the forecast mean of every window and the p-value of its t, shape (n, W) each."""
    mean, p_value = np.full((2, len(day0), len(windows)), np.nan)
    trusted = (fit.dof > 0) & (fit.ljung_box_p >= WHITE)
    for column, window in enumerate(windows):
        origin = min(window.start, 0) - 1
        before = _around(series, day0, type(window)(origin - HIGHEST + 1, origin))
        total, variance = forecast_sum(fit, before, window.start - origin, window.end - origin)
        actual = _around(series, day0, window).sum(axis=1)
        tested = laws.student(laws.ratio(actual - total, np.sqrt(variance)), fit.dof)
        mean[:, column] = total / window.length
        p_value[:, column] = np.where(trusted, tested.p_value, np.nan)
    return mean, p_value


def _missing(series: Series) -> str:
    """Return why a window is not known in full."""
    known = series.sessions[np.isfinite(series.values)]
    return f"a value is missing in the window; the series runs from {known[0]} to {known[-1]}"


def _no_days(p_value: Floats, n: Ints, change: Floats) -> Texts:
    """Say why there is no comparison with other days, shape (n, W)."""
    few = laws.texts(n.shape)
    short = np.nonzero(~np.isfinite(p_value))
    few[short] = [f"{counted(k, 'candidate day')}; {FEWEST} needed" for k in n[short]]
    gap = laws.where(~np.isfinite(change), "a value is missing in the 20 sessions before")
    return laws.first_reason(gap, few)


def _no_forecast(fit: Autoregression, p_value: Floats) -> Texts:
    """Say why there is no forecast t, shape (n, W)."""
    other = (
        "a value is missing in the estimation window or the five sessions before, the series does not"
        f" move there, or it has fewer than {SHORTEST} sessions"
    )
    refused = [
        f"residuals of AR({order}) are autocorrelated: Ljung-Box({LAGS}) {_below(p)}"
        if p < WHITE
        else other
        for order, p in zip(fit.order, fit.ljung_box_p, strict=True)
    ]
    reason = laws.texts(p_value.shape)
    reason[:] = np.array(refused, dtype=object).reshape(-1, 1)
    reason[np.nonzero(np.isfinite(p_value))] = ""
    return reason


def _below(p_value: float) -> str:
    """Return a p-value below :data:`WHITE` in words."""
    return "p < 0.001" if p_value < 0.001 else f"p = {fixed(p_value, 3)}"
