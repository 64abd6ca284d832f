"""The session that the client speaks through: Yahoo's hosts only, nothing endless.

Importing this module imports curl_cffi; plug-ins do so inside their methods.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from curl_cffi import CurlOpt
from curl_cffi.curl import CURL_WRITEFUNC_ERROR
from curl_cffi.requests import Response, Session

from eventstudy.errors import DataError, shown

if TYPE_CHECKING:
    from curl_cffi.requests.session import HttpMethod

DOMAIN = "yahoo.com"
"""Only this host and those under it are spoken to."""

LIMIT = 32 * 2**20
"""Most bytes of an answer that are taken, unpacked; 36 years of one symbol are one thirtieth."""

HOPS = 8
"""Most redirects of one request."""

REDIRECTS = (301, 302, 303, 307, 308)
KEEP_METHOD = (307, 308)
CHART = "/v8/finance/chart/"


class OutOfTimeError(Exception):
    """The time for all attempts is over; the client does not take it for a passing fault."""


class TooLargeError(Exception):
    """An answer is larger than any proper one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The last answer on prices that a thread got: HTTP status, type of content, content."""

    status: int
    kind: str
    content: bytes


class _Body:
    """Collect an answer piece by piece, and stop at a limit."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    @property
    def over(self) -> bool:
        """Whether the limit is passed."""
        return self._size > LIMIT

    def take(self, piece: bytes) -> int:
        """Keep a piece, or end the transfer."""
        self._size += len(piece)
        if self.over:
            self._pieces.clear()
            return CURL_WRITEFUNC_ERROR
        self._pieces.append(piece)
        return len(piece)

    def whole(self) -> bytes:
        """Return everything."""
        return b"".join(self._pieces)


class YahooSession(Session[Response]):
    """A browser's session that asks Yahoo over https alone, within limits of time and size.

    Parameters
    ----------
    timeout : float
        Most seconds for one request, from its first byte to its last.

    Notes
    -----
    Proxy and authorities are those of the environment, as for curl itself. Limits are per thread:
    :meth:`begin` starts the clock of one symbol.
    """

    def __init__(self, timeout: float) -> None:
        super().__init__(
            impersonate="chrome",
            timeout=timeout,
            curl_options={CurlOpt.MAXFILESIZE_LARGE: LIMIT, CurlOpt.PROTOCOLS_STR: "https"},
        )
        self._longest = timeout
        self._mine = threading.local()

    def begin(self, seconds: float) -> None:
        """Give this thread so many seconds for all that follows."""
        self._mine.until = monotonic() + seconds

    def forget(self) -> None:
        """Forget the last answer that this thread got."""
        self._mine.answer = None

    def left(self) -> float:
        """Return the seconds that this thread still has; without end before :meth:`begin`."""
        until: float = getattr(self._mine, "until", float("inf"))
        return until - monotonic()

    @property
    def answer(self) -> Answer | None:
        """The last answer on prices that this thread got."""
        found: Answer | None = getattr(self._mine, "answer", None)
        return found

    def request(self, method: HttpMethod, url: str, *_: Any, **options: Any) -> Response:  # noqa: ANN401 - the options of curl_cffi
        """Ask, and follow redirects within Yahoo's own hosts.

        Raises
        ------
        DataError
            When the address or a redirect leads to another host.
        """
        for _hop in range(HOPS):
            _refuse_foreign(url)
            answer = self._ask(method, url, options)
            place = answer.headers.get("location") if answer.status_code in REDIRECTS else None
            if not place:
                return answer
            url = urljoin(url, place)
            options.pop("params", None)
            if answer.status_code not in KEEP_METHOD:
                method = "GET"
                options = {key: options[key] for key in options if key not in ("data", "json")}
        raise DataError(
            f"Yahoo redirects in circles (last to {shown(url)}); try again later, or take the prices"
            " from another source"
        )

    def _ask(self, method: HttpMethod, url: str, options: dict[str, Any]) -> Response:
        """Send one request and take its answer up to the limit."""
        left = self.left()
        if left <= 0:
            raise OutOfTimeError
        longest = options.get("timeout")
        wanted = longest if isinstance(longest, (int, float)) else left
        # curl counts whole milliseconds, and zero of them as no limit.
        seconds = max(min(wanted, self._longest, left), 0.001)
        body = _Body()
        bounded = {**options, "timeout": seconds, "allow_redirects": False}
        try:
            answer = super().request(method, url, content_callback=body.take, **bounded)
        except OSError as error:
            if body.over or getattr(error, "code", 0) == 63:
                raise TooLargeError from error
            raise
        answer.content = body.whole()
        if CHART in urlsplit(url).path:
            kind = answer.headers.get("content-type") or ""
            self._mine.answer = Answer(answer.status_code, kind, answer.content)
        return answer


def _refuse_foreign(url: str) -> None:
    """Raise unless an address is https and under Yahoo's domain."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or parts.port not in (None, 443):
        raise DataError(
            f"Yahoo redirects to {shown(f'{parts.scheme}://{parts.netloc}')}, which is not https; nothing"
            " was sent there: look at your proxy, or take the prices from another source"
        )
    if host != DOMAIN and not host.endswith(f".{DOMAIN}"):
        raise DataError(
            f"Yahoo redirects to the host {shown(host)}, which is not under {DOMAIN}; nothing was sent"
            " there: look at your proxy or firewall, or take the prices from another source"
        )
