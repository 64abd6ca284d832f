"""The page of all studies: answers, timeline, every event, every study."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from eventstudy import charts, formats, given, labels, prose, tables
from eventstudy.document.blocks import Code, Fact, Facts, Figure, Link, Part, Text
from eventstudy.document.document import Document, Filled
from eventstudy.language import Number, Rule, Said, current, derived, say, sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from eventstudy.document.blocks import Block
    from eventstudy.results import StudyResult
    from eventstudy.tables.overview import Listed


STUDIES = "folders of studies with manifest.json"
EVENTS = "different id, title and day in study: events of all studies"
PLACE = re.compile(r"\b(results/|manifest\.json|study:)")
"""What a source begins with that stands in the folder of a study."""


class Entry(NamedTuple):
    """One study on the page of all studies.

    Attributes
    ----------
    stem : str
        Name of the report's folder.
    result : StudyResult or None
        Its result; None when the study failed.
    error : str
        Why it failed.
    """

    stem: str
    result: StudyResult | None
    error: str = ""


def overview_document(entries: Sequence[Entry], pages: Mapping[tuple[str, str], str]) -> Document:
    """Return the document of all studies.

    Parameters
    ----------
    entries : sequence of Entry
        Studies in the order in which they are listed.
    pages : mapping of tuple of str to str
        The page of every event in the folder of its study, by folder and event.
    """
    results = {entry.stem: entry.result for entry in entries if entry.result is not None}
    addresses = {
        (stem, event): f"{quote(stem)}/{file}#{labels.event_anchor(event)}"
        for (stem, event), file in pages.items()
    }
    return Document(
        title=say("Policy events and equity indices"),
        question=say("What became of every event, by study and index."),
        design=(_extent(results),) if results else (),
        sections=tuple(
            Filled(f"section-{name}", title, blocks)
            for name, title, blocks in (
                ("answers", say("Answers"), _answers(results)),
                ("timeline", say("Timeline"), _timelines(results)),
                ("events", say("Events"), _events(results, addresses)),
                ("studies", say("Studies"), tuple(map(_study, entries))),
            )
            if blocks
        ),
        language=current(),
        kind=say("Event studies"),
    )


def _extent(results: Mapping[str, StudyResult]) -> str:
    """Return how many studies and events there are, and from when to when."""
    events = tables.listed(results)
    n, all_of_them = derived(len(results), STUDIES), derived(len(events), EVENTS)
    return say(
        "{studies}, {events}, {first} to {last}.",
        studies=formats.counted(n, say("study"), say("studies")),
        events=formats.counted(all_of_them, "event"),
        first=formats.day(_announced(events[0])),
        last=formats.day(_announced(events[-1])),
    )


def _announced(each: Listed) -> str:
    """Return the day of an announcement."""
    day = formats.as_date(each.event.announced)
    return derived(f"{day}", f"{each.stem}/study: events, {each.event.id}, announced")


def _answers(results: Mapping[str, StudyResult]) -> tuple[Block, ...]:
    """Return what every category did on average."""
    table = tables.answers(results)
    return (table,) if table.rows else ()


def _events(
    results: Mapping[str, StudyResult], addresses: Mapping[tuple[str, str], str]
) -> tuple[Block, ...]:
    return (tables.every_event(results, addresses),) if results else ()


def _timelines(results: Mapping[str, StudyResult]) -> tuple[Block, ...]:
    """Return the timeline of every index that has prices and events."""
    events = tables.listed(results)
    drawn = (
        _timeline(results, events, asset, tone)
        for tone, asset in enumerate(tables.markets(results.values()))
    )
    return tuple(figure for figure in drawn if figure)


def _timeline(
    results: Mapping[str, StudyResult], events: Sequence[Listed], asset: str, tone: int
) -> Figure | None:
    """Return all events on one index; None where no study has levels of it."""
    levels = _levels(results, asset)
    placed = [
        (each, row)
        for each in events
        for row in labels.found(
            each.result.frames["day0_prices"], asset=asset, event_id=each.event.id
        )
    ]
    if levels is None or not placed:
        return None
    name = tables.markets(results.values())[asset]
    marks = [
        charts.Mark(each.number, row.session, row.close, each.event.title) for each, row in placed
    ]
    accent = charts.accent(tone)
    return Figure(
        id=labels.anchor("figure-timeline", asset),
        title=say("{words}.", words=name),
        caption=sentences(
            say("Daily close, log scale; numbers are those of the events below."),
            "" if len(levels) <= charts.POINTS else say("Thinned to about one close per pixel."),
        ),
        name=say(
            "Timeline: {index}, daily close on a log scale with {events}",
            index=name,
            events=formats.count(derived(len(marks), "marks of the figure"), "event"),
        ),
        spec=charts.timeline(levels, marks, accent),
        narrow=charts.timeline(levels, marks, accent, width=charts.PHONE),
        table=tables.closes(asset, placed),
    )


def _levels(results: Mapping[str, StudyResult], asset: str) -> pd.DataFrame | None:
    """Return the closes of an index from all studies together, each day once."""
    import pandas as pd

    found = [labels.cell(result.frames["levels"], asset=asset) for result in results.values()]
    known = [each for each in found if len(each)]
    if not known:
        return None
    return pd.concat(known).drop_duplicates("date").sort_values("date")


def _study(entry: Entry) -> Part:
    """Return what one study found, or why it failed."""
    anchor = labels.anchor("study", entry.stem)
    if entry.result is None:
        failed = Text(
            say("An older report, if there is one, is unchanged."), say("This study failed.")
        )
        return Part(anchor, entry.stem, (failed, Code(entry.error)))
    study = entry.result.study
    report = Link(study.title, f"{quote(entry.stem)}/index.html#content")
    events = Link(formats.counted(given.events(study), "event"))
    facts = Facts((Fact(say("Report"), (report,)), Fact(say("Events"), (events,))))
    found = _beside(prose.headline(entry.result), entry.stem)
    return Part(anchor, study.title, (Text(found), facts))


def _beside(text: Said, stem: str) -> Said:
    """Return words of a study, with the places of their numbers as they are seen from this page."""
    numbers = (
        Number(each, each.value, _place(each.source, stem), each.scale) for each in text.numbers
    )
    return Said(text, numbers)


def _place(source: str, stem: str) -> str:
    """Return where a number comes from, as it is seen from above the folder of its study."""
    if isinstance(source, Rule):
        return source.of(f"{stem}/{source.file}")
    return PLACE.sub(lambda found: f"{stem}/{found[0]}", source)
