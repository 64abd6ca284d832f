"""Yahoo's chart service on 127.0.0.1, with faults to order, for the unmodified client.

A throw-away authority signs a certificate for Yahoo's hosts; a proxy tunnels every host that the client
names to this process. The client learns of both as any program does, from its environment
(:attr:`Loopback.environment`), so the same server serves this process and the command line in another.
A host outside the book's own cannot be reached: the proxy has no other end.
"""

import datetime as dt
import json
import select
import socket
import socketserver
import ssl
import subprocess
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

HOSTS = (
    *("yahoo.com", "*.yahoo.com", "*.finance.yahoo.com"),
    *("finance.sina.com.cn", "datacenter-web.eastmoney.com"),
    "elsewhere.example",
)
STEP = 0.02
"""Seconds between two bytes of a slow body."""

EPOCH = dt.date(1970, 1, 1)


@dataclass
class Listed:
    """One symbol: bars (open, high, low, close, volume) by date, dividends, splits."""

    symbol: str
    zone: str
    bars: dict
    currency: str = "CNY"
    kind: str = "INDEX"
    opens_at: dt.time = dt.time(9, 30)
    dividends: dict = field(default_factory=dict)
    splits: dict = field(default_factory=dict)
    gains: dict = field(default_factory=dict)
    dividend_currency: str = ""

    def stamp(self, day):
        """The open of a date, in seconds since 1970."""
        return int(dt.datetime.combine(day, self.opens_at, ZoneInfo(self.zone)).timestamp())

    def chart(self, start, end, *, change=None):
        """The answer of the service for a range of instants, after `change` of its rows."""
        rows = [(self.stamp(day), *bar) for day, bar in sorted(self.bars.items())]
        rows = [row for row in rows if start <= row[0] < end]
        rows = change(rows) if change else rows
        body = {"meta": self._meta(), "indicators": {"quote": [{}], "adjclose": [{}]}}
        if rows:
            stamps, *columns = map(list, zip(*rows, strict=True))
            names = ("open", "high", "low", "close", "volume")
            quote = dict(zip(names, columns, strict=True))
            body["timestamp"] = stamps
            body["indicators"] = {
                "quote": [quote],
                "adjclose": [{"adjclose": self._adjusted(rows)}],
            }
            body["events"] = self._events(start, end)
        return {"chart": {"result": [body], "error": None}}

    def _adjusted(self, rows):
        """Closes as the service adjusts them: each dividend takes 1 - D / previous close off what precedes."""
        days = {self.stamp(day): amount for day, amount in self.dividends.items()}
        factor, closes = 1.0, []
        for position in range(len(rows) - 1, -1, -1):
            stamp, close = rows[position][0], rows[position][4]
            closes.append(None if close is None else close * factor)
            before = rows[position - 1][4] if position else None
            if stamp in days and before:
                factor *= 1 - days[stamp] / before
        return closes[::-1]

    def _events(self, start, end):
        """Dividends and splits in the service's words."""
        paid = {self.stamp(day): amount for day, amount in self.dividends.items()}
        split = {self.stamp(day): parts for day, parts in self.splits.items()}
        return {
            "dividends": {
                str(at): {"amount": amount, "date": at, "currency": self.dividend_currency}
                for at, amount in paid.items()
                if start <= at < end
            },
            "capitalGains": {
                str(at): {"amount": amount, "date": at}
                for at, amount in ((self.stamp(day), paid) for day, paid in self.gains.items())
                if start <= at < end
            },
            "splits": {
                str(at): {"date": at, "numerator": parts[0], "denominator": parts[1]}
                for at, parts in split.items()
                if start <= at < end
            },
        }

    def _meta(self):
        """What the service says of the symbol."""
        shift = dt.datetime(2024, 1, 2, tzinfo=ZoneInfo(self.zone)).utcoffset()
        period = {"timezone": "LCL", "start": 0, "end": 0, "gmtoffset": int(shift.total_seconds())}
        return {
            "currency": self.currency,
            "symbol": self.symbol,
            "instrumentType": self.kind,
            "exchangeTimezoneName": self.zone,
            "timezone": "LCL",
            "gmtoffset": int(shift.total_seconds()),
            "longName": f"Listed {self.symbol}",
            "priceHint": 2,
            "dataGranularity": "1d",
            "range": "",
            "validRanges": ["1d", "5d", "1mo", "1y", "5y", "max"],
            "currentTradingPeriod": dict.fromkeys(("pre", "regular", "post"), period),
        }


