"""Yahoo through its usual client, yfinance: patient, two requests at most, no fault swallowed."""

from __future__ import annotations

import json
import logging
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Any

from eventstudy.errors import DataError
from eventstudy.sources._patience import LATER, OUT_OF_TIME, Fault
from eventstudy.sources._yahoo_faults import EMPTY, UnusableError, fault_of
from eventstudy.sources._yahoo_notes import fault_of_notes
from eventstudy.store import Download

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import ModuleType

    import numpy as np
    import pandas as pd

    from eventstudy.sources._patience import Patience
    from eventstudy.sources._yahoo_session import YahooSession
    from eventstudy.store import Request

AT_ONCE = 2
"""Most requests under way together."""

START = "1990-01-01"
"""First date that is asked for; shorter histories begin later."""

COLUMNS = {
    "Open": "open",
    "High": "high",
    "Low": "low",
    "Close": "close",
    "Volume": "volume",
    "Dividends": "dividends",
    "Capital Gains": "capital_gains",
    "Stock Splits": "splits",
}
"""Our names of the client's columns. Its adjusted close is not kept: it changes with every dividend."""

ACTIONS = (
    ("Dividends", "dividends", "sum"),
    ("Capital Gains", "capitalGains", "sum"),
    ("Stock Splits", "splits", "prod"),
)
"""The client's column, Yahoo's list, and what two of one date make."""

QUOTES = ("open", "high", "low", "close")
SAME = 1e-6
"""Relative difference of two prices that are one: Yahoo gives some in single precision."""


def ask(
    requests: Sequence[Request], *, at: np.datetime64, patience: Patience, folder: Path
) -> Generator[tuple[Request, Download | DataError], None, None]:
    """Ask for whole histories and yield them in order, each as soon as it and those before it are there.

    Parameters
    ----------
    requests : sequence of Request
        With the time zone of the exchange among the options.
    at : datetime64[s]
        The time that the downloads are marked with, UTC.
    patience : Patience
        Limits.
    folder : pathlib.Path
        Where the client keeps its own notes: cookies and time zones.
    """
    from eventstudy.sources._yahoo_session import YahooSession

    with _client(folder) as client, ThreadPoolExecutor(AT_ONCE) as pool:
        asking = _Asking(client, YahooSession(patience.timeout), at, patience, folder)
        futures = [(request, pool.submit(asking.one, request)) for request in requests]
        try:
            for request, future in futures:
                yield request, future.result()
        finally:
            asking.over.set()
            pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _client(folder: Path) -> Iterator[ModuleType]:
    """Import the client, have it raise and keep quiet, and leave everything as it was found."""
    logger = logging.getLogger("yfinance")
    level = logger.level
    with warnings.catch_warnings():
        import yfinance

        # Its warnings are for its own developers; importing it adds a filter that shows them.
        warnings.simplefilter("ignore")
        settings = yfinance.config
        before = (settings.debug.hide_exceptions, settings.network.retries)
        yfinance.set_tz_cache_location(str(folder))
        settings.debug.hide_exceptions, settings.network.retries = False, 0
        logger.setLevel(logging.CRITICAL + 1)
        try:
            yield yfinance
        finally:
            logger.setLevel(level)
            settings.debug.hide_exceptions, settings.network.retries = before
            for path in folder.iterdir():
                with suppress(FileNotFoundError):
                    path.chmod(0o600)


@dataclass(frozen=True, slots=True)
class _Asking:
    """One client, one session, many symbols."""

    client: ModuleType
    session: YahooSession
    at: np.datetime64
    patience: Patience
    folder: Path
    over: Event = field(default_factory=Event)
    met: list[Fault] = field(default_factory=list)

    def one(self, request: Request) -> Download | DataError:
        """Try for one symbol until it is there, hopeless, or out of attempts or time."""
        if self.met:
            return self.met[0].error("Yahoo", 0)
        self.session.begin(self.patience.total)
        fault = OUT_OF_TIME
        for attempt, wait in self.patience.pauses(request.symbol):
            outcome = self._attempt(request)
            if not isinstance(outcome, Fault):
                return outcome
            fault = fault if outcome is OUT_OF_TIME else outcome
            last = attempt == self.patience.attempts or self.session.left() <= wait
            if last or not fault.again or self.over.wait(wait):
                break
        if fault.everyone:
            self.met.append(fault)
        return fault.error("Yahoo", attempt)

    def _attempt(self, request: Request) -> Download | DataError | Fault:
        """Try once; a DataError is final."""
        from yfinance.data import YfData

        # The client would give its own last answer again, however bad it was.
        YfData.cache_get.cache_clear()
        self.session.forget()
        try:
            return self._history(request)
        except DataError as error:
            return error
        except Exception as error:  # noqa: BLE001 - whatever the client lets out says that there are no prices
            of_notes = fault_of_notes(error, self.folder)
            return of_notes or fault_of(error, self.session.answer)
        finally:
            _let_go()

    def _history(self, request: Request) -> Download:
        """Ask the client for the whole history, and hold its answer against what Yahoo sent."""
        import numpy as np
        from yfinance.cache import get_tz_cache

        symbol, zone = request.symbol.upper(), request.options["timezone"]
        if get_tz_cache().lookup(symbol) != zone:
            # Else the client asks Yahoo for the zone first: one request per symbol more.
            get_tz_cache().store(symbol, zone)
        frame = self.client.Ticker(symbol, session=self.session).history(
            start=START,
            end=str(self.at.astype("datetime64[D]") + np.timedelta64(2, "D")),
            auto_adjust=False,
            actions=True,
            keepna=True,
            timeout=self.patience.timeout,
        )
        answer = self.session.answer
        told = json.loads(answer.content)["chart"]["result"][0] if answer else {}
        notes = _notes(told)
        _refuse_zone(notes["timezone"], zone)
        _refuse_contradictions(told, zone, self.at)
        return _download(request, self.at, _with_actions(frame, told, zone), notes)


