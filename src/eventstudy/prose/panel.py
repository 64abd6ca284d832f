"""A panel of many events, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, given, labels
from eventstudy.language import derived, join, marked, say, sentences
from eventstudy.panel.describe import dates
from eventstudy.prose.method import ERRORS, PATHS, RETURNS, explained
from eventstudy.prose.summary import Sentence, agreement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventstudy.language import Said, Whole
    from eventstudy.panel import PanelResult
    from eventstudy.spec import Window

ESTIMATION = "manifest.json options estimation"
NAMED_GROUPS = 4
"""Groups up to which each has a sentence of its own."""


def panel_title(result: PanelResult) -> Said:
    """Return the title of the page."""
    return say(
        "{events} in a panel",
        events=formats.capital(formats.count(given.panel_events(result), "event")),
    )


def _days(window: Window, source: str) -> Said:
    """Write a window that was asked for."""
    return formats.window(derived(window.start, source), derived(window.end, source))


def _studied_events(result: PanelResult, label: str) -> Whole:
    """Return the number of events that a model could be estimated on."""
    return derived(result.studied[label], f"manifest.json studied {label}")


def panel_question(result: PanelResult) -> Said:
    """Return what a panel asks."""
    file, group = result.inputs.events.name, result.design.group.replace("_", " ")
    if not group:
        return say("Did the securities of {file} move abnormally on average?", file=file)
    return say(
        "Did the securities of {file} move abnormally on average, and do the groups by {group} differ?",
        file=file,
        group=group,
    )


def panel_design(result: PanelResult) -> tuple[Said, Said]:
    """Return the design in two lines: model and windows; tables and units."""
    design, inputs = result.design, result.inputs
    first = say(
        "Headline model: {model}, estimated on the {length} sessions of {days}. Simple returns, in per cent.",
        model=formats.capital(labels.term(result.headline)),
        length=formats.number(derived(design.estimation.length, f"{ESTIMATION}, its length"), 0),
        days=_days(design.estimation, ESTIMATION),
    )
    market = inputs.market.rpartition("/")[2] if inputs.market else ""
    parts = (
        _read(inputs.returns.name, prices=inputs.prices),
        say("market: {file}", file=market) if market else "",
        say("factors: {file}", file=inputs.factors.name) if inputs.factors else "",
    )
    return first, say("{tables}.", tables=join(parts, say("; ")))


def _read(file: str, *, prices: bool) -> Said:
    """Return the table that was read."""
    return (
        say("Data: prices of {file}", file=file)
        if prices
        else say("Data: returns of {file}", file=file)
    )


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
    counts = join(
        (
            say(
                "{model} {n}",
                model=labels.term(label),
                n=formats.number(_studied_events(result, label), 0),
            )
            for label in result.studied
        ),
        say("; "),
    )
    every = formats.number(given.panel_events(result), 0)
    text = say("of {total} events given, {counts}.", total=every, counts=counts)
    lost = result.events - result.studied[result.headline]
    if not lost:
        return Sentence(say("Studied:"), text)
    missing = derived(lost, f"manifest.json events, less studied {result.headline}")
    rest = say(
        "Not studied, for the reasons below: {events}.", events=formats.count(missing, "event")
    )
    return Sentence(say("Studied:"), sentences(text, rest))


def _average(result: PanelResult, group: str) -> Sentence | None:
    """Return the mean day-0 abnormal return of a group with the verdict of its tests."""
    day0: dict[str, str | int] = {
        "model": result.headline,
        "group": group,
        "window_start": 0,
        "window_end": 0,
    }
    row = labels.found(result.frames["aggregate"], **day0)[0]
    if not row.n:
        return None
    tests = labels.found(result.frames["statistics"], status="ok", **day0)
    return Sentence(
        say("{group}:", group=formats.capital(labels.panel_group(result, group))),
        say(
            "the mean abnormal return on day 0 is {mean} per cent over {events} ({tests}).",
            mean=formats.percent(row.mean),
            events=formats.count(row.n, "event"),
            tests=agreement([test.p_value for test in tests], row.n, given.panel_level()),
        ),
    )


def _dates(result: PanelResult) -> Sequence[Sentence]:
    """Return that events share dates, where they do."""
    n, days = result.studied[result.headline], dates(result)
    if days == n:
        return ()
    text = say(
        "the {total} events lie on {dates}. Events of one date are not independent: the adjusted tests, the rank "
        "tests, the calendar-time portfolio and the crude dependence adjustment allow for that, the others do "
        "not.",
        total=formats.number(_studied_events(result, result.headline), 0),
        dates=formats.count(
            derived(
                days, f"different date in results/abnormal.csv of {result.headline} with tau 0"
            ),
            "date",
        ),
    )
    return (Sentence(say("With care:"), text),)


DAY0 = marked(
    "Day 0 is the first session of the table of returns on or after the date of the event. Expected returns are "
    "estimated on {estimation}; at least {least} sessions must have all returns. Abnormal returns are computed "
    "for {days}. A missing return is never counted as zero."
)


def panel_method(result: PanelResult) -> tuple[Said, ...]:
    """Return how event time, returns and errors are defined."""
    design = result.design
    first = say(
        DAY0,
        estimation=_days(design.estimation, ESTIMATION),
        least=formats.number(derived(design.least, "manifest.json options min_observations"), 0),
        days=_days(design.event_window, "manifest.json options event_window"),
    )
    return (first, *map(explained, (RETURNS, ERRORS, PATHS)))
