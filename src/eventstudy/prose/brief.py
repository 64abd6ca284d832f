"""The answer in a few short sentences: did days move, which way on average, did it last, how sure is that."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventstudy import formats, given, labels
from eventstudy.language import join, marked, say, say_n, sentences
from eventstudy.prose import comparison, lasting
from eventstudy.prose.summary import offset, sample

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from eventstudy.language import Said
    from eventstudy.results import StudyResult

DAY0 = (0, 0)
SEVERAL = 3
"""Groups from which on categories are worth a sentence: two, and all events."""


def in_short(result: StudyResult) -> tuple[str, str, str]:
    """Return what a study found on day 0, after it, and how sure that is; empty for fewer than two reactions.

    Notes
    -----
    The sentences say what the tests of the summary say, each at the level of the study: the placebo of
    every reaction, the placebo of the mean over all events on day 0 and over the first window after it, and
    all sessions after the reactions together. Means count rises and falls as they are, what came after counts
    in the direction of each reaction: two questions, which need not have one answer.
    """
    moved = _moved(result)
    if not moved:
        return "", "", ""
    mean = _mean(result, DAY0)
    first = sentences(moved, mean, offset(result) if mean else "", _categories(result))
    bounds = min(
        ((each.start, each.end) for each in result.study.windows if each.start > 0), default=None
    )
    after = sentences(_later(result), _mean(result, bounds) if bounds else "")
    return first, after, sentences(sample(result.study), comparison.after_holm(result))


def _moved(result: StudyResult) -> str:
    """Return how many reactions are larger than those of ordinary days, and how many would be by chance."""
    verdicts = labels.headline(result, "verdicts")
    alpha, here = given.alpha(result.study), given.of_headline(result)
    cells = given.rows(verdicts[verdicts["p0"].notna()], here, ("p0", "empty", False))
    if cells < 2:
        return ""
    moved = given.rows(verdicts[verdicts["p0"] <= alpha], here, ("p0", "<=", alpha))
    return say_n(
        "Of {cells} reactions {moved} stands out from ordinary days at the {level} level, where about {usual} would by "
        "chance.",
        "Of {cells} reactions {moved} stand out from ordinary days at the {level} level, where about {usual} would by "
        "chance.",
        moved or 1,
        moved=formats.or_none(moved),
        cells=formats.number(cells, 0),
        level=formats.level(alpha),
        usual=given.usual(cells, alpha),
    )


def _mean(result: StudyResult, bounds: tuple[int, int]) -> str:
    """Return the means over a window and whether their placebo tells them from other days; empty without one."""
    known = [
        mean for asset in labels.averaged(result.study) for mean in _tested(result, asset, bounds)
    ]
    if not known:
        return ""
    alpha, days = result.study.alpha, formats.window(*given.bounds(*bounds))
    apart = [mean for mean in known if mean.p <= alpha]
    means = formats.listing(mean.said(adjusted=bool(apart)) for mean in known)
    if not apart:
        message = marked("The mean of {days} cannot be told from that of other days: {means}.")
        return say(message, days=days, means=means)
    alone = any(mean.adjusted > alpha for mean in apart)
    if len(apart) == len(known):
        message = (
            marked("Taken by itself the mean of {days} is not that of other days: {means}.")
            if alone
            else marked("The mean of {days} is not that of other days: {means}.")
        )
    else:
        message = (
            marked(
                "Taken by itself the mean of {days} is not that of other days in {indices}: {means}."
            )
            if alone
            else marked("The mean of {days} is not that of other days in {indices}: {means}.")
        )
    indices = formats.listing(mean.index for mean in apart)
    found = say(
        message, **({"indices": indices} if "{indices}" in message else {}), days=days, means=means
    )
    return sentences(found, _after_falls(result) if bounds[0] > 0 else "")


@dataclass(frozen=True, slots=True)
class _Mean:
    """A mean of all events in an index with its placebo.

    Attributes
    ----------
    index, mean : str
        In words, per cent.
    p, adjusted : float
        p-value, and the same adjusted for all categories, indices and windows; NaN where it is not.
    """

    index: str
    mean: str
    p: float
    adjusted: float

    def said(self, *, adjusted: bool) -> Said:
        """Return the mean with its p-value, and the adjusted one where it is asked for and known."""
        if adjusted and math.isfinite(self.adjusted):
            return say(
                "{index} {mean} per cent ({p}, adjusted {adjusted})",
                index=self.index,
                mean=self.mean,
                p=formats.p_equals(self.p),
                adjusted=formats.p_value(self.adjusted),
            )
        return say(
            "{index} {mean} per cent ({p})",
            index=self.index,
            mean=self.mean,
            p=formats.p_equals(self.p),
        )


def _tested(result: StudyResult, asset: str, bounds: tuple[int, int]) -> list[_Mean]:
    """Return the mean of all events over a window with the p-value of its placebo, where there is one."""
    start, end = bounds
    window: dict[str, str | int] = {
        "group": labels.ALL,
        "asset": asset,
        "window_start": start,
        "window_end": end,
    }
    means = labels.found(labels.headline(result, "aggregate"), **window)
    tests = labels.headline(result, "statistics")
    placebo = labels.cell(tests, statistic="placebo", status="ok", **window)
    several = labels.cell(labels.headline(result, "multiplicity"), **window)
    adjusted = [row.p_min_p for row in labels.records(several)]
    return [
        _Mean(
            labels.full_name(result.study, asset),
            formats.percent(means[0].mean),
            row.p_value,
            adjusted[0] if adjusted else math.nan,
        )
        for row in labels.records(placebo)
        if means
    ]


def _categories(result: StudyResult) -> str:
    """Return the categories whose mean of day 0 stands out among all that were tested; empty for one category."""
    found = labels.headline(result, "multiplicity")
    tested = found[found["p_min_p"].notna()]
    if tested["group"].nunique() < SEVERAL:
        return ""
    alpha, here = given.alpha(result.study), given.of_headline(result)
    n = given.rows(tested, here, ("p_min_p", "empty", False))
    low = tested[(tested["p_min_p"] <= alpha) & (tested["group"] != labels.ALL)]
    first = labels.within(low, DAY0)
    if first.empty:
        return say(
            "By category none stands out on day 0, adjusted for all {n} means of categories, indices and windows.",
            n=formats.number(n, 0),
        )
    return say(
        "By category these stand out on day 0, means in per cent, adjusted for all {n} means of categories, indices and "
        "windows: {categories}.",
        n=formats.number(n, 0),
        categories=join(_listed(result, first), say("; ")),
    )


def _listed(result: StudyResult, found: pd.DataFrame) -> Iterator[Said]:
    """Yield every category with its means on day 0, the largest first."""
    day0 = labels.within(labels.headline(result, "aggregate"), DAY0)
    rows = {(row.group, row.asset): row for row in labels.records(day0)}
    means: dict[str, list[labels.Record]] = {}
    for row in labels.records(found):
        means.setdefault(row.group, []).append(rows[row.group, row.asset])
    for group, each in sorted(
        means.items(), key=lambda item: -max(abs(row.mean) for row in item[1])
    ):
        yield say(
            "{category} ({means})",
            category=labels.group_name(group),
            means=join(
                (
                    say(
                        "{index} {mean}",
                        index=labels.full_name(result.study, row.asset),
                        mean=formats.percent(row.mean),
                    )
                    for row in each
                ),
                say(", "),
            ),
        )


def _after_falls(result: StudyResult) -> str:
    """Return that events follow falls, whose means are then too easily found; empty where none does."""
    found = labels.cell(
        result.frames["quality"], check="falls in estimation windows", status="REVIEW"
    )
    if not found["asset"].isin(labels.averaged(result.study)).any():
        return ""
    return say(
        "Some events follow falls, after which such means are found too often (Data quality)."
    )


def _later(result: StudyResult) -> str:
    """Return whether what came after differs from what follows other days that moved as much; may be empty."""
    rows = {
        labels.full_name(result.study, asset): row
        for asset in labels.averaged(result.study)
        if (row := lasting.lasting_row(result, asset)) is not None
    }
    if not rows:
        return ""
    apart = [name for name, row in rows.items() if row.drift_joint_p <= result.study.alpha]
    p_values = formats.listing(
        say("{index} {p}", index=name, p=formats.p_equals(row.drift_joint_p))
        for name, row in rows.items()
    )
    if not apart:
        return say(
            "In the direction of the reactions, what came after cannot be told from what follows other days that "
            "moved as much ({p}).",
            p=p_values,
        )
    return say(
        "In the direction of the reactions, what came after in {indices} is not what follows other days that "
        "moved as much ({p}).",
        indices=formats.listing(apart),
        p=p_values,
    )
