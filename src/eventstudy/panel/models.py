"""Models as the command line writes them: a name, with options behind colons."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from eventstudy.errors import OptionError, UnknownNameError
from eventstudy.models.base import bridges_gaps
from eventstudy.registry import build, find, options
from eventstudy.spec import Choice
from eventstudy.spec.messages import findings
from eventstudy.spec.plugins import PACKAGES

if TYPE_CHECKING:
    from eventstudy.models.base import Model


def read_model(text: str) -> Choice:
    """Return the model that ``NAME:OPTION=VALUE:OPTION=VALUE,VALUE`` writes; its label is the text.

    Raises
    ------
    UnknownNameError
        When there is no such model.
    OptionError
        When what follows the name is no list of options of it, each once.

    Examples
    --------
    >>> read_model("comparison_group:peers=F01,F02:weights=F01=3,F02=1").options
    {'peers': ['F01', 'F02'], 'weights': {'F01': '3', 'F02': '1'}}
    """
    name, *parts = text.split(":")
    plugin = find(PACKAGES["model"], name, kind="model")
    values: dict[str, object] = {}
    for part in parts:
        key, equals, value = part.partition("=")
        if not equals or not value:
            raise OptionError(
                f"--model {text}: {part!r} is not an option; write --model {name}:OPTION=VALUE, with"
                f" commas in a list, of the options {', '.join(options(plugin))}"
            )
        if key not in options(plugin):
            error = UnknownNameError(f"option of the model {name!r} called", key, options(plugin))
            raise OptionError(f"--model {text}: {error}") from error
        if key in values:
            raise OptionError(f"--model {text}: {key} stands twice; keep one")
        values[key] = _value(plugin, key, value)
    return Choice(name=name, label=text, options=values)


def _value(plugin: type[Any], key: str, text: str) -> object:
    """Return what an option's text stands for: a list, a mapping, or the text itself."""
    rule = TypeAdapter(plugin).json_schema()["properties"][key]
    kinds = {part.get("type") for part in rule.get("anyOf", [rule])}
    if "array" in kinds:
        return text.split(",")
    if "object" in kinds:
        pairs = (part.partition("=") for part in text.split(","))
        return {name: value for name, _, value in pairs}
    return text


def build_model(choice: Choice, market: str) -> Model:
    """Return a model that takes the market as its benchmark unless its options name another.

    Raises
    ------
    OptionError
        When the model needs a market and there is none, an option is missing or has a value that it
        does not allow.
    """
    plugin, values = find(PACKAGES["model"], choice.name, kind="model"), dict(choice.options)
    if "benchmark" in options(plugin) and "benchmark" not in values:
        if not market:
            raise OptionError(
                f"the model {choice.name} needs the market's returns; name them with --market"
            )
        values["benchmark"] = market
    unset = [
        field.name
        for field in fields(plugin)
        if field.default is MISSING
        and field.default_factory is MISSING
        and field.name not in values
    ]
    if unset:
        raise OptionError(
            f"the model {choice.name} needs {', '.join(unset)}; write"
            f" --model {choice.label}:{unset[0]}=…, with commas between several"
        )
    try:
        model: Model = build(PACKAGES["model"], choice.name, values, kind="model")
    except ValidationError as error:
        wrong = next(findings(error, (), keys_of=lambda _: options(plugin)))
        place = ".".join(map(str, wrong.where))
        raise OptionError(f"--model {choice.label}: {place}: {wrong.message}") from error
    _refuse_unmet(model, choice)
    return model


def _refuse_unmet(model: Model, choice: Choice) -> None:
    """Raise where a model asks for what a panel does not have: trading hours, or log returns."""
    if bridges_gaps(model):
        raise OptionError(
            f"--model {choice.label}: returns from trade to trade are log returns made from prices, and"
            " this command works with simple returns; write a study file with `returns: log`"
        )
    if any(request.lag != "none" for request in model.inputs()):
        raise OptionError(
            f"--model {choice.label}: the tables hold dates and no trading hours, so that nothing can be"
            " matched by closing times; write a study file for it"
        )
