"""The answer in a few short sentences: did days move, which way on average, did it last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, given, labels
from eventstudy.language import join, say, say_n, sentences
from eventstudy.prose import lasting
from eventstudy.prose.summary import sample

if TYPE_CHECKING:
    from eventstudy.results import StudyResult


def in_short(result: StudyResult) -> str:
    """Return what a study found, before all detail; empty for fewer than two reactions.

    Notes
    -----
    The sentences say what the tests of the summary say, each at the level of the study: the placebo of
    every reaction, the placebo of the mean over all events on day 0 and over the first window after it, and
    all sessions after the reactions together. Means count rises and falls as they are, what came after counts
    in the direction of each reaction: two questions, which need not have one answer.
    """
    day0 = _moved(result)
    return sentences(day0, _means(result), _later(result)) if day0 else ""


def _moved(result: StudyResult) -> str:
    """Return how many reactions are larger than those of ordinary days, and how many would be by chance."""
    verdicts = labels.headline(result, "verdicts")
    alpha, here = given.alpha(result.study), given.of_headline(result)
    cells = given.rows(verdicts[verdicts["p0"].notna()], here, ("p0", "empty", False))
    if cells < 2:
        return ""
    moved = given.rows(verdicts[verdicts["p0"] <= alpha], here, ("p0", "<=", alpha))
    return say_n(
        "{chosen} {moved} of {cells} reactions stands out from ordinary days at the {level} level, where about {usual} "
        "would by chance.",
        "{chosen} {moved} of {cells} reactions stand out from ordinary days at the {level} level, where about {usual} "
        "would by chance.",
        moved,
        chosen=sample(result.study),
        moved=formats.or_none(moved),
        cells=formats.number(cells, 0),
        level=formats.level(alpha),
        usual=given.usual(cells, alpha),
    )


def _means(result: StudyResult) -> str:
    """Return the means of day 0 and of the first days after it."""
    day0 = _mean(result, (0, 0))
    bounds = min(
        ((each.start, each.end) for each in result.study.windows if each.start > 0), default=None
    )
    after = _mean(result, bounds) if bounds else ""
    return sentences(day0, after)


def _mean(result: StudyResult, bounds: tuple[int, int]) -> str:
    """Return the means over a window and whether their placebo tells them from zero; empty without one."""
    known = [
        (labels.full_name(result.study, asset), mean, p_value)
        for asset in labels.averaged(result.study)
        for mean, p_value in _tested(result, asset, bounds)
    ]
    apart = [each for each in known if each[2] <= result.study.alpha]
    if not known:
        return ""
    days = formats.window(*given.bounds(*bounds))
    if apart:
        said = (
            say(
                "{index} {mean} per cent ({p})", index=index, mean=mean, p=formats.p_equals(p_value)
            )
            for index, mean, p_value in apart
        )
        found = say(
            "The mean of {days} is not that of other days: {means}.",
            days=days,
            means=formats.listing(said),
        )
        return sentences(found, _after_falls(result))
    means = (say("{index} {mean}", index=index, mean=mean) for index, mean, _ in known)
    return say(
        "The mean of {days}, {means} per cent, cannot be told from that of other days.",
        days=days,
        means=formats.listing(means),
    )


def _tested(result: StudyResult, asset: str, bounds: tuple[int, int]) -> list[tuple[str, float]]:
    """Return the mean of all events over a window with the p-value of its placebo, where there is one."""
    start, end = bounds
    window: dict[str, str | int] = {
        "group": labels.ALL,
        "asset": asset,
        "window_start": start,
        "window_end": end,
    }
    means = labels.records(labels.cell(labels.headline(result, "aggregate"), **window))
    tests = labels.headline(result, "statistics")
    placebo = labels.cell(tests, statistic="placebo", status="ok", **window)
    return [
        (formats.percent(means[0].mean), row.p_value) for row in labels.records(placebo) if means
    ]


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
    apart = [name for name, row in rows.items() if row.drift_joint_p <= result.study.alpha]
    if not rows:
        return ""
    if not apart:
        return say(
            "In the direction of the reactions, what came after cannot be told from what follows other days that "
            "moved as much ({p}).",
            p=join((formats.p_equals(row.drift_joint_p) for row in rows.values()), say(", ")),
        )
    return say(
        "In the direction of the reactions, what came after in {indices} is not what follows other days that "
        "moved as much ({p}).",
        indices=formats.listing(apart),
        p=join((formats.p_equals(rows[name].drift_joint_p) for name in apart), say(", ")),
    )
