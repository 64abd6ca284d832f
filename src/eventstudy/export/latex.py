"""LaTeX: one file per table with booktabs, and one document that holds them all."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from eventstudy.export.drawings import WIDTHS
from eventstudy.export.outline import Exhibit, exhibits
from eventstudy.formats import MINUS
from eventstudy.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from eventstudy.document import Document
    from eventstudy.document.blocks import Figure
    from eventstudy.export.drawings import Drawings
    from eventstudy.tables import Cell, Column

WHOLE = "tables.tex"
LONG_TABLE = 36
"""More rows than a page has go into a longtable."""
LONG_WORDS = 34
"""Characters from which words of a column are broken into lines."""
HEADING_WIDTH = 16
"""Characters of a line of a heading."""
SIZES = ((84, r"\small"), (104, r"\footnotesize"), (124, r"\scriptsize"), (999, r"\tiny"))
"""Size of type by the characters of a row that fit on a page."""
SCALED = 140
"""Characters of a row from which a table on one page is scaled to it."""

ESCAPES = {
    **{char: f"\\{char}" for char in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "-": "{-}",
    "`": r"\textasciigrave{}",
    "'": r"\textquotesingle{}",
    MINUS: "$-$",
    "\N{NO-BREAK SPACE}": "~",
    "\N{EN DASH}": "--",
    "\N{EM DASH}": "---",
    "\N{HORIZONTAL ELLIPSIS}": r"\ldots{}",
    "\N{MULTIPLICATION SIGN}": r"$\times$",
    "\N{PLUS-MINUS SIGN}": r"$\pm$",
    "\N{MIDDLE DOT}": r"$\cdot$",
    "\N{DEGREE SIGN}": r"$^\circ$",
    "\N{SUPERSCRIPT TWO}": r"$^2$",
    "\N{PRIME}": r"$'$",
    "\N{LESS-THAN OR EQUAL TO}": r"$\leq$",
    "\N{GREATER-THAN OR EQUAL TO}": r"$\geq$",
    "\N{ALMOST EQUAL TO}": r"$\approx$",
    "\N{NOT EQUAL TO}": r"$\neq$",
    "\N{RIGHTWARDS ARROW}": r"$\rightarrow$",
    "\N{LEFT SINGLE QUOTATION MARK}": "`",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": "``",
    "\N{RIGHT DOUBLE QUOTATION MARK}": "''",
    **{
        letter: rf"$\{name}$"
        for letter, name in zip(
            "βγμρστχ", ("beta", "gamma", "mu", "rho", "sigma", "tau", "chi"), strict=True
        )
    },
}
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
CHINESE = r"""\usepackage{xeCJK} % needs xelatex, and a font with the characters: \setCJKmainfont{...}
"""


def escape(text: str) -> str:
    """Return text that LaTeX prints as it is; line ends become spaces."""
    words = re.sub(r"\s*[\n\r\t]\s*", " ", text)
    return "".join(
        ESCAPES.get(char, char) for char in words if char.isprintable() or char in ESCAPES
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
    document of its own that takes in all of them; ``pdflatex tables.tex`` prints it, ``xelatex`` where a
    title has Chinese.
    """
    body: list[str] = []
    for exhibit in exhibits(document):
        block = exhibit.block
        if isinstance(block, Table):
            (folder / f"{block.id}.tex").write_text(latex_table(block, exhibit), encoding="utf-8")
            body.append(rf"\input{{{block.id}.tex}}")
        else:
            (folder / f"{block.id}.pdf").write_bytes(drawings.pdf(block))
            body.extend(_figure(exhibit, block, WIDTHS[drawings.widths(block)[0]]))
    text = "\n".join([rf"\title{{{escape(document.title)}}}", r"\date{}", r"\begin{document}"])
    text = "\n".join([text, r"\maketitle", escape(document.question), "", *body, r"\end{document}"])
    chinese = CHINESE if any("\u2e80" <= char <= "\uffee" for char in _words_of(document)) else ""
    (folder / WHOLE).write_text(f"{PREAMBLE}{PACKAGES}{chinese}{text}\n", encoding="utf-8")


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
    caption = escape(f"{title} {table.caption}".strip())
    label = rf"\caption{{{caption}}}\label{{tab:{table.id}}}"
    widths = _widths(table)
    layout = "".join(_layout(*each) for each in zip(table.columns, widths, strict=True))
    head = " & ".join(map(_heading, table.columns)) + r" \\"
    body = list(_body(table))
    small = r"\par\smallskip\parbox{\linewidth}{\footnotesize "
    notes = [f"{small}{escape(note)}}}" for note in table.notes]
    width = sum(min(each, LONG_WORDS) + 2 for each in widths)
    if len(body) > LONG_TABLE:
        lines = [_size(width), *_long(f"@{{}}{layout}@{{}}", label, head, body), *notes]
        return "\n".join([r"\begingroup", *lines, r"\par\endgroup", ""])
    inner = _short(f"@{{}}{layout}@{{}}", head, body)
    if width > SCALED:
        inner = [r"\resizebox{\linewidth}{!}{%", *inner, "}"]
    lines = [r"\centering", label, _size(width), *inner, *notes]
    return "\n".join([r"\begin{table}", *lines, r"\end{table}", ""])


