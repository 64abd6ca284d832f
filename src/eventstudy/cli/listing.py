"""``eventstudy list`` and ``eventstudy schema``: what a study file can name, and what it may hold."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eventstudy.cli.printing import show
from eventstudy.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TOPICS = ("models", "statistics", "procedures", "sources", "instruments")
Described = Annotated[
    str, typer.Argument(metavar="[study|simulation]", help="Which file it describes.")
]
Topic = Annotated[str, typer.Argument(metavar="|".join(TOPICS), help="What to list.")]


def list_(topic: Topic) -> None:
    """List what a study file can name."""
    if topic not in TOPICS:
        raise UnknownNameError("list of", topic, TOPICS)
    show(_instruments() if topic == "instruments" else _plugins(topic))


def schema(of: Described = "study") -> None:
    """Print the JSON Schema of study files, or of the designs of simulations."""
    import json

    typer.echo(json.dumps(_schema_of(of), indent=2, ensure_ascii=False))


def _schema_of(kind: str) -> dict[str, object]:
    """Return the JSON Schema of a kind of file."""
    if kind == "study":
        from eventstudy.spec import json_schema

        return json_schema()
    if kind == "simulation":
        from eventstudy.simulate.schema import simulation_schema

        return simulation_schema()
    raise UnknownNameError("schema of", kind, ("study", "simulation"))


def _plugins(topic: str) -> Iterable[Mapping[str, str]]:
    """Return one row per plug-in of a folder."""
    from eventstudy.registry import plugins
    from eventstudy.spec.plugins import PACKAGES
    from eventstudy.spec.schema import summary

    for name, plugin in plugins(PACKAGES[topic.removesuffix("s")]).items():
        yield {
            "name": name,
            "options": ", ".join(map(_option, fields(plugin))),
            "description": summary(plugin),
            "reference": plugin.reference,
        }


def _option(field: Any) -> str:  # noqa: ANN401 - a dataclass field of any type
    required = field.default is MISSING and field.default_factory is MISSING
    return f"{field.name} (required)" if required else f"{field.name}={field.default}"


def _instruments() -> Iterable[Mapping[str, str]]:
    """Return one row per built-in instrument."""
    from eventstudy.spec import built_in

    for instrument in built_in().values():
        symbols = (f"{source} {symbol}" for source, symbol in instrument.symbols.items())
        yield {
            "id": instrument.id,
            "name": instrument.name,
            "kind": instrument.kind,
            "calendar": instrument.calendar,
            "time zone": instrument.timezone,
            "currency": instrument.currency,
            "symbols": ", ".join(symbols),
        }
