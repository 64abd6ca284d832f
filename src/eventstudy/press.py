"""Figures that the press printed, held against the data."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Literal

from eventstudy.alignment import sessions
from eventstudy.formats import fixed, percent, signed

if TYPE_CHECKING:
    from eventstudy.sources.base import Prices
    from eventstudy.spec import Event, Reported, Study

TOLERANCE = 0.0015
"""Largest difference that passes: 0.15 percentage points."""

FIELDS = ("open", "high", "low", "close")


@dataclass(frozen=True, slots=True)
class PressCheck:
    """One printed figure beside the measured one; all but `note` are columns of ``press``.

    Attributes
    ----------
    event_id, asset, session, measure : str
        What the figure is about; the session in ISO 8601.
    reported, measured, difference : float
        Moves against the previous close, decimal; measured minus reported; NaN = not measured.
    verdict : {'PASS', 'REVIEW'}
        ``PASS`` when the difference is at most 0.15 points.
    note : str
        The same in words, or why nothing could be measured.
    """

    event_id: str
    asset: str
    session: str
    measure: str
    reported: float
    measured: float
    difference: float
    verdict: Literal["PASS", "REVIEW"]
    note: str


@dataclass(frozen=True, slots=True)
class _Day:
    """Moves of one session against the previous close, by field; or why there are none."""

    moves: dict[str, float]
    problem: str = ""


def check_press(study: Study, prices: Prices) -> list[PressCheck]:
    """Return every figure that the events of a study quote, beside the measured one.

    Parameters
    ----------
    study : Study
        Its events carry `reported`.
    prices : Prices
        The figure of an instrument that is not among them is not measured.

    Returns
    -------
    list of PressCheck
        By event, then in the order of the study file.

    Notes
    -----
    measured = price / close of the previous session - 1. The previous session is the calendar's: a
    gap in the data is never bridged. A figure taken at a time of day cannot be measured with daily
    data; its note says whether it lies between the low and the high of the day.
    """
    return [
        _check(event, figure, _day(study, prices, figure))
        for event in study.events
        for figure in event.reported
    ]


def press_rows(study: Study, prices: Prices) -> list[tuple[str | float, ...]]:
    """Return the rows of the frame ``press``: :func:`check_press` without the notes."""
    return [astuple(check)[:-1] for check in check_press(study, prices)]


def _check(event: Event, figure: Reported, day: _Day) -> PressCheck:
    reported = figure.percent / 100
    measured = day.moves.get(figure.measure, float("nan"))
    difference = measured - reported
    passed = abs(difference) <= TOLERANCE  # False for NaN
    return PressCheck(
        event_id=event.id,
        asset=figure.asset,
        session=figure.session.isoformat(),
        measure=figure.measure,
        reported=reported,
        measured=measured,
        difference=difference,
        verdict="PASS" if passed else "REVIEW",
        note=_note(figure, day),
    )


def _note(figure: Reported, day: _Day) -> str:
    """Say what was measured, or why nothing was."""
    if day.problem:
        return f"not measured: {day.problem}"
    if figure.measure not in FIELDS:
        return f"not measured: daily data have no price at {figure.measure}; {_range(figure, day)}"
    if figure.measure not in day.moves:
        return f"not measured: the data have no {figure.measure} for {figure.session}"
    measured = day.moves[figure.measure]
    return (
        f"printed {signed(figure.percent)}%, measured {percent(measured)}%:"
        f" {fixed(abs(100 * measured - figure.percent), 2)} points apart"
    )


def _range(figure: Reported, day: _Day) -> str:
    """Say whether a figure of the day lies between its low and high."""
    if not {"low", "high"} <= day.moves.keys():
        return "there is no low and high that day either"
    low, high = day.moves["low"], day.moves["high"]
    inside = low - TOLERANCE <= figure.percent / 100 <= high + TOLERANCE
    return (
        f"{signed(figure.percent)}% lies {'within' if inside else 'outside'} the day's range of"
        f" {percent(low)}% to {percent(high)}%"
    )


def _day(study: Study, prices: Prices, figure: Reported) -> _Day:
    """Return the moves of the session that a figure is about."""
    import numpy as np

    asset, session = figure.asset, np.datetime64(figure.session, "D")
    if asset not in prices.instruments:
        return _Day({}, f"{asset} is not among the prices of this study")
    if prices.info(asset).proxy:
        stand_in = prices.info(asset).proxy
        return _Day({}, f"printed of {asset}; the prices are those of the {stand_in}")
    calendar = sessions(study.instruments[asset].calendar)
    row = int(np.searchsorted(calendar, session))
    if row in {0, len(calendar)} or calendar[row] != session:
        return _Day({}, f"{session} is no session of {study.instruments[asset].calendar}")
    if prices.holds_returns(asset):
        given = _price(prices, asset, "return", session)
        return _Day({} if np.isnan(given) else {"close": given})
    before = _price(prices, asset, "close", calendar[row - 1])
    if np.isnan(before):
        return _Day({}, f"the data have no close for the session before, {calendar[row - 1]}")
    levels = {field: _price(prices, asset, field, session) for field in FIELDS}
    return _Day({field: x / before - 1 for field, x in levels.items() if not np.isnan(x)})


def _price(prices: Prices, asset: str, field: str, session: object) -> float:
    """Return one price, or NaN where the data have none."""
    found = prices.column(asset, field)[prices.dates == session]
    return float(found[0]) if len(found) else float("nan")
