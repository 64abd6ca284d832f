"""Write docs/tutorials/from-python.ipynb, the notebook of the page of that name; ``--check`` only compares.

The page is the source: its text becomes cells of text, its Python cells of code, what they print their output. The
tests run the page and compare what it prints; the notebook cannot differ from it.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "tutorials" / "from-python.md"
NOTEBOOK = PAGE.with_suffix(".ipynb")
PARTS = re.compile(r"^```(python|text)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def notebook(page: str) -> str:
    """Return the notebook of a page, as JSON in version 4.5 of the format."""
    cells = list(_cells(re.sub(r"<!--.*?-->\n", "", page)))
    for number, cell in enumerate(cells, start=1):
        cell["id"] = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def _cells(page: str) -> Iterator[dict[str, Any]]:
    """Yield the cells; a block of text is the output of the code before it."""
    words, *blocks = PARTS.split(page)
    yield from _text(words)
    for kind, content, after in zip(blocks[::3], blocks[1::3], blocks[2::3], strict=True):
        if kind == "python":
            code: dict[str, Any] = {"cell_type": "code", "metadata": {}, "execution_count": None}
            code |= {"outputs": [], "source": _lines(content.rstrip())}
            yield code
        else:
            stream = {"output_type": "stream", "name": "stdout", "text": _lines(content)}
            code["outputs"].append(stream)
        yield from _text(after)


def _text(words: str) -> Iterator[dict[str, Any]]:
    if words.strip():
        yield {"cell_type": "markdown", "metadata": {}, "source": _lines(words.strip())}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def main(arguments: Sequence[str]) -> int:
    """Write the notebook; with ``--check`` return 1 if it is stale."""
    text = notebook(PAGE.read_text(encoding="utf-8"))
    if "--check" in arguments:
        same = NOTEBOOK.is_file() and NOTEBOOK.read_text(encoding="utf-8") == text
        if not same:
            print(f"{NOTEBOOK.relative_to(ROOT)} is stale: run `make generated`", file=sys.stderr)
        return not same
    NOTEBOOK.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
