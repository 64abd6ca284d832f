"""Samples of a simulation, many at once: drawn from a law, or from returns that were observed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.errors import DataError
from eventstudy.returns.sample import Sample
from eventstudy.simulate.design import Law
from eventstudy.simulate.lists import NONE, NORMAL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.returns.sample import Floats, Ints
    from eventstudy.simulate.design import Base, Simulation
    from eventstudy.simulate.pool import Pool

FIRST = np.datetime64("2000-01-03", "D")
"""The first session of a sample that comes from a law."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """K samples of N events, one after the other.

    Attributes
    ----------
    sample : Sample
        K x N cells; those of sample k are numbers k N to k N + N - 1.
    noise : ndarray, shape (K N, L2)
        Abnormal returns of other days: what an event adds whose variance is larger.
    lands : ndarray of int, shape (K N,)
        Column of the event window on which the effect of day 0 is seen: that of the next trade.
    """

    sample: Sample
    noise: Floats
    lands: Ints


def from_law(design: Simulation, base: Base, samples: int, rng: np.random.Generator) -> Drawn:
    """Draw samples from a law: each has a market and a calendar of its own.

    Parameters
    ----------
    design : Simulation
        Windows and law.
    base : Base
        How the samples are drawn.
    samples : int
        K.
    rng : numpy.random.Generator
        Random numbers.
    """
    law = design.law or Law()
    n, window = base.events, design.event_window
    before = -design.estimation.start + design.reach
    spread = design.spread if base.dates == "spread" else 1
    length = before + spread + window.end + design.reach
    market = 0.01 * law.market_sigma * rng.standard_normal((samples, length))
    error = 0.01 * law.sigma * _errors(base, (samples, length, n), rng)
    factors, common = _factors(law, market, rng)
    returns = (common[:, :, None] + error).transpose(1, 0, 2).reshape(length, samples * n)
    day0 = before + rng.integers(spread, size=samples * n)
    traded = rng.random(returns.shape) >= base.untraded if base.untraded else None
    noise = 0.01 * law.sigma * _errors(base, (samples, window.length, n), rng)
    noise = noise.transpose(0, 2, 1).reshape(samples * n, window.length)
    if traded is not None:
        returns = _seen(returns, traded)
        days = day0 + np.arange(window.start, window.end + 1)[:, None]
        noise = _seen(noise.T, traded[days, np.arange(samples * n)]).T
    sessions = FIRST + np.arange(length).astype("timedelta64[D]")
    number = np.repeat(np.arange(samples), n)
    sample = Sample(
        event_ids=_names("", samples * n),
        assets=_names("s", samples * n),
        axes=(sessions,) * samples,
        column=np.arange(samples * n),
        day0=day0,
        panel=returns,
        column_axis=number,
        factors=factors,
        estimation=design.estimation,
        event_window=window,
    )
    return Drawn(sample, noise, _landing(traded, day0, window.start, window.length))


def _factors(law: Law, market: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return market and factors, shape (K, T, 1 + k), and what all of them move securities by, (K, T)."""
    sigma = np.array([each.sigma for each in law.factors.values()])
    loading = np.array([each.loading for each in law.factors.values()])
    drawn = 0.01 * sigma * rng.standard_normal((*market.shape, len(sigma)))
    series = np.concatenate([market[:, :, None], drawn], axis=2)
    return series, law.beta * market + (loading * drawn).sum(axis=2)


def _names(letter: str, n: int) -> NDArray[np.object_]:
    """Return names that are numbered."""
    return np.array([f"{letter}{number + 1}" for number in range(n)], dtype=object)


def _errors(base: Base, shape: tuple[int, int, int], rng: np.random.Generator) -> Floats:
    """Return errors of variance one, shape (K, T, N), correlated on each date."""
    own = np.sqrt(1 - base.correlation) * _independent(base.tails, shape, rng)
    if base.correlation:
        own += np.sqrt(base.correlation) * _independent(base.tails, (*shape[:2], 1), rng)
    return own if base.garch == NONE else _volatile(own, base.garch)


