"""Data and rebuild: where everything comes from, and the command that makes it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from eventstudy import tables
from eventstudy.document.blocks import Code, Fact, Facts, Link
from eventstudy.language import marked, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.document.blocks import Block, Section
    from eventstudy.results import Provenance, StudyResult


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Hashes, versions, sources and the command."""

    name: ClassVar[str] = "provenance"
    order: ClassVar[int] = 90
    title: ClassVar[str] = marked("Data and rebuild")

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return the facts, the series and the command."""
        origin = result.provenance
        versions = ", ".join(f"{name} {version}" for name, version in origin.versions.items())
        facts = (
            Fact(
                say("Study file"), (Link(origin.study_file), Link(f"sha256 {origin.study_sha256}"))
            ),
            Fact(say("Prices"), (Link(f"sha256 {origin.prices_sha256}"),)),
            *_second(origin),
            Fact(say("Versions"), (Link(versions),)),
            Fact(say("Seed"), (Link(str(origin.seed)),)),
        )
        pieced = tables.origins(result)
        found = (tables.series(result), *([pieced] if pieced else []))
        return (Facts(facts), *found, Code(origin.command))


def _second(origin: Provenance) -> list[Fact]:
    """Return the hash of the second source's prices, where there is one."""
    if not origin.second_prices_sha256:
        return []
    return [Fact(say("Second source"), (Link(f"sha256 {origin.second_prices_sha256}"),))]


PLUGIN: type[Section] = Rebuild
