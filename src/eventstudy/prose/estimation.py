"""What the residuals of the estimation windows say of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, given, labels
from eventstudy.language import say

if TYPE_CHECKING:
    from eventstudy.results import StudyResult

TESTS = ("ljung_box_p", "arch_p", "jarque_bera_p")


def residuals(result: StudyResult) -> str:
    """Return in how many estimation windows each property is rejected; empty where nothing was tested."""
    found = labels.headline(result, "diagnostics")
    found = found[found["reason"] == ""]
    if found.empty:
        return ""
    alpha, here = given.alpha(result.study), given.of_headline(result)
    known = here, ("reason", "empty", True)
    windows = given.rows(found, *known)
    autocorrelated, clustered, skewed = (
        formats.or_none(given.rows(found[found[name] <= alpha], *known, (name, "<=", alpha)))
        for name in TESTS
    )
    return say(
        "At the {level} level {autocorrelated} of {windows} estimation windows have autocorrelated residuals, "
        "{clustered} a variance that comes in clusters, and {skewed} residuals that are not normal; about "
        "{usual} of each would be by chance.",
        level=formats.level(alpha),
        autocorrelated=autocorrelated,
        windows=formats.number(windows, 0),
        clustered=clustered,
        skewed=skewed,
        usual=given.usual(windows, alpha),
    )
