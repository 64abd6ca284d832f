"""What an installation has: versions, data, cache, fonts, programs, and whether the network answers."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING

from eventstudy.errors import OptionError
from eventstudy.program import NAME, identity

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTS = {
    "yahoo": "https://query1.finance.yahoo.com",
    "akshare, Sina": "https://finance.sina.com.cn",
    "akshare, Eastmoney": "https://push2his.eastmoney.com",
}
"""Where live prices come from, by source."""

SECONDS = 5.0
"""Longest time that a host or a program is waited for."""

ABSENT = "not installed"

Facts = dict[str, str]


def examined(cache: Path | None = None, *, network: bool = False) -> dict[str, Facts]:
    """Look at an installation.

    Parameters
    ----------
    cache : pathlib.Path, optional
        Folder of the downloads; that of the system unless given.
    network : bool, optional
        Whether the sources of live prices are tried.

    Returns
    -------
    dict of str to dict
        Facts by heading; no user name, no host name, and no path but that of the cache.
    """
    return {
        "Program": _program(),
        "Packages": _packages(),
        "Extras": _extras(),
        "Data": _data(),
        "Cache": _cache(cache),
        "Pages": _pages(),
        "Network": _network() if network else {"tried": "no; --network tries it"},
    }


def _program() -> Facts:
    """Return the program and the platform that it runs on."""
    stdout = getattr(sys.stdout, "encoding", "") or "unknown"
    return {
        "eventstudy": f"{version(NAME)}, code {identity()[:12]}",
        "python": f"{platform.python_version()} ({platform.python_implementation()})",
        "platform": platform.platform(),
        "processors": str(os.cpu_count()),
        "encoding": f"files {sys.getfilesystemencoding()}, output {stdout}",
        "threads": f"OMP_NUM_THREADS={os.environ.get('OMP_NUM_THREADS', 'not set')}",
    }


def _needed() -> Iterator[tuple[str, str]]:
    """Yield the packages that are required, with the extra that asks for them, if one does."""
    for line in requires(NAME) or ():
        package = re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0]
        extra = re.search(r"extra == ['\"]([\w-]+)['\"]", line)
        yield package, extra[1] if extra else ""


def _version(package: str) -> str:
    """Return the version of a package."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ABSENT


def _packages() -> Facts:
    """Return the versions of what every installation needs."""
    return {package: _version(package) for package, extra in _needed() if not extra}


def _extras() -> Facts:
    """Return what each extra asks for."""
    found: dict[str, list[str]] = {}
    for package, extra in _needed():
        if extra:
            found.setdefault(extra, []).append(f"{package} {_version(package)}")
    return {extra: ", ".join(packages) for extra, packages in found.items()} or {"extras": "none"}


def _data() -> Facts:
    """Return how far the embedded data and the calendars reach."""
    from eventstudy.sources.snapshot import status_table
    from eventstudy.spec import built_in
    from eventstudy.spec.calendars import from_package

    reach = {row["instrument"]: f"{row['first']} to {row['last']}" for row in status_table()}
    codes = dict.fromkeys(instrument.calendar for instrument in built_in().values())
    known = ((code, from_package(code)) for code in codes)
    return {
        **{f"embedded {name}": days for name, days in reach.items()},
        **{f"calendar {code}": f"until {each.last}" for code, each in known if each},
    }


def _cache(folder: Path | None) -> Facts:
    """Return where downloads and drawings are kept, and how much of them."""
    from eventstudy.store import default_folder

    place = folder or default_folder()
    shown = str(place).replace(str(Path.home()), "~", 1)
    files = [path for path in place.rglob("*") if path.is_file()] if place.is_dir() else []
    size = sum(path.stat().st_size for path in files)
    return {"folder": shown, "files": f"{len(files):,}", "size": f"{size / 1e6:,.1f} MB"}


def _pages() -> Facts:
    """Return the programs and fonts that pages and drawings use."""
    return {
        "chromium": _chromium(),
        "fonts": _fonts(":", "none but those that come with the charts"),
        "Chinese fonts": _fonts(":lang=zh", "none: Chinese words in charts stay empty boxes"),
        "vl-convert": _version("vl-convert-python"),
    }


def _chromium() -> str:
    """Return the program that prints pages, and its version."""
    from eventstudy.export.pages import browser

    try:
        program = browser()
    except OptionError:
        return "none, which only --pdf needs"
    said = _output(program, "--version")
    return f"{Path(program).name}: {said or 'does not start'}"


def _fonts(pattern: str, none: str) -> str:
    """Return how many fonts there are for a pattern, and the first."""
    if not shutil.which("fc-list"):
        return "unknown: fc-list is not installed"
    families = sorted(set(_output("fc-list", pattern, "family").splitlines()))
    return f"{len(families)}, such as {families[0]}" if families else none


def _output(*command: str) -> str:
    """Return what a program prints; nothing where it fails."""
    try:
        done = subprocess.run(  # noqa: S603 - programs that the system has under these names
            command, capture_output=True, text=True, timeout=SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def _network() -> Facts:
    """Return whether the sources of live prices answer, and how fast."""
    return {name: _answer(address) for name, address in HOSTS.items()}


def _answer(address: str) -> str:
    """Return how a host answers: any answer will do."""
    from time import perf_counter
    from urllib.error import HTTPError, URLError
    from urllib.request import Request, urlopen

    began = perf_counter()
    try:
        with urlopen(Request(address, method="HEAD"), timeout=SECONDS) as answer:  # noqa: S310 - of HOSTS
            said = f"answers {answer.status}"
    except HTTPError as error:
        said = f"answers {error.code}"
    except (URLError, OSError) as error:
        return f"no answer: {getattr(error, 'reason', error)}"
    return f"{said} after {1000 * (perf_counter() - began):.0f} ms"
