"""The document: a title, the question, the design, and the sections that have something to say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from eventstudy import prose
from eventstudy.document.blocks import Details, Figure, Panels, Part
from eventstudy.document.brackets import bracketed
from eventstudy.language import LANGUAGES, Rule, current, marked, naming, say, using
from eventstudy.registry import plugins
from eventstudy.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from eventstudy.document.blocks import Block
    from eventstudy.language import Number
    from eventstudy.panel import PanelResult
    from eventstudy.results import StudyResult
    from eventstudy.spec import Presentation

SECTIONS = "eventstudy.document.sections"
PANEL_SECTIONS = "eventstudy.document.panel_sections"
RESULTS = "results/"
"""Folder of the files of a study."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A section with its blocks.

    Attributes
    ----------
    id, title : str
        Anchor and heading.
    blocks : tuple
        What it says, in order.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def parts(self) -> list[Part]:
        """Return the parts that the contents list."""
        return [block for block in self.blocks if isinstance(block, Part)]


@dataclass(frozen=True)
class Document:
    """Everything that a report says, in the order in which a reader meets it.

    Attributes
    ----------
    title, question : str
        Heading, and what was asked.
    design : tuple of str
        Events, model, windows and data, in lines.
    sections : tuple of Filled
        Those with something to say.
    language : str
        Of :data:`eventstudy.language.LANGUAGES`: all of the above is in it.
    files : str
        Folder of the files that its numbers come from, seen from that of the page.
    kind : str
        What it is, in small type above the heading.
    headings : mapping of str to tuple of str
        Those of the columns in English, by id of the table; empty in English.
    """

    title: str
    question: str
    design: tuple[str, ...]
    sections: tuple[Filled, ...]
    language: str = LANGUAGES[0]
    files: str = RESULTS
    kind: str = ""
    headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def named_as(self, english: Document) -> Document:
        """Return the document with the headings of the same one in English."""
        tables = english.tables()
        headings = {each.id: tuple(column.title for column in each.columns) for each in tables}
        return replace(self, headings=headings)

    @cached_property
    def numbered(self) -> Mapping[str, str]:
        """Number the tables and figures that stand in a section itself and have a title, by id."""
        found: dict[str, str] = {}
        counts = {marked("Table {n}."): 0, marked("Figure {n}."): 0}
        for block in (block for section in self.sections for block in section.blocks):
            if isinstance(block, Figure | Table) and block.title:
                word = "Figure {n}." if isinstance(block, Figure) else "Table {n}."
                counts[word] += 1
                with using(self.language):
                    found[block.id] = say(word, n=counts[word])
        return found

    def source(self, number: Number) -> str:
        """Return where a number comes from, its files as they stand beside this document."""
        found = number.source
        if isinstance(found, Rule):
            return found.of(found.file.replace(RESULTS, self.files))
        return found.replace(RESULTS, self.files)

    def tables(self) -> Iterator[Table]:
        """Yield every table, those behind figures too, in reading order."""
        for section in self.sections:
            for block in walk(section.blocks):
                if isinstance(block, Table):
                    yield block
                elif isinstance(block, Figure):
                    yield block.table

    def figures(self) -> Iterator[Figure]:
        """Yield every figure, in reading order."""
        for section in self.sections:
            for block in walk(section.blocks):
                if isinstance(block, Figure):
                    yield block


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks and those inside them, in reading order.

    Parameters
    ----------
    blocks : iterable of Block
        Of a section, a part, a column or what a reader opens.
    """
    for block in blocks:
        yield block
        if isinstance(block, Details | Part):
            yield from walk(block.blocks)
        elif isinstance(block, Panels):
            for panel in block.panels:
                yield from walk(panel.blocks)


def study_document(
    result: StudyResult, language: str = "", *, sections: Sequence[str] | None = None
) -> Document:
    """Return the document of one study.

    Parameters
    ----------
    result : StudyResult
        The study; the same result gives the same document.
    language : str, optional
        Of :data:`eventstudy.language.LANGUAGES`; the one that the study asks for unless given.
    sections : sequence of str, optional
        Their names, in order; those that the study asks for unless given.
    """
    language = language or result.study.report.language
    with using(language), naming(_names(result)):
        document = Document(
            title=result.study.title,
            question=prose.question(result.study),
            design=tuple(prose.design(result)),
            sections=_sections(SECTIONS, result, sections or result.study.report.sections),
            language=language,
            kind=say("Event study"),
        )
    return bracketed(document, result.frames, result.study.report)


def _names(result: StudyResult) -> dict[str, str]:
    """Return what the instruments are called to the reader, by what reasons call them: ids and English names."""
    return {
        key: one.called(current())
        for known, one in result.study.instruments.items()
        for key in (known, one.name)
    }


def panel_document(
    result: PanelResult,
    language: str = LANGUAGES[0],
    *,
    shown: Presentation | None = None,
    sections: Sequence[str] | None = None,
) -> Document:
    """Return the document of a panel: no list of its events, which may be a million.

    Parameters
    ----------
    result : PanelResult
        The panel; the same result gives the same document.
    language : str
        Of :data:`eventstudy.language.LANGUAGES`.
    shown : Presentation, optional
        What stands in brackets, and the levels of stars.
    sections : sequence of str, optional
        Their names, in order; all unless given.
    """
    with using(language):
        document = Document(
            title=prose.panel_title(result),
            question=prose.panel_question(result),
            design=tuple(prose.panel_design(result)),
            sections=_sections(PANEL_SECTIONS, result, sections),
            language=language,
            files="",
            kind=say("Event study"),
        )
    return bracketed(document, result.frames, shown) if shown else document


def _sections(
    package: str, result: StudyResult | PanelResult, names: Sequence[str] | None = None
) -> tuple[Filled, ...]:
    """Return the sections of a folder that have something to say, in their order or that of `names`."""
    known = plugins(package)
    ordered = sorted(known.values(), key=lambda plugin: plugin.order)
    if names is not None:
        ordered = [known[name] for name in names]
    filled = [
        Filled(f"section-{plugin.name}", say(plugin.title), tuple(plugin().blocks(result)))
        for plugin in ordered
    ]
    return tuple(section for section in filled if section.blocks)
