"""Run every check on every series of a study, over the sessions that its events can touch."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

from eventstudy.alignment import sessions
from eventstudy.quality.faults import (
    dates_without_session,
    disordered,
    jumps,
    missing_sessions,
    repeated,
)
from eventstudy.quality.rules import (
    BACKCAST,
    CLOSE_ONLY,
    COVERAGE,
    JUMPS,
    MISSING,
    NO_SESSION,
    ORDER,
    REPEATED,
    Finding,
    judge,
)
from eventstudy.sources.base import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.sources.base import Prices
    from eventstudy.spec import Study

    Dates = NDArray[np.datetime64]


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


def _check_series(study: Study, prices: Prices, asset: str) -> Iterator[Finding]:
    instrument = study.instruments[asset]
    calendar = sessions(instrument.calendar)
    first, last = span(study, calendar)
    dates = prices.dates[prices.kind[:, prices.instruments.index(asset)] > 0]
    dates = dates[(dates >= first) & (dates <= last)]
    wanted = calendar[(calendar >= first) & (calendar <= last)]
    covered = (wanted >= dates[0]) & (wanted <= dates[-1]) if len(dates) else wanted < first
    yield judge(asset, COVERAGE, wanted[~covered], len(wanted))
    if not len(dates):
        return
    yield from _check_calendar(asset, calendar, dates)
    if instrument.kind != "flow":
        yield from _check_levels(prices, asset, dates)
    if asset in study.assets and instrument.kind != "flow":
        yield from _check_kinds(prices, asset, dates)


def _check_calendar(asset: str, calendar: Dates, dates: Dates) -> Iterator[Finding]:
    absent, foreign = missing_sessions(calendar, dates), dates_without_session(calendar, dates)
    yield judge(asset, MISSING, absent, len(dates) - len(foreign) + len(absent))
    yield judge(asset, NO_SESSION, foreign, len(dates))


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
        yield judge(asset, rule, days[hit & inside], int(inside.sum()))


def _check_kinds(prices: Prices, asset: str, dates: Dates) -> Iterator[Finding]:
    import numpy as np

    kind = prices.kind[np.isin(prices.dates, dates), prices.instruments.index(asset)]
    for rule, name in ((BACKCAST, "backcast"), (CLOSE_ONLY, "close")):
        yield judge(asset, rule, dates[kind == KINDS.index(name)], len(dates))
