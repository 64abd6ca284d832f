"""LaTeX: one file per table with booktabs, and one document that holds them all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eventstudy.export.drawings import WIDTHS
from eventstudy.export.heights import one_page
from eventstudy.export.letters import escape, in_lines, length
from eventstudy.export.outline import Exhibit, exhibits
from eventstudy.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from eventstudy.document import Document
    from eventstudy.document.blocks import Figure
    from eventstudy.export.drawings import Drawings
    from eventstudy.tables import Cell, Column

WHOLE = "tables.tex"
HEADING_WIDTH = 16
"""Characters of a line of a heading."""
DETAIL_WIDTH = 20
"""Characters of a line of what stands below a number."""
FITS = (
    (34, 10, r"\small"),
    (34, 9, r"\footnotesize"),
    (34, 8, r"\scriptsize"),
    (22, 8, r"\scriptsize"),
    (26, 6, r"\tiny"),
    (16, 6, r"\tiny"),
)
"""Characters of a line of words, and the size of type in points, the first that fits being taken."""
LINE, GAP = 480, 3
"""Points of a line of a page, and of the space on both sides of a column."""
SCRIPT, TINY, BROAD = 8, 6, 0.62
"""Points of the two smallest types; the letters of the smallest are broader for their size."""
GREY = {"in grey": "in small type", "In grey": "In small type", "灰色": "小字"}
"""Colours of a page, as a printed table has them."""

PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage[margin=0.75in]{geometry}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[T1]{fontenc}
  \usepackage{textcomp}
  \IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\else
  \usepackage{fontspec}
\fi
"""
PACKAGES = r"""\usepackage{booktabs}
\usepackage{longtable}
\usepackage{array}
\usepackage{graphicx}
\usepackage{float}
\floatplacement{table}{H}
\floatplacement{figure}{H}
"""
APPENDIX = "A"
"""Before the number of what the report does not number."""
CHINESE = (
    "\\usepackage{xeCJK} % needs xelatex, and a font with the characters: \\setCJKmainfont{...}\n"
)


def write_latex(document: Document, drawings: Drawings, folder: Path) -> None:
    """Write ``<table>.tex`` of every table, ``<figure>.pdf`` of every figure, and ``tables.tex``.

    Parameters
    ----------
    document : Document
        What the report says.
    drawings : Drawings
        Where its figures are drawn.
    folder : pathlib.Path
        Where the files go.

    Notes
    -----
    A table needs the packages booktabs, array and graphicx, a long one longtable too. ``tables.tex`` is a
    document of its own that takes in all of them, with the numbers of the report, A1, A2, … for what it does
    not number; ``pdflatex tables.tex`` prints it, ``xelatex`` where a title has Chinese.
    """
    body: list[str] = []
    for exhibit, number in _numbers(exhibits(document)):
        block = exhibit.block
        kind = "table" if isinstance(block, Table) else "figure"
        body.append(rf"\renewcommand{{\the{kind}}}{{{number}}}")
        if isinstance(block, Table):
            (folder / f"{block.id}.tex").write_text(latex_table(block, exhibit), encoding="utf-8")
            body.append(rf"\input{{{block.id}.tex}}")
        else:
            (folder / f"{block.id}.pdf").write_bytes(drawings.pdf(block))
            body.extend(_figure(exhibit, block, WIDTHS[drawings.usual(block)]))
    text = "\n".join([rf"\title{{{escape(document.title)}}}", r"\date{}", r"\begin{document}"])
    text = "\n".join([text, r"\maketitle", escape(document.question), "", *body, r"\end{document}"])
    chinese = CHINESE if any("\u2e80" <= char <= "\uffee" for char in _words_of(document)) else ""
    (folder / WHOLE).write_text(f"{PREAMBLE}{PACKAGES}{chinese}{text}\n", encoding="utf-8")


def _numbers(shown: Iterable[Exhibit]) -> Iterator[tuple[Exhibit, str]]:
    """Yield exhibits with their numbers in the report; A1, A2 and so on without one."""
    rest = {True: 0, False: 0}
    for exhibit in shown:
        found = re.search(r"\d+", exhibit.number)
        kind = isinstance(exhibit.block, Table)
        rest[kind] += found is None
        yield exhibit, found[0] if found else f"{APPENDIX}{rest[kind]}"


def _words_of(document: Document) -> Iterator[str]:
    """Yield the letters of a document that its tables print."""
    yield from document.title
    yield from document.question
    for table in document.tables():
        yield from (letter for row in table.rows for cell in row for letter in cell.text)


def _figure(exhibit: Exhibit, figure: Figure, inches: float) -> list[str]:
    """Return a figure as a float."""
    words = f"{exhibit.title} {figure.caption}".strip()
    return [
        r"\begin{figure}",
        r"\centering",
        rf"\includegraphics[width={inches:g}in]{{{figure.id}.pdf}}",
        rf"\caption{{{escape(words)}}}\label{{fig:{figure.id}}}",
        r"\end{figure}",
    ]


