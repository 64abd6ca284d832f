"""Calendar-time portfolio: the events of a session are one observation, however many they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from eventstudy.formats import counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.inference.base import Scope, Statistic, StatisticResult
    from eventstudy.models.base import Floats

LAGS_FROM = 60
"""Fewest sessions with which autocovariances are estimated unless their number is given."""


@dataclass(frozen=True, slots=True)
class CalendarTime:
    """t = alpha / se(alpha) ~ t(D - 1), alpha the mean abnormal return of a portfolio per session.

    Attributes
    ----------
    weights : {'equal', 'sqrt_n'}
        ``equal``: every session counts alike. ``sqrt_n``: a session with n events has the weight
        sqrt(n) in the regression, which suits independent events.
    standardised : bool
        Divide the return of each session's portfolio by the standard deviation that a portfolio of
        the same events had over their estimation windows.
    lags : int, optional
        Autocovariances of the Newey-West error; unless given, the whole part of
        4 (D / 100)^(2/9), and below 60 sessions none.
    min_events : int
        Sessions on which the portfolio holds fewer events are left out.

    Notes
    -----
    On every calendar session the portfolio holds the events whose tested window covers it, in equal
    parts; D sessions hold any. Events without the whole window are left out. alpha is the
    coefficient of a regression of the portfolio's abnormal return on a constant, both multiplied by
    the weight. Its error is Newey and West's (1987) with Bartlett weights and the factor
    D / (D - 1); where no number of lags is given, below 60 sessions it is HC3: on independent normal
    returns the other rejects .08 to .10 at 5 per cent with 10 to 30 sessions.

    Correlation between events of one session is in the variance of the portfolio. With
    ``sqrt_n`` a session that holds most of the events decides: with correlated events the test then
    rejects up to .11 with HC3, and .6 with lags.

    References
    ----------
    Jaffe, J. F. (1974), Journal of Business 47, 410-428; Mandelker, G. (1974), Journal of Financial
    Economics 1, 303-335; Fama, E. F. (1998), Journal of Financial Economics 49, 283-306;
    Mitchell, M. L. and Stafford, E. (2000), Journal of Business 73, 287-329. MacKinnon, J. G. and
    White, H. (1985), Journal of Econometrics 29, 305-325, and Newey, W. K. and West, K. D. (1987),
    Econometrica 55, 703-708, for its errors.
    """

    name: ClassVar[str] = "calendar_time"
    reference: ClassVar[str] = (
        "Jaffe (1974); Mandelker (1974); Fama (1998); Mitchell and Stafford (2000)"
    )
    scope: ClassVar[Scope] = "group"
    resampling: ClassVar[bool] = False
    null: ClassVar[str] = "the mean abnormal return of the calendar-time portfolio is zero"
    weights: Literal["equal", "sqrt_n"] = "equal"
    standardised: bool = False
    lags: Annotated[int, Field(ge=0, le=250)] | None = None
    min_events: Annotated[int, Field(ge=1)] = 1

    def test(self, cars: CumulativeReturns) -> StatisticResult:
        """Test the group on every window; results have the shape (W,)."""
        import numpy as np

        from eventstudy.inference import _laws as laws

        parts = [
            _portfolio(cars, position, self.min_events) for position in range(len(cars.windows))
        ]
        alpha, statistic = np.full((2, len(parts)), np.nan)
        reasons = laws.texts((len(parts),))
        for position, part in enumerate(parts):
            weight = np.sqrt(part.count) if self.weights == "sqrt_n" else np.ones(len(part.count))
            reasons[position] = _too_few(len(weight), self.lags)
            if not reasons[position]:
                alpha[position] = (weight**2 @ part.mean) / (weight**2).sum()
                values = part.mean / _history(cars, part) if self.standardised else part.mean
                statistic[position] = _t(values, weight, self.lags)
        sessions = np.array([len(part.count) for part in parts], dtype=np.int64)
        n = np.array([len(part.rows) for part in parts], dtype=np.int64)
        flat = laws.where(~np.isfinite(statistic), "the portfolio does not vary over its sessions")
        return laws.result(
            self,
            laws.student(statistic, sessions - 1),
            estimate=alpha,
            n=n,
            reason=laws.first_reason(laws.needs_events(n, 2), reasons, flat),
        )


@dataclass(frozen=True, slots=True)
class _Portfolio:
    """The portfolio of one window.

    Attributes
    ----------
    rows : ndarray of int, shape (n,)
        Events that it ever holds.
    at : ndarray of int, shape (n, L)
        Session of each of their days: its position among the D sessions, or -1.
    count, mean : ndarray, shape (D,)
        Number of events held, and their mean abnormal return.
    """

    rows: NDArray[np.int64]
    at: NDArray[np.int64]
    count: NDArray[np.int64]
    mean: Floats


def _portfolio(cars: CumulativeReturns, position: int, least: int) -> _Portfolio:
    """Return the portfolio of a window on the sessions on which it holds enough events."""
    import numpy as np

    from eventstudy.inference._correlation import sessions_of

    window = cars.windows[position]
    rows = np.flatnonzero(np.isfinite(cars.car[:, position]))
    session = sessions_of(cars.abnormal, window)[rows]
    ar = cars.abnormal.ar[:, cars.abnormal.columns(window)][rows]
    count = np.bincount(session.ravel())
    total = np.bincount(session.ravel(), ar.ravel())
    held = np.flatnonzero(count >= least)
    place = np.full(len(count), -1)
    place[held] = np.arange(len(held))
    at = place[session]
    ever = (at >= 0).any(axis=1)
    return _Portfolio(rows[ever], at[ever], count[held], total[held] / count[held])


def _too_few(sessions: int, lags: int | None) -> str:
    """Say whether a portfolio has too few sessions for a standard error."""
    if sessions < 2:
        return f"{counted(sessions, 'session')} in calendar time; 2 needed"
    if lags is not None and lags >= sessions:
        return f"{counted(sessions, 'session')} in calendar time; {counted(lags, 'lag needs', 'lags need')} {lags + 1}"
    return ""


def _t(values: Floats, weight: Floats, lags: int | None) -> float:
    """Return alpha over its robust standard error; NaN where the values do not vary."""
    from eventstudy.inference._laws import NO_SPREAD

    number, square = len(values), weight**2
    alpha = float(square @ values / square.sum())
    score, factor = square * (values - alpha), number / (number - 1)
    if not values.std() > NO_SPREAD * abs(alpha):
        return float("nan")
    if lags is None and number < LAGS_FROM:
        score, factor, lags = score / (1 - square / square.sum()), 1.0, 0
    elif lags is None:
        lags = int(4 * (number / 100) ** (2 / 9))
    variance = factor * _long_run(score, lags) / square.sum() ** 2
    return float(alpha / variance**0.5)


def _long_run(score: Floats, lags: int) -> float:
    """Return the sum of squares of the scores, with Bartlett-weighted products of neighbours."""
    if not lags:
        return float(score @ score)
    from statsmodels.stats.sandwich_covariance import S_hac_simple

    return float(S_hac_simple(score, lags)[0, 0])


def _history(cars: CumulativeReturns, part: _Portfolio) -> Floats:
    """Return the estimation-window sd of the portfolio of each session, shape (D,).

    It is that of the mean residual on each date, over the events that have one on it; events of one
    day 0 enter through their sum.
    """
    import numpy as np
    from scipy.sparse import csr_array

    from eventstudy.aggregate import moments
    from eventstudy.inference._correlation import sessions_of
    from eventstudy.returns.sample import chunks

    abnormal, rows = cars.abnormal, part.rows
    key = np.column_stack([abnormal.axis[rows], abnormal.day0[rows]])
    _, first, group = np.unique(key, axis=0, return_index=True, return_inverse=True)
    date = sessions_of(abnormal.select(rows[first]), abnormal.estimation)
    date -= date.min()
    tables = np.zeros((2, len(first), date.max() + 1))
    tables[:, np.arange(len(first))[:, None], date] = _sums(cars, rows, group.ravel(), len(first))
    days, session = np.nonzero(part.at[first] >= 0)[0], part.at[first]
    entries = (np.ones(len(days)), (session[session >= 0], days))
    holds = csr_array(entries, shape=(len(part.count), len(first)))
    sd = np.empty(len(part.count))
    for some in chunks(len(sd), 256):
        count, total = holds[some] @ tables[0], holds[some] @ tables[1]
        mean = np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0)
        sd[some] = moments(mean.T)[2]
    return np.where(sd > 0, sd, np.nan)


def _sums(
    cars: CumulativeReturns, rows: NDArray[np.int64], group: NDArray[np.int64], groups: int
) -> Floats:
    """Return number and sum of the residuals by group and estimation day, shape (2, groups, L1)."""
    import numpy as np

    from eventstudy.returns.sample import chunks

    length = cars.abnormal.estimation.length
    found = np.zeros((2, groups * length))
    for part in chunks(len(rows)):
        residuals = cars.abnormal.residuals(rows[part])
        here = np.isfinite(residuals)
        at = (group[part][:, None] * length + np.arange(length)).ravel()
        found[0] += np.bincount(at, here.ravel(), minlength=groups * length)
        found[1] += np.bincount(
            at, np.where(here, residuals, 0.0).ravel(), minlength=groups * length
        )
    return found.reshape(2, groups, length)


PLUGIN: type[Statistic] = CalendarTime
