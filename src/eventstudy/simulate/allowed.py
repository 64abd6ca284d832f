"""What of the plug-ins a simulation can do, and why not the others."""

from __future__ import annotations

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
    try:
        inputs = build_model(choice, MARKET).inputs()
    except OptionError:
        return "it needs more than the returns of a market by date"
    others = sorted({each.instrument for each in inputs} - {MARKET})
    if others:
        return (
            f"it needs {', '.join(others)}, and a sample has its securities and one market, named"
            f" {MARKET}, as constant_mean, market, market_adjusted, scholes_williams and dimson want it"
        )
    if any(each.kind == "return" for each in inputs):
        return f"it needs factors beside {MARKET}, and a sample has none"
    return ""


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
