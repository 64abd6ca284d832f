"""The fenced blocks of a page, and what the comments around them ask for.

A reader sees the block and its title; the source says the rest:

* ``title="my-study.yaml"`` on a block is the file that the block is, and is written into the folder of the page;
* ``title="prints"`` on a ``text`` block is what the block before it printed;
* ``title="in reports/…"`` on a ``text`` block is what can be read in that file;
* ``<!-- not run: reason -->`` before a block: it is read, checked for form, and not run;
* ``<!-- slow -->``: it and what follows run with ``make test-slow`` only;
* ``<!-- setup: command -->``: run beforehand, with the repository in ``$REPOSITORY``.

In what is printed, ``…`` stands for any text, and on a line of its own for any lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

FENCE = re.compile(
    r"^<!-- (?P<word>not run|slow|setup)(?:: (?P<said>.+?))? -->"
    r"|^```(?P<language>\w*)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
RUNS = {"sh", "console", "python"}


@dataclass(frozen=True)
class Block:
    """One fenced block, or a command of the page's setup."""

    language: str
    text: str
    title: str = ""
    line: int = 0
    left_out: str = ""
    slow: bool = False


def blocks_of(page: str) -> list[Block]:
    """Return the blocks of a page in their order."""
    found: list[Block] = []
    left_out, slow = "", False
    for match in FENCE.finditer(page):
        line = page.count("\n", 0, match.start()) + 1
        if match["word"] == "setup":
            found.append(Block("setup", match["said"], line=line, slow=slow))
        elif match["word"] == "slow":
            slow = True
        elif match["word"]:
            left_out = match["said"]
        else:
            block = Block(match["language"], match["text"], match["title"] or "", line)
            found.append(replace(block, left_out=left_out, slow=slow))
            left_out = ""
    return found


def prose_of(page: str) -> str:
    """Return a page without its blocks, comments and the code within sentences."""
    return re.sub(r"`[^`]+`", " ", FENCE.sub("", page))
