"""``eventstudy doctor``: what a report of a fault needs to say about an installation."""

from __future__ import annotations

from typing import Annotated

import typer

from eventstudy.cli.arguments import Cache  # noqa: TC001 - typer reads the annotations

Json = Annotated[bool, typer.Option("--json", help="Print it as JSON, for programs.")]
Network = Annotated[
    bool, typer.Option("--network", help="Try the sources of live prices; nothing is downloaded.")
]


def doctor(*, json: Json = False, network: Network = False, cache: Cache = None) -> None:
    """Show versions, data, cache, fonts and programs: what a bug report needs."""
    from eventstudy.installation import examined

    found = examined(cache, network=network)
    if json:
        from json import dumps

        typer.echo(dumps(found, indent=2, ensure_ascii=False))
        return
    for title, facts in found.items():
        typer.echo(f"{title}:")
        width = max(map(len, facts), default=0)
        for name, said in facts.items():
            typer.echo(f"  {name.ljust(width)}  {said}".rstrip())
