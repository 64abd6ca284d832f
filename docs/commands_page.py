"""The page of the commands: what the parser knows of each, option by option."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Table = Callable[[str, Iterable[Sequence[str]]], str]

PROGRAM = "eventstudy"
FACTS = re.compile(r"\s+\[([^\[\]]+)\]$")
"""What the parser says behind the meaning of an option: its default, its range, that it is required."""

INTRO = """# Commands

`eventstudy COMMAND --help` prints the same. Options of the program stand before the command, those of a
command behind it. Exit codes: 0 done, 1 a mistake of the program (of `verify` and `replicate`: numbers that
differ), 2 a mistake of yours, 3 data that cannot be had, 130 interrupted; [errors](errors.md#exit-codes) says more."""


def commands_page(table: Table) -> str:
    """Return the page in Markdown.

    Parameters
    ----------
    table : callable
        Writes a Markdown table from its heading and its rows.
    """
    import typer

    from eventstudy.cli import app

    program = typer.main.get_command(app)
    return "\n\n".join([INTRO, *_sections(program, [PROGRAM], table)]) + "\n"


def _sections(command: Any, words: Sequence[str], table: Table) -> Iterator[str]:  # noqa: ANN401 - the parser's own class
    """Yield the section of a command, then those of the commands below it."""
    context = command.make_context(" ".join(words), [], resilient_parsing=True)
    records = filter(None, (each.get_help_record(context) for each in command.get_params(context)))
    rows = [_row(*record) for record in records if not record[0].startswith("--help")]
    name = " ".join(words[1:]) or PROGRAM
    usage = " ".join(command.get_usage(context).split()).removeprefix("Usage: ")
    parts = [
        f"{'#' * (len(words) + (len(words) == 1))} {name}",
        command.help,
        f"```text\n{usage}\n```",
    ]
    yield "\n\n".join(
        [*parts, table("argument or option | default | meaning", rows)] if rows else parts
    )
    for below, each in getattr(command, "commands", {}).items():
        yield from _sections(each, [*words, below], table)


def _row(names: str, meaning: str) -> tuple[str, str, str]:
    """Return the row of an option: its names, its default and limits, what it means."""
    facts: list[str] = []
    while found := FACTS.search(meaning):
        facts.insert(0, found[1].removeprefix("default: "))
        meaning = meaning[: found.start()]
    return f"`{names.replace(' <int range>', ' N')}`", "; ".join(facts), meaning
