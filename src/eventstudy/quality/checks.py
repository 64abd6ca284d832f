"""Run every check on every series of a study, over the sessions that its events can touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eventstudy.alignment import sessions
from eventstudy.quality.faults import (
    LIMITS,
    badly_split,
    beyond_limits,
    dates_without_session,
    disordered,
    jumps,
    outliers,
    repeated,
    splits,
    stale,
    without_open,
)
from eventstudy.quality.rules import (
    BACKCAST,
    CLOSE_ONLY,
    COVERAGE,
    IMPOSSIBLE,
    JUMPS,
    MISSING,
    NO_SESSION,
    OPENS,
    ORDER,
    OUTLIERS,
    REPEATED,
    SPLIT,
    STALE,
    UNUSUAL,
    Checked,
    judge,
    without_prices,
)
from eventstudy.sources.base import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from eventstudy.sources.base import Prices
    from eventstudy.spec import Study

    Floats = NDArray[np.float64]
    Dates = NDArray[np.datetime64]


def check_prices(study: Study, prices: Prices) -> list[Checked]:
    """Return the findings of every check on every series of a study.

    Parameters
    ----------
    study : Study
        Says which instruments are assets, which calendars they follow, and which sessions count.
    prices : Prices
        Assets and benchmarks of the study.

    Returns
    -------
    list of Checked
        By series in the order of `prices`, each check once. Bars are checked where there are any;
        the kind of the cells is checked for assets only, since a benchmark needs closes alone.

    Notes
    -----
    Looked at are the sessions of every event's estimation and event window (:func:`touched`). Only
    the size of an ordinary return is taken from the whole series.
    """
    return [
        finding for asset in prices.instruments for finding in _check_series(study, prices, asset)
    ]


def touched(study: Study, calendar: Dates) -> Dates:
    """Return the sessions that the windows of a study's events can touch in one calendar."""
    import numpy as np

    days = np.array([event.announced.isoformat()[:10] for event in study.events], "datetime64[D]")
    before = min(study.estimation.start, study.event_window.start)
    after = study.event_window.end + 1  # after the close, day 0 is the next session
    rows = np.searchsorted(calendar, days)[:, None] + np.arange(before, after + 1)
    return calendar[np.unique(rows[(rows >= 0) & (rows < len(calendar))])]


def _check_series(study: Study, prices: Prices, asset: str) -> Iterator[Checked]:
    import numpy as np

    instrument = study.instruments[asset]
    calendar = sessions(instrument.calendar)
    wanted = touched(study, calendar)
    known = prices.dates[prices.kind[:, prices.instruments.index(asset)] > 0]
    reach = known[[0, -1]] if len(known) else np.full(2, np.datetime64("NaT", "D"))
    covered = (wanted >= reach[0]) & (wanted <= reach[1])  # False for a series without dates
    yield judge(asset, COVERAGE, wanted[~covered], len(wanted))
    if not covered.any():
        return
    yield from _check_calendar(asset, calendar, wanted[covered], known)
    if instrument.kind in {"flow", "return"}:
        return
    dates = np.intersect1d(known, wanted)
    if prices.holds_returns(asset):
        yield from _check_returns(study, prices, asset, dates)
        return
    yield from _check_levels(prices, asset, calendar, dates)
    if instrument.kind == "index" and instrument.calendar in LIMITS:
        yield _check_limits(prices, asset, instrument.calendar, dates)
    if asset in study.assets:
        yield from _check_kinds(prices, asset, dates)


def _check_calendar(asset: str, calendar: Dates, wanted: Dates, known: Dates) -> Iterator[Checked]:
    """Check the dates of a series against the sessions that are looked at, and the other way."""
    import numpy as np

    near = known[(known >= wanted[0]) & (known <= wanted[-1])]
    yield judge(asset, MISSING, np.setdiff1d(wanted, known), len(wanted))
    yield judge(asset, NO_SESSION, dates_without_session(calendar, near), len(near))


def _check_levels(prices: Prices, asset: str, calendar: Dates, dates: Dates) -> Iterator[Checked]:
    """Check the bars, and the closes of the whole series from session to session, on the dates given."""
    import numpy as np

    bars = np.column_stack(
        [prices.column(asset, field) for field in ("open", "high", "low", "close")]
    )
    known = ~np.isnan(bars[:, 3]) & np.isin(prices.dates, calendar)
    bars, days = bars[known], prices.dates[known]
    inside = np.isin(days, dates)
    wrong = bool(disordered(without_open(bars))[inside].any())
    for rule, hit in (
        (ORDER if wrong else OPENS, disordered(bars)),
        (STALE, stale(bars, prices.column(asset, "volume")[known])),
        (REPEATED, repeated(bars[:, 3])),
        (JUMPS, jumps(bars[:, 3])),
        (SPLIT, splits(bars[:, 3]) | badly_split(days, bars[:, 3], prices.info(asset).splits)),
    ):
        yield judge(asset, rule, days[hit & inside], int(inside.sum()))


def _check_limits(prices: Prices, asset: str, code: str, dates: Dates) -> Checked:
    """Check the moves of an index, from one session to the next, against the limits of its shares."""
    days, moves = session_returns(prices, asset, sessions(code))
    inside = np.isin(days, dates)
    unusual, impossible = (days[hit & inside] for hit in beyond_limits(code, days, moves))
    rule, hits = (IMPOSSIBLE, impossible) if len(impossible) else (UNUSUAL, unusual)
    return judge(asset, rule, hits, int(inside.sum()))


def session_returns(prices: Prices, asset: str, calendar: Dates) -> tuple[Dates, Floats]:
    """Return the sessions that have a close, and the simple return since the session before.

    Parameters
    ----------
    prices : Prices
        Of the asset, among others.
    asset : str
        Id of the instrument.
    calendar : ndarray of datetime64[D]
        Its sessions.

    Returns
    -------
    days : ndarray of datetime64[D], shape (n,)
        Sessions with a close.
    returns : ndarray, shape (n,)
        NaN where the session before has no close; those that the source gives where it gives returns.
    """
    if prices.holds_returns(asset):
        given = prices.column(asset, "return")
        return prices.dates[~np.isnan(given)], given[~np.isnan(given)]
    close = prices.column(asset)
    known = ~np.isnan(close) & np.isin(prices.dates, calendar)
    days, close = prices.dates[known], close[known]
    place = np.searchsorted(calendar, days)
    returns = np.full(len(days), np.nan)
    returns[1:] = np.where(np.diff(place) == 1, close[1:] / close[:-1] - 1, np.nan)
    return days, returns


def _check_returns(study: Study, prices: Prices, asset: str, dates: Dates) -> Iterator[Checked]:
    """Check the returns of a series that has no prices, on the dates given."""
    import numpy as np

    yield without_prices(asset, study.returns)
    given = prices.column(asset, "return")
    known = ~np.isnan(given)
    days, hit = prices.dates[known], outliers(given[known])
    yield judge(asset, OUTLIERS, days[hit & np.isin(days, dates)], len(dates))


def _check_kinds(prices: Prices, asset: str, dates: Dates) -> Iterator[Checked]:
    import numpy as np

    kind = prices.kind[np.isin(prices.dates, dates), prices.instruments.index(asset)]
    for rule, name in ((BACKCAST, "backcast"), (CLOSE_ONLY, "close")):
        yield judge(asset, rule, dates[kind == KINDS.index(name)], len(dates))
