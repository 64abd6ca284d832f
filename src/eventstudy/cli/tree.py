"""The commands and their options as the parser knows them, for completion and for the manual."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMED = {"--model": "model", "--statistic": "statistic", "--source": "source"}
"""Options that name a plug-in, and its kind."""

_CHOICES = re.compile(r"\[?([\w.-]+(?:\|[\w.-]+)+)\]?")
_PATH = re.compile(r"\b(?:FILE|DIR|FOLDER|STUDY|BUNDLE|PRICES|path)\b")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One option or argument.

    Attributes
    ----------
    names : tuple of str
        As they are typed, such as ``--out``; of an argument none.
    value : str
        What stands for its value; empty for a flag.
    text : str
        What it does.
    words : tuple of str
        Values that it may have, where they can be listed.
    """

    names: tuple[str, ...]
    value: str
    text: str
    words: tuple[str, ...]

    @property
    def is_path(self) -> bool:
        """Whether its value is a file or a folder."""
        return bool(_PATH.search(self.value))


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes
    ----------
    name : str
        With those above it: ``data fetch``; empty for the program.
    text : str
        What it does.
    options, arguments : tuple of Parameter
        In the order of its help.
    commands : tuple of str
        Those below it.
    """

    name: str
    text: str
    options: tuple[Parameter, ...]
    arguments: tuple[Parameter, ...]
    commands: tuple[str, ...]


def commands(context: Any) -> list[Command]:  # noqa: ANN401 - typer names no type that older ones have
    """Return the program and every command of it, in the order of their names.

    Parameters
    ----------
    context : typer.Context
        Of any command of the program.
    """
    root = context.find_root()
    found = [_command(root.command, "", root)]
    return found + sorted(_below(root.command, "", root), key=lambda each: each.name)


def _below(group: Any, name: str, context: Any) -> Iterator[Command]:  # noqa: ANN401 - as above
    """Yield the commands of a group."""
    for own, command in getattr(group, "commands", {}).items():
        path = f"{name} {own}".strip()
        yield _command(command, path, context)
        yield from _below(command, path, context)


def _command(command: Any, name: str, context: Any) -> Command:  # noqa: ANN401 - as above
    """Return one command as its parser describes it."""
    found = [_parameter(each, context) for each in command.params]
    text = " ".join((command.help or "").split())
    return Command(
        name=name,
        text=text,
        options=(
            *(each for each in found if each.names),
            Parameter(("--help",), "", "Show what a command does, and exit.", ()),
        ),
        arguments=tuple(each for each in found if not each.names),
        commands=tuple(getattr(command, "commands", ())),
    )


def _parameter(parameter: Any, context: Any) -> Parameter:  # noqa: ANN401 - as above
    """Return one option or argument."""
    names = tuple(
        name for name in (*parameter.opts, *parameter.secondary_opts) if name.startswith("-")
    )
    left, text = parameter.get_help_record(context) or ("", parameter.help or "")
    value = left if not names else left.partition(" ")[2]
    value = "" if getattr(parameter, "is_flag", False) else parameter.metavar or value
    return Parameter(names, value, " ".join(text.split()), _words(names, value))


def _words(names: tuple[str, ...], value: str) -> tuple[str, ...]:
    """Return the values that can be listed: those between bars, or names of plug-ins."""
    from eventstudy.registry import plugins
    from eventstudy.spec.plugins import PACKAGES

    kind = next((NAMED[name] for name in names if name in NAMED), "")
    if kind:
        return tuple(plugins(PACKAGES[kind]))
    found = _CHOICES.search(value)
    return tuple(found[1].split("|")) if found else ()
