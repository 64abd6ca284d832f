"""What the YAML parser complains about, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy.yamlfile.document import Place

if TYPE_CHECKING:
    from eventstudy.errors import Problem
    from eventstudy.yamlfile.page import Page

WORDS = {
    "mapping values are not allowed": (
        "a second `key: value` in one line; put text that contains a colon in quotes,"
        " and start a new line for a new key"
    ),
    "cannot start any token": "no value can start with this character; put the text in quotes",
    "did not find expected key": (
        "a `key: value` is expected here; check that the line is indented like its neighbours"
        " and that quotes and brackets are closed"
    ),
    "did not find expected '-'": "an entry of the list (`- ...`) is expected here",
    "expected ',' or ']'": "the list in [ ] is not closed, or a comma is missing",
    "expected ',' or '}'": "the block in { } is not closed, or a comma is missing",
    "unexpected end of stream": "the quotes are not closed",
    "could not find expected ':'": "a colon and a value are missing after this key",
    "sequence entries are not allowed": "a list starts on a new line, below its key",
    "expected <document start>": "there is text after the end of the document; remove it",
    "directive": "a line that starts with % is not allowed; remove it",
    "expected alphabetic or numeric": "`*` and `&` cannot start a value; put the text in quotes",
    "escape": "a backslash in double quotes starts an escape; use single quotes",
    "expected <block end>": "the line is indented differently from its neighbours",
}
"""Our words by a part of the parser's."""

UNCLOSED = ("expected ',' or", "unexpected end of stream")
"""Complaints that belong to the place where the bracket or quote was opened."""


def complaint(page: Page, error: Exception) -> Problem:
    """Return the problem behind an exception of the parser.

    Parameters
    ----------
    page : Page
        The file.
    error : yaml.YAMLError
        What the parser raised.
    """
    said = getattr(error, "problem", None) or str(error)
    opened = any(part in said for part in UNCLOSED)
    mark = getattr(error, "context_mark" if opened else "problem_mark", None)
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    ours = next((text for part, text in WORDS.items() if part in said), f"not YAML: {said}")
    problem = page.problem(place, "not-yaml", "", ours)
    margin = problem.source[: len(problem.source) - len(problem.source.lstrip())]
    if "\t" in margin:
        place = Place(problem.line, margin.index("\t") + 1)
        message = "the line is indented with a tab; replace it by spaces"
        return page.problem(place, "tab", "", message)
    return problem
