"""The result of a study: numbers in tidy long frames, with where they came from."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from eventstudy.errors import DataError
from eventstudy.writing import write_csv

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from eventstudy.sources.base import Series
    from eventstudy.spec import Study

CELL = "model event_id asset"
WINDOW = "window_start window_end"


def _beside(name: str) -> str:
    """Return the columns of a number that stands beside the same number of matched days."""
    return f"{name} {name}_matched {name}_matched_low {name}_matched_high {name}_p"


FRAMES: Mapping[str, tuple[str, ...]] = {
    name: tuple(columns.split())
    for name, columns in {
        # -- the contract: other programs read these files, see docs/reference/results.md
        "alignment": "event_id calendar announced session reason",
        "day0": "event_id asset session overnight open_to_close close_to_close peak_give_back",
        "events": "event_id title category expected_sign announced",
        "parameters": f"{CELL} parameter estimate std_error",
        "abnormal": f"{CELL} tau date ar expected sar",
        "car": f"{CELL} {WINDOW} car std_error t p_value scar bhar",
        "statistics": (
            f"model group asset {WINDOW} statistic estimate value p_value n distribution status reason"
        ),
        "aggregate": f"model group asset {WINDOW} n mean median std_error positive negative mean_bhar",
        "press": "event_id asset session measure reported measured difference verdict",
        "dropped": "event_id asset model stage reason",
        # -- what the report draws besides
        "day0_prices": "event_id asset session previous_close open high low close kind",
        "legs": (
            "event_id asset overnight open_to_close overnight_demeaned open_to_close_demeaned"
            " overnight_p open_to_close_p p_test n"
        ),
        "drift": (
            f"{CELL} k signed_drift give_back_share matched_drift matched_low matched_high matched_n"
            " matched_furthest"
        ),
        "placebo": f"{CELL} {WINDOW} value p_value n effective_n floor stratum",
        "placebo_bins": f"model asset {WINDOW} stratum low high n",
        "intervals": f"{CELL} {WINDOW} statistic low high reason",
        "multiplicity": f"model group asset {WINDOW} same_as p_value p_min_p p_max_t p_bh p_by reason",
        "detectable": f"model group asset {WINDOW} n std_error effect",
        "horizons": (
            "group asset sessions n mean median up up_low up_high base_median base_up p_value"
            " reason"
        ),
        "lasting": (
            "model group asset k n effective_n"
            f" {_beside('drift')} {_beside('reversed')} {_beside('give_back')}"
            " fieller_low fieller_high"
        ),
        "returning": f"model group asset returned n {_beside('median')} {_beside('share')}",
        "slopes": (
            "model group asset k n intercept slope std_error t p_value p_permutation matched"
            " difference_p reason"
        ),
        "projections": ("model group asset h n estimate std_error low high p_value joint_p reason"),
        "kinds": f"model group asset kind side k n {_beside('drift')} {_beside('difference')} reason",
        "signed": f"model group asset {WINDOW} n mean value p_value",
        "power": f"model group asset {WINDOW} n effect power",
        "outcomes": (
            f"event_id asset outcome measure session {WINDOW} level usual abnormal abnormal_sd"
            " change p_value n floor surprise p_forecast order ljung_box_p status reason"
            " forecast_reason"
        ),
        "episodes": (
            f"{CELL} session until length end_known bhar value p_value n effective_n floor p_maximum"
            " blocks status reason"
        ),
        "paths": f"{CELL} tau value std_error low high",
        "mean_paths": "model group asset tau n value std_error low high",
        "verdicts": (
            f"{CELL} outcome p0 p0_test floor p0_adjusted reaction_end ar0 ar0_low ar0_high {WINDOW} car car_low car_high car_p"
            " give_back give_back_low give_back_high"
        ),
        "press_notes": "event_id asset session measure note",
        "quality": "asset check status finding recommendation",
        "levels": "asset date close",
    }.items()
}
"""Columns of every frame of a :class:`StudyResult`, by name."""

PANEL_FRAMES: Mapping[str, tuple[str, ...]] = {
    "regressions": tuple(
        (
            f"model estimator errors {WINDOW} term estimate std_error value p_value low high"
            " n clusters distribution r_squared status reason"
        ).split()
    )
}
"""Columns of what only `eventstudy panel` writes, where asked."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is needed to rebuild a result.

    Attributes
    ----------
    study_file, study_sha256 : str
        Name and hash of the study file.
    prices_sha256 : str
        Hash of the prices used.
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
        Tidy long frames by name, with the columns of :data:`FRAMES`; returns are decimals.
    """

    study: Study
    provenance: Provenance
    frames: Mapping[str, pd.DataFrame]

    def __post_init__(self) -> None:
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
                frames={
                    name: _read_csv(folder, name, hashes[f"results/{name}.csv"]) for name in FRAMES
                },
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DataError(
                f"{folder / 'manifest.json'} is damaged, or of another version of this program "
                f"({type(error).__name__}: {error}); run the study again"
            ) from error


TEXT = frozenset(
    """
    model event_id asset calendar announced session reason title category expected_sign
    parameter date group statistic distribution status measure verdict stage kind
    estimator errors term outcome stratum until end_known returned p0_test p_test same_as side check
    finding recommendation note forecast_reason
    """.split()  # noqa: SIM905 - a list of names reads better as text
)
"""Columns that hold text; the others hold numbers."""

COUNTS = frozenset(
    """
    tau k h sessions length blocks window_start window_end n matched_n effective_n reaction_end
    positive negative
    """.split()  # noqa: SIM905 - a list of names reads better as text
)
"""Columns that hold whole numbers."""


def frame(name: str, columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return one frame of a result: its columns in order, with their types.

    Parameters
    ----------
    name : str
        Key of :data:`FRAMES` or :data:`PANEL_FRAMES`.
    columns : mapping of str to array-like
        Values by column, all of one length; an absent column may only come with an empty frame.
    """
    import pandas as pd

    typed = {
        column: pd.Series(columns.get(column, ()), dtype=_dtype(column))
        for column in {**FRAMES, **PANEL_FRAMES}[name]
    }
    return pd.DataFrame(typed)


def versions(packages: Sequence[str]) -> dict[str, str]:
    """Return the versions of Python and of some installed packages, by name."""
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}


def _dtype(column: str) -> str:
    """Return the pandas type of a column."""
    if column in TEXT:
        return "str"
    return "int64" if column in COUNTS else "float64"


def _read_csv(folder: Path, name: str, sha256: str) -> pd.DataFrame:
    """Read one frame back, with its types, if it is the file that the manifest lists."""
    from io import BytesIO

    import pandas as pd

    path = folder / "results" / f"{name}.csv"
    content = _read(path)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DataError(f"{path} was changed after it was written; run the study again")
    types = {column: _dtype(column) for column in FRAMES[name]}
    text = [column for column in FRAMES[name] if column in TEXT]
    return pd.read_csv(
        BytesIO(content),
        dtype=types,
        keep_default_na=False,
        na_values={column: [""] for column in FRAMES[name] if column not in text},
    )


def _read(path: Path) -> bytes:
    """Read a file of a saved result."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(
            f"{path} cannot be read ({error.strerror}); a result folder holds manifest.json and "
            "results/*.csv: name the folder that `eventstudy run` wrote"
        ) from error
