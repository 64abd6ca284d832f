"""The package itself as a wheel, made from the files that run: what a bundle installs where no index has them."""

from __future__ import annotations

import base64
import csv
import io
import re
import zipfile
from hashlib import sha256
from pathlib import Path

from eventstudy import program
from eventstudy.bundle.archive import add
from eventstudy.bundle.environment import KEPT, OURS, lock, package, tree

TAG = "py3-none-any"
STEM = OURS.replace("-", "_")


def wheel_name() -> str:
    """Return the name of the wheel."""
    return f"{STEM}-{package().version}-{TAG}.whl"


def write_wheel(folder: Path) -> Path:
    """Write the package that runs as a wheel; the same files give the same bytes.

    Parameters
    ----------
    folder : pathlib.Path
        Where it goes.
    """
    said = package()
    about = f"{STEM}-{said.version}.dist-info"
    files = {**code(), **{f"{about}/{name}": text for name, text in _about().items()}}
    rows = [
        (name, f"sha256={_digest(content)}", str(len(content))) for name, content in files.items()
    ]
    record = io.StringIO()
    csv.writer(record, lineterminator="\n").writerows([*rows, (f"{about}/RECORD", "", "")])
    files[f"{about}/RECORD"] = record.getvalue().encode()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / wheel_name()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            add(archive, name, content)
    return target


def code() -> dict[str, bytes]:
    """Return the files of the package that runs, by name: programs, templates, built-in prices."""
    home = Path(program.__file__).parent
    return {
        f"{home.name}/{path.relative_to(home).as_posix()}": path.read_bytes()
        for path in program.files()
    }


def _about() -> dict[str, bytes]:
    """Return what installers read: metadata, kind of wheel, command, licence."""
    said = package()
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {OURS}",
        f"Version: {said.version}",
        f"License-Expression: {said.licence}",
        f"Requires-Python: {said.python}",
        *(f"Provides-Extra: {name}" for name in _extras(said.needs)),
        *(f"Requires-Dist: {need}" for need in said.needs),
    ]
    found = {
        "METADATA": "\n".join(lines) + "\n",
        "WHEEL": f"Wheel-Version: 1.0\nGenerator: {OURS}\nRoot-Is-Purelib: true\nTag: {TAG}\n",
        "entry_points.txt": "[console_scripts]\neventstudy = eventstudy.cli:main\n",
    }
    found |= {"licenses/LICENSE": _licence(), KEPT: lock()}
    return {name: text.encode() for name, text in found.items() if text}


def _extras(needs: tuple[str, ...]) -> list[str]:
    """Return the names of the extras."""
    marked = (re.search(r"""extra == ['"]([\w-]+)['"]""", need) for need in needs)
    return sorted({found[1] for found in marked if found})


def _licence() -> str:
    """Return the text of the licence; empty where it was not installed."""
    from importlib.metadata import files

    home = tree()
    if home is not None:
        return (home / "LICENSE").read_text(encoding="utf-8")
    return next((path.read_text() for path in files(OURS) or () if path.name == "LICENSE"), "")


def _digest(content: bytes) -> str:
    """Return a hash as RECORD has it."""
    return base64.urlsafe_b64encode(sha256(content).digest()).decode().rstrip("=")


def other_code(wheel: Path) -> tuple[str, ...]:
    """Return the files of a wheel that differ from those that run, or that one side lacks.

    Parameters
    ----------
    wheel : pathlib.Path
        Of a bundle.

    Raises
    ------
    zipfile.BadZipFile
        When it is damaged.
    """
    here = code()
    with zipfile.ZipFile(wheel) as archive:
        there = {
            name: archive.read(name)
            for name in archive.namelist()
            if ".dist-info/" not in name and not name.endswith("/")
        }
    return tuple(name for name in sorted({*here, *there}) if here.get(name) != there.get(name))
