"""A panel of many events, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.panel import ALPHA
from eventstudy.panel.describe import dates
from eventstudy.prose.method import ERRORS, PATHS, RETURNS
from eventstudy.prose.summary import Sentence, agreement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.panel import PanelResult

NAMED_GROUPS = 4
"""Groups up to which each has a sentence of its own."""


def panel_title(result: PanelResult) -> str:
    """Return the title of the page."""
    return f"{formats.capital(formats.count(result.events, 'event'))} in a panel"


def panel_question(result: PanelResult) -> str:
    """Return what a panel asks."""
    name = result.design.group.replace("_", " ")
    parts = f", and do the groups by {name} differ" if name else ""
    return f"Did the securities of {result.inputs.events.name} move abnormally on average{parts}?"


def panel_design(result: PanelResult) -> tuple[str, str]:
    """Return the design in two lines: model and windows; tables and units."""
    design, inputs = result.design, result.inputs
    estimation = formats.window(*design.estimation)
    first = (
        f"Headline model: {formats.capital(labels.term(result.headline))}, estimated on the"
        f" {design.estimation.length} sessions of {estimation}. Simple returns, in per cent."
    )
    made = "prices" if inputs.prices else "returns"
    market = f"; market: {inputs.market.rpartition('/')[2]}" if inputs.market else ""
    factors = f"; factors: {inputs.factors.name}" if inputs.factors else ""
    return first, f"Data: {made} of {inputs.returns.name}{market}{factors}."


def panel_summary(result: PanelResult) -> tuple[Sentence, ...]:
    """Return the findings: how many events, the average of each group, what to bear in mind."""
    groups = panel_groups(result)
    named = groups if len(groups) <= NAMED_GROUPS + 1 else groups[:1]
    found = [_average(result, group) for group in named]
    return (_studied(result), *(one for one in found if one), *_dates(result))


def panel_groups(result: PanelResult) -> list[str]:
    """Return the groups of the headline model: all events first, then the largest."""
    table = result.frames["aggregate"]
    day0 = labels.cell(table, model=result.headline, window_start=0, window_end=0)
    sizes = dict(zip(day0["group"], day0["n"], strict=True))
    return sorted(sizes, key=lambda group: (group != labels.ALL, -sizes[group], group))


def _studied(result: PanelResult) -> Sentence:
    """Return how many events each model could be estimated on."""
    counts = "; ".join(
        f"{labels.term(label)} {formats.number(studied, 0)}"
        for label, studied in result.studied.items()
    )
    lost = result.events - result.studied[result.headline]
    text = f"of {formats.number(result.events, 0)} events given, {counts}."
    return Sentence(
        "Studied:",
        f"{text} Not studied, for the reasons below: {formats.count(lost, 'event')}."
        if lost
        else text,
    )


def _average(result: PanelResult, group: str) -> Sentence | None:
    """Return the mean day-0 abnormal return of a group with the verdict of its tests."""
    day0: dict[str, str | int] = {
        "model": result.headline,
        "group": group,
        "window_start": 0,
        "window_end": 0,
    }
    row = labels.records(labels.cell(result.frames["aggregate"], **day0))[0]
    if not row.n:
        return None
    tests = labels.cell(result.frames["statistics"], status="ok", **day0)
    said = agreement(list(tests["p_value"]), row.n, ALPHA)
    return Sentence(
        f"{formats.capital(labels.panel_group(result, group))}:",
        f"the mean abnormal return on day 0 is {formats.percent(row.mean)} per cent over"
        f" {formats.count(row.n, 'event')} ({said}).",
    )


def _dates(result: PanelResult) -> Sequence[Sentence]:
    """Return that events share dates, where they do."""
    n, days = result.studied[result.headline], dates(result)
    if days == n:
        return ()
    text = (
        f"the {formats.number(n, 0)} events lie on {formats.count(days, 'date')}. Events of one date"
        " are not independent: the adjusted tests, the rank tests, the calendar-time portfolio and the"
        " crude dependence adjustment allow for that, the others do not."
    )
    return (Sentence("With care:", text),)


def panel_method(result: PanelResult) -> tuple[str, ...]:
    """Return how event time, returns and errors are defined."""
    design = result.design
    first = (
        "Day 0 is the first session of the table of returns on or after the date of the event."
        f" Expected returns are estimated on {formats.window(*design.estimation)}; at least"
        f" {design.least} sessions must have all returns. Abnormal returns are computed for"
        f" {formats.window(*design.event_window)}. A missing return is never counted as zero."
    )
    return (first, RETURNS, ERRORS, PATHS)
