"""What of the plug-ins a simulation can do, and why not the others."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING

from eventstudy.errors import OptionError, did_you_mean, shown
from eventstudy.panel.models import build_model
from eventstudy.registry import find, options
from eventstudy.spec.fields import RefusedError
from eventstudy.spec.plugins import PACKAGES, check_choice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventstudy.spec.base import Choice
    from eventstudy.spec.messages import Finding

MARKET = "MARKET"
"""Name of the market's series, for models."""


def simulated_models(models: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Refuse options that a model does not have, and models that ask for more than the market's return."""
    for position, choice in enumerate(models):
        _refuse(position, _model_findings(choice))
        why = _unmet(choice)
        if why:
            message = f"{choice.name} cannot be simulated: {why}"
            raise RefusedError("bad-value", message, at=(position,))
    return models


def simulated_statistics(statistics: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Refuse options that a test does not have."""
    for position, choice in enumerate(statistics):
        _refuse(position, check_choice("statistic", choice, (), {}))
    return statistics


def contrasts(statistics: tuple[Choice, ...]) -> frozenset[str]:
    """Return the labels of the tests that hold one group against the other events."""
    return frozenset(choice.label for choice in statistics if is_contrast(choice.name))


def is_contrast(statistic: str) -> bool:
    """Tell whether a test holds one group of events against the others."""
    scope: str = find(PACKAGES["statistic"], statistic, kind="statistic").scope
    return scope == "contrast"


def refuse_contrasts(statistics: tuple[Choice, ...]) -> None:
    """Refuse tests that compare two groups, for samples that are one."""
    for position, choice in enumerate(statistics):
        if is_contrast(choice.name):
            message = (
                f"{choice.name} holds one group of events against the others, and a sample has one group; add"
                " `groups: {share: 0.5}`, or leave it out"
            )
            raise RefusedError("bad-value", message, at=("statistics", position))


def _refuse(position: int, found: Iterator[Finding]) -> None:
    """Raise the first mistake in the options of a choice."""
    for code, where, message, _ in found:
        raise RefusedError(code, message, at=(position, *where))


def _model_findings(choice: Choice) -> Iterator[Finding]:
    """Yield the mistakes in a model's options; its benchmark is the market unless it is named."""
    known = options(find(PACKAGES["model"], choice.name, kind="model"))
    market = {"benchmark": MARKET} if "benchmark" in known else {}
    whole = choice.model_copy(update={"options": {**market, **choice.options}})
    later = {
        "unknown-instrument",
        "price-or-return",
        "missing-key",
    }  # what it asks for is looked at then
    return (each for each in check_choice("model", whole, (), {}) if each.code not in later)


def _unmet(choice: Choice) -> str:
    """Return what a model asks for that no sample has; no text where it asks for nothing else."""
    absent = missing(choice)
    try:
        inputs = build_model(filled(choice), MARKET).inputs()
    except OptionError:
        return "it needs more than the returns of a market by date"
    others = sorted({each.instrument for each in inputs if each.kind == "price"} - {MARKET})
    if others and absent:
        return f"it needs the prices of its {', '.join(absent)}, and a sample has one market alone"
    if others:
        return (
            f"it needs {', '.join(others)}, and a sample has its securities and one market, named"
            f" {MARKET}, as constant_mean, market, market_adjusted, scholes_williams and dimson want it"
        )
    if absent:
        return f"it needs {', '.join(absent)}; write `{{name: {choice.name}, {absent[0]}: [{MARKET}]}}`"
    return ""


def missing(choice: Choice) -> tuple[str, ...]:
    """Return the options that a model needs and a choice does not set; the benchmark is the market."""
    plugin = find(PACKAGES["model"], choice.name, kind="model")
    return tuple(
        field.name
        for field in fields(plugin)
        if field.default is MISSING
        and field.default_factory is MISSING
        and field.name not in {"benchmark", *choice.options}
    )


def filled(choice: Choice) -> Choice:
    """Return a choice whose missing options name a series, to see what its model asks for."""
    return choice.model_copy(
        update={"options": {**dict.fromkeys(missing(choice), ("F",)), **choice.options}}
    )


def factors(choice: Choice) -> tuple[str, ...]:
    """Return the series of returns that a model asks for, in its order."""
    inputs = build_model(choice, MARKET).inputs()
    return tuple(each.instrument for each in inputs if each.kind == "return")


def refuse_factors(models: tuple[Choice, ...], known: tuple[str, ...], *, data: bool) -> None:
    """Refuse models that ask for series of returns which samples do not have."""
    for position, choice in enumerate(models):
        unknown = [name for name in factors(choice) if name not in known]
        if unknown:
            series = ", ".join(f"{name}: {{sigma: 0.5}}" for name in unknown)
            cure = (
                "samples of observed returns have none; leave it out"
                if data
                else f"write them as `law: {{factors: {{{series}}}}}`"
            )
            close = did_you_mean(unknown[0], known)
            message = f"{choice.name} needs the factors {', '.join(unknown)}; {cure}{close}"
            raise RefusedError("bad-value", message, at=("models", position))


def reach(choice: Choice) -> int:
    """Return how many sessions before or after its own a model wants the market's return of."""
    return max((abs(each.shift) for each in build_model(choice, MARKET).inputs()), default=0)


def refuse_unknown(market: str, securities: tuple[str, ...]) -> None:
    """Refuse instruments of which the embedded data have no prices."""
    from eventstudy.simulate.pool import embedded

    known = embedded()
    for place, name in (
        (("market",), market),
        *((("securities", n), s) for n, s in enumerate(securities)),
    ):
        if name not in known:
            message = (
                f"the embedded data have no prices of {shown(name)}; allowed: {', '.join(known)}"
                f"{did_you_mean(name, known)}"
            )
            raise RefusedError("unknown-instrument", message, at=place)
