"""Events of known correlation: what the adjustments of Kolari and Pynnonen come to, by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy.replication.base import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.aggregate import CumulativeReturns
    from eventstudy.replication.base import Kind, Replication

RETURNS = (0.8, 1.3, -0.4, 2.1, 0.6)
"""Abnormal returns of five events on one day, in standard deviations of the days before."""
DAYS = 40
"""Sessions of the estimation window."""
BMP, PATELL = 2.138090, 1.893103
ADJUSTED = {0.2: (1.425393, 1.411036), 0.5: (0.872872, 1.092984)}
"""Adjusted BMP and adjusted Patell by correlation."""


@dataclass(frozen=True, slots=True)
class CorrelatedEvents:
    """Five events whose residuals have the same correlation, pair by pair."""

    name: ClassVar[str] = "correlated_events"
    title: ClassVar[str] = "Five events of one day: tests adjusted for their correlation"
    cite: ClassVar[str] = "Kolari and Pynnonen (2010)"
    source: ClassVar[str] = (
        "Formulas of Patell, J. M. (1976), Journal of Accounting Research 14, 246-276, Boehmer, E., Musumeci, J. "
        "and Poulsen, A. B. (1991), Journal of Financial Economics 30, 253-272, and Kolari, J. W. and Pynnonen, S. "
        "(2010), Review of Financial Studies 23, 3996-4025"
    )
    kind: ClassVar[Kind] = "analytic"
    design: ClassVar[str] = (
        "Constant mean over 40 sessions. The residuals of event i are sqrt(r) c + sqrt(1 - r) c_i with cosines c, "
        "c_1 to c_5 that are orthogonal, so that every pair has the correlation r; the abnormal returns are 0.8, "
        "1.3, -0.4, 2.1 and 0.6 standard deviations. BMP is the t of these five numbers, 0.88 sqrt(5) / sqrt(0.847); "
        "Patell is 4.4 / sqrt(1 + 1/40) / sqrt(5 x 39/37). The adjusted ones are BMP sqrt((1 - r) / (1 + 4 r)), two "
        "thirds of it for r = 0.2, and Patell / sqrt(1 + 4 r)"
    )
    data: ClassVar[str] = "Five numbers and six cosines, in the file of the replication"
    needs: ClassVar[tuple[str, ...]] = ()
    simulates: ClassVar[bool] = False
    tolerance: ClassVar[str] = "None: six decimals"
    difference: ClassVar[str] = ""

    def rows(self) -> Sequence[Row]:
        """Test the five events under both correlations."""
        from eventstudy.inference.adjusted_bmp import AdjustedBMP
        from eventstudy.inference.adjusted_patell import AdjustedPatell
        from eventstudy.inference.bmp import BMP as PLAIN_BMP
        from eventstudy.inference.patell import Patell

        rows = []
        for correlation, (bmp, patell) in ADJUSTED.items():
            cars = _events(correlation)
            rows += [
                Row(f"{label}, r = {correlation:g}", theirs, float(test.test(cars).statistic[0]), 6)
                for label, theirs, test in (
                    ("BMP", BMP, PLAIN_BMP()),
                    ("adjusted BMP", bmp, AdjustedBMP()),
                    ("Patell", PATELL, Patell()),
                    ("adjusted Patell", patell, AdjustedPatell()),
                )
            ]
        return rows


def _events(correlation: float) -> CumulativeReturns:
    """Return events whose residuals have standard deviation 1 and one correlation."""
    import numpy as np

    from eventstudy.models.constant_mean import ConstantMean
    from eventstudy.replication.results._sample import cars
    from eventstudy.returns.sample import one_axis
    from eventstudy.spec import Window

    n = len(RETURNS)
    angle = 2 * np.pi * np.outer(np.arange(DAYS), np.arange(1, n + 2)) / DAYS
    wave = np.sqrt(2 * (DAYS - 1) / DAYS) * np.cos(angle)
    residuals = np.sqrt(correlation) * wave[:, :1] + np.sqrt(1 - correlation) * wave[:, 1:]
    sample = one_axis(
        np.vstack([residuals, RETURNS]),
        None,
        np.arange(n),
        np.full(n, DAYS),
        estimation=Window(-DAYS, -1),
        event_window=Window(0, 0),
    )
    return cars(sample, ConstantMean(), [(0, 0)])


PLUGIN: type[Replication] = CorrelatedEvents
