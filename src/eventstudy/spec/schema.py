"""The JSON Schema of study files, from which editors complete and check."""

from __future__ import annotations

import inspect
import re
from typing import Any

from pydantic import TypeAdapter

from eventstudy import registry
from eventstudy.spec.design import Robustness
from eventstudy.spec.draft import BLOCKS, Draft, Variants
from eventstudy.spec.fields import ID_SCHEMA
from eventstudy.spec.instrument import Instrument, Instruments
from eventstudy.spec.plugins import PACKAGES
from eventstudy.spec.presentation import SECTIONS, Presentation
from eventstudy.spec.study import Study

Schema = dict[str, Any]

BECOMES = {Draft: Study, Instruments: Instrument, Variants: Robustness}
"""What a block of the file becomes, where that says what the keys mean."""

SECTION = re.compile(r"^(?:Attributes|Parameters)\n-+\n(.*?)(?:\n\n|\Z)", re.MULTILINE | re.DOTALL)
NOTE = re.compile(r"^(\w[\w, ]*?) : .*\n((?: {4}.*(?:\n|\Z))+)", re.MULTILINE)


def json_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of what a study file may say.

    Returns
    -------
    dict
        Every key with its meaning, type and default; the registered models, statistics and sources
        with their options.

    References
    ----------
    JSON Schema, draft 2020-12, https://json-schema.org/draft/2020-12/schema.
    """
    schema = without_null(Draft.model_json_schema())
    blocks = schema.pop("$defs")
    blocks.pop("Choice")
    for block in BLOCKS.values():
        part = schema if block is Draft else blocks[block.__name__]
        resolved = BECOMES.get(block)
        describe(part, {**(notes(resolved) if resolved else {}), **notes(block)})
    keys = schema["properties"]
    varied = keys["robustness"]
    keys["robustness"] = {
        "anyOf": [{"const": False}, {"$ref": varied["$ref"]}],
        "description": varied["description"],
    }
    for kind, places in _choices(keys, blocks).items():
        blocks |= definitions(kind)
        for place in places:
            place.clear()
            place["anyOf"] = [{"$ref": f"#/$defs/{name}"} for name in definitions(kind)]
    keys["source"] |= {"default": "snapshot", "description": notes(Study)["source"]}
    keys["report"].pop("default")
    shown = blocks[Presentation.__name__]["properties"]["sections"]
    shown["items"]["enum"] = list(registry.module_names(SECTIONS))
    keys["second_source"]["description"] = notes(Study)["second_source"]
    keys["models"]["default"] = [
        {"name": model.name, **model.options} if model.options else model.name
        for model in Draft.model_fields["models"].default
    ]
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {**dialect, **schema, "title": "Study", "$defs": dict(sorted(blocks.items()))}


def notes(block: type[Any]) -> dict[str, str]:
    """Return what the docstring of a class says about its fields, by field.

    Examples
    --------
    >>> from eventstudy.spec import Reported
    >>> notes(Reported)["asset"]
    'Id of an instrument.'
    """
    section = SECTION.search(f"{inspect.getdoc(block)}\n")
    found = NOTE.findall(f"{section[1]}\n" if section else "")
    return {
        name: " ".join(text.replace("``", "`").split())
        for names, text in found
        for name in names.split(", ")
    }


def summary(block: type[Any]) -> str:
    """Return the first sentence of a class's docstring."""
    return (inspect.getdoc(block) or "").split("\n\n")[0].replace("\n", " ").replace("``", "`")


def _choices(keys: Schema, blocks: Schema) -> dict[str, list[Schema]]:
    """Return the places of a study's schema where a plug-in is chosen, by kind."""
    return {
        "model": [
            keys["models"]["items"],
            blocks[Variants.__name__]["properties"]["models"]["items"],
        ],
        "statistic": [keys["statistics"]["items"]],
        "procedure": [keys["procedures"]["items"]],
        "source": [keys["source"], keys["second_source"]],
    }


def definitions(kind: str) -> Schema:
    """Return the schemas of one kind of plug-in: the names alone, and each with its options."""
    known = registry.plugins(PACKAGES[kind])
    bare = [name for name, plugin in known.items() if not _required(plugin)]
    names = {"enum": bare, "description": f"Name of a {kind}."}
    blocks = {f"{kind}.{name}": _plugin(known[name]) for name in known}
    for own, block in blocks.items():
        others = [{"$ref": f"#/$defs/{name}"} for name in (kind, *blocks) if name != own]
        for option in block["properties"].values():
            if option.get("items") == {"$ref": "#/$defs/Choice"}:
                option["items"] = {"anyOf": others}
    return {kind: names, **blocks}


def _required(plugin: type[Any]) -> list[str]:
    required: list[str] = TypeAdapter(plugin).json_schema().get("required", [])
    return required


def _plugin(plugin: type[Any]) -> Schema:
    """Return the schema of a block that chooses a plug-in and sets its options."""
    options = without_null(TypeAdapter(plugin).json_schema()).get("properties", {})
    name = {"const": plugin.name, "description": summary(plugin)}
    text = "Name under which the results list it; its own name unless given."
    label = {**ID_SCHEMA, "description": text}
    schema = {
        "type": "object",
        "description": f"{summary(plugin)} {plugin.reference}.",
        "properties": {"name": name, "label": label, **options},
        "required": ["name", *_required(plugin)],
        "additionalProperties": False,
    }
    describe({"properties": options}, notes(plugin))
    return schema


def describe(schema: Schema, texts: dict[str, str]) -> None:
    """Write descriptions into the properties of a schema; drop titles made from names."""
    if "description" in schema:
        schema["description"] = schema["description"].split("\n\n")[0].replace("\n", " ")
    for key, value in schema["properties"].items():
        value.pop("title", None)
        if key in texts:
            value["description"] = texts[key]


def without_null(schema: Any) -> Any:  # noqa: ANN401 - a JSON value of any shape
    """Return a schema in which no value may be null: an empty value is a mistake in a study file."""
    if isinstance(schema, list):
        return [without_null(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {key: without_null(value) for key, value in schema.items()}
    if parts.get("default", "") is None:
        del parts["default"]
    some = [part for part in parts.get("anyOf", []) if part != {"type": "null"}]
    if len(some) == 1:
        return {**some[0], **{key: value for key, value in parts.items() if key != "anyOf"}}
    return parts
