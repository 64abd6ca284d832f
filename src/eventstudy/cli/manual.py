"""The manual page, in the language of man, from the parser."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from eventstudy.program import NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventstudy.cli.tree import Command, Parameter

CODES = {
    "0": "Done.",
    "1": "A mistake of the program; --debug shows where.",
    "2": "A mistake in a study file, an option or a name; the message says which and what is allowed.",
    "3": "Data that cannot be had or trusted, or more events lost than a study allows.",
    "130": "Interrupted.",
}
ENVIRONMENT = {
    "EVENTSTUDY_CACHE": "Folder of the downloads, where --cache is not given.",
    "EVENTSTUDY_CHROMIUM": "Program that prints pages as PDF.",
    "OMP_NUM_THREADS": "Threads for products of matrices; one unless set.",
}


def page(commands: Sequence[Command]) -> str:
    """Return the page, groff of section 1."""
    return "".join(f"{line}\n" for line in _lines(commands))


def _lines(commands: Sequence[Command]) -> Iterator[str]:
    """Yield the lines of the page."""
    program, *rest = commands
    yield f'.TH EVENTSTUDY 1 "" "eventstudy {_plain(version(NAME))}" "User Commands"'
    yield from (".SH NAME", f"eventstudy \\- {_plain(_lowered(program.text))}")
    yield from (
        ".SH SYNOPSIS",
        ".B eventstudy",
        ".RI [ options ]",
        ".I command",
        ".RI [ arguments ]",
    )
    yield ".SH OPTIONS"
    for option in program.options:
        yield from _parameter(option)
    yield ".SH COMMANDS"
    for command in rest:
        yield from _command(command)
    yield from _list("EXIT STATUS", CODES)
    yield from _list("ENVIRONMENT", ENVIRONMENT)
    yield from (
        ".SH SEE ALSO",
        "The folder docs of the source; eventstudy doctor for what is installed.",
    )


def _command(command: Command) -> Iterator[str]:
    """Yield one command with its arguments and options."""
    values = (argument.value for argument in command.arguments)
    yield f'.SS "{_plain(" ".join((command.name, *values)))}"'
    yield _plain(command.text)
    for parameter in (*command.arguments, *command.options):
        if parameter.names != ("--help",):
            yield from _parameter(parameter)


def _parameter(parameter: Parameter) -> Iterator[str]:
    """Yield an option or argument with what it does."""
    yield ".TP"
    names = ", ".join(rf"\fB{_plain(name)}\fR" for name in parameter.names)
    yield " ".join(
        filter(None, (names, rf"\fI{_plain(parameter.value)}\fR" * bool(parameter.value)))
    )
    yield _plain(parameter.text)


def _list(title: str, entries: dict[str, str]) -> Iterator[str]:
    """Yield a section of names and their meanings."""
    yield f".SH {title}"
    for name, text in entries.items():
        yield from (".TP", rf"\fB{_plain(name)}\fR", _plain(text))


def _plain(text: str) -> str:
    """Return text in which nothing is a command to groff."""
    plain = text.replace("\\", r"\e").replace("-", r"\-").replace('"', r"\(dq")
    return rf"\&{plain}" if plain.startswith((".", "'")) else plain


def _lowered(text: str) -> str:
    """Return a sentence as it follows a dash."""
    return text[:1].lower() + text[1:].removesuffix(".")
