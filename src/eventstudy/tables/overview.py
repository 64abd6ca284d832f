"""The studies of a folder side by side: one row per event."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import quote

from eventstudy import formats, labels
from eventstudy.language import join, say
from eventstudy.tables.effects import days_of
from eventstudy.tables.table import Cell, Column, Table, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eventstudy.results import StudyResult
    from eventstudy.spec import Event, Study


def overview(result: StudyResult, stem: str) -> Table:
    """Return one row per event for the page of all studies: day 0 and the outcome by index.

    Parameters
    ----------
    result : StudyResult
        The study.
    stem : str
        Folder of its report; links lead into its page.
    """
    study = result.study
    verdicts = labels.records(labels.headline(result, "verdicts"))
    found = {(row.event_id, row.asset): row for row in verdicts}
    days, doubted = result.frames["day0"], labels.doubted(result)
    rows = tuple(
        (
            Cell(
                event.title,
                value=event.id,
                href=f"{quote(stem)}/index.html#{labels.event_anchor(event.id)}",
                strong=True,
            ),
            words(_days(labels.cell(days, event_id=event.id)["session"])),
            *_outcomes(study, event, found, doubted),
            words(formats.capital(labels.group_name(event.category))),
        )
        for event in labels.in_order(study)
    )
    each = () if study.pool_assets else study.assets
    indices = [Column(labels.full_name(study, asset)) for asset in each] or [Column(say("Outcome"))]
    columns = (Column(say("Event")), Column(say("Day 0")), *indices, Column(say("Category")))
    caption = say(
        "Outcome by index, with the abnormal return of day 0, or of the days that are named, in per cent."
    )
    return Table(labels.anchor("table", stem), "", columns, rows, caption)


def _days(sessions: Iterable[str]) -> str:
    """Return the days 0 of an event; markets that agree share one."""
    return join(dict.fromkeys(map(formats.day, sessions)), " / ") or formats.NOTHING


def _outcomes(
    study: Study,
    event: Event,
    found: Mapping[tuple[str, str], labels.Record],
    doubted: set[tuple[str, str]],
) -> list[Cell]:
    """Return the outcomes of one event: one cell per index, or one for all pooled assets."""
    assets = study.assets_of(event) if study.pool_assets else study.assets
    keys = [(event.id, asset) for asset in assets]
    cells = [_outcome(found.get(key), review=key in doubted) for key in keys]
    if not study.pool_assets:
        return cells
    if len(cells) == 1:
        return cells
    tally = Counter(cell.text.lower() for cell in cells).most_common()
    said = (say("{n} {word}", n=formats.number(n, 0), word=word) for word, n in tally)
    return [words(formats.capital(formats.listing(said)))]


def _outcome(row: labels.Record | None, *, review: bool) -> Cell:
    """Return the outcome of one event in one index."""
    if row is None:
        return Cell(say("Not studied"))
    return Cell(
        formats.capital(say(row.outcome)),
        row.outcome,
        detail=join(
            (formats.percent(row.ar0), days_of(row), say("REVIEW") if review else ""), say(", ")
        ),
    )
