"""Sina and Eastmoney on 127.0.0.1, with faults to order, for the unmodified functions of akshare.

Sina sends an index as bits in letters, which a script in akshare reads; :func:`letters` writes them.
"""

import datetime as dt
import json
import re
from urllib.parse import parse_qs, urlsplit

from tests.loopback import FAULTS, Chart, Loopback

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
"""Six bits each, the lowest first."""

EPOCH = dt.date(1990, 12, 19)
"""Dates are counted from here."""

DIGITS = 3
NORTHBOUND = "005"
"""What Eastmoney calls northbound flows."""

OTHERS = (
    *("MUTUAL_TYPE", "FUND_INFLOW", "QUOTA_BALANCE", "ACCUM_DEAL_AMT", "BUY_AMT", "SELL_AMT"),
    *("LEAD_STOCKS_CODE", "LEAD_STOCKS_NAME", "LS_CHANGE_RATE", "INDEX_CLOSE_PRICE"),
    *("INDEX_CHANGE_RATE", "HOLD_MARKET_CAP"),
)
"""What Eastmoney sends beside date and net purchases; of no interest here."""


def letters(bars):
    """Write bars (open, high, low, close, volume) by date as Sina does.

    After the head (kind of table, check, decimals, first date, shortest lengths) each bar says how its
    date or its lengths follow, then the open less the last close, the high above and the low below the
    open, the close less the open, and the change of the volume. Lengths are the same for all: 24 bits
    per price, 42 for the volume.
    """
    bits = []

    def put(value, count):
        bits.extend((value >> position) & 1 for position in range(count))

    days = sorted(bars)
    for value, count in ((1479, 12), (63, 6), (DIGITS, 6), ((days[0] - EPOCH).days, 18), (63, 6)):
        put(value, count)
    last = traded = 0
    for position, day in enumerate(days):
        opened, high, low, close = (round(price * 10**DIGITS) for price in bars[day][:4])
        put(32, 6)
        date, lengths = ((1, 6), ((day - EPOCH).days, 18)), ((63, 6), (1 + 8 * 7, 6))
        changes = (opened - last, high - opened, opened - low, close - opened)
        sizes = (*((change, 24) for change in changes), (bars[day][4] - traded, 42))
        for value, count in (*(date if position else lengths), *sizes):
            put(value, count)
        last, traded = close, bars[day][4]
    sixes = (bits[start : start + 6] for start in range(0, len(bits), 6))
    return "".join(LETTERS[sum(bit << place for place, bit in enumerate(six))] for six in sixes)


class China(Loopback):
    """Both services: `bars` by symbol of Sina, `flows` by date, million CNY."""

    def __init__(self, folder, bars, flows):
        super().__init__(folder, ())
        self.bars, self.flows = bars, flows
        self.written = {symbol: f'var KLC="{letters(rows)}";' for symbol, rows in bars.items()}

    @property
    def connection(self):
        """What answers one connection."""
        return _Desk


class _Desk(Chart):
    """One connection of a client."""

    def answer(self):
        """Answer on a symbol, or do what is ordered instead."""
        host, address = self.headers.get("Host", ""), urlsplit(self.path)
        query = parse_qs(address.query)
        if "filter" in query:
            symbol = re.search(r'"(\d+)"', query["filter"][0])[1]
            content = self._flows(symbol, int(query["pageNumber"][0]))
        else:
            symbol = address.path.split("/")[3]
            content = self.service.written.get(symbol, "")
        self.service.count(symbol, host)
        fault = self.service.fault(symbol)
        if fault in ORDERS:
            ORDERS[fault](self, content.encode())
        elif fault in FAULTS:
            FAULTS[fault](self, None, None)
        elif not content:
            self.reply(404, "<html>not found</html>", "text/html")
        else:
            self.reply(200, content, "application/x-javascript")

    def _flows(self, symbol, page):
        """One of two pages, the newest first."""
        rows = sorted(self.service.flows.items(), reverse=True) if symbol == NORTHBOUND else []
        half = len(rows) // 2
        shown = rows[half * (page - 1) : half if page == 1 else None]
        data = [
            {"TRADE_DATE": f"{day} 00:00:00", "NET_DEAL_AMT": flow, **dict.fromkeys(OTHERS, 1.0)}
            for day, flow in shown
        ]
        return json.dumps({"result": {"pages": 2, "data": data} if rows else None})


ORDERS = {
    "slow": lambda desk, content: desk.drip(content),
    "truncated": lambda desk, content: desk.part(content[: len(content) // 2], len(content)),
    "nothing": lambda desk, _: desk.reply(200, "", "text/plain"),
    "no rows": lambda desk, _: desk.reply(
        200, '{"result": null}' if "api" in desk.path else 'var KLC="";', "text/plain"
    ),
    "403": lambda desk, _: desk.reply(403, "no", "text/plain"),
}
"""What may happen instead of an answer, beside what may at Yahoo."""
