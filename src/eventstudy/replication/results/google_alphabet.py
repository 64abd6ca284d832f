"""Google becomes Alphabet: the event study of a textbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy.replication.base import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventstudy.models.base import Model
    from eventstudy.replication.base import Kind, Replication
    from eventstudy.returns.sample import Sample

ABNORMAL = {
    "constant mean": (-0.005129, 0.040027, -0.039997),
    "market-adjusted": (-0.015280, 0.052241, 0.002074),
    "market model": (-0.023229, 0.053508, 0.015645),
}
"""Abnormal returns of 10, 11 and 24 August 2015, decimal."""
DAYS = ("10 August", "11 August", "24 August")
FORECAST_T = (-1.0327, 2.4066, 0.5806)


@dataclass(frozen=True, slots=True)
class GoogleAlphabet:
    """One event, one stock, three models."""

    name: ClassVar[str] = "google_alphabet"
    title: ClassVar[str] = "Google becomes Alphabet, August 2015"
    cite: ClassVar[str] = "Huntington-Klein (2021)"
    source: ClassVar[str] = (
        "Design of Huntington-Klein, N. (2021), The Effect, chapter 17, Event studies; numbers by polyfit of NumPy "
        "and the formula of the forecast error, on the same rows"
    )
    kind: ClassVar[Kind] = "computed"
    design: ClassVar[str] = (
        "Constant mean, market-adjusted and market model (S&P 500) on the 63 sessions to 31 July 2015; "
        "abnormal returns of 10, 11 and 24 August, forecast t of the market model. The announcement came "
        "after the close of 10 August, so that 11 August is the event session."
    )
    data: ClassVar[str] = "84 daily returns in the package causaldata: google_stock"
    needs: ClassVar[tuple[str, ...]] = ("causaldata",)
    simulates: ClassVar[bool] = False
    tolerance: ClassVar[str] = "None: one regression with 63 observations, to the digits given"
    difference: ClassVar[str] = ""

    def rows(self) -> Sequence[Row]:
        """Fit the three models."""
        sample, last = _sample()
        return [*_parameters(sample), *_abnormal(sample, last)]


def _parameters(sample: Sample) -> Iterator[Row]:
    """Yield the market model's estimates."""
    from eventstudy.models.market import Market

    fit = Market("SP500").fit(sample)
    alpha, beta = (float(each) for each in fit.coefficients[0])
    yield Row("market model, alpha", 0.00267128, alpha, 8)
    yield Row("market model, beta", 1.41210572, beta, 8)
    yield Row("market model, standard error of beta", 0.39817, float(fit.std_errors[0, 1]), 5)
    yield Row("market model, R squared", 0.170942, float(fit.r_squared[0]), 6)
    yield Row("market model, sigma", 0.0217345, float(fit.sigma[0]), 7)


def _abnormal(sample: Sample, last: int) -> Iterator[Row]:
    """Yield abnormal returns by model and day, and the forecast t."""
    from dataclasses import replace

    from eventstudy.inference.forecast_t import ForecastT
    from eventstudy.models.constant_mean import ConstantMean
    from eventstudy.models.market import Market
    from eventstudy.models.market_adjusted import MarketAdjusted
    from eventstudy.replication.results._sample import cars

    windows = [(0, 0), (1, 1), (last, last)]
    plain = replace(sample, factors=sample.factors[:, :, :0])
    models: tuple[tuple[Model, Sample], ...] = (
        (ConstantMean(), plain),
        (MarketAdjusted("SP500"), sample),
        (Market("SP500"), sample),
    )
    for (label, expected), (model, cells) in zip(ABNORMAL.items(), models, strict=True):
        found = cars(cells, model, windows).car[0]
        for day, theirs, ours in zip(DAYS, expected, found, strict=True):
            yield Row(f"{label}, abnormal return of {day}", theirs, float(ours), 6)
    t = ForecastT().test(cars(sample, Market("SP500"), windows)).statistic[0]
    for day, theirs, ours in zip(DAYS, FORECAST_T, t, strict=True):
        yield Row(f"market model, forecast t of {day}", theirs, float(ours), 4)


def _sample() -> tuple[Sample, int]:
    """Return the stock with its market, and the last day in sessions after 10 August."""
    from importlib import import_module

    import numpy as np

    from eventstudy.returns.sample import one_axis
    from eventstudy.spec import Window

    data = import_module("causaldata").google_stock.load_pandas().data
    dates = data["Date"].to_numpy().astype("datetime64[D]")
    day0, last = (
        int(np.flatnonzero(dates == np.datetime64(day))[0]) for day in ("2015-08-10", "2015-08-24")
    )
    end = int((dates <= np.datetime64("2015-07-31")).sum()) - 1
    sample = one_axis(
        data[["Google_Return"]].to_numpy(float),
        data[["SP500_Return"]].to_numpy(float),
        np.array([0]),
        np.array([day0]),
        estimation=Window(-day0, end - day0),
        event_window=Window(0, last - day0),
        dates=dates,
    )
    return sample, last - day0


PLUGIN: type[Replication] = GoogleAlphabet
