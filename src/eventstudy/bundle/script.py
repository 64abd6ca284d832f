"""The program of a bundle: what installs everything and makes every table and figure again."""

from __future__ import annotations

from eventstudy.bundle import layout
from eventstudy.bundle.software import wheel_name

SCRIPT = """#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")"
python -m pip install --no-deps {hashes}-r {requirements}
python -m pip install --no-deps --force-reinstall {wheel}
python -m eventstudy verify . --out {rerun} "$@"
"""
"""The program that makes every table and figure; its last line does."""
LINE = SCRIPT.count("\n")


def script(*, hashed: bool) -> str:
    """Return the program of a bundle.

    Parameters
    ----------
    hashed : bool
        Whether every requirement has its hashes.
    """
    return SCRIPT.format(
        hashes="--require-hashes " * hashed,
        requirements=layout.REQUIREMENTS,
        wheel=f"{layout.SOFTWARE}/{wheel_name()}",
        rerun=layout.RERUN,
    )
