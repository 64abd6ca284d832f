"""Environments of other packages, one each, made with the versions that benchmarks/packages/ pins."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PINS = Path(__file__).with_name("packages")


class MissingError(Exception):
    """A package that cannot be installed here, with the reason."""


def interpreter(version: str) -> str:
    """Return the path of a Python of this version.

    Parameters
    ----------
    version : str
        Such as ``3.10``.

    Raises
    ------
    MissingError
        When there is none.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = shutil.which(f"python{version}")
    candidates = [*pyenv.glob(f"versions/{version}*/bin/python"), *([Path(found)] if found else [])]
    for candidate in candidates:
        shown = subprocess.run(
            [candidate, "--version"], capture_output=True, text=True, check=False
        )
        if shown.stdout.startswith(f"Python {version}."):
            return str(candidate)
    raise MissingError(f"no Python {version} here")


def environment(package: str, version: str, folder: Path) -> Path:
    """Return the Python of the environment of a package, which is made when it is not there.

    Parameters
    ----------
    package : str
        Name on the index, and of the file of pins.
    version : str
        Version of Python.
    folder : Path
        Takes the environments.

    Raises
    ------
    MissingError
        When it cannot be installed.
    """
    place, pins = folder / package, PINS / f"{package}.txt"
    python, stamp = place / "bin" / "python", place / "pins.txt"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == pins.read_text(encoding="utf-8"):
        return python
    shutil.rmtree(place, ignore_errors=True)
    uv = Path(sys.executable).with_name("uv")
    quick = uv.exists()
    pip = [uv, "pip", "install", "--python", python] if quick else [python, "-m", "pip", "install"]
    for command in (
        [interpreter(version), "-m", "venv", *(["--without-pip"] if quick else []), place],
        [*pip, "--quiet", "--no-deps", "-r", pins],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["no message"]
            raise MissingError(f"not installed: {lines[-1]}")
    shutil.copy(pins, stamp)
    return python