class Loopback:
    """The service: `book` of symbols, `faults` by symbol, and what was asked.

    `order(symbol, *faults)` sets what the next answers on a chart of the symbol are; a fault of
    :data:`FAULTS`, or "" for a proper answer. The last of `always` is repeated for ever.
    """

    def __init__(self, folder, listed):
        self.book = {one.symbol: one for one in listed}
        self.queue, self.always = {}, {}
        self.asked, self.hosts, self.sent = Counter(), Counter(), 0
        self.stopped = threading.Event()
        self.busy = self.most_busy = 0
        self._guard = threading.Lock()
        self.authority, proper, expired = _certificates(folder)
        self._contexts = {"": _context(*proper), "expired": _context(*expired)}
        self._chosen = ""
        context = _context(*proper)
        context.sni_callback = self._choose
        self._server = _serve(_Service(("127.0.0.1", 0), partial(self.connection, self), context))
        self._proxy = _serve(_Tunnels(("127.0.0.1", 0), partial(_Tunnel, self)))

    @property
    def connection(self):
        """What answers one connection."""
        return Chart

    def order(self, symbol, *faults, always=""):
        """Set the next answers on a symbol, and what follows them."""
        self.queue[symbol], self.always[symbol] = list(faults), always
        self._chosen = "expired" if always == "expired" else ""

    def heal(self):
        """Answer properly from now on, once no answer is under way, and forget what was asked."""
        for _ in range(200):
            if not self.busy or self.stopped.wait(0.01):
                break
        self.queue, self.always, self._chosen = {}, {}, ""
        self.asked.clear()
        self.hosts.clear()
        self.sent = self.most_busy = 0

    def fault(self, symbol):
        """Take the next fault of a symbol."""
        queue = self.queue.get(symbol)
        return queue.pop(0) if queue else self.always.get(symbol, "")

    @property
    def environment(self):
        """Where a client finds the proxy and the authority; nothing is exempt from the proxy."""
        proxy = f"http://127.0.0.1:{self._proxy.server_address[1]}"
        names = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
        bundles = ("CURL_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
        return {
            **dict.fromkeys(names, proxy),
            **dict.fromkeys(bundles, str(self.authority)),
            "NO_PROXY": "",
            "no_proxy": "",
        }

    @property
    def service(self):
        """Address of the service itself, where tunnels end."""
        return self._server.server_address

    def count(self, key, host):
        """Note one request."""
        with self._guard:
            self.asked[key] += 1
            self.hosts[host] += 1

    def work(self, change):
        """Note that an answer on a chart has begun or ended."""
        with self._guard:
            self.busy += change
            self.most_busy = max(self.most_busy, self.busy)

    def close(self):
        """End every thread."""
        self.stopped.set()
        for server in (self._proxy, self._server):
            server.shutdown()
            server.server_close()

    def _choose(self, connection, _host, _context):
        """Show the certificate that the day asks for."""
        connection.context = self._contexts[self._chosen]


class Chart(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"

    def __init__(self, service, *args):
        self.service = service
        super().__init__(*args)

    def log_message(self, *_):
        """Say nothing."""

    def do_GET(self):
        self.answer()

    def answer(self):
        """Answer on a chart, or on what the client asks around it."""
        host, path = self.headers.get("Host", "").partition(":")[0], urlsplit(self.path)
        parts = unquote(path.path).strip("/").split("/")
        if "chart" in parts:
            self.service.count(parts[-1], host)
            self.service.work(+1)
            try:
                self._chart(parts[-1], parse_qs(path.query))
            finally:
                self.service.work(-1)
            return
        self.service.count(host + path.path, host)
        self._around(host, path.path)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.service.count("POST", self.headers.get("Host", ""))
        self.reply(200, "ok", "text/html")

    def reply(self, code, body, kind="application/json", **headers):
        """Answer whole."""
        content = json.dumps(body).encode() if isinstance(body, dict) else body.encode()
        self._head(code, kind, **{"Content-Length": len(content), **headers})
        self.wfile.write(content)

    def _head(self, code, kind, **headers):
        self.send_response(code)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name, str(value))
        self.end_headers()

    def _around(self, host, path):
        """Cookie, crumb and consent."""
        if host == "fc.yahoo.com":
            until = dt.datetime.now(dt.UTC) + dt.timedelta(days=300)
            cookie = f"A3=d=x; Expires={until:%a, %d %b %Y %H:%M:%S} GMT; Domain=.yahoo.com; Path=/; Secure"
            self.reply(404, "", "text/html", **{"Set-Cookie": cookie})
        elif path.endswith("/getcrumb"):
            self.reply(200, "crumb", "text/plain")
        elif path == "/consent":
            fields = "".join(f'<input name="{n}" value="x">' for n in ("csrfToken", "sessionId"))
            self.reply(200, f"<form>{fields}</form>", "text/html")
        else:
            self.reply(404, {"finance": {"error": "unknown path"}})

    def _chart(self, symbol, query):
        """Answer on a chart, or do what is ordered instead."""
        fault, listed = self.service.fault(symbol), self.service.book.get(symbol)
        if fault in FAULTS:
            FAULTS[fault](self, listed, query)
        elif listed is None:
            _unknown(self, listed, query)
        else:
            self.reply(200, listed.chart(*_range(query), change=CHANGES.get(fault)))

    def part(self, content, announced):
        """Announce a length, send less of it."""
        self._head(200, "application/json", **{"Content-Length": announced})
        self.wfile.write(content)
        self.close_connection = True

    def drip(self, content):
        """Send byte by byte until the client hangs up or the server stops."""
        self._head(200, "application/json", **{"Content-Length": len(content)})
        for byte in content:
            if self.service.stopped.wait(STEP):
                break
            self.wfile.write(bytes([byte]))
        self.close_connection = True

    def flood(self, size, *, announced):
        """Send `size` bytes, with or without their number in front."""
        length = {"Content-Length": size} if announced else {"Connection": "close"}
        self._head(200, "application/json", **length)
        chunk = b" " * 65536
        with suppress(OSError):
            for _ in range(size // len(chunk)):
                self.wfile.write(chunk)
                self.service.sent += len(chunk)
        self.close_connection = True


def _range(query):
    """The instants that a request asks for; the last five of all dates without."""
    if "period1" in query:
        return int(query["period1"][0]), int(query["period2"][0])
    return -(2**40), 2**40


def _unknown(chart, _listed, _query):
    error = {"code": "Not Found", "description": "No data found, symbol may be delisted"}
    chart.reply(404, {"chart": {"result": None, "error": error}})


def _drop(chart, _listed, _query):
    chart.close_connection = True
    chart.connection.shutdown(socket.SHUT_RDWR)


def _whole(listed, query):
    return json.dumps(listed.chart(*_range(query))).encode()


def _truncate(chart, listed, query):
    content = _whole(listed, query)
    chart.part(content[: len(content) // 2], len(content))


def _other_zone(chart, listed, query):
    answer = listed.chart(*_range(query))
    answer["chart"]["result"][0]["meta"]["exchangeTimezoneName"] = "America/New_York"
    chart.reply(200, answer)


FAULTS = {
    "429": lambda chart, *_: chart.reply(429, "Too Many Requests\r\n", "text/plain"),
    "500": lambda chart, *_: chart.reply(500, "oops", "text/plain"),
    "malformed": lambda chart, *_: chart.reply(200, '{"chart": {"result": [{"meta": '),
    "html": lambda chart, *_: chart.reply(200, "<html>Sign in</html>", "text/html"),
    "down": lambda chart, *_: chart.reply(200, "<html>Will be right back</html>", "text/html"),
    "elsewhere": lambda chart, *_: chart.reply(
        302, "", "text/html", Location="https://elsewhere.example/v8/finance/chart/X"
    ),
    "moved": lambda chart, *_: chart.reply(302, "", "text/html", Location=chart.path),
    "plain": lambda chart, *_: chart.reply(
        302, "", "text/html", Location="http://query1.finance.yahoo.com/x"
    ),
    "unknown": _unknown,
    "drop": _drop,
    "slow": lambda chart, listed, query: chart.drip(_whole(listed, query)),
    "truncated": _truncate,
    "zone": _other_zone,
    "flood": lambda chart, *_: chart.flood(200_000_000, announced=False),
    "flood announced": lambda chart, *_: chart.flood(200_000_000, announced=True),
}
"""What may happen instead of an answer."""


def _with_nulls(rows):
    return [
        (row[0], *[None] * 5) if position in (3, 4) else row for position, row in enumerate(rows)
    ]


def _with_a_lie(rows):
    stamp, opened, high, low, close, volume = rows[5]
    return [*rows[:6], (stamp + 60, opened, high, low, close * 1.01, volume), *rows[6:]]


CHANGES = {
    "empty": lambda _rows: [],
    "nulls": _with_nulls,
    "twice": lambda rows: [*rows[:6], rows[5], *rows[6:]],
    "contradiction": _with_a_lie,
    "short": lambda rows: rows[: len(rows) // 2],
}
"""What may be wrong with the rows of an answer."""


class _Quiet:
    """A server whose threads end with it, and to which a client that hangs up is no news."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 32

    def handle_error(self, *_):
        """Say nothing."""


class _Service(_Quiet, ThreadingHTTPServer):
    def __init__(self, address, handler, context):
        super().__init__(address, handler)
        # The handshake belongs to the connection's own thread: a client that fails it blocks nobody.
        self.socket = context.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )


class _Tunnels(_Quiet, socketserver.ThreadingTCPServer):
    pass


class _Tunnel(socketserver.StreamRequestHandler):
    """One tunnel: whatever host is named, it ends at the service."""

    def __init__(self, service, *args):
        self.service = service
        super().__init__(*args)

    def handle(self):
        words = self.rfile.readline().decode("latin-1").split()
        while self.rfile.readline().strip():
            pass
        if not words or words[0] != "CONNECT":
            self.wfile.write(b"HTTP/1.1 405 no\r\nContent-Length: 0\r\n\r\n")
            return
        self.service.count(f"CONNECT {words[1].partition(':')[0]}", "")
        with socket.create_connection(self.service.service) as other, suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 ok\r\n\r\n")
            self._pass(self.connection, other)

    def _pass(self, one, other):
        """Carry bytes both ways until an end hangs up."""
        while not self.service.stopped.is_set():
            for end in select.select([one, other], [], [], 0.5)[0]:
                content = end.recv(65536)
                if not content:
                    return
                (other if end is one else one).sendall(content)


def _serve(server):
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server


def _context(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def _certificates(folder):
    """An authority, and two certificates by it: one good for two days, one that has expired."""
    names = {
        name: folder / name for name in ("ca.key", "ca.pem", "own.key", "request", "extensions")
    }
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    usage = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")
    names["extensions"].write_text(
        f"subjectAltName={','.join(f'DNS:{host}' for host in HOSTS)}\nbasicConstraints=CA:FALSE\n"
        "keyUsage=digitalSignature\nextendedKeyUsage=serverAuth\n"
        "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
    )
    subject = ("-subj", "/CN=loopback")
    _openssl(
        "req",
        "-x509",
        *key,
        *subject,
        *usage,
        "-days",
        2,
        "-keyout",
        names["ca.key"],
        "-out",
        names["ca.pem"],
    )
    _openssl("req", *key, *subject, "-keyout", names["own.key"], "-out", names["request"])
    signed = []
    for days in (2, -1):
        path = folder / f"days{days}.pem"
        by = ("-CA", names["ca.pem"], "-CAkey", names["ca.key"], "-CAcreateserial")
        _openssl(
            *("x509", "-req", "-in", names["request"], *by, "-days", days),
            *("-extfile", names["extensions"], "-out", path),
        )
        signed.append((path, names["own.key"]))
    return names["ca.pem"], *signed


def _openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
