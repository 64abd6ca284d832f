"""What went wrong at Yahoo, in words: what it did, what to do next, whether to try again."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from eventstudy.errors import shown
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

if TYPE_CHECKING:
    from eventstudy.sources._yahoo_session import Answer


class UnusableError(Exception):
    """An answer that the client takes and that must not be used."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.what)


LIMITED = Fault(
    "refuses further requests for now (HTTP 429)",
    "wait some minutes and run again",
    everyone=True,
)
UNKNOWN = Fault(
    "does not know the symbol",
    "write the right one to the instrument, `symbols: {yahoo: SYMBOL}`",
    again=False,
)
EMPTY = Fault("gives no price", "look whether the symbol is still listed, or " + LATER)

BY_CODE = {
    5: Fault("cannot be reached (the proxy has no address)", REACH, everyone=True),
    6: Fault("cannot be reached (its name has no address)", REACH, everyone=True),
    7: Fault("cannot be reached (no connection)", REACH, everyone=True),
    28: Fault("does not answer in time", "raise `timeout`, or try again later"),
    60: Fault("shows a certificate that is not valid", UNTRUSTED, again=False, everyone=True),
    77: UNREAD,
    97: Fault("cannot be reached (the proxy refuses)", REACH, everyone=True),
}
"""Faults by the code of curl (CURLcode)."""


def fault_of(error: Exception, answer: Answer | None) -> Fault:
    """Return what an exception of the client stands for.

    Parameters
    ----------
    error : Exception
        Whatever the client let out.
    answer : Answer or None
        The last answer on prices before it, if there was one.
    """
    from eventstudy.sources._yahoo_session import OutOfTimeError, TooLargeError

    if isinstance(error, UnusableError):
        return error.fault
    if isinstance(error, TooLargeError):
        return TOO_LARGE
    if isinstance(error, OutOfTimeError):
        return OUT_OF_TIME
    code = getattr(error, "code", 0)
    if code:
        return _of_connection(int(code), str(error))
    if type(error).__name__ == "YFRateLimitError":
        return LIMITED
    return _of_answer(error, answer)


def _of_connection(code: int, text: str) -> Fault:
    """Return the fault of a transfer that failed."""
    if refused := re.search(r"CONNECT tunnel failed, response (\d+)", text):
        what = f"cannot be reached (the proxy refuses with HTTP {refused[1]})"
        return Fault(what, REACH, again=False, everyone=True)
    known = BY_CODE.get(code, BROKEN_OFF)
    said = re.search(r"([^:]+?)(?: \(\d+\))?\. See ", text)
    if known is BY_CODE[60] and said:
        return Fault(f"{known.what} ({said[1].strip()})", known.todo, again=False, everyone=True)
    return known


def _of_answer(error: Exception, answer: Answer | None) -> Fault:
    """Return the fault of an answer that the client could not use."""
    if answer is None:
        return Fault(f"could not be asked ({type(error).__name__}: {shown(error)})")
    if answer.status == 429:
        return LIMITED
    if answer.status >= 500:
        return Fault(f"has trouble of its own (HTTP {answer.status})")
    if answer.status == 404:
        return UNKNOWN
    if answer.status >= 400:
        return Fault(f"refuses the request (HTTP {answer.status})")
    return _of_content(error, answer)


def _of_content(error: Exception, answer: Answer) -> Fault:
    """Return the fault of an answer that was sent as if it were prices."""
    if b"Will be right back" in answer.content:
        return Fault("is down for the moment")
    if answer.content.lstrip()[:1] == b"<" or "html" in answer.kind:
        return Fault("sends a web page instead of prices", UNTRUSTED)
    try:
        json.loads(answer.content)
    except ValueError:
        return Fault("sends prices that cannot be read (malformed JSON)")
    if type(error).__name__ == "YFPricesMissingError":
        return EMPTY
    kind = type(error).__name__
    return Fault(f"sends prices in a shape that the client does not know ({kind}: {shown(error)})")
