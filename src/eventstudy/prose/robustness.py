"""What the specifications say together: ranges and counts, never a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, given, labels
from eventstudy.benchmark import measured
from eventstudy.language import join, say, sentences

if TYPE_CHECKING:
    from eventstudy.language import Said
    from eventstudy.results import StudyResult


def specifications(result: StudyResult) -> Said:
    """Return what was varied and what the numbers are not."""
    found = labels.cell(result.frames["specifications"], group=labels.ALL)
    choices = {
        "model": ["model"],
        "estimation window": ["estimation_start", "estimation_end"],
        "kind of return": ["returns"],
        "set of events": ["event_set"],
    }
    varied = [
        formats.count(
            given.tally(
                len(found[columns].drop_duplicates()),
                "specifications",
                ("group", "=", labels.ALL),
                distinct=columns,
            ),
            kind,
        )
        for kind, columns in choices.items()
    ]
    return say(
        "The mean effect of all events under every combination of {choices}. p-values are those of the "
        "cross-sectional t, which takes events as independent; of one event those of the forecast t. How many "
        "are small is a count and no test: the specifications share their events and prices.",
        choices=formats.listing(varied),
    )


def varied_models(result: StudyResult) -> Said:
    """Say what the models measure that are varied beside those of the study; may be empty."""
    known = {choice.label for choice in result.study.models}
    return sentences(
        *(
            say(
                "{model}: {measured}.",
                model=formats.capital(labels.term(choice.label)),
                measured=measured(result.study, choice),
            )
            for choice in result.study.varied_models
            if choice.label not in known
        )
    )


def specification_spread(result: StudyResult, asset: str) -> Said:
    """Return range, rank and counts of one index, window by window."""
    found = labels.cell(result.frames["spreads"], asset=asset)
    parts = (part for row in labels.records(found) for part in _spread(result, row))
    return say("{findings}.", findings=join(parts, say("; ")))


def _spread(result: StudyResult, row: labels.Record) -> tuple[str, ...]:
    """Return what the specifications of one window say together."""
    spread = say(
        "on {window} from {low} to {high} per cent over {specifications} of {events}, median {median}",
        window=formats.window(row.window_start, row.window_end),
        low=formats.percent(row.low),
        high=formats.percent(row.high),
        specifications=formats.count(row.n, "specification"),
        events=_events(row),
        median=formats.percent(row.median),
    )
    return (spread, *_own(row), _signs(result, row))


def _events(row: labels.Record) -> Said:
    """Return of how many events the specifications of one window are."""
    if row.fewest < row.most:
        return say(
            "{fewest} to {most} events",
            fewest=formats.number(row.fewest, 0),
            most=formats.number(row.most, 0),
        )
    return formats.count(row.most, "event")


def _own(row: labels.Record) -> tuple[str, ...]:
    """Return the place of the study's own specification, and those on the same events as it."""
    if not row.rank:
        return ()
    own = say(
        "the study's own {effect} is number {rank} from the lowest",
        effect=formats.percent(row.effect),
        rank=formats.number(row.rank, 0),
    )
    if row.fewest == row.most:
        return (own,)
    same = say(
        "{n} of them on the same events as that, median {median}",
        n=formats.number(row.same_events, 0),
        median=formats.percent(row.median_same_events),
    )
    return own, same


def _signs(result: StudyResult, row: labels.Record) -> Said:
    """Count signs, and small p-values; these not on a window whose reaction may have given the signs."""
    same = formats.or_none(row.same_sign)
    signs = (
        say("{n} with its sign", n=same)
        if row.rank
        else say("{n} with the sign of the median", n=same)
    )
    if labels.gave_signs(result, row.window_start, row.window_end):
        return signs
    return say(
        "{signs}, {n} with p up to {alpha}",
        signs=signs,
        n=formats.or_none(row.below),
        alpha=formats.as_given(given.alpha(result.study)),
    )
