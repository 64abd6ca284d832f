"""The program as one of the causes of a result: its own files, and the packages it stands on."""

from __future__ import annotations

import platform
from functools import cache
from hashlib import sha256
from importlib.metadata import requires, version
from pathlib import Path

NAME = "policy-eventstudy"
"""What the program is called among packages."""

EXAMPLES = "events"
"""Folder of a wheel with example studies, which a source tree has elsewhere and which are no program."""


def files() -> list[Path]:
    """Return the files of the program, sorted: the same of a source tree and of a wheel made of it."""
    folder = Path(__file__).parent
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return [
        folder / path
        for path in sorted(found)
        if "__pycache__" not in path.parts and path.parts[0] != EXAMPLES
    ]


@cache
def identity() -> str:
    """Return one hash for this program, 64 hexadecimal digits: it changes with every line of its code.

    Notes
    -----
    Hashed are the names and contents of its files, the version of Python, and the installed versions of the
    packages that it requires.
    """
    import re

    digest = sha256(platform.python_version().encode())
    needed = [line for line in requires(NAME) or () if "extra ==" not in line]
    for line in sorted(needed):
        package = re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0]
        digest.update(f"\n{package} {version(package)}".encode())
    folder = Path(__file__).parent
    for file in files():
        digest.update(f"\n{file.relative_to(folder).as_posix()}\n".encode())
        digest.update(sha256(file.read_bytes()).digest())
    return digest.hexdigest()
