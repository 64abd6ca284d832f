"""The summary: what the study finds, index by index and on average."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from eventstudy import formats, given, labels
from eventstudy.language import derived, join, say, say_n, sentences
from eventstudy.prose import comparison, lasting
from eventstudy.prose.doubts import in_doubt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from eventstudy.language import Condition, Said
    from eventstudy.results import StudyResult
    from eventstudy.spec import Study

FEW = 6
"""Below this number of events 2 / 2^n exceeds 5%, the least p of a symmetric sign or rank test."""


class Sentence(NamedTuple):
    """A sentence with its bold lead and the index whose colour the lead takes."""

    lead: str
    text: str
    tone: int | None = None


def summary(result: StudyResult) -> tuple[Sentence, ...]:
    """Return a few sentences: what lasted, outcomes by index, the average."""
    found = [_of_index(result, asset) for asset in labels.averaged(result.study)]
    later = (
        (
            say("Afterwards, {index}:", index=labels.full_name(result.study, asset)),
            lasting.lasted(result, asset),
        )
        for asset in labels.averaged(result.study)
    )
    first = (Sentence(lead, formats.capital(text)) for lead, text in later if text)
    return (*first, *(one for one in found if one), *_on_average(result))


def headline(result: StudyResult) -> Said:
    """Return the finding of a study in one line, for the page of all studies."""
    found = (_of_index(result, asset) for asset in labels.averaged(result.study))
    parts = [each for one in found if one for each in (one.lead, one.text)]
    doubt = in_doubt(result)
    review = say("REVIEW: {doubt}.", doubt=doubt) if doubt else ""
    return sentences(*parts, review) if parts else say("No event could be studied.")


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
    here = [given.of_headline(result)] + [("asset", "=", asset)] * (asset != labels.ALL)
    lost = len(result.study.events) - verdicts["event_id"].nunique()
    return Sentence(
        say("{index}:", index=labels.full_name(result.study, asset)),
        sentences(
            _abnormal(result, verdicts, moved, here),
            _rest(verdicts, moved, (*here, ("p0", "not <=", given.alpha(result.study)))),
            _not_studied(lost, asset),
        ),
        labels.tone(result.study, asset),
    )


def _abnormal(
    result: StudyResult, verdicts: pd.DataFrame, moved: pd.Series[bool], here: Sequence[Condition]
) -> Said:
    """Return how many events moved an index, and what became of their moves."""
    alpha = given.alpha(result.study)
    small = (*here, ("p0", "<=", alpha))
    part = given.rows(verdicts[moved], *small)
    values = {
        "days": labels.first_window(verdicts),
        "share": _share(part, given.rows(verdicts, *here)),
        "tests": formats.listing(dict.fromkeys(map(labels.term, verdicts["p0_test"]))),
        "level": formats.level(alpha),
    }
    if not part:
        return say("abnormal on {days} in {share} ({tests}, {level} level).", **values)
    return say(
        "abnormal on {days} in {share} ({tests}, {level} level): {outcomes}.",
        **values,
        outcomes=_counted(verdicts.loc[moved, "outcome"], small),
    )


def _rest(verdicts: pd.DataFrame, moved: pd.Series[bool], here: Sequence[Condition]) -> str:
    """Return the outcomes of the events that did not move an index; empty where all did."""
    part, whole = int((~moved).sum()), len(verdicts)
    if not part:
        return ""
    outcomes = _counted(verdicts.loc[~moved, "outcome"], here)
    if part == whole:
        return say_n("Outcome: {outcomes}.", "Outcomes: {outcomes}.", part, outcomes=outcomes)
    return say_n("The other: {outcomes}.", "The others: {outcomes}.", part, outcomes=outcomes)


def _not_studied(lost: int, asset: str) -> str:
    """Return how many events could not be studied; may be empty."""
    if not lost:
        return ""
    missing = derived(lost, f"study: events, less those in results/verdicts.csv of {asset}")
    return say("Not studied: {events}.", events=formats.count(missing, "event"))


def _share(part: int, whole: int) -> Said:
    """Return "2 of 5 events", "none of 5 events", "the only event"."""
    if whole == 1:
        return say("the only event") if part else say("none of one event")
    return say(
        "{part} of {whole} events", part=formats.or_none(part), whole=formats.number(whole, 0)
    )


def _counted(outcomes: pd.Series[str], here: Sequence[Condition]) -> str:
    """Return outcomes with their number, the most frequent first."""
    counts = Counter(outcomes).most_common()
    numbers = [
        (given.tally(n, "verdicts", *here, ("outcome", "=", word)), word) for word, n in counts
    ]
    return formats.listing(
        say("{n} {outcome}", n=formats.number(n, 0), outcome=say(word)) for n, word in numbers
    )


def _on_average(result: StudyResult) -> tuple[Sentence, ...]:
    """Return one sentence on the mean day-0 effect of all events, over the indices."""
    texts = {
        asset: text
        for asset in labels.averaged(result.study)
        if (text := average(result, labels.ALL, asset))
    }
    if not texts:
        return ()
    return (Sentence(say("On average:"), _means(result, texts)),)


def offset(result: StudyResult) -> str:
    """Return that rises and falls were expected; empty where only one of them was."""
    signs = {event.expected_sign for event in result.study.events} & {"up", "down"}
    if len(signs) < 2:
        return ""
    return say("Rises and falls were expected, which offset each other in a mean.")


def _means(result: StudyResult, texts: Mapping[str, str]) -> Said:
    """Return the means of the indices, or that of all assets."""
    if labels.ALL in texts:
        return say("the mean day-0 abnormal return is {mean}.", mean=texts[labels.ALL])
    named = (
        say("for {index} {mean}", index=labels.full_name(result.study, asset), mean=text)
        for asset, text in texts.items()
    )
    return say("the mean day-0 abnormal return is, {means}.", means=join(named, say("; ")))


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
    means = labels.found(labels.headline(result, "aggregate"), **day0)
    if not means or means[0].n < 2:
        return ""
    found = labels.cell(labels.headline(result, "statistics"), status="ok", **day0)
    tests = labels.records(found)
    first = [row.p_value for row in tests if row.statistic == "placebo"]
    p_values, alpha = [row.p_value for row in tests], given.alpha(result.study)
    said = (
        say("placebo {p}", p=formats.p_equals(first[0])) if first else "",
        agreement(p_values, means[0].n, alpha),
        comparison.detectable(result, group, asset) if min(p_values, default=1) > alpha else "",
    )
    return say(
        "{mean} per cent over {events} ({tests})",
        mean=formats.percent(means[0].mean),
        events=formats.count(means[0].n, "event"),
        tests=join(said, say("; ")),
    )


def agreement(p_values: Sequence[float], n: int, alpha: float) -> Said:
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
        return say("no test applies")
    rejecting, level = sum(p <= alpha for p in p_values), formats.level(alpha)
    spread = say(
        "p from {least} to {most}",
        least=formats.p_value(min(p_values)),
        most=formats.p_value(max(p_values)),
    )
    if rejecting == len(p_values):
        return say("every test rejects zero at {level}; {spread}", level=level, spread=spread)
    few = say("with so few events sign and rank tests can hardly reject") if n < FEW else ""
    spread = join((spread, few), say("; "))
    if not rejecting:
        return say("no test rejects zero at {level}; {spread}", level=level, spread=spread)
    file, which = given.one_file(p_values)
    return say(
        "the tests disagree: {part} of {n} reject zero at {level}; {spread}",
        part=formats.number(given.tally(rejecting, file, which, ("p_value", "<=", alpha)), 0),
        n=formats.number(given.tally(len(p_values), file, which), 0),
        level=level,
        spread=spread,
    )


def sample(study: Study) -> Said:
    """Return how the events came into the sample."""
    if all(event.selection == "rule" for event in study.events):
        return say("All events are chosen by a rule.")
    ruled = sum(event.selection == "rule" for event in study.events)
    if ruled:
        others = derived(len(study.events) - ruled, "study: events without selection rule")
        return say_n(
            "Of {all} events {others} is remembered and not chosen by a rule; remembering favours large moves.",
            "Of {all} events {others} are remembered and not chosen by a rule; remembering favours large moves.",
            others,
            others=formats.number(others, 0),
            all=formats.number(given.events(study), 0),
        )
    if all(event.selection is None for event in study.events):
        return say("How the events were chosen is not stated.")
    return say("The events are remembered, a choice that favours large moves.")
