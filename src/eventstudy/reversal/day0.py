"""Day 0 split into night and session.

Descriptive figures of a day are simple returns; the legs that are tested are log returns, because
only they add up to the day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.abnormal import abnormal_returns
from eventstudy.aggregate import cumulate
from eventstudy.inference.sample_quantile import SampleQuantile
from eventstudy.models.constant_mean import ConstantMean
from eventstudy.returns.losses import losses
from eventstudy.returns.panel import asset_panel, change, on_sessions
from eventstudy.spec import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from eventstudy.returns.panel import Quotes
    from eventstudy.returns.sample import Dates, Floats, Sample
    from eventstudy.sources.base import Prices

DAY0 = Window(0, 0)


@dataclass(frozen=True, slots=True)
class Bars:
    """Day-0 prices of N cells.

    Attributes
    ----------
    previous_close, open, high, low, close : ndarray, shape (N,)
        Levels; NaN where the source has none.
    kind : ndarray of int, shape (N,)
        Code of the cell in ``eventstudy.sources.base.KINDS``.
    """

    previous_close: Floats
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    kind: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Day0:
    """Day 0 in simple returns, each shape (N,); NaN where no open or close exists.

    Attributes
    ----------
    overnight : ndarray
        O / C_-1 - 1.
    open_to_close : ndarray
        C / O - 1.
    close_to_close : ndarray
        C / C_-1 - 1 = (1 + overnight)(1 + open_to_close) - 1.
    peak_give_back : ndarray
        After a gap up (H - C) / (H - C_-1), after a gap down (C - L) / (C_-1 - L): the share of the
        widest gain of the day that was gone at the close.
    """

    overnight: Floats
    open_to_close: Floats
    close_to_close: Floats
    peak_give_back: Floats


@dataclass(frozen=True, slots=True)
class Legs:
    """Night and session of day 0 in log returns against their own history, each shape (N,).

    Attributes
    ----------
    overnight, open_to_close : ndarray
        log(O / C_-1) and log(C / O).
    overnight_demeaned, open_to_close_demeaned : ndarray
        The same minus their mean over the estimation window.
    overnight_p, open_to_close_p : ndarray
        Sample-quantile p-values among the same leg of the estimation window.
    n : ndarray of int
        Number of estimation sessions that have both legs.
    """

    overnight: Floats
    open_to_close: Floats
    overnight_demeaned: Floats
    open_to_close_demeaned: Floats
    overnight_p: Floats
    open_to_close_p: Floats
    n: NDArray[np.int64]


def day0_bars(sample: Sample, prices: Prices) -> Bars:
    """Return the prices of day 0 and the close before it."""
    assets, of_cell = np.unique(sample.assets, return_inverse=True)

    def at(field: str, tau: int) -> Floats:
        found = np.full(len(sample), np.nan)
        sessions = sample.dates(tau)
        for number, asset in enumerate(assets):
            rows = (of_cell == number) & ~np.isnat(sessions)
            found[rows] = on_sessions(prices, asset, sessions[rows], field)
        return found

    position = np.minimum(np.searchsorted(prices.dates, sample.dates(0)), len(prices.dates) - 1)
    column = np.array([prices.instruments.index(asset) for asset in assets], dtype=int)[of_cell]
    return Bars(
        previous_close=at("close", -1),
        **{field: at(field, 0) for field in ("open", "high", "low", "close")},
        kind=prices.kind[position, column].astype(np.int64),
    )


def split_day0(bars: Bars, sigma: Floats) -> Day0:
    """Split day 0 into night and session.

    Parameters
    ----------
    bars : Bars
        N cells.
    sigma : ndarray, shape (N,)
        Standard deviation of the daily return before the event, decimal: the give-back of a peak is
        given only where the peak is more than half a sigma away from the previous close, since it
        explodes just above it.
    """
    before, opened, close = bars.previous_close, bars.open, bars.close
    up = opened > before
    peak = np.where(up, bars.high, bars.low)
    far = np.abs(peak / before - 1) > sigma / 2
    usable = far & (opened != before) & (np.sign(peak - before) == np.sign(opened - before))
    give_back = np.divide(peak - close, peak - before, out=np.full(len(peak), np.nan), where=usable)
    return Day0(
        overnight=change(opened, before, "simple"),
        open_to_close=change(close, opened, "simple"),
        close_to_close=change(close, before, "simple"),
        peak_give_back=give_back,
    )


def leg_panels(
    sample: Sample, quotes: Quotes, assets: Sequence[str], axis_of: Sequence[int]
) -> tuple[Floats, Floats]:
    """Return the log return of every night and of every session, shape (T, S) each.

    Parameters
    ----------
    sample : Sample
        Gives the session axes.
    quotes : Quotes
        Prices with opens where they exist.
    assets : sequence of str, length S
        Ids of the columns.
    axis_of : sequence of int, length S
        Axis of each.
    """

    def overnight(asset: str, sessions: Dates) -> Floats:
        close = on_sessions(quotes.prices, asset, sessions)
        opened = on_sessions(quotes.prices, asset, sessions, "open")
        return change(opened, np.concatenate([[np.nan], close[:-1]]), "log")

    def session(asset: str, sessions: Dates) -> Floats:
        close = on_sessions(quotes.prices, asset, sessions)
        return change(close, on_sessions(quotes.prices, asset, sessions, "open"), "log")

    night, day = (asset_panel(assets, axis_of, sample.axes, leg) for leg in (overnight, session))
    return night, day


def day0_legs(sample: Sample, quotes: Quotes, assets: Sequence[str], least: int) -> Legs:
    """Hold each leg of day 0 against its own estimation window.

    Parameters
    ----------
    sample : Sample
        N cells; their regressors are not used.
    quotes : Quotes
        Prices with opens where they exist.
    assets : sequence of str, length S
        Ids of the panel's columns.
    least : int
        Fewest estimation sessions with an open; below, the legs are NaN.
    """
    panels = leg_panels(sample, quotes, assets, sample.column_axis.tolist())
    both = np.isfinite(panels[0]) & np.isfinite(panels[1])
    bare = replace(sample, factors=sample.factors[:, :, :0])
    night, day = (_leg(replace(bare, panel=np.where(both, leg, np.nan)), least) for leg in panels)
    return Legs(
        night.raw, day.raw, night.demeaned, day.demeaned, night.p_value, day.p_value, night.n
    )


@dataclass(frozen=True, slots=True)
class _Leg:
    """One leg: log return, the same demeaned, p-value, estimation sessions; each shape (N,)."""

    raw: Floats
    demeaned: Floats
    p_value: Floats
    n: NDArray[np.int64]


def _leg(sample: Sample, least: int) -> _Leg:
    """Test day 0 of one leg against its estimation window; NaN for cells without a history."""
    raw, demeaned, p_value = np.full((3, len(sample)), np.nan)
    leg = _Leg(raw, demeaned, p_value, np.zeros(len(sample), int))
    rows = np.flatnonzero(losses(sample, (), least) == "")
    kept = sample.select(rows)
    cars = cumulate(abnormal_returns(kept, ConstantMean().fit(kept.estimable)), [DAY0])
    leg.raw[rows] = cars.abnormal.actual[:, cars.abnormal.columns(DAY0)][:, 0]
    leg.demeaned[rows] = cars.car[:, 0]
    leg.p_value[rows] = SampleQuantile().test(cars).p_value[:, 0]
    leg.n[rows] = cars.abnormal.n_est
    return leg
