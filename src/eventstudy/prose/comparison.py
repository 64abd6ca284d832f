"""How many events stand out from other days, alone and read together, and what could have been found."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from eventstudy import formats, given, labels
from eventstudy.language import derived, say, say_n, sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from eventstudy.language import Said
    from eventstudy.results import StudyResult


def by_placebo(result: StudyResult) -> str:
    """Return how many event days stand out, how many would without effects, and what Holm leaves.

    Empty for fewer than two event days.
    """
    verdicts = labels.headline(result, "verdicts")
    alpha, here = given.alpha(result.study), given.of_headline(result)
    cells = _cells(result)
    if cells < 2:
        return ""
    moved = given.rows(verdicts[verdicts["p0"] <= alpha], here, ("p0", "<=", alpha))
    found = say_n(
        "of {cells} reactions {moved} is abnormal at the {level} level ({tests}); without any effect about "
        "{usual} would be.",
        "of {cells} reactions {moved} are abnormal at the {level} level ({tests}); without any effect about "
        "{usual} would be.",
        moved,
        cells=formats.number(cells, 0),
        moved=formats.or_none(moved),
        level=formats.level(alpha),
        tests=formats.listing(dict.fromkeys(map(labels.term, verdicts["p0_test"]))),
        usual=given.usual(cells, alpha),
    )
    return sentences(found, after_holm(result))


def _cells(result: StudyResult) -> int:
    """Return how many reactions have a p-value."""
    verdicts = labels.headline(result, "verdicts")
    here = given.of_headline(result)
    return given.rows(verdicts[verdicts["p0"].notna()], here, ("p0", "empty", False))


def after_holm(result: StudyResult) -> str:
    """Return how many reactions stand out after Holm's adjustment, and why none could; empty for fewer than two."""
    verdicts, cells = labels.headline(result, "verdicts"), _cells(result)
    if cells < 2:
        return ""
    alpha, here = given.alpha(result.study), given.of_headline(result)
    found = verdicts[verdicts["p0_adjusted"] <= alpha]
    kept = given.rows(found, here, ("p0_adjusted", "<=", alpha))
    why = none_could(kept, cells, verdicts["floor"], alpha)
    if why:
        return say(
            "After Holm's adjustment for the number of reactions {none} stands out, and none could: {why}.",
            none=formats.or_none(kept),
            why=why,
        )
    return say_n(
        "After Holm's adjustment for the number of reactions {kept} stands out.",
        "After Holm's adjustment for the number of reactions {kept} stand out.",
        kept or 1,
        kept=formats.or_none(kept),
    )


def none_could(kept: int, tests: int, floors: pd.Series[float], alpha: float) -> str:
    """Return why none of some tests could be left after Holm's adjustment; empty where one could.

    Parameters
    ----------
    kept : int
        Tests left after the adjustment.
    tests : int
        Their number.
    floors : Series
        Smallest p that each could have; NaN where there is none.
    alpha : float
        Level.
    """
    floor = float(floors.min())
    if kept or not floor * tests > alpha:
        return ""
    least = derived(floor, f"least {floors.name} of results/{floors.index.name}.csv")
    return say(
        "no event among its days can have a p below {floor}, and {needed} would be needed",
        floor=formats.number(least, 4),
        needed=formats.number(derived(alpha / tests, "study: alpha, over the number of tests"), 4),
    )


ADJUSTED = ("p_min_p", "p_max_t", "p_bh", "p_by")
"""The p-values of groups, read together in several ways."""
TESTED = (("p_value", "empty", False),)


def together(result: StudyResult) -> str:
    """Return how many p-values of groups are below the level, alone and read together; may be empty."""
    found = labels.of_groups(result, "multiplicity")
    found = found[found["p_value"].notna() & (found["same_as"] == "")]
    if len(found) < 2:
        return ""
    alpha, model = given.alpha(result.study), given.of_headline(result)
    own = ("group", "in", tuple(labels.groups(result))), ("same_as", "empty", True)
    every = given.rows(found, model, *own, ("p_value", "empty", False))
    below = {
        name: given.rows(found[found[name] <= alpha], model, *own, *TESTED, (name, "<=", alpha))
        for name in ("p_value", *ADJUSTED)
    }
    alone = say_n(
        "Of {n} p-values of categories, indices and windows {below} is at or below {alpha}; without any effect "
        "about {usual} would be.",
        "Of {n} p-values of categories, indices and windows {below} are at or below {alpha}; without any effect "
        "about {usual} would be.",
        below["p_value"],
        n=formats.number(every, 0),
        below=formats.or_none(below["p_value"]),
        alpha=formats.as_given(alpha),
        usual=given.usual(every, alpha),
    )
    return sentences(alone, _adjusted(below))


def _adjusted(below: Mapping[str, int]) -> Said:
    """Return how many p-values are left by every adjustment."""
    return say(
        "Adjusted for their number: {p_min_p} (minP), {p_max_t} (maxT), {p_bh} (Benjamini-Hochberg), {p_by} "
        "(Benjamini-Yekutieli).",
        **{name: formats.number(below[name], 0) for name in ADJUSTED},
    )


def detectable(result: StudyResult, group: str, asset: str) -> str:
    """Return the mean on day 0 that a test would have found, the larger of two; may be empty."""
    found = labels.cell(
        labels.headline(result, "detectable"),
        group=group,
        asset=asset,
        window_start=0,
        window_end=0,
    )
    least = max(
        (
            effect
            for row in labels.records(found)
            for effect in (row.effect, row.cross_sectional_effect)
            if not math.isnan(effect)
        ),
        default=math.inf,
    )
    if not math.isfinite(least):
        return ""
    return say(
        "a t test would have found a mean of ±{effect} per cent four times in five",
        effect=formats.per_hundred(least),
    )
