"""How often each test of one event rejects at 5 per cent without an event, as a table.

Returns of an index that follow a GJR-GARCH(1,1) with t(5) innovations are drawn, and dates on them:
any date, or dates that follow a fall of more than 10 per cent in 20 sessions. Nothing happens on any
of them. The table stands in docs/explanation/which-test.md; `python -m benchmarks.procedure_sizes`
writes it anew.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from benchmarks import simulated

from eventstudy.comparison import Trial, every_session, strata, studentised
from eventstudy.inference.forecast_t import ForecastT
from eventstudy.inference.sample_quantile import SampleQuantile
from eventstudy.models.constant_mean import ConstantMean
from eventstudy.placebo.conformal import Conformal
from eventstudy.placebo.garch_quantile import GarchQuantile
from eventstudy.placebo.placebo import Placebo
from eventstudy.placebo.stationary_bootstrap import StationaryBootstrap
from eventstudy.returns.sample import Sample
from eventstudy.spec import Window

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.simulated import Rate
    from numpy.typing import NDArray

    from eventstudy.comparison import EverySession

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MARKER = "sizes"

SESSIONS, BURN_IN = 5_000, 500
FIRST = 1_400
"""First session that can be an event: long histories come before it."""

WINDOWS = (Window(0, 0), Window(1, 5), Window(0, 20))
DATES = ("any date", "after a fall of more than 10%")

DAILY, ALPHA, GAMMA, BETA, DF = 0.013, 0.03, 0.08, 0.91, 5
"""Long-run daily standard deviation and GJR-GARCH(1,1) of an index; persistence .98."""

PLACEBO = {
    "`placebo`": Placebo(),
    "`placebo`, `scale: ewma`": Placebo(scale="ewma"),
    "`placebo`, `by: volatility`": Placebo(by="volatility"),
    "`placebo`, `by: none`": Placebo(by="none"),
    "`placebo`, `by: year`": Placebo(by="year"),
    "`placebo`, `scale: none`": Placebo(scale="none"),
    "`placebo`, `by: volatility`, `scale: none`": Placebo("volatility", "none"),
    "`placebo`, `by: year`, `scale: none`": Placebo("year", "none"),
    "`placebo`, `by: none`, `scale: none`": Placebo("none", "none"),
}
OTHERS = {
    "`garch_quantile`": GarchQuantile(),
    "`garch_quantile`, `volatility: gjr`": GarchQuantile("gjr"),
    "`stationary_bootstrap`": StationaryBootstrap(draws=199),
    "`conformal`": Conformal(),
    "`conformal`, `of: path`": Conformal("path"),
}
STATISTICS = {
    "`sample_quantile`": SampleQuantile(),
    "`sample_quantile`, `scaled: true`": SampleQuantile(scaled=True),
    "`forecast_t`": ForecastT(),
}


def returns_of(series: int, rng: np.random.Generator) -> Floats:
    """Return simulated returns, shape (SESSIONS, series)."""
    z = rng.standard_t(DF, (SESSIONS + BURN_IN, series)) * np.sqrt((DF - 2) / DF)
    return garch(z)


def garch(z: Floats) -> Floats:
    """Return what innovations of variance one make of the variance equation, after the burn-in."""
    variance = np.full(z.shape[1], DAILY**2)
    omega = DAILY**2 * (1 - ALPHA - GAMMA / 2 - BETA)
    found = np.empty(z.shape)
    for session, shock in enumerate(z):
        found[session] = np.sqrt(variance) * shock
        slope = ALPHA + GAMMA * (shock < 0)
        variance = omega + slope * found[session] ** 2 + BETA * variance
    return found[BURN_IN:]


def drawn_dates(returns: Floats, events: int, rng: np.random.Generator) -> list[tuple[Ints, Ints]]:
    """Return series and session of the events of each entry of DATES, (events,) each."""
    total = np.vstack([np.zeros(returns.shape[1]), np.cumsum(np.log1p(returns), axis=0)])
    past = np.full(returns.shape, np.nan)
    past[20:] = total[20:-1] - total[:-21]
    possible = np.zeros(returns.shape, bool)
    possible[FIRST : SESSIONS - 21] = True
    pools = [np.argwhere(possible), np.argwhere(possible & (past < np.log(0.9)))]
    return [
        (found[:, 1], found[:, 0])
        for found in (pool[rng.choice(len(pool), events, replace=False)] for pool in pools)
    ]


def sample_of(returns: Floats, day0: Ints) -> Sample:
    """Return events on one series, shape (SESSIONS,)."""
    n = len(day0)
    return Sample(
        event_ids=np.array([str(number) for number in range(n)], dtype=object),
        assets=np.full(n, "index", dtype=object),
        axes=(np.datetime64("2000-01-03", "D") + np.arange(SESSIONS) * 7 // 5,),
        column=np.zeros(n, int),
        day0=day0,
        panel=returns[:, None],
        column_axis=np.zeros(1, int),
        factors=np.empty((1, SESSIONS, 0)),
        estimation=Window(-130, -11),
        event_window=Window(0, 20),
    )


def p_values(
    returns: Floats, day0: Ints, rng: np.random.Generator, *, long: bool
) -> Iterator[tuple[str, Floats]]:
    """Yield the name of each test and its p-values for the events of one series, (n, W).

    Parameters
    ----------
    returns : ndarray, shape (SESSIONS,)
        The series.
    day0 : ndarray of int, shape (n,)
        The events.
    rng : numpy.random.Generator
        Source of the draws.
    long : bool
        Whether the tests are run that take long: a variance equation for every event.
    """
    model, sample = ConstantMean(), sample_of(returns, day0)
    every = every_session(sample, model, WINDOWS, least=100)
    cars = every["index"].cars.select(every["index"].positions(day0))
    for name, statistic in STATISTICS.items():
        yield name, statistic.test(cars).p_value
    trial = Trial(sample, model, cars, {}, every, (day0,))
    for name, procedure in OTHERS.items():
        if procedure.name != GarchQuantile.name or long:
            yield name, procedure.test(trial, rng).events.p_value
    for name, procedure in PLACEBO.items():
        yield name, among_all_sessions(procedure, every["index"], day0)


def among_all_sessions(procedure: Placebo, every: EverySession, day0: Ints) -> Floats:
    """Return the p-values that `procedure` gives to each event where it is the only one, (n, W).

    The sessions are standardised and put into strata once for all events of a series.
    """
    nowhere = np.array([], dtype=int)
    values = np.abs(studentised(every, procedure.scale))
    label = strata(every, nowhere, by=procedure.by, exclude=procedure.exclude).label
    found = np.full((len(day0), values.shape[1]), np.nan)
    for row, position in enumerate(every.positions(day0)):
        away = np.abs(every.day0 - day0[row]) > procedure.exclude
        pool = values[away & (label == label[position])]
        at_least = (pool >= values[position]).sum(axis=0)
        found[row] = (1 + at_least) / (np.isfinite(pool).sum(axis=0) + 1)
    return found


@cache
def sizes(events: int, seed: int = 20261122) -> Mapping[str, list[Rate]]:
    """Return by test the rates on each entry of DATES and each window, in this order.

    Parameters
    ----------
    events : int
        Events of each kind, on a tenth as many series.
    seed : int
        Seed of returns, dates and draws.
    """
    rng = np.random.default_rng(seed)
    series = max(events // 10, 4)
    returns = returns_of(series, rng)
    kinds = drawn_dates(returns, events, rng)
    counted: dict[str, Floats] = {}
    for number in range(series):
        dates = [sessions[of == number] for of, sessions in kinds]
        day0, kind = np.concatenate(dates), np.repeat([0, 1], [len(each) for each in dates])
        if not len(day0):
            continue
        for name, p_value in p_values(returns[:, number], day0, rng, long=number % 2 == 0):
            here = counted.setdefault(name, np.zeros((2, series, 2, len(WINDOWS))))
            for which in (0, 1):
                here[:, number, which] = simulated.low(p_value[kind == which])
    return {
        name: simulated.clustered(*each.reshape(2, series, -1)) for name, each in counted.items()
    }


def table(found: Mapping[str, list[Rate]], events: int) -> str:
    """Return the rates as Markdown."""
    columns = [f"{dates}, {window}" for dates in DATES for window in WINDOWS]
    rows = ((name, found[name]) for name in (*PLACEBO, *OTHERS, *STATISTICS))
    caption = (
        f"Per cent of rejections at 5%, {events:,} events each, Monte-Carlo error in brackets:"
    )
    return simulated.markdown(caption, ["test"], columns, rows)


if __name__ == "__main__":
    simulated.tabulate(MARKER, 2_000, lambda n: table(sizes(n), n))