def _let_go() -> None:
    """Close what this thread has open of the client's own notes; the client itself leaves that to chance."""
    from yfinance.cache import get_cookie_cache, get_tz_cache

    for notes in (get_tz_cache(), get_cookie_cache()):
        database = notes.get_db()
        if database is not None:
            database.close()


def _notes(told: Mapping[str, Any]) -> dict[str, str]:
    """Return what Yahoo says of the whole series."""
    about = told["meta"]
    paid = told.get("events", {}).get("dividends", {}).values()
    currencies = {one["currency"] for one in paid if one.get("currency")}
    return {
        "currency": str(about.get("currency") or ""),
        "dividend_currency": ", ".join(sorted(currencies)),
        "name": str(about.get("longName") or about.get("shortName") or ""),
        "timezone": str(about.get("exchangeTimezoneName") or ""),
        "type": str(about.get("instrumentType") or ""),
    }


def _refuse_zone(given: str, wanted: str) -> None:
    """Raise when Yahoo's dates are those of another place."""
    if given != wanted:
        raise UnusableError(
            Fault(
                f"gives dates of the time zone {given or '(none)'} where the instrument's is {wanted}",
                "nothing of it is used: correct the `timezone` of the instrument, or its symbol",
                again=False,
            )
        )


def _refuse_contradictions(told: Mapping[str, Any], zone: str, at: np.datetime64) -> None:
    """Raise when one date has two prices; the client would take one of them in silence.

    Today's date may come twice while its session is on, as a bar and as the last trade.
    """
    import numpy as np
    import pandas as pd

    stamps = pd.to_datetime(told.get("timestamp", []), unit="s", utc=True).tz_convert(zone)
    quotes = pd.DataFrame(told["indicators"]["quote"][0], columns=list(QUOTES), dtype=float)
    quotes.index = stamps.tz_localize(None).normalize()
    today = pd.Timestamp(at, tz="UTC").tz_convert(zone).tz_localize(None).normalize()
    twice = quotes[quotes.index.duplicated(keep=False) & (quotes.index != today)]
    if twice.empty:
        return
    groups = twice.groupby(level=0)
    spread = groups.max() / groups.min() - 1
    unlike = (spread > SAME) | (groups.count() % groups.size().to_numpy()[:, None] > 0)
    if unlike.to_numpy().any():
        day = np.datetime64(unlike.index[unlike.any(axis=1)][0], "D")
        raise UnusableError(
            Fault(
                f"gives two different prices for {day}",
                "nothing of the series is used: " + LATER,
            )
        )


def _with_actions(frame: pd.DataFrame, told: Mapping[str, Any], zone: str) -> pd.DataFrame:
    """Return the client's table with dividends, capital gains and splits on the dates that Yahoo gives.

    The client moves one on a date without a row to the row before, where it would change that return.
    """
    import pandas as pd

    frame = frame.set_axis(pd.DatetimeIndex(frame.index).tz_localize(None).normalize())
    for name, theirs, join in (each for each in ACTIONS if each[0] in frame):
        listed = told.get("events", {}).get(theirs, {}).values()
        stamps = pd.to_datetime([one["date"] for one in listed], unit="s", utc=True)
        days = stamps.tz_convert(zone).tz_localize(None).normalize()
        numbers = [
            one["numerator"] / one["denominator"] if theirs == "splits" else one["amount"]
            for one in listed
        ]
        found = pd.Series(numbers, days, dtype=float).groupby(level=0).agg(join)
        frame = frame.reindex(frame.index.union(found.index))
        frame[name] = found.reindex(frame.index, fill_value=0.0)
    return frame


def _download(
    request: Request, at: np.datetime64, frame: pd.DataFrame, notes: Mapping[str, str]
) -> Download:
    """Return the client's table as it is, without what it works out itself."""
    import numpy as np

    dates = frame.index.to_numpy().astype("datetime64[D]")
    columns = {
        name: frame[theirs].to_numpy(dtype=np.float64)
        for theirs, name in COLUMNS.items()
        if theirs in frame
    }
    empty = np.logical_and.reduce([np.isnan(columns[name]) for name in QUOTES])
    if empty.all():
        raise UnusableError(EMPTY)
    # The client writes 0 for a volume that is missing.
    columns["volume"] = np.where(empty, np.nan, columns["volume"])
    return Download(request, at, dates, columns, notes)
