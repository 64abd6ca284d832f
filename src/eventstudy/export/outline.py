"""A document as a run of headings, paragraphs and exhibits, for files that have no columns or folds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from eventstudy.document.blocks import (
    Bullets,
    Check,
    Code,
    Details,
    Facts,
    Figure,
    Note,
    Panels,
    Part,
    Text,
)
from eventstudy.formats import capital
from eventstudy.language import join, say, sentences
from eventstudy.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventstudy.document import Document
    from eventstudy.document.blocks import Block


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 2 is that of a section."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph.

    Attributes
    ----------
    text, lead : str
        Its words, and those in bold before them.
    kind : {'text', 'item', 'note', 'code'}
        Whether it is one of a list, a remark in small type, or a command.
    """

    text: str
    lead: str = ""
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A table or a figure where it stands.

    Attributes
    ----------
    block : Table or Figure
        What is shown.
    number : str
        As ``Table 1.``; empty where the document does not number it.
    title : str
        Its own title; that of its figure for numbers behind one.
    where : str
        Headings above it, from the section down.
    """

    block: Table | Figure
    number: str
    title: str
    where: str

    @property
    def name(self) -> str:
        """Return number and title, and where it stands if it has no number."""
        if self.number:
            return join((self.number, self.title))
        return join((self.where, self.title), ": ")


Piece: TypeAlias = Heading | Paragraph | Exhibit


def outline(document: Document) -> Iterator[Piece]:
    """Yield what a document says, in reading order; the table behind a figure follows it.

    Parameters
    ----------
    document : Document
        What the report says.
    """
    for section in document.sections:
        yield Heading(2, section.title)
        yield from _pieces(section.blocks, document, (section.title,))


def exhibits(document: Document) -> Iterator[Exhibit]:
    """Yield the tables and figures of a document, in reading order."""
    return (piece for piece in outline(document) if isinstance(piece, Exhibit))


def tables_of(document: Document) -> Iterator[tuple[Table, Exhibit]]:
    """Yield every table with where it stands."""
    for exhibit in exhibits(document):
        if isinstance(exhibit.block, Table):
            yield exhibit.block, exhibit


def _pieces(blocks: Sequence[Block], document: Document, where: tuple[str, ...]) -> Iterator[Piece]:
    """Yield the pieces of some blocks below the headings `where`."""
    for block in blocks:
        if isinstance(block, Details | Part):
            yield from _below(block.title, block.blocks, document, where)
        elif isinstance(block, Panels):
            for panel in block.panels:
                yield from _below(panel.title, panel.blocks, document, where)
        elif isinstance(block, Figure | Table):
            yield from _exhibits(block, document, where)
        else:
            yield from _paragraphs(block)


def _below(
    title: str, blocks: Sequence[Block], document: Document, where: tuple[str, ...]
) -> Iterator[Piece]:
    """Yield a heading and what stands below it."""
    yield Heading(min(len(where) + 2, 6), title)
    yield from _pieces(blocks, document, (*where, title))


def _exhibits(
    block: Figure | Table, document: Document, where: tuple[str, ...]
) -> Iterator[Exhibit]:
    """Yield a table, or a figure and the table behind it."""
    shown = Exhibit(block, document.numbered.get(block.id, ""), block.title, join(where, " / "))
    if isinstance(block, Table):
        yield shown
        return
    yield replace(shown, title=block.title or block.name)
    behind = say("The numbers of the figure: {name}", name=block.name)
    yield replace(shown, block=block.table, number="", title=behind)


def _paragraphs(block: Block) -> Iterator[Paragraph]:
    """Yield the paragraphs of a block of words."""
    if isinstance(block, Text):
        yield Paragraph(block.text, block.lead)
    elif isinstance(block, Bullets):
        yield from (Paragraph(item.text, item.lead, "item") for item in block.items)
    elif isinstance(block, Note):
        yield Paragraph(block.text, kind="note")
    elif isinstance(block, Code):
        yield Paragraph(block.text, kind="code")
    elif isinstance(block, Check):
        found = say("{what}: {reason}.", what=block.title, reason=block.finding.removesuffix("."))
        advice = say("{words}.", words=capital(block.recommendation))
        said = sentences(found, advice if block.recommendation else "")
        yield Paragraph(said, block.status)
    elif isinstance(block, Facts):
        for fact in block.items:
            values = (join((value.text, value.detail)) for value in fact.values)
            yield Paragraph(join(values, "; "), fact.term, "item")
