"""Where events fall on a series of another outcome, or why they have no place on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eventstudy.inference import _laws as laws

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eventstudy.outcomes.series import Series
    from eventstudy.returns.sample import Dates, Ints
    from eventstudy.spec import Window


def place(
    series: Series, days: Dates, estimation: Window, least: int
) -> tuple[Ints, NDArray[np.object_]]:
    """Put events on a series by the date of their day 0.

    Parameters
    ----------
    series : Series
        T sessions.
    days : ndarray of datetime64[D], shape (n,)
        Day 0 of each event in the market of the series.
    estimation : Window
        Estimation window, which has to lie on the series.
    least : int
        Fewest values in it.

    Returns
    -------
    row : ndarray of int, shape (n,)
        Of no meaning where there is a reason.
    reason : ndarray of object, shape (n,)
        Why an event has no place; an empty text where it has one.
    """
    sessions, known = series.sessions, np.isfinite(series.values)
    first, last = sessions[known][[0, -1]]
    row = np.minimum(np.searchsorted(sessions, days), len(sessions) - 1)
    begin = row + estimation.start
    counts = np.concatenate([[0], known.cumsum()])
    values = counts[np.maximum(row + estimation.end + 1, 0)] - counts[np.maximum(begin, 0)]
    short = laws.texts(row.shape)
    few = values < least
    short[few] = [
        f"{n} of {estimation.length} values in the estimation window; {least} needed"
        for n in values[few]
    ]
    absent = laws.texts(row.shape)
    without = (sessions[row] != days) | ~known[row]
    absent[without] = [f"the series has no value on day 0, {day}" for day in days[without]]
    early = (begin < 0) | (sessions[np.maximum(begin, 0)] < first)
    return row, laws.first_reason(
        laws.where(days > last, f"the series ends on {last}, before day 0"),
        laws.where(days < first, f"the series begins on {first}, after day 0"),
        absent,
        laws.where(early, f"the estimation window begins before the series does, on {first}"),
        short,
    )
