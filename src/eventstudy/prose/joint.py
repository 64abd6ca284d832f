"""What the joint tests of all indices say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.prose import comparison

if TYPE_CHECKING:
    import pandas as pd

    from eventstudy.results import StudyResult

TEST = {"placebo": "placebo", "exact_f": "exact F"}


def jointly(result: StudyResult) -> str:
    """Return how many events moved the indices jointly, and differently."""
    every = labels.headline(result, "joint")
    every = every[every["group"].isin([event.id for event in result.study.events])]
    window = labels.joint_window(result.study)
    events = labels.within(every, window)
    test = "placebo" if (events["test"] == "placebo").any() else "exact_f"
    held = events[(events["test"] == test) & events["p_value"].notna()]
    alpha, n = result.study.alpha, int((held["null"] == "zero").sum())
    missing = int((every["n"] == 0).sum())
    if not n:
        return f"No event has enough days for a joint test.{_left(missing)}"
    moved, apart = (
        int((labels.cell(held, null=null)["p_value"] <= alpha).sum()) for null in ("zero", "equal")
    )
    names = formats.listing(labels.full_name(result.study, asset) for asset in result.study.assets)
    return (
        f"Of {formats.count(n, 'event')} with one day 0 in all markets {_how_many(moved)} moved {names} "
        f"jointly on {formats.window(*window)} at the {100 * alpha:g}% level ({TEST[test]}), and {_how_many(apart)} moved them "
        f"differently; without any effect about {formats.number(n * alpha, 1)} would be found for either."
        f"{_adjusted(held, n, alpha)}{_left(missing)}"
    )


def _how_many(n: int) -> str:
    """Return a number of events already spoken of."""
    return formats.count(n, "event").partition(" ")[0] if n else "none"


def _adjusted(held: pd.DataFrame, n: int, alpha: float) -> str:
    """Say what is left of both counts after Holm's adjustment; empty where there is nothing to adjust."""
    if n < 2 or not (held["p_value"] <= alpha).any():
        return ""
    moved, apart = (
        int((labels.cell(held, null=null)["p_adjusted"] <= alpha).sum())
        for null in ("zero", "equal")
    )
    left = (
        f"{_how_many(moved)} jointly and {_how_many(apart)} differently are left"
        if moved or apart
        else "none is left of either"
    )
    could = comparison.none_could(moved + apart, n, held["floor"], alpha)
    return f" After Holm's adjustment for the number of events {left}{could}."


def _left(missing: int) -> str:
    """Say how many events the system does not hold; may be empty."""
    if not missing:
        return ""
    verb = "is" if missing == 1 else "are"
    return (
        f" {formats.capital(formats.count(missing, 'event'))} {verb} not in the system, for the reasons"
        " below."
    )
