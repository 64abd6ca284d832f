"""Letters that mean something to LaTeX, what prints them, and the room that they take."""

from __future__ import annotations

import re
import textwrap
from unicodedata import east_asian_width

from eventstudy.formats import MINUS

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


def escape(text: str) -> str:
    """Return text that LaTeX prints as it is; line ends become spaces."""
    words = re.sub(r"\s*[\n\r\t]\s*", " ", text)
    return "".join(
        ESCAPES.get(char, char) for char in words if char.isprintable() or char in ESCAPES
    )


def in_lines(text: str, width: int) -> list[str]:
    """Return text in lines of some characters; Chinese breaks anywhere and takes twice the room."""
    if length(text) == len(text):
        return textwrap.wrap(text, width, break_long_words=False) or [""]
    lines = [""]
    for char in text:
        if length(lines[-1] + char) > width:
            lines.append("")
        lines[-1] += char
    return lines


def length(text: str) -> int:
    """Return how much room a text takes, in Latin letters."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
