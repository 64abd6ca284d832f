"""``eventstudy completion`` and ``eventstudy man``: scripts for shells, and a page for man."""

from __future__ import annotations

from typing import Annotated

import typer

from eventstudy.errors import UnknownNameError

SHELLS = ("bash", "zsh", "fish")
Shell = Annotated[
    str, typer.Argument(metavar="|".join(SHELLS), help="The shell that shall complete.")
]


def completion(context: typer.Context, shell: Shell) -> None:
    """Print a script that completes commands, options and their values in a shell.

    bash: eventstudy completion bash > ~/.local/share/bash-completion/completions/eventstudy.
    zsh: eventstudy completion zsh > _eventstudy, in a folder of $fpath.
    fish: eventstudy completion fish > ~/.config/fish/completions/eventstudy.fish.
    """
    from eventstudy.cli import shells
    from eventstudy.cli.tree import commands

    if shell not in SHELLS:
        raise UnknownNameError("completion for", shell, SHELLS)
    typer.echo(getattr(shells, shell)(commands(context)), nl=False)


def man(context: typer.Context) -> None:
    """Print the manual page: eventstudy man | man -l -."""
    from eventstudy.cli.manual import page
    from eventstudy.cli.tree import commands

    typer.echo(page(commands(context)), nl=False)
