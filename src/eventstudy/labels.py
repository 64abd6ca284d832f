"""What things are called in a report: instruments, events, tests; their order and their anchors."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from eventstudy import given, rows
from eventstudy.formats import as_date, share, window
from eventstudy.language import Said, current, derived, join, marked, say
from eventstudy.rows import of_model, once, picked

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd

    from eventstudy.panel import PanelResult
    from eventstudy.results import StudyResult
    from eventstudy.spec import Event, Study

    Plugins = Mapping[str, type[Any]]
    Shown = tuple[str, str]
    Record = Any

ALL = "all"
"""Group or asset that spans all others."""

records, found, keyed = rows.records, rows.found, rows.keyed
"""Rows of a frame as a report reads them."""


def full_name(study: Study, asset: str) -> str:
    """Return an instrument's name for sentences."""
    return say("All assets") if asset == ALL else Said(study.instruments[asset].called(current()))


def short_name(study: Study, asset: str) -> str:
    """Return an instrument's name for narrow tables."""
    if asset == ALL:
        return say("All")
    return Said(study.instruments[asset].called(current(), short=True))


def averaged(study: Study) -> tuple[str, ...]:
    """Return what averages are taken over: each asset, or all of them together."""
    return (ALL,) if study.pool_assets else study.assets


def tone(study: Study, asset: str) -> int | None:
    """Return the position of an asset in the study: its colour and shape; None for all."""
    return study.assets.index(asset) if asset in study.assets else None


@once
def in_order(study: Study) -> tuple[Event, ...]:
    """Return the events by day of announcement; the first is event 1 of the report."""
    return tuple(sorted(study.events, key=lambda event: str(as_date(event.announced))))


@once
def numbers(study: Study) -> Mapping[str, int]:
    """Return the number of every event in the report, by id, counted from 1."""
    return {event.id: number for number, event in enumerate(in_order(study), start=1)}


def numbered(number: int, title: str) -> str:
    """Return the title of an event behind its number."""
    return Said(f"{number}. {title}")


@once
def titles(study: Study) -> Mapping[str, str]:
    """Return the titles of the events by id."""
    return {event.id: event.title for event in study.events}


def doubted(result: StudyResult) -> Collection[tuple[str, str]]:
    """Return event and asset of every outcome that rests on prices in doubt."""
    return _doubted(result.frames["doubts"])


@once
def _doubted(doubts: pd.DataFrame) -> Collection[tuple[str, str]]:
    return set(zip(doubts["event_id"], doubts["asset"], strict=True))


def group_name(group: str) -> str:
    """Return a category for readers: ``stamp_duty`` reads "stamp duty"."""
    return say("all events" if group == ALL else group.replace("_", " "))


def group_of(study: Study, group: str, asset: str) -> str:
    """Return a category with one of its indices, in words."""
    return say("{group} ({index})", group=group_name(group), index=short_name(study, asset))


def groups(result: StudyResult) -> list[str]:
    """Return the categories of a study and all its events, which a single category is already."""
    every = headline(result, "aggregate")["group"]
    named = [group for group in dict.fromkeys(every) if group != ALL]
    return named if len(named) == 1 else [*named, ALL]


def of_groups(result: StudyResult, frame: str) -> pd.DataFrame:
    """Return the rows of :func:`groups` in a frame of the headline model: no number twice."""
    found = headline(result, frame)
    return found[found["group"].isin(groups(result))]


def of_all(result: StudyResult, frame: str, asset: str) -> pd.DataFrame:
    """Return the rows of all events on one asset in a frame of the headline model."""
    return cell(headline(result, frame), group=groups(result)[-1], asset=asset)


def panel_group(result: PanelResult, group: str) -> str:
    """Return a group of a panel for readers: the column of the events with its value."""
    if group == ALL:
        return say("all events")
    return say("{column} {value}", column=result.design.group.replace("_", " "), value=group)


SPELLINGS = {
    "bmp": "BMP",
    "capm": "CAPM",
    "carhart": "Carhart",
    "corrado zivney": "Corrado-Zivney",
    "corrado": "Corrado",
    "cross sectional": "cross-sectional",
    "dimson": "Dimson",
    "fama french": "Fama-French",
    "hsi": "HSI",
    "johnson": "Johnson",
    "market adjusted": "market-adjusted",
    "patell": "Patell",
    "scholes williams": "Scholes-Williams",
    "skewness adjusted": "skewness-adjusted",
    "spx": "SPX",
    "wilcoxon": "Wilcoxon",
}
"""How readers write the people, acronyms, indices and hyphens in names of plug-ins."""


def term(name: str) -> str:
    """Return a plug-in's name for readers; a name without special words keeps its own.

    Examples
    --------
    >>> term("forecast_t"), term("bmp"), term("corrado_zivney_rank")
    ('forecast t', 'BMP', 'Corrado-Zivney rank')
    """
    return say(_spelled(str(name)))


