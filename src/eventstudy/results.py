"""The result of a study: numbers in tidy long frames, with where they came from."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from eventstudy.columns import FRAMES, TEXT, dtype_of
from eventstudy.errors import DataError
from eventstudy.writing import write_csv

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pandas as pd

    from eventstudy.sources.base import Series
    from eventstudy.spec import Study


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is needed to rebuild a result.

    Attributes
    ----------
    study_file, study_sha256 : str
        Name and hash of the study file.
    prices_sha256 : str
        Hash of the prices used.
    second_prices_sha256 : str
        Hash of the prices of the second source that they were held against; empty without one.
    series : tuple of Series
        Provenance of each instrument.
    versions : mapping of str to str
        Versions of Python and of the packages that make numbers.
    seed : int
        Seed of everything random.
    command : str
        The command that rebuilds the result.
    """

    study_file: str
    study_sha256: str
    prices_sha256: str
    second_prices_sha256: str
    series: tuple[Series, ...]
    versions: Mapping[str, str]
    seed: int
    command: str


@dataclass(frozen=True, slots=True)
class StudyResult:
    """All numbers of one study.

    Attributes
    ----------
    study : Study
        The question.
    provenance : Provenance
        What is needed to rebuild the answer.
    frames : mapping of str to DataFrame
        Tidy long frames by name, with the columns of :data:`eventstudy.columns.FRAMES`; returns are decimals.
    """

    study: Study
    provenance: Provenance
    frames: Mapping[str, pd.DataFrame]

    def __post_init__(self) -> None:
        if isinstance(self.frames, _Saved):
            return
        for name, columns in FRAMES.items():
            got = tuple(self.frames[name].columns)
            if got != columns:
                raise ValueError(f"frame {name!r} has the columns {got}, not {columns}")

    def save(self, folder: Path) -> None:
        """Write ``results/*.csv`` and ``manifest.json`` into a folder.

        Floats are written so that they read back to the same double; an empty cell is a number that
        does not exist. The same result gives the same bytes.
        """
        (folder / "results").mkdir(parents=True, exist_ok=True)
        hashes = {
            f"results/{name}.csv": write_csv(self.frames[name], folder / "results" / f"{name}.csv")
            for name in FRAMES
        }
        manifest = {
            "provenance": asdict(self.provenance),
            "study": self.study.model_dump(mode="json"),
            "files": hashes,
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> StudyResult:
        """Read a result that was saved.

        Raises
        ------
        eventstudy.errors.DataError
            When a file is missing or is not the one that the manifest lists.
        """
        from eventstudy.sources.base import Series
        from eventstudy.spec import Study

        try:
            manifest = json.loads(_read(folder / "manifest.json"))
            hashes, provenance = manifest["files"], manifest["provenance"]
            provenance["series"] = tuple(Series(**entry) for entry in provenance["series"])
            return cls(
                study=Study.model_validate(manifest["study"]),
                provenance=Provenance(**provenance),
                frames=_Saved({name: _csv(folder, name, hashes) for name in FRAMES}),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DataError(
                f"{folder / 'manifest.json'} is damaged, or of another version of this program "
                f"({type(error).__name__}: {error}); run the study again"
            ) from error


def versions(packages: Sequence[str]) -> dict[str, str]:
    """Return the versions of Python and of some installed packages, by name."""
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}


class _Saved(Mapping[str, "pd.DataFrame"]):
    """Frames of a saved result, each read when it is first asked for."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._known: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._known:
            self._known[name] = _frame(name, self._files[name])
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


def _csv(folder: Path, name: str, hashes: Mapping[str, str]) -> bytes:
    """Return the file of one frame, if it is the one that the manifest lists."""
    path = folder / "results" / f"{name}.csv"
    content = _read(path)
    if hashlib.sha256(content).hexdigest() != hashes[f"results/{name}.csv"]:
        raise DataError(f"{path} was changed after it was written; run the study again")
    columns = content[: content.find(b"\n")].decode()
    if columns != ",".join(FRAMES[name]):
        raise ValueError(f"{name}.csv has the columns {columns}")
    return content


def _frame(name: str, content: bytes) -> pd.DataFrame:
    """Read one frame back, with its types."""
    from io import BytesIO

    import pandas as pd

    types = {column: dtype_of(column) for column in FRAMES[name]}
    text = [column for column in FRAMES[name] if column in TEXT]
    found = pd.read_csv(
        BytesIO(content),
        dtype=types,
        keep_default_na=False,
        na_values={column: [""] for column in FRAMES[name] if column not in text},
    )
    found.index.name = name
    return found


def _read(path: Path) -> bytes:
    """Read a file of a saved result."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(
            f"{path} cannot be read ({error.strerror}); a result folder holds manifest.json and "
            "results/*.csv: name the folder that `eventstudy run` wrote"
        ) from error