def _independent(tails: str, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """Return independent errors of variance one."""
    if tails == NORMAL:
        return rng.standard_normal(shape)
    df = int(tails)
    found: Floats = rng.standard_t(df, shape) / np.sqrt(df / (df - 2))
    return found


def _volatile(errors: Floats, garch: str) -> Floats:
    """Scale errors session by session as a GARCH(1,1) of variance one does.

    Notes
    -----
    h_t = 1 - alpha - beta + alpha u_{t-1}^2 + beta h_{t-1} with h_0 = 1, u_t = sqrt(h_t) e_t.
    """
    alpha, beta = (float(part) for part in garch.split("/"))
    found = np.empty_like(errors)
    level = np.ones(errors.shape[::2])
    for session in range(errors.shape[1]):
        found[:, session] = np.sqrt(level) * errors[:, session]
        level = 1 - alpha - beta + alpha * found[:, session] ** 2 + beta * level
    return found


def _seen(moves: Floats, traded: NDArray[np.bool_]) -> Floats:
    """Return moves as trades show them, shape (T, S): zero without a trade, then with all before it."""
    session = np.where(traded, np.arange(1, len(moves) + 1)[:, None], 0)
    last = np.maximum.accumulate(session, axis=0)
    level = np.vstack([np.zeros((1, moves.shape[1])), np.cumsum(moves, axis=0)])
    return np.diff(np.take_along_axis(level, last, axis=0), axis=0, prepend=0.0)


def _landing(traded: NDArray[np.bool_] | None, day0: Ints, start: int, length: int) -> Ints:
    """Return the column of the event window of the first trade on or after day 0, its last at most."""
    if traded is None:
        return np.full(len(day0), -start)
    after = day0[:, None] + np.arange(length + start)
    found = traded[after, np.arange(len(day0))[:, None]]
    return np.where(found.any(axis=1), found.argmax(axis=1), length + start - 1) - start


def from_pool(
    design: Simulation, base: Base, samples: int, rng: np.random.Generator, pool: Pool
) -> Drawn:
    """Draw securities and dates from observed returns, with replacement; the securities of one date differ.

    Parameters
    ----------
    design : Simulation
        Windows.
    base : Base
        How the samples are drawn.
    samples : int
        K.
    rng : numpy.random.Generator
        Random numbers.
    pool : Pool
        The returns.

    Notes
    -----
    An event is drawn from all pairs of a security and a date with a return on every session of both
    windows; events of one date from the dates on which as many securities have them, each once: twice the same
    return would be a correlation of one. A variance that is c times
    as large comes from adding sqrt(c - 1) times the return of another day of the estimation window, less
    its mean there, as in Brown, S. J. and Warner, J. B. (1985), Journal of Financial Economics 14, 3-31,
    section 6.2; events of one date take it from one day.

    Raises
    ------
    DataError
        When there is no such pair, or no such date.
    """
    complete = _complete(design, pool)
    if not complete.any():
        raise DataError(
            "no security has, with the market, a return on every session of both windows on any date;"
            f" {design.event_window.end - design.estimation.start + 2 * design.reach + 1} sessions in a row are"
            f" needed, and there are {len(pool.dates)}"
        )
    row, column = _places(base, samples, rng, complete)
    window, first = design.event_window, design.estimation
    sample = Sample(
        event_ids=_names("", len(row)),
        assets=np.array([f"s{number + 1}" for number in column], dtype=object),
        axes=(pool.dates,),
        column=column,
        day0=row,
        panel=pool.returns,
        column_axis=np.zeros(pool.returns.shape[1], np.int64),
        factors=pool.market[None, :, None],
        estimation=first,
        event_window=window,
    )
    apart = pool.returns - pool.market[:, None]
    sessions = row[:, None] + np.arange(first.start, first.end + 1)
    past = apart[sessions, column[:, None]]
    days = rng.integers(
        first.length, size=(samples, 1 if base.dates == "common" else base.events, window.length)
    )
    chosen = np.broadcast_to(days, (samples, base.events, window.length)).reshape(len(row), -1)
    noise = np.take_along_axis(past - past.mean(axis=1, keepdims=True), chosen, axis=1)
    return Drawn(sample, noise, np.full(len(row), -window.start))


def _complete(design: Simulation, pool: Pool) -> NDArray[np.bool_]:
    """Return on which rows and columns an event has all of its returns, shape (T, S)."""
    known = np.isfinite(pool.returns) & np.isfinite(pool.market)[:, None]
    first, last = design.estimation.start - design.reach, design.event_window.end + design.reach
    length = last - first + 1
    total = np.vstack([np.zeros((1, known.shape[1]), np.int64), np.cumsum(known, axis=0)])
    found = np.zeros(known.shape, dtype=bool)
    if len(known) >= length:
        whole = total[length:] - total[:-length] == length
        found[-first : -first + len(whole)] = whole
    return found


def _places(
    base: Base, samples: int, rng: np.random.Generator, complete: NDArray[np.bool_]
) -> tuple[Ints, Ints]:
    """Return row and column of every event."""
    if base.dates == "spread":
        row, column = np.nonzero(complete)
        chosen = rng.integers(len(row), size=samples * base.events)
        return row[chosen], column[chosen]
    known = complete.sum(axis=1)
    dates = np.flatnonzero(known >= base.events)
    if not len(dates):
        raise DataError(
            f"{base.events} events on one date need as many securities with a return on every session of both"
            f" windows, and no date has more than {known.max()}; ask for fewer, or for `dates: spread`"
        )
    day = dates[rng.integers(len(dates), size=samples)]
    draw = np.where(complete[day], rng.random((samples, complete.shape[1])), np.inf)
    column = np.argsort(draw, axis=1)[:, : base.events]
    return np.repeat(day, base.events), column.ravel()