@cache
def _spelled(name: str) -> str:
    words = name.replace("_", " ")
    for plain, written in SPELLINGS.items():
        words = re.sub(rf"\b{plain}\b", written, words)
    return words


def anchor(prefix: str, key: str) -> str:
    """Return an id for HTML made from any text; different texts give different ids.

    Examples
    --------
    >>> anchor("event", "SD2023"), anchor("event", "a b")
    ('event-SD2023', 'event-a_20b')
    """
    safe = re.sub(r"[^A-Za-z0-9.-]", lambda found: f"_{ord(found[0]):x}", key)
    return f"{prefix}-{safe}"


def event_anchor(event_id: str) -> str:
    """Return the anchor of an event's section; ``index.html#event-SD2023`` leads to it."""
    return anchor("event", event_id)


def headline(result: StudyResult, frame: str) -> pd.DataFrame:
    """Return the rows of a frame that belong to the headline model, the first of the study."""
    return of_model(result.frames[frame], result.study.models[0].label)


def cell(frame: pd.DataFrame, **keys: str | int) -> pd.DataFrame:
    """Return the rows of a frame in which every named column has the given value."""
    return picked(frame, **keys)


def within(frame: pd.DataFrame, bounds: tuple[int, int]) -> pd.DataFrame:
    """Return the rows of a frame that concern one window."""
    return cell(frame, window_start=bounds[0], window_end=bounds[1])


def joint_window(study: Study) -> tuple[int, int]:
    """Return the window of the joint tests that a report shows: day 0, or the study's first."""
    windows = [(window.start, window.end) for window in study.windows]
    return given.bounds(*((0, 0) if (0, 0) in windows else windows[0]))


@once
def by_session(path: pd.DataFrame) -> list[Record]:
    """Return the rows of a path in the order of its sessions."""
    return sorted(records(path), key=lambda row: row.tau)


NOTHING_AFTER = marked("The event window ends on day 0, so that nothing after it is measured.")
"""What stands where sessions after day 0 would be."""


def first_window(verdicts: pd.DataFrame) -> str:
    """Return the windows of the reactions that some verdicts rest on, in words."""
    ends = sorted(set(verdicts["reaction_end"].tolist()))
    known = (derived(end, "values of results/verdicts.csv reaction_end") for end in ends)
    return join((window(derived(0, "the day of the event"), end) for end in known), say(" or "))


def later_window(result: StudyResult) -> str:
    """Return the window after day 0 that the verdicts rest on, in words."""
    found = headline(result, "verdicts")
    windows = found[["window_start", "window_end"]].drop_duplicates()
    return join((window(row.window_start, row.window_end) for row in records(windows)), say(" or "))


def window_shown(result: StudyResult) -> tuple[int, int]:
    """Return the window that the tables of many events show: day 0, or the first that begins there."""
    windows = result.study.windows
    start, end = min((each for each in windows if each.start == 0), default=windows[0])
    return given.bounds(start, end)


def at_window(result: StudyResult, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a frame on the window that is shown."""
    start, end = window_shown(result)
    return cell(frame, window_start=start, window_end=end)


def gave_signs(result: StudyResult, start: int, end: int) -> bool:
    """Tell whether the specifications have signs and a window holds day 0, after which these were given."""
    found = cell(result.frames["specifications"], group=ALL)
    return bool((found["signed"] == "yes").any()) and start <= 0 <= end


def series_of(result: StudyResult) -> list[Shown]:
    """Return outcome and instrument of every series with which any event could be compared."""
    found = result.frames["outcomes"]
    known = found[found["measure"] != ""]
    return list(dict.fromkeys(zip(known["outcome"], known["asset"], strict=True)))


MEASURES = {"log_garman_klass": marked("Garman-Klass"), "absolute_return": marked("|return|")}
"""How the two measures of volatility are marked."""


def measured_name(result: StudyResult, shown: Shown, measure: str = "") -> str:
    """Return the name of a series with its measure of volatility: that given, or all that its events have."""
    found = [measure] if measure else measures(result, shown)
    names = join((say(MEASURES[each]) for each in found if each in MEASURES), say(" or "))
    return join((series_name(result, shown), names), say(", "))


def measures(result: StudyResult, shown: Shown) -> list[str]:
    """Return the measures that a series has over its events and windows."""
    found = cell(result.frames["outcomes"], outcome=shown[0], asset=shown[1])
    return list(dict.fromkeys(found["measure"]))


def series_name(result: StudyResult, shown: Shown) -> str:
    """Return the name of a series: an index with its outcome, or a flow by its own name."""
    outcome, asset = shown
    name = short_name(result.study, asset)
    if outcome == "flow":
        return name
    return say("{index} {outcome}", index=name, outcome=say(OUTCOMES.get(outcome, outcome)))


OUTCOMES = {"volume": marked("volume"), "volatility": marked("volatility")}
"""What is measured beside returns, but for flows, which have names of their own."""


def confidence(study: Study) -> str:
    """Return the confidence level of the intervals in per cent."""
    return share(derived(1 - study.alpha, "1 less alpha of the study"))
