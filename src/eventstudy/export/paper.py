"""What a paper takes over beside tables: the methods section, and the works that it cites."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from eventstudy.export import letters, markdown
from eventstudy.export.methods import methods
from eventstudy.export.panel_methods import panel_methods
from eventstudy.export.works import FILE, bibliography, library
from eventstudy.results import StudyResult

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from eventstudy.panel import PanelResult

METHODS = "methods"
WIDTH = 100
"""Letters of a line of a file that people edit."""

_CITATION = re.compile(r"\[(@[a-z]+\d{4}(?:; @[a-z]+\d{4})*)\]")
_HEAD = """% Take in with \\input{methods.tex}; needs \\usepackage{natbib} and, at the end of the paper,
% \\bibliographystyle{plainnat} \\bibliography{references}.
"""


def write_paper(result: StudyResult | PanelResult, folder: Path) -> None:
    """Write the methods section of a study or a panel into the folders of LaTeX and Markdown that exist.

    Parameters
    ----------
    result : StudyResult or PanelResult
        The study, or the panel.
    folder : pathlib.Path
        Folder of the exports: ``tex/methods.tex`` and ``tex/references.bib``, ``md/methods.md``.
    """
    writers: Mapping[str, Callable[[Sequence[str], Path], None]] = {
        "tex": _write_latex,
        "md": _write_markdown,
    }
    wanted = [name for name in writers if (folder / name).is_dir()]
    if wanted:
        paragraphs = methods(result) if isinstance(result, StudyResult) else panel_methods(result)
        for name in wanted:
            writers[name](paragraphs, folder / name)


def keys_of(paragraphs: Sequence[str]) -> list[str]:
    """Return the keys of the works that some paragraphs cite, in alphabetical order."""
    found = _CITATION.findall(" ".join(paragraphs))
    return sorted({key for marks in found for key in _keys(marks)})


def _keys(marks: str) -> list[str]:
    """Return the keys of one citation."""
    return [mark.strip(" @") for mark in marks.split(";")]


def _write_latex(paragraphs: Sequence[str], folder: Path) -> None:
    """Write the section with the commands of natbib, and the file of the works."""
    body = "\n\n".join(_wrapped(_latex(paragraph)) for paragraph in paragraphs)
    (folder / f"{METHODS}.tex").write_text(f"{_HEAD}{body}\n", encoding="utf-8")
    (folder / FILE).write_text(bibliography(keys_of(paragraphs)), encoding="utf-8")


def _latex(paragraph: str) -> str:
    """Return a paragraph in LaTeX."""
    return _written(
        paragraph,
        lambda words: letters.escape(words.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")).replace(
            "{-}", "-"
        ),
        lambda keys: rf"\citep{{{','.join(keys)}}}",
    )


def _write_markdown(paragraphs: Sequence[str], folder: Path) -> None:
    """Write the section with authors and years, and the list of the works."""
    body = [_wrapped(_written(each, markdown.escape, _named)) for each in paragraphs]
    works = [f"* {markdown.escape(library()[key].line)}" for key in keys_of(paragraphs)]
    lines = ["# Methods", *body, "# References", "\n".join(works)]
    (folder / f"{METHODS}.md").write_text("\n\n".join(lines) + "\n", encoding="utf-8")


def _named(keys: Sequence[str]) -> str:
    """Return a citation by authors and year."""
    names = "; ".join(library()[key].name for key in keys)
    return f"({names})"


def _written(
    paragraph: str, words: Callable[[str], str], cite: Callable[[Sequence[str]], str]
) -> str:
    """Return a paragraph with its words and its citations as a format has them."""
    parts = _CITATION.split(paragraph)
    return "".join(cite(_keys(part)) if at % 2 else words(part) for at, part in enumerate(parts))


def _wrapped(text: str) -> str:
    """Return a paragraph in lines; spaces that hold words together stay."""
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
