"""The packages that a study was run with: every version that it depends on, with hashes where they are known."""

from __future__ import annotations

import os
import platform
import re
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eventstudy import program

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventstudy.spec import Study

OURS = "policy-eventstudy"
LOCK = "requirements-extras.lock"
"""Versions and hashes of what this package and its extras need: in its source tree, and beside the metadata of what
is installed."""
KEPT = f"extra_metadata/{LOCK}"
OPTIONAL = {"garch_quantile": "arch", "market_garch": "arch"}
"""Packages of extras, by the plug-in that needs one."""
GIGABYTE = 1e9

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LOCKED = re.compile(
    r"^([\w.-]+)==(\S+)(?: ; (.*?))? \\\n((?: {4}--hash=\S+(?: \\)?\n)+)((?: {4}#.*\n)*)",
    re.MULTILINE,
)
_VIA = re.compile(r"#\s+(?:via )?([\w.-]+)$", re.MULTILINE)
_ONLY_ON = ("sys_platform", "platform_system", "os_name")


@dataclass(frozen=True, slots=True)
class Package:
    """What this package says of itself, from its source tree or as it is installed.

    Attributes
    ----------
    version, python, licence : str
        Its version, the versions of Python that it runs with, and its licence as SPDX has it.
    needs : tuple of str
        Requirements with their markers; those of extras have ``extra ==`` in them.
    """

    version: str
    python: str
    licence: str
    needs: tuple[str, ...]


@cache
def tree() -> Path | None:
    """Return the source tree that this package runs from; None where it is installed."""
    found = Path(program.__file__).parents[2]
    path = found / "pyproject.toml"
    return found if path.is_file() and f'"{OURS}"' in path.read_text(encoding="utf-8") else None


@cache
def package() -> Package:
    """Return what this package says of itself.

    Notes
    -----
    The metadata of an editable installation are those of the day on which it was made: what a source tree
    says goes first.
    """
    home = tree()
    if home is not None:
        said = tomllib.loads((home / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        return Package(said["version"], said["requires-python"], said["license"], (*_needs(said),))
    installed = distribution(OURS)
    read = installed.metadata
    licence = read["License-Expression"] or ""
    return Package(
        installed.version, read["Requires-Python"], licence, (*(installed.requires or ()),)
    )


def _needs(said: dict[str, Any]) -> Iterator[str]:
    """Yield the requirements of a source tree as an installed package has them."""
    yield from said["dependencies"]
    for extra, names in said.get("optional-dependencies", {}).items():
        yield from (f"{name}; extra == '{extra}'" for name in names)


def requirements(more: Iterable[str] = ()) -> dict[str, str]:
    """Return this package and all that it needs, directly or not, with the installed versions.

    Parameters
    ----------
    more : iterable of str, optional
        Names of packages of extras that a study needs besides.

    Notes
    -----
    What is not installed here because its marker is for other machines is left out.
    """
    found: dict[str, str] = {}
    todo = [OURS, *more]
    while todo:
        name = _plain(todo.pop())
        if name in found:
            continue
        try:
            version, needs = _installed(name)
        except (PackageNotFoundError, ValueError):
            continue
        found[name] = version
        todo += [
            match[0] for text in needs if "extra ==" not in text and (match := _NAME.match(text))
        ]
    return dict(sorted(found.items()))


def _installed(name: str) -> tuple[str, tuple[str, ...]]:
    """Return version and requirements of a package."""
    if name == OURS:
        return package().version, package().needs
    found = distribution(name)
    return found.version, tuple(found.requires or ())


def _plain(name: str) -> str:
    """Return a name as indices compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def optional(study: Study) -> set[str]:
    """Return the packages of extras that the models and procedures of a study need."""
    chosen = (*study.models, *study.procedures, *study.statistics)
    return {OPTIONAL[each.name] for each in chosen if each.name in OPTIONAL}


def lock() -> str:
    """Return the versions and hashes that this package was tested with; empty where it has none."""
    home = tree()
    if home is None:
        return distribution(OURS).read_text(KEPT) or ""
    return (home / LOCK).read_text(encoding="utf-8")


def pinned(versions: dict[str, str], text: str) -> str:
    """Return a file of requirements: with hashes if the lock knows every version, else versions alone.

    Parameters
    ----------
    versions : dict
        What is installed, as :func:`requirements` returns it; this package itself is left out.
    text : str
        A lock with markers and hashes, and with the names of what needs a package in comments below it.

    Notes
    -----
    What the lock needs on other systems alone, such as colorama on Windows, stays with its marker; what only
    extras need that a study does not use stays out.
    """
    wanted = {name: version for name, version in versions.items() if name != OURS}
    lines = []
    missing = set(wanted)
    for name, version, marker, hashes, comment in _LOCKED.findall(text):
        elsewhere = name not in versions and marker.startswith(_ONLY_ON)
        elsewhere = elsewhere and not wanted.keys().isdisjoint(map(_plain, _VIA.findall(comment)))
        if wanted.get(_plain(name)) == version or elsewhere:
            missing.discard(_plain(name))
            lines.append(f"{name}=={version}{f' ; {marker}' * elsewhere} \\\n{hashes.rstrip()}")
    if missing:
        lines = [f"{name}=={version}" for name, version in wanted.items()]
    return "\n".join(lines) + "\n"


def python() -> str:
    """Return the version of Python."""
    return platform.python_version()


def system() -> str:
    """Return operating system and processor, as ``Linux x86_64``."""
    return f"{platform.system()} {platform.machine()}"


def machine() -> str:
    """Return the machine in words: system, processors and memory."""
    cores = os.cpu_count() or 1
    words = f"{system()}, {cores} processor{'s' * (cores > 1)}"
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIGABYTE
    except (AttributeError, ValueError, OSError):
        return words
    return f"{words}, {memory:.0f} GB of memory"


def peak() -> float:
    """Return the most memory that this process has had, in gigabytes; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0.0
    import resource

    unit = 1 if sys.platform == "darwin" else 1_024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / GIGABYTE
