"""The JSON Schema of designs of simulations, from which editors complete and check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eventstudy.registry import plugins
from eventstudy.simulate.allowed import (
    MARKET,
    is_contrast,
    simulated_models,
    simulated_statistics,
)
from eventstudy.simulate.design import Law, Returns, Simulation
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
    for block in (Simulation, Groups, Law, Returns):
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
    schema["if"], schema["then"] = {"not": {"required": ["groups"]}}, _one_group()
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
    return {"properties": {"statistics": statistics}}


def _allowed(kind: str, refuse: Refuse) -> Schema:
    """Return the schemas of the plug-ins of a kind that can be simulated; the benchmark is the market."""
    blocks = definitions(kind)
    names = [name.partition(".")[2] for name in blocks if "." in name]
    kept = [name for name in names if _passes(name, refuse)]
    chosen = {f"{kind}.{name}": blocks[f"{kind}.{name}"] for name in kept}
    for block in chosen.values():
        if "benchmark" in block["properties"]:
            block["properties"]["benchmark"]["default"] = MARKET
            block["required"].remove("benchmark")
    return {kind: {**blocks[kind], "enum": kept}, **chosen}


def _passes(name: str, refuse: Refuse) -> bool:
    """Tell whether a plug-in can be simulated with nothing but its name."""
    try:
        refuse((Choice(name=name, label=name),))
    except RefusedError:
        return False
    return True
