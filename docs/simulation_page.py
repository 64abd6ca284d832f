"""The page of the keys of a simulation's design, from the classes that read it."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Keys = Callable[[Mapping[str, Any]], str]

INTRO = """# The design of a simulation

One YAML file for `eventstudy simulate`; [how to simulate](../how-to/simulate.md) teaches it by example.
Where a list is allowed, one value may stand without brackets; every combination of the lists is a cell of the
grid."""

CHOSEN = {"models": "model", "statistics": "statistic"}
MODELS = ["market"]


def simulation_page(keys: Keys) -> str:
    """Return the page.

    Parameters
    ----------
    keys : callable
        Makes the table of the keys of a block of a JSON Schema.
    """
    from eventstudy.simulate import Law, Returns, Simulation

    parts = [INTRO, keys(_block(Simulation))]
    for block in (Law, Returns):
        opening = (inspect.getdoc(block) or "").split("\n\n", maxsplit=1)[0]
        parts += [f"## {block.__name__}", opening, keys(_block(block))]
    return "\n\n".join(parts) + "\n"


def _block(block: type[Any]) -> dict[str, Any]:
    """Return the JSON Schema of a block with the meaning of every key."""
    from eventstudy.spec.schema import notes

    schema: dict[str, Any] = block.model_json_schema()
    meanings = notes(block)
    for name, rule in schema["properties"].items():
        rule["description"] = meanings[name]
        rule["anyOf"] = [part for part in rule.get("anyOf", ()) if part != {"type": "null"}]
        if not rule["anyOf"]:
            del rule["anyOf"]
        if name in CHOSEN:
            rule["items"] = {"$ref": f"#/$defs/{CHOSEN[name]}"}
    if "models" in schema["properties"]:
        schema["properties"]["models"]["default"] = MODELS
    return schema
