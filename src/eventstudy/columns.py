"""The frames of a result: their columns, and the type of each column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

CELL = "model event_id asset"
WINDOW = "window_start window_end"
ERRORS = "errors estimate std_error value p_value"
JUDGED = "distribution status reason"


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
        ),
        "placebo": f"{CELL} {WINDOW} value p_value n effective_n floor stratum",
        "placebo_bins": f"model asset {WINDOW} stratum low high n",
        "intervals": f"{CELL} {WINDOW} statistic low high reason",
        "multiplicity": f"model group asset {WINDOW} same_as p_value p_min_p p_max_t p_bh p_by reason",
        "detectable": (
            f"model group asset {WINDOW} n std_error effect cross_sectional_error cross_sectional_effect"
        ),
        "horizons": (
            "group asset sessions n mean median up up_low up_high base_median base_up p_value"
            " reason"
        ),
        "lasting": (
            "model group asset k n effective_n"
            f" {_beside('drift')} drift_joint_p {_beside('reversed')} {_beside('give_back')}"
            " fieller_low fieller_high"
        ),
        "returning": f"model group asset returned n {_beside('median')} {_beside('share')}",
        "slopes": (
            "model group asset k n intercept slope std_error t p_value p_permutation matched"
            " difference_p reason"
        ),
        "joint": f"model group {WINDOW} null test value p_value p_adjusted floor n dates correlation {JUDGED}",
        "joint_effects": f"model group asset {WINDOW} {ERRORS} n dates {JUDGED}",
        "pooled": f"group tau {ERRORS} floor n dates {JUDGED}",
        "projections": (
            "model group asset h n held_back estimate std_error low high p_value joint_p reason"
        ),
        "kinds": f"model group asset kind side k n {_beside('drift')} {_beside('difference')} reason",
        "signed": f"model group asset {WINDOW} n held_back mean value p_value reason",
        "power": f"model group asset {WINDOW} n effect power",
        "outcomes": (
            f"event_id asset outcome measure session {WINDOW} level usual abnormal abnormal_sd"
            " change p_value n floor surprise p_forecast order ljung_box_p status reason"
            " forecast_reason limited"
        ),
        "against_flow": "event_id asset instrument sessions opposite similar similar_opposite",
        "episodes": (
            f"{CELL} session until length end_known bhar value p_value n effective_n floor p_maximum"
            " blocks status reason"
        ),
        "diagnostics": (
            f"{CELL} n sigma r_squared autocorrelation ljung_box_p arch_p jarque_bera_p outliers"
            " largest reason"
        ),
        "paths": f"{CELL} tau value std_error low high",
        "mean_paths": "model group asset tau n value std_error low high",
        "verdicts": (
            f"{CELL} outcome p0 p0_test floor p0_adjusted reaction_end ar0 ar0_low ar0_high {WINDOW} car car_low car_high car_p"
            " give_back give_back_low give_back_high"
        ),
        "press_notes": "event_id asset session measure note",
        "overlaps": "event_id asset cluster cluster_size confounded apart",
        "specifications": (
            "group asset model estimation_start estimation_end returns event_set"
            f" {WINDOW} signed effect std_error low high p_value n effective_n events_as_chosen chosen status reason"
        ),
        "spreads": (
            f"asset {WINDOW} n fewest most effect rank median low high same_sign below"
            " same_events median_same_events"
        ),
        "quality": "asset check status finding recommendation",
        "doubts": "event_id asset session doubt check status",
        "origins": "asset source symbol n first last listed downloaded",
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


TEXT = frozenset(
    """
    model event_id asset calendar announced session reason title category expected_sign
    parameter date group statistic distribution status measure verdict stage kind
    returns event_set confounded apart signed events_as_chosen chosen
    estimator errors term null test outcome stratum until end_known returned p0_test p_test same_as side check
    finding recommendation doubt note forecast_reason limited instrument
    source symbol first last listed downloaded
    """.split()  # noqa: SIM905 - a list of names reads better as text
)
"""Columns that hold text; the others hold numbers."""

COUNTS = frozenset(
    """
    tau k h sessions length blocks cluster cluster_size fewest most rank same_sign same_events below opposite
    estimation_start estimation_end window_start window_end n dates matched_n effective_n reaction_end
    positive negative held_back outliers
    """.split()  # noqa: SIM905 - a list of names reads better as text
)
"""Columns that hold whole numbers."""


def frame(name: str, columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return one frame of a result: its columns in order, with their types; its index bears its name.

    Parameters
    ----------
    name : str
        Key of :data:`FRAMES` or :data:`PANEL_FRAMES`.
    columns : mapping of str to array-like
        Values by column, all of one length; an absent column may only come with an empty frame.
    """
    import pandas as pd

    typed = {
        column: pd.Series(columns.get(column, ()), dtype=dtype_of(column))
        for column in {**FRAMES, **PANEL_FRAMES}[name]
    }
    found = pd.DataFrame(typed)
    found.index.name = name
    return found


def dtype_of(column: str) -> str:
    """Return the pandas type of a column of any frame."""
    if column in TEXT:
        return "str"
    return "int64" if column in COUNTS else "float64"
