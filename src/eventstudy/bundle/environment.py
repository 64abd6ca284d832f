"""The packages that a study was run with: every version that it depends on."""

from __future__ import annotations

import platform
import re
from importlib.metadata import PackageNotFoundError, distribution

OURS = "policy-eventstudy"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def requirements() -> dict[str, str]:
    """Return this package and all that it needs, directly or not, with the installed versions.

    Notes
    -----
    Extras are left out, and so is what is not installed here because its marker is for other machines.
    """
    found: dict[str, str] = {}
    todo = [OURS]
    while todo:
        name = re.sub(r"[-_.]+", "-", todo.pop()).lower()
        if name in found:
            continue
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        found[name] = package.version
        todo += [
            match[0]
            for text in package.requires or ()
            if "extra ==" not in text and (match := NAME.match(text))
        ]
    return dict(sorted(found.items()))


def python() -> str:
    """Return the version of Python."""
    return platform.python_version()
