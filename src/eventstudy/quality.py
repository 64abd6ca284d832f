"""Checks of the prices before anything is estimated: PASS, REVIEW or FAIL, with what to do."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Literal

from eventstudy.alignment import sessions
from eventstudy.sources.base import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.sources.base import Prices
    from eventstudy.spec import Study

    Dates = NDArray[np.datetime64]
    Floats = NDArray[np.float64]

Status = Literal["PASS", "REVIEW", "FAIL"]

JUMP = 15.0
"""Returns larger than this many sigma are looked at."""

SHOWN = 5
"""Dates that a finding names; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found in one series; its fields are the columns of ``quality``.

    Attributes
    ----------
    asset, check : str
        Id of the instrument and name of the check.
    status : {'PASS', 'REVIEW', 'FAIL'}
        ``REVIEW``: look at it, the study runs; ``FAIL``: the prices cannot be right.
    finding : str
        What was counted, with the first dates.
    recommendation : str
        What to do; empty for ``PASS``.
    """

    asset: str
    check: str
    status: Status
    finding: str
    recommendation: str


@dataclass(frozen=True, slots=True)
class Rule:
    """The words of one check: what is counted, how bad it is, and what to do."""

    check: str
    counted: str
    status: Status
    recommendation: str


COVERAGE = Rule(
    "range of the series",
    "sessions that the study can touch lie before or after the series",
    "REVIEW",
    "events there cannot be studied with this series; they are listed as dropped",
)
MISSING = Rule(
    "sessions without a price",
    "sessions of the calendar have no price",
    "REVIEW",
    "look whether the exchange was shut on these dates; no return is computed across them",
)
NO_SESSION = Rule(
    "prices without a session",
    "prices are dated on a day that is no session",
    "REVIEW",
    "look whether the calendar or the date is wrong; these prices are not used",
)
ORDER = Rule(
    "order of open, high, low, close",
    "bars have an open or close outside their low and high, or a price that is not positive",
    "FAIL",
    "take these sessions from another source",
)
REPEATED = Rule(
    "repeated closes",
    "closes equal the close before",
    "REVIEW",
    "look whether the source repeats a stale price",
)
JUMPS = Rule(
    "jumps",
    f"returns are larger than {JUMP:.0f} sigma",
    "REVIEW",
    "look whether the close is a misprint, or a split that is not adjusted for",
)
BACKCAST = Rule(
    "values from before the launch",
    "closes were computed back by the owner of the index",
    "REVIEW",
    "nobody could trade on these closes: leave out events whose windows touch them",
)
CLOSE_ONLY = Rule(
    "sessions with a close only",
    "sessions have no open, high and low",
    "REVIEW",
    "no split of day 0 there; closing returns are not affected",
)


def check_prices(study: Study, prices: Prices) -> list[Finding]:
    """Return the findings of every check on every series of a study.

    Parameters
    ----------
    study : Study
        Says which instruments are assets, which calendars they follow, and which span is looked at.
    prices : Prices
        Assets and benchmarks of the study.

    Returns
    -------
    list of Finding
        By series in the order of `prices`, each check once. Bars are checked where there are any;
        the kind of the cells is checked for assets only, since a benchmark needs closes alone.

    Notes
    -----
    The span runs from the first session of the earliest event's windows to the last session of the
    latest event's. Only the size of an ordinary return is taken from the whole series.
    """
    return [
        finding for asset in prices.instruments for finding in _check_series(study, prices, asset)
    ]


def quality_rows(study: Study, prices: Prices) -> list[tuple[str, ...]]:
    """Return the rows of the frame ``quality``: the findings of :func:`check_prices`."""
    return [astuple(finding) for finding in check_prices(study, prices)]


def span(study: Study, calendar: Dates) -> tuple[np.datetime64, np.datetime64]:
    """Return the first and last session that the events of a study can touch in one calendar."""
    import numpy as np

    days = np.array([event.announced.isoformat()[:10] for event in study.events], "datetime64[D]")
    before = min(study.estimation.start, study.event_window.start)
    after = study.event_window.end + 1  # after the close, day 0 is the next session
    rows = np.searchsorted(calendar, [days.min(), days.max()]) + np.array([before, after])
    rows = np.clip(rows, 0, len(calendar) - 1)
    first, last = calendar[rows]
    return first, last


def missing_sessions(calendar: Dates, dates: Dates) -> Dates:
    """Return the sessions between the first and the last date on which there is no price."""
    import numpy as np

    if not len(dates):
        return dates
    inside: Dates = calendar[(calendar >= dates[0]) & (calendar <= dates[-1])]
    return np.setdiff1d(inside, dates)


def dates_without_session(calendar: Dates, dates: Dates) -> Dates:
    """Return the dates within the calendar's range that are no session."""
    import numpy as np

    known: Dates = dates[(dates >= calendar[0]) & (dates <= calendar[-1])]
    return np.setdiff1d(known, calendar)


