"""What akshare speaks through: the hosts of its sources only, nothing endless.

akshare asks by ``requests.get``, without limits of time or size and without looking at the status.
Importing this module imports requests; plug-ins do so inside their methods.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response, sessions

from eventstudy.errors import DataError, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

DOMAINS = ("sina.com.cn", "eastmoney.com")
"""Only these hosts and those under them are spoken to."""

LIMIT = 32 * 2**20
"""Most bytes of an answer that are taken, unpacked."""

CHUNK = 65536


class OutOfTimeError(Exception):
    """The time for all attempts is over."""


class TooLargeError(Exception):
    """An answer is larger than any proper one."""


class StatusError(Exception):
    """An answer says by its status that it is none."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(f"HTTP {status}")


@dataclass(slots=True)
class Watch:
    """Limits of the requests for one symbol, and the last answer.

    Attributes
    ----------
    timeout : float
        Most seconds without a byte.
    until : float
        When all must be over, as :func:`time.monotonic` counts.
    content : bytes
        Of the last answer.
    """

    timeout: float
    until: float
    content: bytes = b""

    def left(self) -> float:
        """Return the seconds that are left; raise when none is."""
        left = self.until - monotonic()
        if left <= 0:
            raise OutOfTimeError
        return left


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Have ``requests.get`` keep to limits, and note its answers.

    Proxy and authorities are those of the environment, as ever.
    """
    watch.content = b""

    class Watched(sessions.Session):
        """A session that takes whole answers within the limits."""

        def send(self, request: PreparedRequest, **options: Any) -> Response:  # noqa: ANN401 - the options of requests
            """Send one request; redirects come here again."""
            _refuse_foreign(request.url or "")
            options |= {"timeout": min(watch.timeout, watch.left()), "stream": True}
            answer = super().send(request, **options)
            if isinstance(answer.raw, BytesIO):
                return answer
            if answer.status_code >= 400:
                answer.close()
                raise StatusError(answer.status_code)
            watch.content = _whole(answer, watch)
            answer.raw = BytesIO(watch.content)
            return answer

    before = sessions.Session
    sessions.Session = Watched  # type: ignore[misc]  # the one place that `requests.get` looks at
    try:
        yield
    finally:
        sessions.Session = before  # type: ignore[misc]  # as it was


def _whole(answer: Response, watch: Watch) -> bytes:
    """Take an answer piece by piece, as it comes, up to the limits."""
    pieces: list[bytes] = []
    size = 0
    while piece := answer.raw.read1(CHUNK, decode_content=True):
        size += len(piece)
        if size > LIMIT:
            answer.close()
            raise TooLargeError
        pieces.append(piece)
        watch.left()
    return b"".join(pieces)


def _refuse_foreign(url: str) -> None:
    """Raise unless an address is https and of a source of akshare."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    known = any(host == domain or host.endswith(f".{domain}") for domain in DOMAINS)
    if parts.scheme != "https" or not known:
        raise DataError(
            f"akshare is sent to {shown(f'{parts.scheme}://{parts.netloc}')}, which is not https under"
            f" {' or '.join(DOMAINS)}; nothing was sent there: look at your proxy or firewall, or take the"
            " prices from another source"
        )