def _short(layout: str, head: str, body: Sequence[str]) -> list[str]:
    """Return the lines of a table on one page."""
    rows = [r"\toprule", head, r"\midrule", *body, r"\bottomrule"]
    return [rf"\begin{{tabular}}{{{layout}}}", *rows, r"\end{tabular}"]


def _long(layout: str, label: str, head: str, body: Sequence[str]) -> list[str]:
    """Return the lines of a table that goes over pages."""
    again = [r"\toprule", head, r"\midrule"]
    return [
        r"\setlength{\tabcolsep}{2pt}\setlength{\LTcapwidth}{\linewidth}",
        rf"\begin{{longtable}}{{{layout}}}",
        *(label + r" \\", *again, r"\endfirsthead"),
        *(*again, r"\endhead", r"\bottomrule", r"\endlastfoot"),
        *body,
        r"\end{longtable}",
    ]


def _heading(column: Column) -> str:
    """Return a heading, in several lines where it is long."""
    lines = [escape(line) for line in textwrap.wrap(column.title, HEADING_WIDTH)]
    if len(lines) < 2:
        return "".join(lines)
    joined = r" \\ ".join(lines)
    return rf"\shortstack[{'r' if column.numeric else 'l'}]{{{joined}}}"


def _size(width: int) -> str:
    """Return the size of type for a table as wide as some characters."""
    return next(size for limit, size in SIZES if width <= limit)


def _widths(table: Table) -> list[int]:
    """Return the longest text of every column, in characters."""
    longest = [min(len(column.title), HEADING_WIDTH) for column in table.columns]
    for row in table.rows:
        for at, cell in enumerate(row, start=len(longest) - len(row)):
            longest[at] = max(longest[at], len(cell.text), len(cell.detail))
    return longest


def _layout(column: Column, width: int) -> str:
    """Return how a column is set: numbers to the right, long words in lines of their own."""
    if column.numeric:
        return "r"
    return (
        rf">{{\raggedright\arraybackslash}}p{{{0.5 * LONG_WORDS:g}em}}"
        if width > LONG_WORDS
        else "l"
    )


def _body(table: Table) -> Iterator[str]:
    """Yield the lines of the rows; space parts one group of rows from the next."""
    for position, row in enumerate(table.rows):
        lacking = len(table.columns) - len(row)
        if position and not lacking and any(cell.rows > 1 for cell in row):
            yield r"\addlinespace"
        yield " & ".join([""] * lacking + [_bold(cell) for cell in row]) + r" \\"
        if any(cell.detail for cell in row):
            small = [rf"{{\scriptsize {escape(c.detail)}}}" if c.detail else "" for c in row]
            yield " & ".join([""] * lacking + small) + r" \\"


def _bold(cell: Cell) -> str:
    """Return the text of a cell."""
    words = escape(cell.text)
    return rf"\textbf{{{words}}}" if cell.strong and words else words
