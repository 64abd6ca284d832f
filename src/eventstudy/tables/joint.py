"""All indices at once: effects of categories and events with their joint tests, and the pooled panel."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from eventstudy import formats, given, labels
from eventstudy.language import derived, join, marked, retold, say, say_n, sentences
from eventstudy.tables.table import Cell, Column, Row, Table, figure, number, whole, words

if TYPE_CHECKING:
    import pandas as pd

    from eventstudy.results import StudyResult

GROUPS_CAPTION = marked(
    "Mean abnormal return of {days} over the sessions that all markets share, per cent, with its robust "
    "standard error in grey."
)
GROUPS_NOTE = marked(
    "Dates: sessions that tell a category from the others. Robust standard errors are HC3 below 30 dates, "
    "{rank}, Newey-West from 30; with one date there are none. The exact F takes the variance of all sessions "
    "of the sample for the same."
)
EVENTS_CAPTION = marked(
    "Abnormal return of {days} over the sessions that all markets share, per cent, with the p of its own "
    "t in grey."
)
BOTH_P = marked("p: placebo, in grey the exact F with its law.")
ONE_P = marked(
    "p: exact F, in grey its law; no placebo was run, and with spells of volatility this p is too small."
)
SECOND = marked("of second rank to the placebo")
FEW = marked("which reject too often with so few")
"""What is to be said of HC3 errors, with a placebo and without."""
GROUPS_PLAIN = marked(
    "Mean abnormal return of {days} over the sessions that all markets share, per cent."
)
EVENTS_PLAIN = marked(
    "Abnormal return of {days} over the sessions that all markets share, per cent."
)
EVENTS_NOTE = marked(
    "Exact F: by its law for normal errors, from the estimation window of the event. Rank: share of the "
    "sessions of that window, day 0 among them, that lie at least as far out (Mahalanobis). Correlation: "
    "of the residuals of two indices on one session, their mean where there are more than two."
)


def joint_groups(result: StudyResult) -> Table:
    """Return effect and joint tests of day 0 of every category."""
    window = labels.joint_window(result.study)
    tests = labels.within(labels.of_groups(result, "joint"), window)
    effects = labels.within(labels.of_groups(result, "joint_effects"), window)
    rows = [
        _group(result, labels.cell(tests, group=group), labels.cell(effects, group=group))
        for group in labels.groups(result)
        if (effects["group"] == group).any()
    ]
    return Table(
        "table-joint-groups",
        say("Categories."),
        (Column(say("Events")), *figure("n", "Dates"), *_titles(result), *figure("Correlation")),
        tuple(rows),
        sentences(say(GROUPS_CAPTION, days=formats.window(*window)), _p_values(tests)),
        (
            say(GROUPS_NOTE, rank=say(SECOND if compared(tests, "test") else FEW)),
            *floors(tests),
        ),
        plain=sentences(say(GROUPS_PLAIN, days=formats.window(*window)), _p_values(tests)),
    )


def _titles(result: StudyResult) -> tuple[Column, ...]:
    """Return the columns of the effects and of their joint tests."""
    names = [labels.short_name(result.study, asset) for asset in result.study.assets]
    both = say("Both zero, p") if len(names) == 2 else say("All zero, p")
    return figure(*names, both, "Equal, p")


def _group(result: StudyResult, tests: pd.DataFrame, effects: pd.DataFrame) -> Row:
    """Return one category."""
    first = labels.records(effects)[0]
    return (
        Cell(formats.capital(labels.group_name(first.group)), value=first.group),
        whole(first.n),
        whole(first.dates),
        *(
            _effect(labels.cell(effects[effects["errors"] != "iid"], asset=asset))
            for asset in result.study.assets
        ),
        *(_p_value(labels.cell(tests, null=null)) for null in ("zero", "equal")),
        _correlation(tests),
    )


def _effect(found: pd.DataFrame) -> Cell:
    """Return a mean effect with its robust standard error, where there is one."""
    if found.empty:
        return words(formats.NOTHING)
    row = labels.records(found)[0]
    known = math.isfinite(row.std_error)
    error = in_brackets(row.std_error) if known else ""
    return number(row.estimate, formats.percent(row.estimate), detail=error)


def in_brackets(std_error: float) -> str:
    """Return a standard error in per cent as it stands beside its estimate."""
    return say("({number})", number=formats.per_hundred(std_error, 2))


def _p_value(found: pd.DataFrame, beside: str = "exact_f") -> Cell:
    """Return the placebo p with that of another test in grey; that test alone without a placebo."""
    by = {row.test: row for row in labels.records(found)}
    other, placebo = by.get(beside), by.get("placebo")
    if other is None:
        return words(formats.NOTHING)
    text = formats.p_value(other.p_value)
    law = other.distribution if beside == "exact_f" else ""
    if placebo is None:
        return number(other.p_value, text, detail=law)
    return number(placebo.p_value, formats.p_value(placebo.p_value), detail=join((law, text)))


def compared(found: pd.DataFrame, column: str) -> bool:
    """Tell whether a placebo stands among some tests or errors."""
    return bool((found[column] == "placebo").any())


def _p_values(tests: pd.DataFrame) -> str:
    """Say which tests the p-values of a table are of."""
    return say(BOTH_P if compared(tests, "test") else ONE_P)


def floors(tests: pd.DataFrame, column: str = "test") -> tuple[str, ...]:
    """Say how small the placebo p-values of a table could be, and how many are; nothing without them."""
    found = tests[(tests[column] == "placebo") & tests["p_value"].notna()]
    if found.empty:
        return ()
    lowest = int((found["p_value"] <= found["floor"] * (1 + 1e-9)).sum())
    ends = (
        formats.number(derived(found["floor"].agg(which), f"{which} floor of the table"), 4)
        for which in ("min", "max")
    )
    said = say_n(
        "Floor, below which no placebo p can lie: {floor} (1 / (K + 1) for one event among K days, "
        "1 / (B + 1) for several and B relabellings); {n} of {all} is at the floor.",
        "Floor, below which no placebo p can lie: {floor} (1 / (K + 1) for one event among K days, "
        "1 / (B + 1) for several and B relabellings); {n} of {all} are at the floor.",
        lowest,
        floor=formats.from_to(*ends),
        n=formats.or_none(derived(lowest, "placebo p-values of the table at their floor")),
        all=formats.number(derived(len(found), "placebo p-values of the table"), 0),
    )
    return (said,)


def _correlation(tests: pd.DataFrame) -> Cell:
    """Return the correlation of the residuals."""
    known = tests["correlation"].dropna()
    value = known.iloc[0] if len(known) else np.nan
    return number(value, formats.number(value))


def joint_events(result: StudyResult) -> Table:
    """Return effect and joint tests of day 0 of every event that the system holds."""
    window = labels.joint_window(result.study)
    tests = labels.within(labels.headline(result, "joint"), window)
    effects = labels.within(labels.headline(result, "joint_effects"), window)
    rows = [
        _event(result, event.id, tests, effects)
        for event in labels.in_order(result.study)
        if labels.found(effects, group=event.id)
    ]
    return Table(
        "table-joint-events",
        say("Events."),
        (Column(say("Event")), *_titles(result), *figure("Rank", "Correlation")),
        tuple(rows),
        sentences(say(EVENTS_CAPTION, days=formats.window(*window)), _p_values(tests)),
        (
            say(EVENTS_NOTE),
            *floors(tests[tests["group"].isin([event.id for event in result.study.events])]),
        ),
        plain=sentences(say(EVENTS_PLAIN, days=formats.window(*window)), _p_values(tests)),
    )


def _event(result: StudyResult, event_id: str, tests: pd.DataFrame, effects: pd.DataFrame) -> Row:
    """Return one event."""
    numbered, titles = labels.numbers(result.study), labels.titles(result.study)
    mine = {row.asset: row for row in labels.found(effects, group=event_id)}
    rank = labels.found(tests, group=event_id, test="mahalanobis_rank", null="zero")[0]
    return (
        Cell(
            labels.numbered(numbered[event_id], titles[event_id]),
            value=event_id,
            href=f"#{labels.event_anchor(event_id)}",
        ),
        *(
            number(
                mine[asset].estimate,
                formats.percent(mine[asset].estimate),
                detail=formats.p_value(mine[asset].p_value),
            )
            for asset in result.study.assets
        ),
        *(_p_value(labels.cell(tests, group=event_id, null=null)) for null in ("zero", "equal")),
        number(rank.p_value, formats.p_value(rank.p_value)),
        _correlation(labels.cell(tests, group=event_id)),
    )


def joint_refused(result: StudyResult) -> tuple[str, ...]:
    """Say which events the system does not hold: one sentence per reason."""
    found = labels.headline(result, "joint")
    numbered = labels.numbers(result.study)
    concerned: dict[str, list[int]] = {}
    for row in labels.records(found[found["n"] == 0]):
        concerned.setdefault(row.reason, []).append(numbered.get(row.group, 0))
    return tuple(
        say("{what}: {reason}.", what=_of_events(sorted(each)), reason=retold(reason))
        for reason, each in concerned.items()
    )


def _of_events(numbers: list[int]) -> str:
    """Name some events by their numbers; 0 stands for all of them, whose model fails."""
    if not numbers[0]:
        return say("This model")
    listed = formats.listing(formats.number(given.event(number), 0) for number in numbers)
    return say_n("Event {numbers}", "Events {numbers}", len(numbers), numbers=listed)
