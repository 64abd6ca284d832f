"""Every number that a document says in words, with where it comes from: ``numbers.json``."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventstudy.document.blocks import (
    Bullets,
    Check,
    Details,
    Figure,
    Note,
    Panels,
    Part,
    Text,
)
from eventstudy.language import Rule, numbers_of, quoted, sentences, source_of, using
from eventstudy.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventstudy.document.blocks import Block
    from eventstudy.document.document import Document
    from eventstudy.language import Number

NUMBERS = "numbers.json"
"""Name of the file in the folder of a report."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a document with their place.

    Attributes
    ----------
    section : str
        Anchor of the section; empty above the first.
    anchor : str
        Anchor of the part, table or figure that they stand in, or of the section.
    kind : str
        Kind of the block: text, bullets, note, check, figure, table; question or design above the first
        section.
    text : str
        The words; they know their numbers where these say something of the data.
    """

    section: str
    anchor: str
    kind: str
    text: str

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Return the numbers in the words."""
        return numbers_of(self.text)


def passages(document: Document) -> Iterator[Passage]:
    """Yield all words of a document that may hold a number of the data, in reading order.

    Parameters
    ----------
    document : Document
        Of a study or a panel. Cells of tables are not among them: they are numbers with a column already.
    """
    yield Passage("", "", "question", document.question)
    for line in document.design:
        yield Passage("", "", "design", line)
    for section in document.sections:
        for anchor, kind, text in _words(section.blocks, section.id):
            yield Passage(section.id, anchor, kind, text)


def numbers_json(document: Document) -> str:
    """Return the passages of a document with every number as it is printed, its value and its source.

    Parameters
    ----------
    document : Document
        Of a study or a panel; the same document gives the same text.
    """
    with using(document.language):
        texts = [
            {
                "section": each.section,
                "anchor": each.anchor,
                "kind": each.kind,
                "text": each.text,
                "numbers": [_entry(number, document) for number in each.numbers],
            }
            for each in passages(document)
        ]
    return json.dumps({"texts": texts}, ensure_ascii=False, indent=1) + "\n"


def _entry(number: Number, document: Document) -> dict[str, object]:
    """Return one number; a value that is none, or is not finite, is null."""
    value = number.value
    known = isinstance(value, str) or math.isfinite(value)
    source = document.source(number)
    again = {"rows": _rule(source)} if isinstance(source, Rule) else {}
    return {
        "printed": str(number),
        "value": value if known and value != "" else None,
        "times": number.scale,
        "source": source,
        **again,
    }


def _rule(rule: Rule) -> dict[str, object]:
    """Return which rows are counted, for programs."""
    columns = {"distinct": rule.distinct} if rule.distinct else {}
    return {"file": rule.file, "where": rule.where, **columns}


def _words(blocks: Iterable[Block], anchor: str) -> Iterator[tuple[str, str, str]]:
    """Yield anchor, kind and words of some blocks and of those inside them."""
    for block in blocks:
        here = block.id if isinstance(block, Part | Figure | Table) else anchor
        for text in _said(block):
            if text:
                yield here, block.kind, _cited(text)
        for inner in _inside(block):
            yield from _words(inner, here)


def _inside(block: Block) -> Iterator[Iterable[Block]]:
    """Yield the blocks inside a block."""
    if isinstance(block, Details | Part):
        yield block.blocks
    elif isinstance(block, Panels):
        yield from (panel.blocks for panel in block.panels)
    elif isinstance(block, Figure):
        yield (block.table,)


def _said(block: Block) -> Iterable[str]:
    """Return the words of one block itself."""
    if isinstance(block, Text | Bullets):
        items = (block,) if isinstance(block, Text) else block.items
        return [sentences(item.lead, item.text) for item in items]
    if isinstance(block, Note):
        return (block.text,)
    if isinstance(block, Check):
        return (block.title, block.finding, block.recommendation)
    if isinstance(block, Figure):
        return (block.title, block.caption)
    if isinstance(block, Table):
        return (block.title, block.caption, *block.notes)
    return ()


def _cited(text: str) -> str:
    """Return words; those that a file of results has as they are, with the numbers in them."""
    return quoted(text) if source_of(text) else text
