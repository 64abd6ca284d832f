"""A document on pages: one, or the events of a long study on pages of their own."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from eventstudy import labels
from eventstudy.document.blocks import Part
from eventstudy.document.document import Filled, walk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eventstudy.document import Document
    from eventstudy.document.blocks import Block
    from eventstudy.spec import Study

INDEX = "index.html"
MOST = 40
"""Most events on one page."""

_LINKED = re.compile(r"https?://|#|[^/:#?]+/(?:events/[0-9-]+|index)\.html#", re.IGNORECASE)


@dataclass(frozen=True)
class Page:
    """One page of a document.

    Attributes
    ----------
    file : str
        Its place in the folder of the study.
    sections : tuple of Filled
        What stands on it.
    elsewhere : mapping of str to str
        Page by anchor, of what stands on others.
    lists : mapping of str to tuple of Part
        By section, the parts that it lists because they stand on other pages.
    first, last : int
        Numbers of its events; zero on the page that begins the document.
    """

    file: str
    sections: tuple[Filled, ...]
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, Sequence[Part]] = field(default_factory=dict)
    first: int = 0
    last: int = 0

    @property
    def up(self) -> str:
        """Return what leads from the folder of this page to that of the study."""
        return "../" * self.file.count("/")

    def link(self, address: str) -> str:
        """Return an address that this page may link to: the web, or an anchor; else empty."""
        if not _LINKED.match(address):
            return ""
        file = self.elsewhere.get(address[1:]) if address.startswith("#") else None
        return f"{self.up}{file}{address}" if file else address

    def listed(self, section: Filled) -> list[Part]:
        """Return the parts of a section that the contents list: on a page of events its own."""
        mine = (each for each in self.sections if each.id == section.id)
        return [part for each in mine for part in each.parts] if self.first else section.parts


def paged(document: Document) -> list[Page]:
    """Return the pages of a document; the first is its ``index.html``.

    Parameters
    ----------
    document : Document
        Of more than :data:`MOST` parts that begin a page in print, the parts go to pages of their own.
    """
    moved = [part for section in document.sections for part in _moving(section)]
    ranges = _ranges(len(moved))
    if not ranges:
        return [Page(INDEX, document.sections)]
    place = {
        anchor: _file(first, last)
        for first, last in ranges
        for part in moved[first - 1 : last]
        for anchor in _anchors(part)
    }
    rest = tuple(map(_without, document.sections))
    (section,) = [section for section in document.sections if _moving(section)]
    pages = [
        Page(
            _file(first, last),
            (replace(section, blocks=(*_before(section), *moved[first - 1 : last])),),
            _others(_file(first, last), place, rest),
            first=first,
            last=last,
        )
        for first, last in ranges
    ]
    return [Page(INDEX, rest, place, {section.id: moved}), *pages]


def event_pages(study: Study) -> Mapping[str, str]:
    """Return the page of every event of a study, by id."""
    ordered = labels.in_order(study)
    shown = study.report.sections is None or "events" in study.report.sections
    place = {event.id: INDEX for event in ordered}
    for first, last in _ranges(len(ordered) if shown else 0):
        place |= {event.id: _file(first, last) for event in ordered[first - 1 : last]}
    return place


def _ranges(n: int) -> list[tuple[int, int]]:
    """Return the first and last number of each page of events; none where one page holds all."""
    pages = math.ceil(n / MOST)
    ends = [round(n * page / pages) for page in range(pages + 1)] if pages > 1 else []
    return [(start + 1, end) for start, end in pairwise(ends)]


def _file(first: int, last: int) -> str:
    return f"events/{first}-{last}.html"


def _moving(section: Filled) -> list[Part]:
    """Return the parts of a section that begin pages, where they are too many for one."""
    parts = [part for part in section.parts if part.page]
    return parts if len(parts) > MOST else []


def _before(section: Filled) -> Sequence[Block]:
    """Return what a section says before its parts."""
    return [block for block in section.blocks if not isinstance(block, Part)]


def _without(section: Filled) -> Filled:
    """Return a section without its parts, where they move."""
    return replace(section, blocks=()) if _moving(section) else section


def _anchors(block: Block) -> list[str]:
    """Return the anchors of a block and of all inside it."""
    return [name for each in walk([block]) if (name := getattr(each, "id", ""))]


def _others(here: str, place: Mapping[str, str], rest: Sequence[Filled]) -> dict[str, str]:
    """Return the page of every anchor that does not stand on one page of events."""
    first = {
        anchor: INDEX for section in rest for block in section.blocks for anchor in _anchors(block)
    }
    sections = {section.id: INDEX for section in rest}
    return {anchor: file for anchor, file in {**first, **sections, **place}.items() if file != here}
