"""Instruments: what a ticker in a study file stands for."""

from __future__ import annotations

from typing import Literal

from eventstudy.spec.base import Entry


class Instrument(Entry):
    """One series that can be studied or used as a benchmark.

    Attributes
    ----------
    id : str
        The name used in study files and results, e.g. ``CSI300``.
    name : str
        Name for readers, e.g. ``Hang Seng TECH``.
    short : str
        Name for narrow tables; `name` unless given.
    calendar : str
        Code of the exchange calendar, e.g. ``XSHG``, ``XHKG``, ``XNYS``.
    timezone : str
        Time zone of the exchange, e.g. ``Asia/Shanghai``.
    currency : str
        Currency of the prices, ISO 4217.
    kind : {'index', 'stock', 'fund', 'flow'}
        ``flow`` series have no return: net purchases per session.
    symbols : dict of str to str
        Symbol per data source.
    """

    id: str
    name: str
    short: str = ""
    calendar: str
    timezone: str
    currency: str = ""
    kind: Literal["index", "stock", "fund", "flow"] = "index"
    symbols: dict[str, str] = {}
