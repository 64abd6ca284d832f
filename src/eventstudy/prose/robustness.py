"""What the specifications say together: ranges and counts, never a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.benchmark import measured

if TYPE_CHECKING:
    from eventstudy.results import StudyResult


def specifications(result: StudyResult) -> str:
    """Return what was varied and what the numbers are not."""
    found = labels.cell(result.frames["specifications"], group=labels.ALL)
    windows = found[["estimation_start", "estimation_end"]].drop_duplicates()
    varied = [
        formats.count(found["model"].nunique(), "model"),
        formats.count(len(windows), "estimation window"),
        formats.count(found["returns"].nunique(), "kind of return", "kinds of return"),
        formats.count(found["event_set"].nunique(), "set of events", "sets of events"),
    ]
    return (
        f"The mean effect of all events under every combination of {formats.listing(varied)}. "
        "p-values are those of the cross-sectional t, which takes events as independent; of one event "
        "those of the forecast t. How many are small is a count and no test: the specifications share "
        "their events and prices."
    )


def varied_models(result: StudyResult) -> str:
    """Say what the models measure that are varied beside those of the study; may be empty."""
    known = {choice.label for choice in result.study.models}
    return " ".join(
        f"{formats.capital(labels.term(choice.label))}: {measured(result.study, choice)}."
        for choice in result.study.varied_models
        if choice.label not in known
    )


def specification_spread(result: StudyResult, asset: str) -> str:
    """Return range, rank and counts of one index, window by window."""
    found = labels.cell(result.frames["spreads"], asset=asset)
    parts = (f"{_spread(row)}{_below(result, row)}" for row in labels.records(found))
    return f"{'; '.join(parts)}."


def _below(result: StudyResult, row: labels.Record) -> str:
    """Count small p-values; not on a window whose reaction may have given the signs."""
    if labels.gave_signs(result, row.window_start, row.window_end):
        return ""
    return f", {row.below or 'none'} with p up to {result.study.alpha:g}"


def _spread(row: labels.Record) -> str:
    """Return what the specifications of one window say together."""
    window = formats.window(row.window_start, row.window_end)
    own = (
        f"; the study's own {formats.percent(row.effect)} is number {row.rank} from the lowest"
        if row.rank
        else ""
    )
    same = (
        f"; {row.same_events} of them on the same events as that, median {formats.percent(row.median_same_events)}"
        if row.rank and row.fewest < row.most
        else ""
    )
    sign = "its sign" if row.rank else "the sign of the median"
    events: str = formats.count(row.most, "event")
    events = f"{row.fewest} to {row.most} events" if row.fewest < row.most else events
    return (
        f"on {window} from {formats.percent(row.low)} to {formats.percent(row.high)} per cent over "
        f"{formats.count(row.n, 'specification')} of {events}, median {formats.percent(row.median)}{own}{same}; "
        f"{row.same_sign or 'none'} with {sign}"
    )
