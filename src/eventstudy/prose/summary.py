"""The summary: what the study finds, index by index and on average."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from eventstudy import formats, labels
from eventstudy.prose import comparison
from eventstudy.prose.doubts import in_doubt

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from eventstudy.results import StudyResult
    from eventstudy.spec import Study

FEW = 6
"""Below this number of events 2 / 2^n exceeds 5%, the least p of a symmetric sign or rank test."""


NAMED = 8
"""Events that a caution names; the checks of the data name all."""
CAUTIONS = (
    "overlapping windows",
    "price limits",
    "events before the launch",
    "episodes",
    "benchmark on day 0",
)
"""Checks of the sample that belong beside the findings."""


class Sentence(NamedTuple):
    """A sentence with its bold lead and the index whose colour the lead takes."""

    lead: str
    text: str
    tone: int | None = None


def summary(result: StudyResult) -> tuple[Sentence, ...]:
    """Return a few sentences: what stands out and what lasted, outcomes by index, the average."""
    found = [_of_index(result, asset) for asset in labels.averaged(result.study)]
    later = (
        (f"Afterwards, {labels.full_name(result.study, asset)}:", comparison.lasted(result, asset))
        for asset in labels.averaged(result.study)
    )
    first = (
        Sentence(lead, formats.capital(text))
        for lead, text in (("Day 0:", comparison.by_placebo(result)), *later)
        if text
    )
    return (*first, *(one for one in found if one), *_on_average(result))


def headline(result: StudyResult) -> str:
    """Return the finding of a study in one line, for the page of all studies."""
    found = (_of_index(result, asset) for asset in labels.averaged(result.study))
    parts = [f"{one.lead} {one.text}" for one in found if one]
    doubt = in_doubt(result)
    review = (f"REVIEW: {doubt}.",) if doubt else ()
    return " ".join((*parts, *review)) if parts else "No event could be studied."


def _of_index(result: StudyResult, asset: str) -> Sentence | None:
    """Return how often an index moved and what became of it; None where nothing was studied.

    Of pooled assets the cells are counted, and named events: each has one as a rule.
    """
    verdicts = labels.headline(result, "verdicts")
    if asset != labels.ALL:
        verdicts = labels.cell(verdicts, asset=asset)
    if verdicts.empty:
        return None
    moved = verdicts["p0"] <= result.study.alpha
    level = f"{100 * result.study.alpha:g}% level"
    tests = formats.listing(dict.fromkeys(map(labels.term, verdicts["p0_test"])))
    share = _share(int(moved.sum()), len(verdicts))
    text = f"abnormal on {labels.first_window(verdicts)} in {share} ({tests}, {level})"
    kept = _counted(verdicts.loc[moved, "outcome"])
    rest = _counted(verdicts.loc[~moved, "outcome"])
    text += f": {kept}." if kept else "."
    if rest:
        text += f" {_others(int((~moved).sum()), len(verdicts))}: {rest}."
    lost = len(result.study.events) - verdicts["event_id"].nunique()
    if lost:
        text += f" Not studied: {formats.count(lost, 'event')}."
    return Sentence(
        f"{labels.full_name(result.study, asset)}:", text, labels.tone(result.study, asset)
    )


def _share(part: int, whole: int) -> str:
    """Return "2 of 5 events", "none of 5 events", "the only event"."""
    if whole == 1:
        return "the only event" if part else "none of one event"
    return f"{part or 'none'} of {whole} events"


def _others(part: int, whole: int) -> str:
    """Return the words for those that are left."""
    if part == whole:
        return "Outcome" if part == 1 else "Outcomes"
    return "The other" if part == 1 else "The others"


def _counted(outcomes: pd.Series[str]) -> str:
    """Return outcomes with their number, the most frequent first."""
    counts = Counter(outcomes)
    return formats.listing(f"{n} {word}" for word, n in counts.most_common()) if counts else ""


def _on_average(result: StudyResult) -> tuple[Sentence, ...]:
    """Return one sentence on the mean day-0 effect of all events, over the indices."""
    texts = {
        asset: text
        for asset in labels.averaged(result.study)
        if (text := average(result, labels.ALL, asset))
    }
    if not texts:
        return ()
    named = (f"for {labels.full_name(result.study, asset)} {text}" for asset, text in texts.items())
    means = f" {texts[labels.ALL]}" if labels.ALL in texts else f", {'; '.join(named)}"
    text = f"{sample(result.study)} the mean day-0 abnormal return is{means}."
    signs = {event.expected_sign for event in result.study.events} & {"up", "down"}
    mixed = (
        " Rises and falls were expected, which offset each other in a mean."
        if len(signs) == 2
        else ""
    )
    return (Sentence("On average:", f"{text}{mixed}"),)


def average(result: StudyResult, group: str, asset: str) -> str:
    """Return the mean day-0 effect of a group, the placebo first of all its tests; may be empty.

    Parameters
    ----------
    result : StudyResult
        The study.
    group : str
        Category, or ``all``.
    asset : str
        Id of an instrument.
    """
    day0: dict[str, str | int] = {
        "group": group,
        "asset": asset,
        "window_start": 0,
        "window_end": 0,
    }
    means = labels.cell(labels.headline(result, "aggregate"), **day0)
    tests = labels.cell(labels.headline(result, "statistics"), status="ok", **day0)
    if means.empty or int(means["n"].iloc[0]) < 2:
        return ""
    n, mean = int(means["n"].iloc[0]), float(means["mean"].iloc[0])
    first = tests.loc[tests["statistic"] == "placebo", "p_value"]
    lead = f"placebo {formats.p_equals(first.iloc[0])}; " if len(first) else ""
    p_values, alpha = list(tests["p_value"]), result.study.alpha
    said = agreement(p_values, n, alpha)
    least = comparison.detectable(result, group, asset) if min(p_values, default=1) > alpha else ""
    return (
        f"{formats.percent(mean)} per cent over {formats.count(n, 'event')} "
        f"({lead}{said}{'; ' if least else ''}{least})"
    )


def agreement(p_values: Sequence[float], n: int, alpha: float) -> str:
    """Return what several tests of one mean say together.

    Parameters
    ----------
    p_values : sequence of float
        Of the tests that apply.
    n : int
        Number of events.
    alpha : float
        Level of the tests.
    """
    if not p_values:
        return "no test applies"
    rejecting, level = sum(p <= alpha for p in p_values), f"{100 * alpha:g}%"
    spread = f"p from {formats.p_value(min(p_values))} to {formats.p_value(max(p_values))}"
    few = "; with so few events sign and rank tests can hardly reject" if n < FEW else ""
    if not rejecting:
        return f"no test rejects zero at {level}; {spread}{few}"
    if rejecting == len(p_values):
        return f"every test rejects zero at {level}; {spread}"
    return (
        f"the tests disagree: {rejecting} of {len(p_values)} reject zero at {level}; {spread}{few}"
    )


def sample(study: Study) -> str:
    """Return how the events came into the sample, to begin a sentence with."""
    if all(event.selection == "rule" for event in study.events):
        return "Over events chosen by a rule,"
    if any(event.selection == "rule" for event in study.events):
        return "In these events, of which some are remembered and not chosen by a rule,"
    if all(event.selection is None for event in study.events):
        return "In these events, whose choice is not stated,"
    return "In these remembered events, a choice that favours large moves,"


def cautions(result: StudyResult) -> tuple[str, ...]:
    """Say what keeps the sample from being what the tests take it for, finding by finding."""
    quality = result.frames["quality"]
    rows = quality[quality["check"].isin(CAUTIONS) & (quality["status"] != "PASS")]
    return tuple(
        _numbered(
            result,
            f"{labels.full_name(result.study, row.asset)}: {row.finding} ({row.recommendation}).",
        )
        for row in labels.records(rows)
    )


def remarks(result: StudyResult) -> tuple[str, ...]:
    """Say what a reader must know of the prices: what stands for what, what is old, what is missing."""
    found = []
    for one in result.provenance.series:
        name = labels.full_name(result.study, one.instrument)
        if one.proxy:
            found.append(f"{name}: the prices are those of the {one.proxy}, not of the index.")
        if one.note:
            found.append(f"{name}: {one.note}.")
    return tuple(found)


def _numbered(result: StudyResult, text: str) -> str:
    """Write the numbers of events in place of their ids."""
    for event_id, number in labels.numbers(result.study).items():
        text = re.sub(rf"(?<=[ :]){re.escape(event_id)}(?=[ ,]|$)", f"no. {number}", text)
    return re.sub(r"no\. \d+(, no\. \d+)+", _run, text)


def _run(found: re.Match[str]) -> str:
    """Write a run of numbers of events: all of a few, the first of many."""
    numbers = sorted(found.group().replace("no. ", "").split(", "), key=int)
    if len(numbers) <= NAMED:
        return f"nos. {formats.listing(numbers)}"
    return f"nos. {', '.join(numbers[:NAMED])} and {len(numbers) - NAMED:,} more"
