"""The result of a study: numbers in tidy long frames, with where they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from eventstudy.sources.base import Series
    from eventstudy.spec import Study

CELL = "model event_id asset"
WINDOW = "window_start window_end"

FRAMES: Mapping[str, tuple[str, ...]] = {
    name: tuple(columns.split())
    for name, columns in {
        # -- the contract: other programs read these files, see docs/reference/results.md
        "alignment": "event_id calendar announced session reason",
        "day0": "event_id asset session overnight open_to_close close_to_close peak_give_back",
        "events": "event_id title category expected_sign announced",
        "parameters": f"{CELL} parameter estimate std_error",
        "abnormal": f"{CELL} tau date ar expected sar",
        "car": f"{CELL} {WINDOW} car std_error t p_value scar",
        "statistics": (
            f"model group asset {WINDOW} statistic estimate value p_value n distribution status reason"
        ),
        "aggregate": f"model group asset {WINDOW} n mean median std_error positive negative",
        "press": "event_id asset session measure reported measured difference verdict",
        "dropped": "event_id asset model stage reason",
        # -- what the report draws besides
        "day0_prices": "event_id asset session previous_close open high low close kind",
        "legs": (
            "event_id asset overnight open_to_close overnight_demeaned open_to_close_demeaned"
            " overnight_p open_to_close_p n"
        ),
        "drift": f"{CELL} k signed_drift give_back_share",
        "paths": f"{CELL} tau value std_error low high",
        "mean_paths": "model group asset tau n value std_error low high",
        "verdicts": (
            f"{CELL} outcome p0 p0_test floor ar0 ar0_low ar0_high {WINDOW} car car_low car_high car_p"
            " give_back give_back_low give_back_high"
        ),
        "quality": "asset check status finding recommendation",
        "levels": "asset date close",
    }.items()
}
"""Columns of every frame of a :class:`StudyResult`, by name."""


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

    def to_dict(self) -> dict[str, object]:
        """Return plain values, ready for JSON."""
        return asdict(self)


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