def latex_table(table: Table, exhibit: Exhibit) -> str:
    r"""Return a table for ``\input``: caption, booktabs, details in the line below, notes.

    Parameters
    ----------
    table : Table
        Of a document.
    exhibit : Exhibit
        Where it stands.
    """
    title = exhibit.title if exhibit.number else exhibit.name
    caption = _printed(f"{title} {table.caption}".strip())
    label = rf"\caption{{{escape(caption)}}}\label{{tab:{table.id}}}"
    widths = _widths(table)
    words, size, points = _fit(widths)
    layout = "".join(_layout(*each, words) for each in zip(table.columns, widths, strict=True))
    head = " & ".join(map(_heading, table.columns)) + r" \\"
    small = r"\tiny" if points <= SCRIPT else r"\scriptsize"
    body = list(_body(table, widths, words, small))
    below = r"\par\smallskip\noindent\parbox{\linewidth}{\footnotesize "
    notes = [f"{below}{escape(_printed(note))}}}" for note in table.notes]
    size += rf"\setlength{{\tabcolsep}}{{{GAP}pt}}"
    if not one_page(table, caption, _set_in(table, widths, words), points):
        lines = [size, *_long(f"@{{}}{layout}@{{}}", label, head, body), *notes]
        return "\n".join([r"\begingroup", *lines, r"\par\endgroup", ""])
    inner = _short(f"@{{}}{layout}@{{}}", head, body)
    if points < FITS[-1][1]:
        inner = [r"\resizebox{\linewidth}{!}{%", *inner, "}"]
    lines = [r"\centering", label, size, *inner, *notes]
    return "\n".join([r"\begin{table}", *lines, r"\end{table}", ""])


def _printed(words: str) -> str:
    """Return words that name what stands in grey on a page by what sets it apart in print."""
    for grey, small in GREY.items():
        words = words.replace(grey, small)
    return words


def _short(layout: str, head: str, body: Sequence[str]) -> list[str]:
    """Return the lines of a table on one page."""
    rows = [r"\toprule", head, r"\midrule", *body, r"\bottomrule"]
    return [rf"\begin{{tabular}}{{{layout}}}", *rows, r"\end{tabular}"]


def _long(layout: str, label: str, head: str, body: Sequence[str]) -> list[str]:
    """Return the lines of a table that goes over pages."""
    again = [r"\toprule", head, r"\midrule"]
    return [
        r"\setlength{\LTcapwidth}{\linewidth}",
        rf"\begin{{longtable}}{{{layout}}}",
        *(label + r" \\", *again, r"\endfirsthead"),
        *(*again, r"\endhead", r"\bottomrule", r"\endlastfoot"),
        *body,
        r"\end{longtable}",
    ]


def _heading(column: Column) -> str:
    """Return a heading, in several lines where it is long."""
    lines = [escape(line) for line in in_lines(column.title, HEADING_WIDTH)]
    return _stacked(lines, column, "b") if len(lines) > 1 else "".join(lines)


def _stacked(lines: Sequence[str], column: Column, at: str) -> str:
    """Return lines below each other in one cell, the first or the last of them level with the row."""
    side = "r" if column.numeric else "l"
    joined = r" \\ ".join(lines)
    return rf"\begin{{tabular}}[{at}]{{@{{}}{side}@{{}}}}{joined}\end{{tabular}}"


def _fit(widths: Sequence[int]) -> tuple[int, str, float]:
    """Return the characters of a line of words, the size of type, and that in points.

    Where a table is too wide in any type of :data:`FITS`, the points are those of the type to which it
    has to shrink.
    """
    for words, points, size in FITS:
        letters = sum(min(width, words) for width in widths)
        wide = (BROAD if points <= TINY else 0.55) * points * letters + 2 * GAP * len(widths)
        if wide <= LINE:
            return words, size, points
    return words, size, points * LINE / wide


def _widths(table: Table) -> list[int]:
    """Return the longest text of every column, in characters."""
    longest = [min(length(column.title), HEADING_WIDTH) for column in table.columns]
    for row in table.rows:
        for at, cell in enumerate(row, start=len(longest) - len(row)):
            beside = min(length(cell.detail), DETAIL_WIDTH) if table.columns[at].numeric else 0
            longest[at] = max(longest[at], length(cell.text), beside)
    return longest


def _set_in(table: Table, widths: Sequence[int], words: int) -> list[int]:
    """Return the characters of a line of every column: numbers are never broken, what stands below is."""
    columns = zip(table.columns, widths, strict=True)
    return [
        max(width, DETAIL_WIDTH) if column.numeric else words if width > words else width
        for column, width in columns
    ]


def _layout(column: Column, width: int, words: int) -> str:
    """Return how a column is set: numbers to the right, long words in lines of their own."""
    if column.numeric:
        return "r"
    if width <= words:
        return "l"
    return rf">{{\raggedright\arraybackslash}}p{{{0.5 * words:g}em}}"


def _body(table: Table, widths: Sequence[int], words: int, small: str) -> Iterator[str]:
    """Yield the lines of the rows; space parts one group of rows from the next."""
    for position, row in enumerate(table.rows):
        lacking = len(table.columns) - len(row)
        if position and not lacking and any(cell.rows > 1 for cell in row):
            yield r"\addlinespace"
        columns = zip(row, table.columns[lacking:], widths[lacking:], strict=True)
        cells = (
            _cell(cell, column, small, broken=width > words) for cell, column, width in columns
        )
        end = r" \\[3pt]" if any(cell.detail for cell in row) else r" \\"
        yield " & ".join([*[""] * lacking, *cells]) + end


def _cell(cell: Cell, column: Column, small: str, *, broken: bool) -> str:
    """Return a cell; what stands beside its text is set below it, in smaller type."""
    if not cell.detail:
        return _bold(cell)
    if broken and not column.numeric:
        return rf"{_bold(cell)}\newline{{{small} {escape(cell.detail)}}}"
    lines = (f"{{{small} {escape(line)}}}" for line in in_lines(cell.detail, DETAIL_WIDTH))
    return _stacked([_bold(cell), *lines], column, "t")


def _bold(cell: Cell) -> str:
    """Return the text of a cell; one that begins with [ or * is no option of the line before."""
    words = escape(cell.text)
    words = f"{{}}{words}" if words[:1] in {"[", "*"} else words
    stars = rf"$^{{{cell.stars}}}$" if cell.stars else ""
    return (rf"\textbf{{{words}}}" if cell.strong and words else words) + stars
