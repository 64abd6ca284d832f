"""What a run may be asked for beside its studies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from eventstudy.export import Wanted
from eventstudy.workers import ALONE, Workers

if TYPE_CHECKING:
    from eventstudy.sources.base import Access


@dataclass(frozen=True, slots=True)
class Options:
    """How studies are run and what is written.

    Attributes
    ----------
    source : str
        Source of the prices in place of that of the studies; empty for theirs.
    access : Access or None
        Where sources may look, each study's in its own folder; only there where it is None.
    wanted : Wanted
        What is written beside the pages; the exports that the studies name unless given.
    static : bool
        Whether pages hold no script, and charts stay as they are drawn.
    force : bool
        Whether studies are run again whose report is there already and would be the same.
    workers : Workers
        Who does the work.
    """

    source: str = ""
    access: Access | None = None
    wanted: Wanted = field(default_factory=Wanted)
    static: bool = False
    force: bool = False
    workers: Workers = ALONE
