"""Instruments: what a ticker in a study file stands for."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from eventstudy.spec.base import Entry
from eventstudy.spec.fields import Calendar, Id, Ids, RefusedError, Text, Zone

if TYPE_CHECKING:
    from collections.abc import Mapping


Names = dict[Literal["zh-Hans"], Text]
"""Names by language."""

Kind = Literal["index", "stock", "fund", "flow", "return"]


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
    names : dict of str to str
        Name in other languages, by language of the report, e.g. ``{zh-Hans: 恒生科技}``; wide and narrow
        tables share it.
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
    proxies : dict of str to str
        Per data source whose symbol only stands for the instrument, what it is, e.g. ``{yahoo: tracker
        fund 3033.HK}``. Its prices count as those of a fund, and every page says so.
    """

    id: Id
    name: Text
    short: Text = Field(default_factory=_same_as_name)
    names: Names = Field(default_factory=dict)
    calendar: Calendar
    timezone: Zone
    currency: str = ""
    kind: Kind = "index"
    symbols: dict[str, str] = Field(default_factory=dict)
    proxies: dict[str, str] = Field(default_factory=dict)

    def called(self, language: str, *, short: bool = False) -> str:
        """Return the name in a language: that of the study file where it gives none."""
        own = (name for key, name in self.names.items() if key == language)
        return next(own, self.short if short else self.name)


class Instruments(Entry):
    """One instrument as a study file describes it, or several that share all but the id.

    The keys mean what :class:`Instrument` says; here is what differs.

    Attributes
    ----------
    id : str or list of str
        The name used in study files and results, e.g. ``CSI300``; or a list of them, such as the
        firms of a panel, each of which becomes an instrument.
    name : str
        Name for readers, e.g. ``Hang Seng TECH``; the id unless given.
    """

    id: Ids
    name: Text | None = None
    short: Text | None = None
    names: Names = Field(default_factory=dict)
    calendar: Calendar
    timezone: Zone
    currency: str = ""
    kind: Kind = "index"
    symbols: dict[str, str] = Field(default_factory=dict)
    proxies: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_name_for_one(self) -> Instruments:
        """Refuse what can belong to one instrument only."""
        for key in ("name", "short", "names", "symbols", "proxies"):
            if len(self.id) > 1 and getattr(self, key):
                message = (
                    f"belongs to one instrument, not to {len(self.id)}; write a block for each"
                )
                raise RefusedError("bad-value", message, at=(key,))
        return self

    def each(self) -> tuple[Instrument, ...]:
        """Return the instruments that the block describes."""
        given = {key: getattr(self, key) for key in self.model_fields_set - {"id"}}
        return tuple(Instrument(**{"name": name, **given, "id": name}) for name in self.id)


@cache
def built_in() -> Mapping[str, Instrument]:
    """Return the instruments that every study knows, by id."""
    from eventstudy.yamlfile import read

    entries = read(Path(__file__).with_name("instruments.yaml")).data["instruments"]
    return {entry["id"]: Instrument.model_validate(entry) for entry in entries}
