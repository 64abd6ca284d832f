"""YAML text -> plain strings, lists and maps that remember file, line and column.

Nothing is constructed: every scalar stays the string that was written, so that NO is not False and
31 February is ours to refuse. The parser's events are walked one by one, which finds every repeated
key and keeps brackets nested 100,000 deep away from any recursion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy.yamlfile.document import STUDY, Document, Kind, Place, Where, kind_of, spell
from eventstudy.yamlfile.page import Page
from eventstudy.yamlfile.walk import Walk

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Document", "Kind", "Place", "Where", "kind_of", "read", "spell"]


def read(path: Path, kind: Kind = STUDY) -> Document:
    """Read a YAML file.

    Parameters
    ----------
    path : pathlib.Path
        A regular file of at most 1 MB, one YAML document whose top is a map.
    kind : Kind, optional
        What it should hold, for messages.

    Returns
    -------
    Document
        With the problems that leave the rest readable: repeated and empty keys, tags, anchors,
        aliases, merge keys, directives, further documents.

    Raises
    ------
    eventstudy.errors.SpecError
        When there is nothing to go on with: no such file, not text, not YAML, nested too deep,
        empty, not a map.
    """
    return Walk(Page.read(path, kind), kind).document()
