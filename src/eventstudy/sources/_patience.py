"""How long live sources try, and what they say when it was in vain."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from eventstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

LATER = "try again later, or take the prices from another source"
REACH = "look at your network and proxy, then run again, or take the prices from another source"
UNTRUSTED = "nothing of the answer is used: look at your proxy or firewall, or take the prices from another source"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that went wrong.

    Attributes
    ----------
    what, todo : str
        What the service did, and what the user can do.
    again : bool
        Whether another attempt may mend it.
    everyone : bool
        Whether every other symbol would meet it too.
    """

    what: str
    todo: str = LATER
    again: bool = True
    everyone: bool = False

    def error(self, who: str, attempts: int) -> DataError:
        """Return the message that a user reads; no attempts where another symbol met the fault."""
        tried = f", after {attempts} attempts" if attempts > 1 else ""
        other = " at another symbol, so this one was not asked for" if attempts == 0 else ""
        return DataError(f"{who} {self.what}{other}{tried}; {self.todo}")


TOO_LARGE = Fault("sends more than any price history can hold (over 32 MB)", UNTRUSTED, again=False)
OUT_OF_TIME = Fault("does not answer in time", "raise `total`, or try again later")
UNREAD = Fault(
    "cannot be trusted (the file of authorities cannot be read)",
    "look at CURL_CA_BUNDLE and SSL_CERT_FILE in the environment, then run again",
    again=False,
    everyone=True,
)
BROKEN_OFF = Fault("broke off the connection before its answer was whole")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to try.

    Attributes
    ----------
    timeout, total : float
        Seconds for one request, and for all attempts at one symbol.
    attempts : int
        Most attempts at one symbol.
    pause : float
        Seconds before the second attempt, doubled before each further one, times .5 to 1.5 by chance.
    """

    timeout: float
    total: float
    attempts: int
    pause: float

    def pauses(self, symbol: str) -> Iterator[tuple[int, float]]:
        """Yield the number of each attempt at a symbol, and the seconds to wait after it."""
        import numpy as np

        rng = np.random.default_rng(list(sha256(symbol.encode()).digest()))
        for attempt in range(1, self.attempts + 1):
            yield attempt, self.pause * 2 ** (attempt - 1) * rng.uniform(0.5, 1.5)
