"""Indices of the mainland and of Hong Kong, and northbound flows, by way of akshare and the cache."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from eventstudy.errors import DataError, did_you_mean, shown
from eventstudy.sources.base import LEVELS, Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from eventstudy.sources._live import Answers
    from eventstudy.sources.base import Access, Prices
    from eventstudy.spec import Instrument
    from eventstudy.store import Download, Request

MAINLAND = re.compile(r"(sh|sz)[0-9]{6}")
"""Symbols of indices of the mainland; any other is one of Hong Kong."""

FLOWS = {
    "northbound": "北向资金",
    "northbound-shanghai": "沪股通",
    "northbound-shenzhen": "深股通",
}
"""Symbols of flows, and what akshare calls them."""

PLACES = {"XSHG", "XSHE", "XHKG"}
"""Calendars of the exchanges whose indices akshare has."""


@dataclass(frozen=True, slots=True)
class Akshare:
    """Daily levels of mainland and Hong Kong indices, and Stock Connect flows, kept in the cache.

    Attributes
    ----------
    timeout : float
        Most seconds without a byte.
    total : float
        Most seconds for one symbol, all attempts and pauses together.
    attempts : int
        Most attempts at one symbol.
    pause : float
        Seconds before the second attempt, doubled before each further one, times .5 to 1.5 by chance.

    Notes
    -----
    Needs the package akshare: pip install 'policy-eventstudy[akshare]'.

    A series is found by the instrument's symbol for ``akshare``, else by its id: ``sh000300`` or another
    index of the mainland by ``stock_zh_index_daily``, ``HSTECH`` or another of Hong Kong by
    ``stock_hk_index_daily_sina``, both from Sina and both as the index is, unadjusted; a flow,
    ``northbound``, ``northbound-shanghai`` or ``northbound-shenzhen``, by ``stock_hsgt_hist_em`` from
    Eastmoney: net purchases of a session, given in 100 million CNY and kept here in million. None are
    published after 16 August 2024. Prices of zero are missing values.

    akshare's functions run unchanged, but only towards these two, over https, within the limits.
    """

    name: ClassVar[str] = "akshare"
    reference: ClassVar[str] = "Sina Finance and Eastmoney, read by akshare"
    origin: ClassVar[str] = "Sina Finance (indices) and Eastmoney (flows), by akshare"
    live: ClassVar[bool] = True
    licence: ClassVar[str] = "the terms of Sina and Eastmoney: personal use"
    timeout: Annotated[float, Field(gt=0, le=600)] = 20
    total: Annotated[float, Field(gt=0, le=3600)] = 90
    attempts: Annotated[int, Field(ge=1, le=20)] = 4
    pause: Annotated[float, Field(ge=0, le=600)] = 1

    def fetch(self, instruments: Sequence[Instrument], access: Access) -> Prices:
        """Return the levels or flows of the instruments, in their order.

        Parameters
        ----------
        instruments : sequence of Instrument, length S
            Indices and flows.
        access : Access
            Where the cache is, and whether the network may be used.

        Raises
        ------
        DataError
            When a series is neither in the cache nor can be had, or akshare is not installed.
        """
        from eventstudy.sources._live import through_cache

        prices: Prices = through_cache(self, instruments, access)
        return prices

    def request(self, instrument: Instrument) -> Request:
        """Return what is asked for an instrument: its symbol, and the function of akshare."""
        from eventstudy.store import Request

        symbol = instrument.symbols.get(self.name, instrument.id)
        if instrument.kind == "flow":
            return _flow(instrument.id, symbol)
        if instrument.kind != "index" or instrument.calendar not in PLACES:
            raise DataError(
                f"{instrument.id} ({instrument.kind}, {instrument.calendar}) is no index of the mainland or"
                " of Hong Kong and no flow, and the source akshare has nothing else here; take it from"
                " another source, or leave it out"
            )
        mainland = MAINLAND.fullmatch(symbol)
        function = "stock_zh_index_daily" if mainland else "stock_hk_index_daily_sina"
        return Request(self.name, symbol, {"function": function})

    def download(self, requests: Sequence[Request], access: Access) -> Answers:
        """Yield for each request its whole history, or the fault."""
        from eventstudy.sources._akshare_client import ask
        from eventstudy.sources._live import moment
        from eventstudy.sources._patience import Patience

        patience = Patience(self.timeout, self.total, self.attempts, self.pause)
        return ask(requests, at=moment(access), patience=patience)

    def bars(
        self,
        instrument: Instrument,  # noqa: ARG002 - what was asked for says which columns there are
        download: Download,
    ) -> Mapping[str, NDArray[np.float64]]:
        """Return open, high, low, close and volume, or the flow in million CNY."""
        import numpy as np

        columns = download.columns
        if "flow" in columns:
            return {"flow": columns["flow"] * 100}
        levels = {name: np.where(columns[name] > 0, columns[name], np.nan) for name in LEVELS}
        return {**levels, "volume": columns["volume"]}

    def adjusted(self, instrument: Instrument) -> bool:  # noqa: ARG002 - indices and flows never are
        """Tell whether dividends are worked in: they are not."""
        return False

    def proxy(self, instrument: Instrument) -> str:
        """Return what the symbol is where it only stands for the instrument."""
        return instrument.proxies.get(self.name, "")


def _flow(instrument: str, symbol: str) -> Request:
    """Return what is asked for a flow."""
    from eventstudy.store import Request

    if symbol not in FLOWS:
        raise DataError(
            f"{instrument}: akshare has no flow {shown(symbol)} here; allowed: {', '.join(FLOWS)}"
            f"{did_you_mean(symbol, FLOWS)}; write one as `symbols: {{akshare: SYMBOL}}`"
        )
    options = {"function": "stock_hsgt_hist_em", "argument": FLOWS[symbol]}
    return Request(Akshare.name, symbol, options)


PLUGIN: type[Source] = Akshare
