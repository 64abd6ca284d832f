"""Run the blocks of a page in a folder, one after the other, and hold what they print against the page."""

from __future__ import annotations

import contextlib
import html
import io
import json
import os
import re
import shlex
import subprocess
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from eventstudy.cli import app, main
from eventstudy.errors import SpecError
from eventstudy.spec import load

if TYPE_CHECKING:
    from tests.docs.blocks import Block

ROOT = Path(__file__).parents[2]
COMMENT = re.compile(r"\s+# .*$")
EXIT = re.compile(r"# exit code (\d+)")
BASE = {"format": "1", "title": "A study"}
EVENT = "events: [{id: A, title: T, announced: 2023-08-27}]"


class Session:
    """What the blocks of one page share: the folder, the names of Python, the last that was printed."""

    def __init__(self) -> None:
        self.names: dict[str, object] = {"__name__": "__main__"}
        self.printed = ""

    def run(self, block: Block, *, compared: bool = True) -> None:
        """Do what a block says; raise where it does not come out as the page says.

        ``compared`` says that the next block holds what this one prints.
        """
        if block.language == "text" and block.title:
            self._compare(block)
        elif block.title:
            path = Path(block.title)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")
        elif block.language in {"sh", "console", "setup"}:
            self.printed = "".join(map(_command, commands(block.text)))
        elif block.language == "python":
            self.printed = self._python(block)
        elif block.language == "yaml":
            self.printed = _study(block.text)
            assert compared or not self.printed, self.printed
        elif block.language == "json":
            json.loads(block.text)

    def _python(self, block: Block) -> str:
        said = io.StringIO()
        with contextlib.redirect_stdout(said), warnings.catch_warnings():
            # what packages say to each other, a reader of the page does not see either
            warnings.simplefilter("ignore", DeprecationWarning)
            exec(compile(block.text, f"line {block.line}", "exec"), self.names)  # noqa: S102 - our own page
        return said.getvalue()

    def _compare(self, block: Block) -> None:
        if block.title == "prints":
            assert matches(block.text, self.printed), f"prints:\n{self.printed}"
            return
        path = Path(block.title.removeprefix("in "))
        there = _words(path)
        for line in filter(None, map(_plain, block.text.splitlines())):
            pattern = ".*?".join(map(re.escape, line.split("…")))
            assert re.search(pattern, there), f"{path} does not say: {line}"


def commands(text: str) -> list[str]:
    """Return the commands of a block, continued lines joined, without comments and prompts."""
    joined = text.replace("\\\n", " ")
    lines = (line.strip().removeprefix("$ ") for line in joined.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def check_form(block: Block) -> None:
    """Hold a block that does not run against what can be known of it: options, syntax, keys."""
    if block.language == "python":
        compile(block.text, f"line {block.line}", "exec")
    elif block.language == "json":
        json.loads(block.text)
    elif block.language in {"sh", "console"}:
        for command in commands(block.text):
            words = shlex.split(_bare(command).partition(">")[0].partition("|")[0])
            if words and words[0] == "eventstudy":
                _parse(words[1:])


def _parse(words: list[str]) -> None:
    """Let the parser read a command without doing what it says."""
    group = typer.main.get_command(app)
    context = group.make_context("eventstudy", words)
    while hasattr(group, "resolve_command"):
        rest = [*context._protected_args, *context.args]
        if not rest:
            return
        _, group, words = group.resolve_command(context, rest)
        try:
            context = group.make_context(rest[0], words, parent=context)
        except Exception as error:
            if "does not exist" in str(error):  # options are read before files are looked for
                return
            raise


def matches(expected: str, printed: str) -> bool:
    """Tell whether what was printed is what a page says, where ``…`` stands for anything."""
    parts = []
    for line in expected.rstrip().splitlines():
        if line.strip() == "…":
            parts.append(r"(?:.*\n)*?")
        else:
            inner = r"[^\n]*?".join(re.escape(part) for part in line.rstrip().split("…"))
            parts.append(f"{inner}[ ]*\n")
    clean = "\n".join(line.rstrip() for line in printed.rstrip().splitlines()) + "\n"
    return re.fullmatch("".join(parts), clean) is not None


def _command(command: str) -> str:
    """Run one command, our own in this process; return what it printed."""
    ends = EXIT.search(command)
    command = _bare(command)
    before, _, file = command.partition(" > ")
    words = shlex.split(before)
    if words[0] == "cd":
        os.chdir(words[1])
        return ""
    if words[0] != "eventstudy" or "|" in command:
        return _shell(command)
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main(words[1:])
    assert code == (int(ends[1]) if ends else 0), f"{command}: {code}\n{said.getvalue()}"
    if file:
        Path(file).write_text(said.getvalue(), "utf-8")
        return ""
    return said.getvalue()


def _bare(command: str) -> str:
    """Return a command without the comment behind it."""
    return COMMENT.sub("", command)


def _shell(command: str) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-ec", command], capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": path, "REPOSITORY": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout


def _study(text: str) -> str:
    """Load a study, or a part of one beside what a study needs; return the messages if it has mistakes."""
    keys = set(re.findall(r"^(\w+):", text, re.MULTILINE))
    missing = [f"{key}: {value}" for key, value in BASE.items() if key not in keys]
    path = Path("my-study.yaml")
    old = path.read_text("utf-8") if path.exists() else None
    needs_event = not keys & {"events", "events_from"}
    path.write_text("\n".join([text.rstrip(), *missing, *[EVENT] * needs_event, ""]), "utf-8")
    try:
        load(path)
    except SpecError as error:
        return f"{error}\n"
    finally:
        path.unlink() if old is None else path.write_text(old, "utf-8")
    return ""


def _words(path: Path) -> str:
    """Return the words of a file on one line; of a page, those that are read."""
    text = path.read_text("utf-8")
    if path.suffix == ".html":
        text = html.unescape(re.sub(r"<[^>]+>", "", text))
    return _plain(text)


def _plain(text: str) -> str:
    return " ".join(text.split())
