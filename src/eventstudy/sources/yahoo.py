"""Yahoo, by way of its usual client and the cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from eventstudy.errors import DataError
from eventstudy.sources.base import LEVELS, Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.sources._live import Answers
    from eventstudy.sources.base import Access, Prices
    from eventstudy.spec import Instrument
    from eventstudy.store import Download, Request

REFUSED = {
    "flow": "has no flows",
    "return": "has prices and no ready returns",
}
"""Kinds of instruments that cannot be asked for, and why."""


@dataclass(frozen=True, slots=True)
class Yahoo:
    """Daily prices from Yahoo, kept in the cache.

    Attributes
    ----------
    timeout : float
        Most seconds for one request.
    total : float
        Most seconds for one symbol, all attempts and pauses together.
    attempts : int
        Most attempts at one symbol.
    pause : float
        Seconds before the second attempt, doubled before each further one, times .5 to 1.5 by chance.

    Notes
    -----
    A series is found by the instrument's symbol for ``yahoo``, else by its id. Indices are used as Yahoo
    gives them. Stocks and funds are total returns by our own arithmetic, so that a later dividend or
    split changes no past return: TR_t = TR_{t-1} (P_t + D_t) / P_{t-1}, from closes and dividends that
    Yahoo has divided by later splits; open, high and low are scaled by TR_t / P_t. So is a fund that
    stands for an index (`proxies`). Prices of zero and rows without prices are missing values.

    The whole history is downloaded once and used until a study needs later sessions, or until it is
    asked for anew. docs/explanation/live-data.md says what happens when Yahoo does not answer as it
    should.
    """

    name: ClassVar[str] = "yahoo"
    reference: ClassVar[str] = "finance.yahoo.com, read by yfinance"
    origin: ClassVar[str] = "finance.yahoo.com"
    live: ClassVar[bool] = True
    licence: ClassVar[str] = "Yahoo's terms of service: personal use"
    timeout: Annotated[float, Field(gt=0, le=600)] = 20
    total: Annotated[float, Field(gt=0, le=3600)] = 90
    attempts: Annotated[int, Field(ge=1, le=20)] = 4
    pause: Annotated[float, Field(ge=0, le=600)] = 1

    def fetch(self, instruments: Sequence[Instrument], access: Access) -> Prices:
        """Return the prices of the instruments, in their order.

        Parameters
        ----------
        instruments : sequence of Instrument, length S
            Indices, stocks and funds.
        access : Access
            Where the cache is, and whether the network may be used.

        Raises
        ------
        DataError
            When a series is neither in the cache nor can be had from Yahoo.
        """
        from eventstudy.sources._live import through_cache

        prices: Prices = through_cache(self, instruments, access)
        return prices

    def request(self, instrument: Instrument) -> Request:
        """Return what is asked for an instrument: its symbol, and the zone of its dates."""
        from eventstudy.store import Request

        if instrument.kind in REFUSED:
            raise DataError(
                f"{instrument.id} is of `kind: {instrument.kind}`, and Yahoo {REFUSED[instrument.kind]};"
                " take it from another source, or leave it out"
            )
        symbol = instrument.symbols.get(self.name, instrument.id)
        return Request(self.name, symbol, {"timezone": instrument.timezone})

    def download(self, requests: Sequence[Request], access: Access) -> Answers:
        """Yield for each request its whole history, or the fault."""
        from eventstudy.sources._live import moment
        from eventstudy.sources._patience import Patience
        from eventstudy.sources._yahoo_client import ask
        from eventstudy.sources._yahoo_notes import ready_notes
        from eventstudy.store import default_folder

        patience = Patience(self.timeout, self.total, self.attempts, self.pause)
        notes = ready_notes(access.cache or default_folder())
        return ask(requests, at=moment(access), patience=patience, folder=notes)

    def bars(self, instrument: Instrument, download: Download) -> Mapping[str, NDArray[np.float64]]:
        """Return open, high, low, close and volume, with dividends worked in where they belong."""
        import numpy as np

        from eventstudy.sources._total_return import distributions, total_return

        columns = download.columns
        levels = {name: np.where(columns[name] > 0, columns[name], np.nan) for name in LEVELS}
        volume = {"volume": columns["volume"]}
        if not self.adjusted(instrument):
            return {**levels, **volume}
        _refuse_foreign_dividends(instrument, download)
        gains = columns.get("capital_gains", np.zeros(len(download.dates)))
        paid = distributions(columns["dividends"], gains)
        value = total_return(levels["close"], paid)
        factor = value / levels["close"]
        return {**{name: levels[name] * factor for name in LEVELS}, "close": value, **volume}

    def adjusted(self, instrument: Instrument) -> bool:
        """Tell whether a series is a total return: stocks, funds, funds that stand for an index."""
        return instrument.kind in ("stock", "fund") or bool(self.proxy(instrument))

    def proxy(self, instrument: Instrument) -> str:
        """Return what the symbol is where it only stands for the instrument."""
        return instrument.proxies.get(self.name, "")


def _refuse_foreign_dividends(instrument: Instrument, download: Download) -> None:
    """Raise when dividends are paid in another currency than the prices are quoted in."""
    prices, paid = download.notes["currency"], download.notes["dividend_currency"]
    if paid not in ("", prices):
        raise DataError(
            f"{instrument.id}: Yahoo quotes {download.request.symbol} in {prices} and its dividends in"
            f" {paid}, so they cannot be worked in; take total returns from another source"
        )


PLUGIN: type[Source] = Yahoo
