"""How often each test of a series that persists rejects at 5 per cent without an event, as a table.

First-order autoregressions are drawn, as flows, volume and volatility are, and dates on them at random.
Nothing happens on any of them. The table stands in docs/explanation/which-test.md; `python
-m benchmarks.persistent_sizes` writes it anew.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from benchmarks import simulated
from scipy.signal import lfilter
from scipy.special import stdtr

from eventstudy.comparison import away
from eventstudy.outcomes.answer import answer
from eventstudy.outcomes.change import EXCLUDE, Days
from eventstudy.outcomes.series import Series
from eventstudy.spec import Window

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.simulated import Rate
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MARKER = "persistent"

SESSIONS, BURN_IN, EACH = 2_000, 500, 10
"""Sessions of a series, those before it that are thrown away, and its events."""

ESTIMATION = Window(-130, -11)
WINDOWS = (Window(0, 0), Window(0, 4), Window(0, 20))
PROCESSES = {"AR(1), .8": (0.8, 0), "AR(1), .9": (0.9, 0), "AR(1), .9, t(5)": (0.9, 5)}
"""Slope, and degrees of freedom of the shocks; 0 for normal ones."""


def series_of(slope: float, df: int, rng: np.random.Generator) -> Series:
    """Return one autoregression as a series."""
    size = SESSIONS + BURN_IN
    shocks = rng.standard_t(df, size) if df else rng.standard_normal(size)
    values = lfilter([1.0], [1.0, -slope], shocks)[BURN_IN:]
    sessions = np.datetime64("2000-01-03", "D") + np.arange(SESSIONS)
    return Series("volume", "log_volume", "simulated", sessions, values)


def p_values(series: Series, day0: NDArray[np.int64]) -> Iterator[tuple[str, Floats]]:
    """Yield the name of each test and its p-values for the events of one series, (n, W)."""
    days = Days(np.zeros(SESSIONS, int), away(SESSIONS, day0, EXCLUDE))
    found = answer(series, day0, WINDOWS, ESTIMATION, days)
    lengths = np.array([window.length for window in WINDOWS])
    t = found.abnormal_sd / np.sqrt(1 / lengths + 1 / ESTIMATION.length)
    yield "`forecast_t` with a constant mean", 2 * stdtr(ESTIMATION.length - 1, -np.abs(t))
    yield "forecast t of the autoregression", found.p_forecast
    yield "placebo of the change", found.p_value


@cache
def sizes(events: int, seed: int = 20261122) -> Mapping[str, list[Rate]]:
    """Return by test the rates on each process and each window, in this order.

    Parameters
    ----------
    events : int
        Events of each process, EACH on a series.
    seed : int
        Seed of series and dates.
    """
    rng = np.random.default_rng(seed)
    found: dict[str, list[Rate]] = {}
    for slope, df in PROCESSES.values():
        drawn: dict[str, list[Floats]] = {}
        for _ in range(events // EACH):
            day0 = np.sort(rng.choice(np.arange(140, SESSIONS - 21), EACH, replace=False))
            for name, p_value in p_values(series_of(slope, df, rng), day0):
                drawn.setdefault(name, []).append(p_value)
        for name, each in drawn.items():
            found.setdefault(name, []).extend(simulated.clustered(*simulated.low(np.array(each))))
    return found


def table(found: Mapping[str, list[Rate]], events: int) -> str:
    """Return the rates as Markdown."""
    columns = [f"{process}, {window}" for process in PROCESSES for window in WINDOWS]
    caption = (
        f"Per cent of rejections at 5%, {events:,} events each, Monte-Carlo error in brackets:"
    )
    return simulated.markdown(caption, ["test"], columns, found.items())


if __name__ == "__main__":
    simulated.tabulate(MARKER, 4_000, lambda n: table(sizes(n), n))
