"""The JSON Schema of designs of simulations, from which editors complete and check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eventstudy.registry import plugins
from eventstudy.simulate.allowed import (
    MARKET,
    factors,
    filled,
    is_contrast,
    missing,
    simulated_models,
    simulated_statistics,
)
from eventstudy.simulate.design import Law, Returns, Simulation
from eventstudy.simulate.factors import Factor
from eventstudy.simulate.groups import Groups
from eventstudy.simulate.lists import GARCH, TAILS, Several
from eventstudy.spec.base import Choice
from eventstudy.spec.fields import RefusedError
from eventstudy.spec.plugins import PACKAGES
from eventstudy.spec.schema import definitions, describe, notes, without_null

Schema = dict[str, Any]
Refuse = Callable[[tuple[Choice, ...]], object]

LARGEST = 999
"""Most degrees of freedom of a law with tails."""
ITEMS = {
    "tails": [
        {"type": "string", "pattern": f"^({TAILS.pattern})$"},
        {"type": "integer", "minimum": 3, "maximum": LARGEST},
    ],
    "garch": [{"type": "string", "pattern": f"^({GARCH.pattern})$"}],
}
"""What stands in the lists that Python reads as text."""
CHOSEN: dict[str, tuple[str, Refuse]] = {
    "models": ("model", simulated_models),
    "statistics": ("statistic", simulated_statistics),
}
"""Where plug-ins are chosen, their kind, and what refuses those that cannot be simulated."""


def simulation_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of what the design of a simulation may say.

    Returns
    -------
    dict
        Every key with its meaning, type and default; the registered models and statistics with their options.
        Where a list makes a dimension of the grid one value may stand without brackets.

    References
    ----------
    JSON Schema, draft 2020-12, https://json-schema.org/draft/2020-12/schema.
    """
    schema = without_null(Simulation.model_json_schema())
    blocks = schema.pop("$defs")
    blocks.pop("Choice")
    for block in (Simulation, Factor, Groups, Law, Returns):
        part = schema if block is Simulation else blocks[block.__name__]
        describe(part, notes(block))
        for name, field in block.model_fields.items():
            rule = part["properties"][name]
            if name in ITEMS:
                rule["items"] = {"anyOf": ITEMS[name]}
            if "items" in rule and rule.pop("minLength", 0):
                rule["minItems"] = 1
            if Several in field.metadata:
                part["properties"][name] = _one_or_more(rule)
    for key, (kind, refuse) in CHOSEN.items():
        known = _allowed(kind, refuse)
        blocks |= known
        schema["properties"][key]["items"] = {"anyOf": [{"$ref": f"#/$defs/{n}"} for n in known]}
    schema["properties"]["models"]["default"] = ["market"]
    schema["allOf"] = [_one_group(), _no_factors(blocks["model"]["enum"])]
    blocks["Returns"]["properties"]["file"].pop("default")
    blocks["Returns"]["oneOf"] = [{"required": ["file"]}, {"required": ["source"]}]
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {**dialect, **schema, "title": "Simulation", "$defs": dict(sorted(blocks.items()))}


def _one_or_more(rule: Schema) -> Schema:
    """Return a list of a rule as one that may also be a single value."""
    about: Schema = {key: rule.pop(key) for key in ("description", "default") if key in rule}
    return {**about, "anyOf": [rule["items"], rule]}


def _one_group() -> Schema:
    """Return what holds where a sample is one group: no test of two."""
    names = [name for name in plugins(PACKAGES["statistic"]) if is_contrast(name)]
    block = {"type": "object", "properties": {"name": {"enum": names}}, "required": ["name"]}
    statistics = {"items": {"not": {"anyOf": [{"enum": names}, block]}}}
    then = {"properties": {"statistics": statistics}}
    return {"if": {"not": {"required": ["groups"]}}, "then": then}


def _no_factors(names: list[str]) -> Schema:
    """Return what holds where a law has no factors: no model that asks for some unless told otherwise."""
    asking = [name for name in names if factors(_named(name))]
    has = {"properties": {"law": {"required": ["factors"]}}, "required": ["law"]}
    then = {"properties": {"models": {"items": {"not": {"enum": asking}}}}}
    return {"if": {"not": has}, "then": then}


def _allowed(kind: str, refuse: Refuse) -> Schema:
    """Return the schemas of the plug-ins of a kind that can be simulated; the benchmark is the market."""
    blocks = definitions(kind)
    names = [name.partition(".")[2] for name in blocks if "." in name]
    kept = [name for name in names if _passes(name, kind, refuse)]
    chosen = {f"{kind}.{name}": blocks[f"{kind}.{name}"] for name in kept}
    for block in chosen.values():
        if "benchmark" in block["properties"]:
            block["properties"]["benchmark"]["default"] = MARKET
            block["required"].remove("benchmark")
    bare = [name for name in kept if kind != "model" or not missing(_named(name))]
    return {kind: {**blocks[kind], "enum": bare}, **chosen}


def _passes(name: str, kind: str, refuse: Refuse) -> bool:
    """Tell whether a plug-in can be simulated with nothing but its name and the options that it needs."""
    choice = _named(name)
    try:
        refuse((filled(choice) if kind == "model" else choice,))
    except RefusedError:
        return False
    return True


def _named(name: str) -> Choice:
    """Return the choice of a plug-in by its name alone."""
    return Choice(name=name, label=name)
