"""The page of the keys of a simulation's design, from the classes that read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Keys = Callable[[Mapping[str, Any]], str]

INTRO = """# The design of a simulation

One YAML file for `eventstudy simulate`; [how to simulate](../how-to/simulate.md) teaches it by example.
Where a list is allowed, one value may stand without brackets; every combination of the lists is a cell of the
grid. Editors read the same rules from `docs/examples/simulation.schema.json`; `eventstudy schema simulation`
prints them."""


def simulation_page(keys: Keys, schema: Mapping[str, Any]) -> str:
    """Return the page.

    Parameters
    ----------
    keys : callable
        Makes the table of the keys of a block of a JSON Schema.
    schema : mapping
        The JSON Schema of designs.
    """
    parts = [INTRO, keys(_lists(schema))]
    for name in ("Law", "Factor", "Returns", "Groups"):
        block = schema["$defs"][name]
        parts += [f"## {name}", block["description"], keys(_lists(block))]
    return "\n\n".join(parts) + "\n"


def _lists(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return a block whose keys are lists where one value may stand without brackets."""
    keys = {
        name: {**rule, **rule["anyOf"][-1], "anyOf": ()} if "anyOf" in rule else rule
        for name, rule in block["properties"].items()
    }
    shown = {
        name: {key: part for key, part in rule.items() if key != "anyOf"}
        for name, rule in keys.items()
    }
    return {**block, "properties": shown}
