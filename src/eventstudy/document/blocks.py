"""What a section is made of. Blocks hold text and data, never HTML: the template writes that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeAlias

from eventstudy.tables import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.charts.theme import Spec
    from eventstudy.panel import PanelResult
    from eventstudy.results import StudyResult


@dataclass(frozen=True, slots=True)
class Text:
    """A sentences; its bold lead takes the colour of an index."""

    kind: ClassVar[str] = "text"
    text: str
    lead: str = ""
    tone: int | None = None


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short paragraphs."""

    kind: ClassVar[str] = "bullets"
    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A remark in small grey type."""

    kind: ClassVar[str] = "note"
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere; plain words where the address is none that a page may link."""

    text: str
    href: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One term with what is to be said about it."""

    term: str
    values: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """A list of terms, as a definition list."""

    kind: ClassVar[str] = "facts"
    items: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its words and numbers.

    Attributes
    ----------
    id : str
        Anchor, unique in the page.
    title, caption : str
        Printed above the chart.
    name : str
        Accessible name: what the chart shows, of whom.
    spec, narrow : dict
        Vega-Lite specification, and the one for phones where a chart does not scale.
    table : Table
        The numbers that are drawn.
    """

    kind: ClassVar[str] = "figure"
    id: str
    title: str
    caption: str
    name: str
    spec: Spec
    table: Table
    narrow: Spec | None = None


@dataclass(frozen=True, slots=True)
class Keys:
    """The shapes and colours of the indices."""

    kind: ClassVar[str] = "keys"
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A check with its status and what it found."""

    kind: ClassVar[str] = "check"
    status: str
    title: str
    finding: str
    recommendation: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A command to copy."""

    kind: ClassVar[str] = "code"
    text: str


@dataclass(frozen=True, slots=True)
class Details:
    """Blocks that a reader opens."""

    kind: ClassVar[str] = "details"
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """The blocks of one index, in its column."""

    title: str
    tone: int | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Panels:
    """Columns side by side, one per index; below each other on a phone."""

    kind: ClassVar[str] = "panels"
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a section with a heading and an anchor of its own, listed in the contents.

    Attributes
    ----------
    id, title : str
        Anchor and heading.
    blocks : tuple
        Its blocks.
    page : bool
        Whether it begins a new page in print.
    """

    kind: ClassVar[str] = "part"
    id: str
    title: str
    blocks: tuple[Block, ...]
    page: bool = False


Block: TypeAlias = (
    Text | Bullets | Note | Facts | Figure | Keys | Check | Code | Details | Panels | Part | Table
)


class Section(Protocol):
    """A section of the page; absent when it returns no block."""

    name: ClassVar[str]
    order: ClassVar[int]
    title: ClassVar[str]

    def blocks(self, result: StudyResult) -> Sequence[Block]:
        """Return the blocks of the section for one study."""
        ...


class PanelSection(Protocol):
    """A section of the page of a panel; absent when it returns no block."""

    name: ClassVar[str]
    order: ClassVar[int]
    title: ClassVar[str]

    def blocks(self, result: PanelResult) -> Sequence[Block]:
        """Return the blocks of the section for one panel."""
        ...
