"""What the joint tests of all indices say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, given, labels
from eventstudy.language import marked, say, say_n, sentences
from eventstudy.prose import comparison

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from eventstudy.language import Condition, Said
    from eventstudy.results import StudyResult

TEST = {"placebo": marked("placebo"), "exact_f": marked("exact F")}


def jointly(result: StudyResult) -> Said:
    """Return how many events moved the indices jointly, and differently."""
    every = labels.headline(result, "joint")
    every = every[every["group"].isin([event.id for event in result.study.events])]
    missing = given.rows(every[every["n"] == 0], *_of_events(result), ("n", "=", 0))
    held = _held(result, every)
    here = (*_of_events(result), *_shown(result, held))
    n = _count(held, here, "zero")
    if not n:
        return sentences(say("No event has enough days for a joint test."), _left(missing))
    alpha = given.alpha(result.study)
    test = "placebo" if (held["test"] == "placebo").any() else "exact_f"
    found = say(
        "Of {events} with one day 0 in all markets {moved} moved {indices} jointly on {window} at the {level} "
        "level ({test}), and {apart} moved them differently; without any effect about {usual} would be found for "
        "either.",
        events=formats.count(n, "event"),
        moved=formats.some(_count(held, here, "zero", ("p_value", "<=", alpha))),
        indices=formats.listing(
            labels.full_name(result.study, each) for each in result.study.assets
        ),
        window=formats.window(*given.bounds(*labels.joint_window(result.study))),
        level=formats.level(alpha),
        test=say(TEST[test]),
        apart=formats.some(_count(held, here, "equal", ("p_value", "<=", alpha))),
        usual=given.usual(n, alpha),
    )
    return sentences(found, _adjusted(held, n, alpha, here), _left(missing))


def _held(result: StudyResult, every: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the window that is shown, of the placebo, or of the exact F without one."""
    events = labels.within(every, labels.joint_window(result.study))
    test = "placebo" if (events["test"] == "placebo").any() else "exact_f"
    return events[(events["test"] == test) & events["p_value"].notna()]


def _of_events(result: StudyResult) -> tuple[Condition, ...]:
    """Return what the rows of single events have."""
    ids = tuple(event.id for event in result.study.events)
    return given.of_headline(result), ("group", "in", ids)


def _shown(result: StudyResult, held: pd.DataFrame) -> tuple[Condition, ...]:
    """Return what the tests have that are shown."""
    start, end = labels.joint_window(result.study)
    window = ("window_start", "=", start), ("window_end", "=", end)
    return *window, ("test", "in", tuple(dict.fromkeys(held["test"]))), ("p_value", "empty", False)


def _count(
    held: pd.DataFrame, here: Sequence[Condition], null: str, level: Condition | None = None
) -> int:
    """Return how many tests of one null there are, or have a p-value up to a level."""
    found, of_null = labels.cell(held, null=null), (*here, ("null", "=", null))
    if level is None:
        return given.rows(found, *of_null)
    column, _, alpha = level
    return given.rows(found[found[column] <= alpha], *of_null, level)


def _adjusted(held: pd.DataFrame, n: int, alpha: float, here: Sequence[Condition] = ()) -> str:
    """Say what is left of both counts after Holm's adjustment; empty where there is nothing to adjust."""
    if n < 2 or not (held["p_value"] <= alpha).any():
        return ""
    level = ("p_adjusted", "<=", alpha)
    moved, apart = (_count(held, here, null, level) for null in ("zero", "equal"))
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
