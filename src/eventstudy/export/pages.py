"""Pages as PDF, printed by the Chromium that is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from typing import TYPE_CHECKING

from eventstudy.errors import OptionError, ReportError

if TYPE_CHECKING:
    from pathlib import Path

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
"""Programs that print pages, looked for in this order."""
VARIABLE = "EVENTSTUDY_CHROMIUM"
"""Environment variable with the path of the program."""
SECONDS = 180
"""Longest time for one page."""
QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
)
"""How it is started: without a window, a profile or a network."""


def browser() -> str:
    """Return the program that prints pages.

    Raises
    ------
    OptionError
        When there is none, with what to install.
    """
    given = os.environ.get(VARIABLE, "")
    for name in [given] if given else NAMES:
        found = shutil.which(name)
        if found:
            return found
    if given:
        raise OptionError(f"{VARIABLE} is {given}, where no program is; give the path of Chromium")
    raise OptionError(
        "--pdf needs Chromium, Chrome or Edge to print the report, and none is installed: install one "
        f"(on Debian or Ubuntu: apt install chromium), or give its path in {VARIABLE}"
    )


def print_page(program: str, page: Path, target: Path) -> None:
    """Print a page as PDF.

    Parameters
    ----------
    program : str
        As :func:`browser` finds it.
    page : pathlib.Path
        HTML.
    target : pathlib.Path
        The PDF.

    Raises
    ------
    ReportError
        When the program fails, or takes longer than it may.
    """
    with tempfile.TemporaryDirectory(prefix="eventstudy-", ignore_cleanup_errors=True) as profile:
        command = [program, *QUIET, f"--user-data-dir={profile}"]
        if getattr(os, "geteuid", lambda: 1)() == 0:
            command.append("--no-sandbox")  # Chromium does not start its sandbox for root
        command += [f"--print-to-pdf={target.resolve()}", page.resolve().as_uri()]
        try:
            done = subprocess.run(  # noqa: S603 - the program that the user installed, on our own page
                command, capture_output=True, text=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise ReportError(
                f"{program} did not print {page.name} within {SECONDS} seconds; print the page by hand"
            ) from error
        except OSError as error:
            raise ReportError(f"{program} cannot be started ({error.strerror})") from error
    if not target.is_file():
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise ReportError(f"{program} did not print {page.name}: {last}")
