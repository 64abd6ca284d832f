"""Large moves of the CSI 300 on days without an event, and the week after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy.replication.base import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.replication.base import Kind, Replication

EVENTS = """
    2007-02-27 2007-05-30 2007-08-20 2007-11-05 2008-04-24 2008-09-19 2008-11-10 2008-11-27
    2010-10-20 2011-12-01 2013-06-24 2014-04-10 2014-11-10 2014-11-17 2014-11-24 2014-12-09
    2015-01-19 2015-04-20 2015-06-29 2015-07-06 2015-08-11 2015-08-26 2016-01-04 2016-01-08
    2018-03-23 2018-06-19 2018-10-19 2018-10-22 2018-11-05 2018-12-03 2019-05-06 2019-12-13
    2020-02-03 2020-05-22 2020-07-06 2020-11-04 2020-11-10 2020-12-24 2021-02-24 2021-04-12
    2021-07-05 2021-07-26 2021-07-29 2021-08-17 2021-08-18 2021-08-31 2021-09-03 2021-12-07
    2022-03-14 2022-03-16 2022-04-29 2022-05-05 2022-05-16 2022-05-18 2022-10-10 2022-10-24
    2022-11-11 2023-07-25 2023-08-28 2023-10-24 2023-12-22 2024-01-25 2024-02-06 2024-02-08
    2024-04-15 2024-05-17 2024-09-24 2024-09-26 2024-10-08 2024-10-10 2024-10-18 2024-11-11
    2024-12-10 2025-01-13 2025-01-14 2025-01-27 2025-02-17 2025-02-28 2025-03-05 2025-04-07
    2025-04-08 2025-05-07 2025-05-13 2025-07-02 2025-10-13
"""
"""Day 0 of the events of events/all-policy.yaml on the mainland; held against that file by a test."""
EXPECTED = {
    (2006, 2025): (0.0079198, 7, 0.1214, 503),
    (2006, 2009): (0.0965, 4, 0.956, 247),
    (2010, 2014): (-0.0752, 4, -0.866, 128),
    (2015, 2016): (-0.1818, 4, -1.246, 48),
    (2017, 2025): (-0.1282, 4, -0.859, 80),
}
"""Slope, its decimals, its t and the number of days, by first and last year."""
FAR, LARGE, AFTER = 10, 0.02, 5
"""Sessions left out on each side of an event, least move, and sessions after it."""


@dataclass(frozen=True, slots=True)
class LargeMoves:
    """CAR of days 1 to 5 on the abnormal return of day 0."""

    name: ClassVar[str] = "large_moves"
    title: ClassVar[str] = "Large moves of the CSI 300 without an event: no reversal as such"
    cite: ClassVar[str] = "Base line, not published"
    source: ClassVar[str] = (
        "No publication: the base line against which a reversal after events is read; slopes by pandas, t by OLS of "
        "statsmodels with HC3 errors, on the same bars"
    )
    kind: ClassVar[Kind] = "computed"
    design: ClassVar[str] = (
        "Sessions with a move of more than 2 per cent that lie more than ten sessions from each of the 85 events of "
        "events/all-policy.yaml; CAR[1,5] on AR0 by least squares, HC3; abnormal is the return less its mean over "
        "the whole sample"
    )
    data: ClassVar[str] = "The embedded daily bars of the CSI 300, 2006 to 2025"
    needs: ClassVar[tuple[str, ...]] = ()
    simulates: ClassVar[bool] = False
    tolerance: ClassVar[str] = "None: to the digits given"
    difference: ClassVar[str] = ""

    def rows(self) -> Sequence[Row]:
        """Estimate the slope in every period."""
        rows = []
        for (first, last), (slope, places, t, n) in EXPECTED.items():
            found = _slope(first, last)
            years = f"{first} to {last}"
            rows += [
                Row(f"slope, {years}", slope, found[0], places),
                Row(f"its t, {years}", t, found[1], 4 if places == 7 else 3),
                Row(f"days, {years}", n, found[2], 0),
            ]
        return rows


def _slope(first: int, last: int) -> tuple[float, float, int]:
    """Return the slope of some years, its t and the number of days."""
    import numpy as np

    from eventstudy.replication.results._snapshot import days
    from eventstudy.reversal.slope import slope

    index = days("CSI300")
    returns, dates = index.moves.close_to_close, index.dates[1:]
    abnormal = returns - returns.mean()
    far = np.ones(len(returns), dtype=bool)
    for day in EVENTS.split():
        at = index.row(day)
        far[max(at - FAR, 0) : at + FAR + 1] = False
    years = dates.astype("datetime64[Y]").astype(int) + 1970
    wanted = far & (np.abs(returns) > LARGE) & (years >= first) & (years <= last)
    chosen = np.flatnonzero(wanted[:-AFTER])
    later = abnormal[chosen[:, None] + np.arange(1, AFTER + 1)].sum(axis=1)
    placebo = np.zeros((2, len(chosen)))
    found = slope(abnormal[chosen], later, (placebo, placebo), np.random.default_rng(1))
    return found.slope, found.t, found.n


PLUGIN: type[Replication] = LargeMoves
