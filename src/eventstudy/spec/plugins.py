"""Plug-ins named in a study file: entries, defaults, and options checked by the plug-in itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, ValidationError

from eventstudy import registry
from eventstudy.errors import UnknownNameError, did_you_mean, shown
from eventstudy.spec.base import Choice
from eventstudy.spec.fields import RefusedError, checked_id
from eventstudy.spec.messages import Finding, findings, unknown_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from eventstudy.spec.instrument import Instrument
    from eventstudy.yamlfile import Where

PACKAGES = {
    "model": "eventstudy.models",
    "statistic": "eventstudy.inference",
    "procedure": "eventstudy.placebo",
    "source": "eventstudy.sources",
}
"""Folder of the plug-ins of each kind."""

HEADLINE = Choice(name="placebo", label="placebo")
"""The procedure of the headline p-values, which runs beside any other."""

HEADLINE_OPTIONS = {"by": "state", "scale": "deviation"}
"""What makes a placebo the headline: days in the same state, and volatility known beforehand."""


def is_headline(choice: Choice) -> bool:
    """Tell whether a procedure gives headline p-values: not a variant for comparison."""
    own = choice.options
    same = all(own.get(key, value) == value for key, value in HEADLINE_OPTIONS.items())
    return choice.name == HEADLINE.name and same


def with_headline(procedures: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Return some procedures with that of the headline, in front where it is not named; none for none."""
    if not procedures or any(map(is_headline, procedures)):
        return procedures
    return HEADLINE, *procedures


def _entry(kind: str, value: object) -> object:
    """Return the parts of a choice that the file writes as a name or as a block with a name."""
    if isinstance(value, Choice):
        return value
    entry = {"name": value} if isinstance(value, str) else value
    if not isinstance(entry, dict):
        raise RefusedError("wrong-type", f"must be the name of a {kind}, or a block with its name")
    name = entry.get("name")
    if not isinstance(name, str):
        message = f"the block needs the name of a {kind}, as in `name: ...`"
        raise RefusedError("missing-key", message, at=("name",))
    try:
        registry.find(PACKAGES[kind], name, kind=kind)
    except UnknownNameError as error:
        at = () if isinstance(value, str) else ("name",)
        raise RefusedError("unknown-name", str(error), at=at) from error
    options = {key: option for key, option in entry.items() if key not in {"name", "label"}}
    return {"name": name, "label": _label(entry.get("label", name)), "options": options}


def _label(value: object) -> str:
    """Return the name under which results list a choice; it obeys the rule of ids."""
    if not isinstance(value, str):
        raise RefusedError("wrong-type", "must be text", at=("label",))
    try:
        return checked_id(value)
    except RefusedError as error:
        raise RefusedError(error.code, error.message, at=("label",)) from error


ModelEntry = Annotated[Choice, BeforeValidator(partial(_entry, "model"))]
StatisticEntry = Annotated[Choice, BeforeValidator(partial(_entry, "statistic"))]
ProcedureEntry = Annotated[Choice, BeforeValidator(partial(_entry, "procedure"))]
SourceEntry = Annotated[Choice, BeforeValidator(partial(_entry, "source"))]


def default_statistics() -> tuple[Choice, ...]:
    """Return every registered statistic that draws no random numbers."""
    known = registry.plugins(PACKAGES["statistic"])
    return tuple(
        Choice(name=name, label=name) for name, plugin in known.items() if not plugin.resampling
    )


def check_choice(
    kind: str, choice: Choice, where: Where, instruments: Mapping[str, Instrument]
) -> Iterator[Finding]:
    """Yield the mistakes in the options of one choice.

    Parameters
    ----------
    kind : {'model', 'statistic', 'procedure', 'source'}
        What is chosen.
    choice : Choice
        A plug-in that exists, with its options as the file gives them.
    where : tuple of str and int
        Place of the entry.
    instruments : mapping of str to Instrument
        Those that the options may name.
    """
    allowed = registry.options(registry.find(PACKAGES[kind], choice.name, kind=kind))
    for key in choice.options:
        if key not in allowed:
            named = f"option of the {kind} {choice.name!r} called"
            yield unknown_key(named, "unknown-option", (*where, key), allowed)
    values = {key: value for key, value in choice.options.items() if key in allowed}
    try:
        plugin = registry.build(PACKAGES[kind], choice.name, values, kind=kind)
    except ValidationError as error:
        yield from findings(error, where, keys_of=lambda _: allowed)
        return
    if kind == "source":
        for position, part in enumerate(getattr(plugin, "sources", ())):
            yield from check_choice(kind, part, (*where, "sources", position), instruments)
    if kind == "model":
        wanted = dict.fromkeys((request.instrument, request.kind) for request in plugin.inputs())
        places = {name: (*where, *place_of(name, values)) for name, _ in wanted}
        yield from _check_series(wanted, places, instruments)


def _check_series(
    wanted: Iterable[tuple[str, str]],
    places: Mapping[str, Where],
    instruments: Mapping[str, Instrument],
) -> Iterator[Finding]:
    """Yield the series that a model asks for, as prices or as returns, and cannot have."""
    for name, series in wanted:
        at = places[name]
        if name not in instruments:
            yield unknown_instrument(name, at, instruments)
        elif series == "price":
            yield from without_price(instruments[name], at)
        elif instruments[name].kind != "return":
            message = f"{name} is not a series of returns; choose an instrument of `kind: return`"
            yield Finding("price-or-return", at, message)


def place_of(name: str, values: Mapping[str, object]) -> Where:
    """Return the option that names an instrument, with the position in its list; () if none does."""
    for key, value in values.items():
        if value == name:
            return (key,)
        if isinstance(value, (list, tuple)) and name in value:
            return (key, value.index(name))
    return ()


def without_price(instrument: Instrument, where: Where) -> Iterator[Finding]:
    """Yield the mistake of a flow, or a series of returns, in the place of a price."""
    name, choose = instrument.id, "choose an index, stock or fund"
    if instrument.kind == "flow":
        message = f"{name} is a flow, not a price: it has no return; {choose}"
        yield Finding("flow-without-return", where, message)
    if instrument.kind == "return":
        yield Finding("price-or-return", where, f"{name} holds returns, not prices; {choose}")


def unknown_instrument(name: str, where: Where, instruments: Mapping[str, Instrument]) -> Finding:
    """Return the mistake of an id that stands for no instrument."""
    message = (
        f"there is no instrument {shown(name)}; allowed: {', '.join(sorted(instruments))}, or one that"
        f" the study describes under `instruments`{did_you_mean(name, instruments)}"
    )
    return Finding("unknown-instrument", where, message)
