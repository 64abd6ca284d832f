"""Prices held against those of another source, session by session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from eventstudy.alignment import sessions
from eventstudy.formats import MINUS, fixed
from eventstudy.quality.checks import session_returns, touched
from eventstudy.quality.rules import SHOWN, Checked, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from eventstudy.sources.base import Prices
    from eventstudy.spec import Instrument, Study

    Dates = NDArray[np.datetime64]
    Floats = NDArray[np.float64]

OFF = 0.0005
"""Closes further apart than this are looked at: 5 basis points."""

FATAL = 0.0025
"""Closes of two sources further apart than this, on day 0 or the session before, stop a study."""

LOOSE = 0.01
"""The same as `OFF` for returns of series that are not quite the same: a fund beside its index, a total
return beside a price index."""

CHECKS = {"snapshot": "level against the embedded data", "second-source": "second source"}


class Other(NamedTuple):
    """Prices of another source.

    Attributes
    ----------
    name : {'snapshot', 'second-source'}
        The check that they are for.
    words : str
        What the source is called in a sentence.
    prices : Prices
        Of some of the instruments.
    """

    name: Literal["snapshot", "second-source"]
    words: str
    prices: Prices


class _Apart(NamedTuple):
    """How far two series are apart, on n common sessions."""

    days: Dates
    size: Floats
    what: str
    tolerance: float


def compare(
    study: Study, prices: Prices, other: Other, decisive: Mapping[str, Dates]
) -> Iterator[Checked]:
    """Yield what was found for every series that both sources have.

    Parameters
    ----------
    study : Study
        Says which sessions count.
    prices : Prices
        Those that the study works with.
    other : Other
        Those of another source.
    decisive : mapping of str to ndarray of datetime64[D]
        By asset: day 0 of its events, where a difference is worst.

    Notes
    -----
    Closes of an index are compared as they are: P / P' - 1. Of stocks, funds, total returns and funds that
    stand for an index the returns are, r - r', since their levels depend on splits, dividends and scale.
    Flows, factors and risk-free rates are not compared.
    """
    for asset in prices.instruments:
        instrument = study.instruments[asset]
        if instrument.kind in {"flow", "return"} or asset not in other.prices.instruments:
            continue
        calendar = sessions(instrument.calendar)
        apart = _apart(prices, other.prices, instrument, calendar)
        counted = np.isin(apart.days, touched(study, calendar))
        apart = apart._replace(days=apart.days[counted], size=apart.size[counted])
        if len(apart.days):
            yield _judged(asset, other, apart, decisive.get(asset, calendar[:0]), calendar)
        elif other.name == "second-source":
            text = f"{other.words} has no close on a session that counts"
            finding = Finding(
                asset, CHECKS[other.name], "REVIEW", text, "take another second source"
            )
            yield Checked(finding, other.name, apart.days)


def _apart(first: Prices, second: Prices, instrument: Instrument, calendar: Dates) -> _Apart:
    """Return how far two series of one instrument are apart, on the sessions that both have."""
    asset, series = instrument.id, (first.info(instrument.id), second.info(instrument.id))
    proxy = any(one.proxy for one in series)
    loose = proxy or series[0].adjusted != series[1].adjusted
    given = any(prices.holds_returns(asset) for prices in (first, second))
    if instrument.kind == "index" and not (loose or series[0].adjusted or given):
        days, closes = _common(
            *((prices.dates, prices.column(asset)) for prices in (first, second))
        )
        session = np.isin(days, calendar)
        return _Apart(days[session], (closes[0] / closes[1] - 1)[session], "close", OFF)
    days, returns = _common(*(session_returns(each, asset, calendar) for each in (first, second)))
    return _Apart(days, returns[0] - returns[1], "return", LOOSE if loose else OFF)


def _common(
    first: tuple[Dates, Floats], second: tuple[Dates, Floats]
) -> tuple[Dates, tuple[Floats, Floats]]:
    """Return the dates on which two series have a value, and both values."""
    (days, values), (others, beside) = (
        (dates[~np.isnan(numbers)], numbers[~np.isnan(numbers)])
        for dates, numbers in (first, second)
    )
    common, left, right = np.intersect1d(days, others, assume_unique=True, return_indices=True)
    return common, (values[left], beside[right])


def _judged(asset: str, other: Other, apart: _Apart, day0: Dates, calendar: Dates) -> Checked:
    """Say on which sessions two series differ, the largest differences first."""
    order = np.argsort(-np.abs(apart.size), kind="stable")
    order = order[np.abs(apart.size[order]) > apart.tolerance]
    days, size = apart.days[order], apart.size[order]
    limit = f"{1e4 * apart.tolerance:g} bp"
    text = f"{len(days):,} of {len(apart.days):,} {apart.what}s are more than {limit} from {other.words}"
    check = CHECKS[other.name]
    if not len(days):
        return Checked(Finding(asset, check, "PASS", text, ""), other.name, days)
    named = ", ".join(f"{day} ({_bp(x)})" for day, x in zip(days[:SHOWN], size, strict=False))
    more = ", …" if len(days) > SHOWN else ""
    before = calendar[np.maximum(np.searchsorted(calendar, day0) - 1, 0)]
    key = np.union1d(day0, before) if apart.what == "close" else day0
    fatal = other.name == "second-source" and apart.tolerance == OFF
    stops = fatal and bool((np.isin(days, key) & (np.abs(size) > FATAL)).any())
    finding = Finding(
        asset, check, "FAIL" if stops else "REVIEW", f"{text}: {named}{more}", _advice(apart, days)
    )
    doubts = tuple(
        f"{apart.what} {_bp(abs(x))} {'above' if x > 0 else 'below'} {other.words}" for x in size
    )
    return Checked(finding, other.name, days, doubts)


def _advice(apart: _Apart, days: Dates) -> str:
    """Say what to do about sessions that differ."""
    if 2 * len(days) > len(apart.days):
        return "most sessions differ: look whether both mean the same series, in the same currency"
    return "look up which is right with the owner of the series; what rests on these sessions is in doubt"


def _bp(size: float) -> str:
    """Write a difference in basis points, with a true minus sign."""
    return f"{fixed(size, 1, 10_000)} bp".replace("-", MINUS)
