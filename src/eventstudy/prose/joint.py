"""What the joint tests of all indices say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, given, labels
from eventstudy.language import marked, say, say_n, sentences
from eventstudy.prose import comparison

if TYPE_CHECKING:
    import pandas as pd

    from eventstudy.language import Said
    from eventstudy.results import StudyResult

TEST = {"placebo": marked("placebo"), "exact_f": marked("exact F")}


def jointly(result: StudyResult) -> Said:
    """Return how many events moved the indices jointly, and differently."""
    every = labels.headline(result, "joint")
    every = every[every["group"].isin([event.id for event in result.study.events])]
    missing = given.rows(every[every["n"] == 0], "of events with n 0")
    held = _held(result, every)
    n = _count(held, "zero")
    if not n:
        return sentences(say("No event has enough days for a joint test."), _left(missing))
    alpha = given.alpha(result.study)
    test = "placebo" if (held["test"] == "placebo").any() else "exact_f"
    found = say(
        "Of {events} with one day 0 in all markets {moved} moved {indices} jointly on {window} at the {level} "
        "level ({test}), and {apart} moved them differently; without any effect about {usual} would be found for "
        "either.",
        events=formats.count(n, "event"),
        moved=formats.some(_count(held, "zero", "p_value", alpha)),
        indices=formats.listing(
            labels.full_name(result.study, each) for each in result.study.assets
        ),
        window=formats.window(*given.bounds(*labels.joint_window(result.study))),
        level=formats.level(alpha),
        test=say(TEST[test]),
        apart=formats.some(_count(held, "equal", "p_value", alpha)),
        usual=given.usual(n, alpha),
    )
    return sentences(found, _adjusted(held, n, alpha), _left(missing))


def _held(result: StudyResult, every: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the window that is shown, of the placebo, or of the exact F without one."""
    events = labels.within(every, labels.joint_window(result.study))
    test = "placebo" if (events["test"] == "placebo").any() else "exact_f"
    return events[(events["test"] == test) & events["p_value"].notna()]


def _count(held: pd.DataFrame, null: str, column: str = "", alpha: float = 1) -> int:
    """Return how many tests of one null there are, or are at or below a level."""
    found = labels.cell(held, null=null)
    here = f"of events with null {null}, on the window shown"
    if not column:
        return given.rows(found, f"{here}, with a p_value")
    return given.rows(found[found[column] <= alpha], f"{here}, with {column} at or below alpha")


def _adjusted(held: pd.DataFrame, n: int, alpha: float) -> str:
    """Say what is left of both counts after Holm's adjustment; empty where there is nothing to adjust."""
    if n < 2 or not (held["p_value"] <= alpha).any():
        return ""
    moved, apart = (_count(held, null, "p_adjusted", alpha) for null in ("zero", "equal"))
    if moved or apart:
        return say(
            "After Holm's adjustment for the number of events {moved} jointly and {apart} differently are left.",
            moved=formats.some(moved),
            apart=formats.some(apart),
        )
    why = comparison.none_could(moved + apart, n, held["floor"], alpha)
    if not why:
        return say("After Holm's adjustment for the number of events none is left of either.")
    return say(
        "After Holm's adjustment for the number of events none is left of either, and none could be: {why}.",
        why=why,
    )


def _left(missing: int) -> str:
    """Say how many events the system does not hold; may be empty."""
    if not missing:
        return ""
    return say_n(
        "{events} is not in the system, for the reasons below.",
        "{events} are not in the system, for the reasons below.",
        missing,
        events=formats.capital(formats.count(missing, "event")),
    )
