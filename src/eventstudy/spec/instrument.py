"""Instruments: what a ticker in a study file stands for."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from eventstudy.spec.base import Entry
from eventstudy.spec.fields import Calendar, Id, Text, Zone

if TYPE_CHECKING:
    from collections.abc import Mapping


def _same_as_name(known: dict[str, Any]) -> str:
    return str(known["name"])


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
    kind : {'index', 'stock', 'fund', 'flow', 'return'}
        ``flow`` series have no return: net purchases per session. ``return`` series are returns
        already: factors and risk-free rates.
    symbols : dict of str to str
        Symbol per data source.
    """

    id: Id
    name: Text
    short: Text = Field(default_factory=_same_as_name)
    calendar: Calendar
    timezone: Zone
    currency: str = ""
    kind: Literal["index", "stock", "fund", "flow", "return"] = "index"
    symbols: dict[str, str] = Field(default_factory=dict)


@cache
def built_in() -> Mapping[str, Instrument]:
    """Return the instruments that every study knows, by id."""
    from eventstudy.yamlfile import read

    entries = read(Path(__file__).with_name("instruments.yaml")).data["instruments"]
    return {entry["id"]: Instrument.model_validate(entry) for entry in entries}