def disordered(bars: Floats) -> NDArray[np.bool_]:
    """Tell which bars contradict themselves.

    Parameters
    ----------
    bars : ndarray, shape (n, 4)
        Open, high, low, close; NaN = not known, never a contradiction.

    Returns
    -------
    ndarray of bool, shape (n,)
        Not low <= open, close <= high, or a price that is not positive.
    """
    opened, high, low, close = bars.T
    ends = (opened > high) | (opened < low) | (close > high) | (close < low)
    wrong: NDArray[np.bool_] = ends | (low > high) | (bars <= 0).any(axis=1)
    return wrong


def repeated(close: Floats) -> NDArray[np.bool_]:
    """Tell which closes equal the close before to the last digit, shape (n,)."""
    import numpy as np

    return np.concatenate([[False], close[1:] == close[:-1]])[: len(close)]


def jumps(close: Floats, threshold: float = JUMP) -> NDArray[np.bool_]:
    """Tell on which dates the close moved more than `threshold` sigma.

    Parameters
    ----------
    close : ndarray, shape (n,)
        Without gaps.
    threshold : float
        In sigma.

    Returns
    -------
    ndarray of bool, shape (n,)
        The first is False.

    Notes
    -----
    sigma = median |r| / 0.6745, the standard deviation of a normal variable with that median. A
    standard deviation would not do: a lone jump among n returns is never more than
    (n - 1)/sqrt(n) of them, so that 15 could not be reached with fewer than 227.
    """
    import numpy as np

    if len(close) < 2:
        return np.zeros(len(close), dtype=bool)
    size = np.abs(close[1:] / close[:-1] - 1)
    large: NDArray[np.bool_] = size > threshold * np.median(size) / 0.6745
    return np.concatenate([[False], large])


def _check_series(study: Study, prices: Prices, asset: str) -> Iterator[Finding]:
    instrument = study.instruments[asset]
    calendar = sessions(instrument.calendar)
    first, last = span(study, calendar)
    dates = prices.dates[prices.kind[:, prices.instruments.index(asset)] > 0]
    dates = dates[(dates >= first) & (dates <= last)]
    if not len(dates):
        yield _no_prices(asset, first, last)
        return
    wanted = calendar[(calendar >= first) & (calendar <= last)]
    outside = wanted[(wanted < dates[0]) | (wanted > dates[-1])]
    yield _finding(asset, COVERAGE, outside, len(wanted))
    yield from _check_calendar(asset, calendar, dates)
    if instrument.kind != "flow":
        yield from _check_levels(prices, asset, dates)
    if asset in study.assets and instrument.kind != "flow":
        yield from _check_kinds(prices, asset, dates)


def _check_calendar(asset: str, calendar: Dates, dates: Dates) -> Iterator[Finding]:
    absent, foreign = missing_sessions(calendar, dates), dates_without_session(calendar, dates)
    yield _finding(asset, MISSING, absent, len(dates) - len(foreign) + len(absent))
    yield _finding(asset, NO_SESSION, foreign, len(dates))


def _check_levels(prices: Prices, asset: str, dates: Dates) -> Iterator[Finding]:
    """Check the bars, and the closes of the whole series, on the dates given."""
    import numpy as np

    bars = np.column_stack(
        [prices.column(asset, field) for field in ("open", "high", "low", "close")]
    )
    known = ~np.isnan(bars[:, 3])
    bars, days = bars[known], prices.dates[known]
    inside = np.isin(days, dates)
    for rule, hit in (
        (ORDER, disordered(bars)),
        (REPEATED, repeated(bars[:, 3])),
        (JUMPS, jumps(bars[:, 3])),
    ):
        yield _finding(asset, rule, days[hit & inside], int(inside.sum()))


def _check_kinds(prices: Prices, asset: str, dates: Dates) -> Iterator[Finding]:
    import numpy as np

    kind = prices.kind[np.isin(prices.dates, dates), prices.instruments.index(asset)]
    for rule, name in ((BACKCAST, "backcast"), (CLOSE_ONLY, "close")):
        yield _finding(asset, rule, dates[kind == KINDS.index(name)], len(dates))


def _finding(asset: str, rule: Rule, hits: Dates, total: int) -> Finding:
    """Put into words on how many of `total` dates a rule was broken."""
    text = f"{len(hits):,} of {total:,} {rule.counted}"
    if not len(hits):
        return Finding(asset, rule.check, "PASS", text, "")
    named = ", ".join(str(day) for day in hits[:SHOWN])
    more = ", …" if len(hits) > SHOWN else ""
    return Finding(asset, rule.check, rule.status, f"{text}: {named}{more}", rule.recommendation)


def _no_prices(asset: str, first: np.datetime64, last: np.datetime64) -> Finding:
    return Finding(
        asset,
        MISSING.check,
        "FAIL",
        f"no price between {first} and {last}",
        "choose a source that covers the study, or leave the series out",
    )
