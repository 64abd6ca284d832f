"""Data and rebuild: the tables that were read, the versions, and the command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import formats
from eventstudy.document.blocks import Code, Fact, Facts, Link
from eventstudy.language import marked, say
from eventstudy.panel import facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, PanelSection
    from eventstudy.panel import PanelResult


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Hashes, versions and the command."""

    name: ClassVar[str] = "provenance"
    order: ClassVar[int] = 90
    title: ClassVar[str] = marked("Data and rebuild")

    def blocks(self, result: PanelResult) -> Sequence[Block]:
        """Return the facts and the command."""
        known = facts(result)
        tables = [
            Fact(formats.capital(say(role)), (Link(file["path"]), Link(f"sha256 {file['sha256']}")))
            for role, file in known["inputs"].items()
        ]
        versions = ", ".join(f"{name} {version}" for name, version in known["versions"].items())
        return (Facts((*tables, Fact(say("Versions"), (Link(versions),)))), Code(result.command))


PLUGIN: type[PanelSection] = Rebuild
