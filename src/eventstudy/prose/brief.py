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
    every reaction, the placebo of the mean over all events, and all sessions after the reactions together.
    """
    day0 = _moved(result)
    return sentences(day0, _on_average(result), _later(result)) if day0 else ""


def _moved(result: StudyResult) -> str:
    """Return how many reactions are larger than those of ordinary days, and how many would be by chance."""
    verdicts = labels.headline(result, "verdicts")
    alpha, here = given.alpha(result.study), f"of {given.headline(result)}"
    cells = given.rows(verdicts[verdicts["p0"].notna()], f"{here} with a p0")
    if cells < 2:
        return ""
    moved = given.rows(verdicts[verdicts["p0"] <= alpha], f"{here} with p0 at or below alpha")
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


def _on_average(result: StudyResult) -> str:
    """Return the means on day 0 and whether their placebo tells them from zero; empty without one."""
    known = [
        (labels.full_name(result.study, asset), mean, p_value)
        for asset in labels.averaged(result.study)
        for mean, p_value in _mean(result, asset)
    ]
    apart = [each for each in known if each[2] <= result.study.alpha]
    if not known:
        return ""
    if apart:
        said = (
            say(
                "{index} {mean} per cent ({p})", index=index, mean=mean, p=formats.p_equals(p_value)
            )
            for index, mean, p_value in apart
        )
        return say("On average they moved {means}.", means=formats.listing(said))
    means = (say("{index} {mean}", index=index, mean=mean) for index, mean, _ in known)
    return say(
        "Their mean, {means} per cent, cannot be told from zero.", means=formats.listing(means)
    )


def _mean(result: StudyResult, asset: str) -> list[tuple[str, float]]:
    """Return the mean of all events on day 0 with the p-value of its placebo, where there is one."""
    day0: dict[str, str | int] = {
        "group": labels.ALL,
        "asset": asset,
        "window_start": 0,
        "window_end": 0,
    }
    means = labels.records(labels.cell(labels.headline(result, "aggregate"), **day0))
    tests = labels.headline(result, "statistics")
    placebo = labels.cell(tests, statistic="placebo", status="ok", **day0)
    return [
        (formats.percent(means[0].mean), row.p_value) for row in labels.records(placebo) if means
    ]


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
            "What came after cannot be told from what follows other days that moved as much ({p}).",
            p=join((formats.p_equals(row.drift_joint_p) for row in rows.values()), say(", ")),
        )
    return say(
        "What came after in {indices} is not what follows other days that moved as much ({p}).",
        indices=formats.listing(apart),
        p=join((formats.p_equals(rows[name].drift_joint_p) for name in apart), say(", ")),
    )
