"""akshare's own functions, unchanged: patient, within limits, no fault swallowed."""

from __future__ import annotations

import inspect
import io
import json
import ssl
import warnings
from contextlib import redirect_stderr
from dataclasses import replace
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from eventstudy.errors import DataError, shown
from eventstudy.sources._akshare_session import (
    OutOfTimeError,
    StatusError,
    TooLargeError,
    Watch,
    watched,
)
from eventstudy.sources._patience import (
    BROKEN_OFF,
    LATER,
    OUT_OF_TIME,
    REACH,
    TOO_LARGE,
    UNREAD,
    UNTRUSTED,
    Fault,
)
from eventstudy.store import Download

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    import numpy as np
    import pandas as pd

    from eventstudy.sources._patience import Patience
    from eventstudy.store import Request

BARS = {"open": "open", "high": "high", "low": "low", "close": "close", "volume": "volume"}
COLUMNS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "stock_zh_index_daily": ("date", BARS),
    "stock_hk_index_daily_sina": ("date", BARS),
    "stock_hsgt_hist_em": ("日期", {"当日成交净买额": "flow"}),
}
"""By function of akshare: its column of dates, and our names of the columns that are kept."""

SERVICES = {"stock_hsgt_hist_em": "Eastmoney"}
"""Who answers a function; Sina where it is not listed."""

MISSING = (
    "the source akshare needs the package akshare, which is not installed; run"
    " pip install 'policy-eventstudy[akshare]', or choose another source"
)
NOTHING = Fault(
    "gives no rows for the symbol",
    "write the right one to the instrument, `symbols: {akshare: SYMBOL}`, or " + LATER,
)
PAGE = Fault("sends a web page instead of prices", UNTRUSTED)
UNREACHED = Fault("cannot be reached: no connection")
PROXY = Fault("cannot be reached: the proxy refuses", REACH, again=False)
BY_WORDS = {"Tunnel connection failed": PROXY, "TLS CA certificate bundle": UNREAD}
"""Faults of this machine, which have no exception of their own."""

LIMITED = Fault("refuses further requests for now (HTTP 429)", "wait some minutes and run again")
SLOW = Fault("does not answer in time", "raise `timeout`, or try again later")
UNCERTIFIED = Fault("shows a certificate that is not valid", UNTRUSTED, again=False)


def ask(
    requests: Sequence[Request], *, at: np.datetime64, patience: Patience
) -> Generator[tuple[Request, Download | DataError], None, None]:
    """Ask for whole histories, one after the other.

    Parameters
    ----------
    requests : sequence of Request
        With the function of akshare among the options.
    at : datetime64[s]
        The time that the downloads are marked with, UTC.
    patience : Patience
        Limits.
    """
    for request in requests:
        yield request, _one(request, at, patience)


def _one(request: Request, at: np.datetime64, patience: Patience) -> Download | DataError:
    """Try for one symbol until it is there, hopeless, or out of attempts or time."""
    watch = Watch(patience.timeout, monotonic() + patience.total)
    fault = OUT_OF_TIME
    for attempt, wait in patience.pauses(request.symbol):
        try:
            return _history(request, at, watch)
        except DataError as error:
            return error
        except Exception as error:  # noqa: BLE001 - whatever akshare lets out says that there are no prices
            fault = _fault(error, watch)
        if not fault.again or attempt == patience.attempts or watch.until - monotonic() <= wait:
            break
        sleep(wait)
    who = SERVICES.get(request.options["function"], "Sina")
    return fault.error(f"{who}, asked by akshare,", attempt)


def _history(request: Request, at: np.datetime64, watch: Watch) -> Download:
    """Call a function of akshare, and check that its table is the one we know."""
    import numpy as np
    import pandas as pd

    name = request.options["function"]
    call = _function(name)
    # Its bar of progress is for a terminal of its own.
    with warnings.catch_warnings(), watched(watch), redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        frame: pd.DataFrame = call(symbol=request.options.get("argument", request.symbol))
    day, names = COLUMNS[name]
    missing = [column for column in (day, *names) if column not in frame]
    if missing:
        raise DataError(_unlike(name, f"gives no column {', '.join(map(shown, missing))}"))
    days = pd.to_datetime(frame[day], errors="coerce")
    if days.isna().any():
        raise ValueError("a row without a date")
    columns = {own: frame[theirs].to_numpy(dtype=np.float64) for theirs, own in names.items()}
    return Download(request, at, days.to_numpy().astype("datetime64[D]"), columns)


def _function(name: str) -> Any:  # noqa: ANN401 - akshare has no types
    """Return a function of akshare, which is an optional package."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import akshare
    except (ImportError, OSError) as error:
        raise DataError(MISSING) from error
    call = getattr(akshare, name, None)
    if call is None or "symbol" not in inspect.signature(call).parameters:
        raise DataError(_unlike(name, "is not there, or asks for no `symbol`"))
    return call


def _unlike(name: str, what: str) -> str:
    """Say that akshare has changed under us."""
    from importlib.metadata import version

    return (
        f"the function {name} of akshare {version('akshare')} {what}; run pip install -U"
        " 'policy-eventstudy[akshare]', or choose another source"
    )


def _fault(error: Exception, watch: Watch) -> Fault:
    """Return what an exception stands for."""
    from requests import exceptions
    from urllib3 import exceptions as urllib3

    if isinstance(error, StatusError):
        return _of_status(error.status)
    causes = list(_causes(error))
    for words, fault in BY_WORDS.items():
        if any(words in str(cause) for cause in causes):
            return fault
    for kinds, fault in (
        ((TooLargeError,), TOO_LARGE),
        ((OutOfTimeError,), OUT_OF_TIME),
        ((ssl.SSLCertVerificationError,), UNCERTIFIED),
        ((urllib3.NewConnectionError,), UNREACHED),
        ((exceptions.InvalidProxyURL, urllib3.ProxySchemeUnknown), PROXY),
        ((exceptions.Timeout, urllib3.TimeoutError), SLOW),
        ((exceptions.ConnectionError, urllib3.HTTPError), BROKEN_OFF),
    ):
        if any(isinstance(cause, kinds) for cause in causes):
            return fault
    return _of_content(error, watch.content)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception, and those that it came from or wraps."""
    while error is not None:
        yield error
        wrapped = next((part for part in error.args if isinstance(part, BaseException)), None)
        error = error.__cause__ or error.__context__ or wrapped


def _of_status(status: int) -> Fault:
    """Return the fault of an answer that says what it is."""
    if status == 429:
        return LIMITED
    if status == 404:
        return replace(NOTHING, again=False)
    what = "has trouble of its own" if status >= 500 else "refuses the request"
    return Fault(f"{what} (HTTP {status})")


def _of_content(error: Exception, content: bytes) -> Fault:
    """Return the fault of an answer that was sent as if it were prices."""
    if content.lstrip()[:1] == b"<":
        return PAGE
    if not content.strip():
        return Fault("sends an empty answer")
    if isinstance(error, json.JSONDecodeError):
        return Fault("sends prices that cannot be read (malformed JSON)")
    if isinstance(error, KeyError | TypeError):
        return NOTHING
    kind = type(error).__name__
    return Fault(f"sends prices in a shape that akshare does not know ({kind}: {shown(error)})")
