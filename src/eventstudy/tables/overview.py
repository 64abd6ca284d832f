"""The studies of a folder side by side: every event, and the answer of every category."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from eventstudy import formats, labels
from eventstudy.language import join, say
from eventstudy.tables.effects import days_of
from eventstudy.tables.table import Cell, Column, Row, Table, chance, figure, number, whole, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from eventstudy.results import StudyResult
    from eventstudy.spec import Event

MARKETS = 4
"""Indices with a column of their own: as many as have a colour."""


class Listed(NamedTuple):
    """An event with the study that tells of it, and the others that have it too."""

    number: int
    event: Event
    stem: str
    result: StudyResult
    others: tuple[str, ...] = ()


def listed(results: Mapping[str, StudyResult]) -> list[Listed]:
    """Return every event once, by day of announcement.

    Parameters
    ----------
    results : mapping of str to StudyResult
        Studies by name of their folder. An event of the same id, title and time in several is told by the
        first of them.
    """
    found: dict[tuple[str, ...], list[tuple[Event, str]]] = {}
    for stem, result in results.items():
        for event in result.study.events:
            key = (str(formats.as_date(event.announced)), event.id, event.title)
            found.setdefault(key, []).append((event, stem))
    return [
        Listed(at, here[0][0], here[0][1], results[here[0][1]], tuple(stem for _, stem in here[1:]))
        for at, (_, here) in enumerate(sorted(found.items(), key=lambda item: item[0]), start=1)
    ]


def markets(results: Iterable[StudyResult]) -> dict[str, str]:
    """Return the names of the indices that have columns of their own, by id."""
    found: dict[str, str] = {}
    for result in results:
        for asset in () if result.study.pool_assets else result.study.assets:
            found.setdefault(asset, labels.full_name(result.study, asset))
    return dict(list(found.items())[:MARKETS])


def every_event(
    results: Mapping[str, StudyResult], addresses: Mapping[tuple[str, str], str]
) -> Table:
    """Return one row per event: day 0 and the outcome by index.

    Parameters
    ----------
    results : mapping of str to StudyResult
        Studies by name of their folder.
    addresses : mapping of tuple of str to str
        Where the event is told at length, by folder and event.
    """
    shown = markets(results.values())
    pairs = {name: _verdicts(result) for name, result in results.items()}
    rest = any(asset not in shown for found in pairs.values() for _, asset in found)
    rows = tuple(
        (
            Cell(
                labels.numbered(each.number, each.event.title),
                value=each.event.id,
                href=addresses[each.stem, each.event.id],
                strong=True,
            ),
            words(_days(each)),
            *_outcomes(each, pairs[each.stem], tuple(shown), rest=rest),
            words(formats.capital(labels.group_name(each.event.category))),
            _studies(each, results),
        )
        for each in listed(results)
    )
    others = [Column(say("Other assets"))] if rest else []
    columns = (
        Column(say("Event")),
        Column(say("Day 0")),
        *map(Column, shown.values()),
        *others,
        Column(say("Category")),
        Column(say("Study")),
    )
    caption = say(
        "Outcome by index, with the abnormal return of day 0, or of the days that are named, in per cent. "
        "An event of several studies has the outcome of the study that is named first."
    )
    return Table("table-events", say("Events."), columns, rows, caption)


def _studies(each: Listed, results: Mapping[str, StudyResult]) -> Cell:
    """Return the studies of an event: the one that its row shows, and the others."""
    title = each.result.study.title
    if not each.others:
        return words(title)
    also = formats.listing(results[stem].study.title for stem in each.others)
    return words(title, detail=say("also {studies}", studies=also))


def _verdicts(result: StudyResult) -> dict[tuple[str, str], labels.Record]:
    """Return the verdicts of a study by event and asset."""
    found = labels.records(labels.headline(result, "verdicts"))
    return {(row.event_id, row.asset): row for row in found}


def _days(each: Listed) -> str:
    """Return the days 0 of an event; markets that agree share one."""
    sessions = labels.cell(each.result.frames["day0"], event_id=each.event.id)["session"]
    return join(dict.fromkeys(map(formats.day, sessions)), " / ") or formats.NOTHING


def _outcomes(
    each: Listed,
    found: Mapping[tuple[str, str], labels.Record],
    shown: Sequence[str],
    *,
    rest: bool,
) -> list[Cell]:
    """Return the outcomes of one event: one cell per index, then one for all other assets."""
    doubted = labels.doubted(each.result)
    assets = each.result.study.assets_of(each.event)
    cells = {
        asset: _outcome(found.get((each.event.id, asset)), review=(each.event.id, asset) in doubted)
        for asset in assets
    }
    own = [cells.get(asset, Cell(formats.NOTHING)) for asset in shown]
    others = [cell for asset, cell in cells.items() if asset not in shown]
    return [*own, _tally(others)] if rest else own


def _tally(cells: Sequence[Cell]) -> Cell:
    """Return how often each outcome came, or the only one."""
    if len(cells) < 2:
        return cells[0] if cells else Cell(formats.NOTHING)
    tally = Counter(cell.text.lower() for cell in cells).most_common()
    said = (say("{n} {word}", n=formats.number(n, 0), word=word) for word, n in tally)
    return words(formats.capital(formats.listing(said)))


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


def answers(results: Mapping[str, StudyResult]) -> Table:
    """Return the mean effects of every category on every index, each category once.

    Parameters
    ----------
    results : mapping of str to StudyResult
        Studies by name of their folder; a category that an earlier one has with the same mean is left out.
    """
    seen: set[tuple[str, ...]] = set()
    rows: list[Row] = []
    for result in results.values():
        title = words(result.study.title)
        for group in sorted(labels.groups(result), key=lambda each: each != labels.ALL):
            found = [
                (_index(result, asset), *cells, title)
                for asset in labels.averaged(result.study)
                if (cells := _answer(result, group, asset))
            ]
            fresh = [row for row in found if (group, *_texts(row)) not in seen]
            seen |= {(group, *_texts(row)) for row in fresh}
            name = formats.capital(labels.group_name(group))
            lead = Cell(name, value=group, strong=True, rows=len(fresh))
            rows += [row if at else (lead, *row) for at, row in enumerate(fresh)]
    columns = (
        Column(say("Events")),
        Column(say("Index")),
        *figure(say("n"), say("Day 0"), say("p"), say("After it"), say("p")),
        Column(say("Study")),
    )
    caption = say(
        "Mean abnormal return of day 0 and mean CAR of the days after it, in per cent, by the first model of"
        " each study; p: placebo where the study has it, else its first test, not adjusted for their number."
    )
    p_values = [
        cell.value
        for row in rows
        for cell in (row[-4], row[-2])
        if isinstance(cell.value, int | float)
    ]
    alpha = max((result.study.alpha for result in results.values()), default=0.05)
    notes = chance(p_values, alpha)
    return Table("table-answers", say("Answers."), columns, tuple(rows), caption, notes)


def _texts(row: Row) -> tuple[str, ...]:
    """Return what a row says, without the study that says it."""
    return tuple(cell.text for cell in row[:-1])


def _index(result: StudyResult, asset: str) -> Cell:
    return words(
        labels.short_name(result.study, asset),
        tone=labels.tone(result.study, asset),
    )


def _answer(result: StudyResult, group: str, asset: str) -> Row:
    """Return n, and mean and p of day 0 and of what came after; nothing where there is no mean."""
    keys = {"group": group, "asset": asset}
    means = {
        (row.window_start, row.window_end): row
        for row in labels.found(labels.headline(result, "aggregate"), **keys)
    }
    tests = labels.cell(labels.headline(result, "statistics"), status="ok", **keys)
    p_values: dict[tuple[int, int], float] = {}
    for row in sorted(labels.records(tests), key=lambda row: row.statistic != "placebo"):
        p_values.setdefault((row.window_start, row.window_end), row.p_value)
    first, after = (0, 0), _after(result)
    if first not in means:
        return ()
    return (
        whole(means[first].n),
        *(
            cell
            for window in (first, after)
            for cell in (
                _mean(means.get(window), window),
                _p_value(p_values.get(window)),
            )
        ),
    )


def _after(result: StudyResult) -> tuple[int, int]:
    """Return the window after day 0 that most verdicts of a study rest on."""
    found = labels.headline(result, "verdicts")
    pairs = Counter(zip(found["window_start"], found["window_end"], strict=True))
    return next((window for window, _ in pairs.most_common(1)), (1, 5))


def _mean(row: labels.Record | None, window: tuple[int, int]) -> Cell:
    """Return a mean with its window where that is more than a day."""
    if row is None:
        return Cell(formats.NOTHING)
    detail = formats.window(*window) if window[0] else ""
    return number(row.mean, formats.percent(row.mean), detail=detail)


def _p_value(p_value: float | None) -> Cell:
    return Cell(formats.NOTHING) if p_value is None else number(p_value, formats.p_value(p_value))


def closes(asset: str, placed: Sequence[tuple[Listed, labels.Record]]) -> Table:
    """Return the numbers behind the timeline of all events on one index.

    Parameters
    ----------
    asset : str
        Id of the index.
    placed : sequence of tuple
        Events with their row of the frame ``day0_prices``.
    """
    rows = tuple(
        (
            number(each.number, str(each.number)),
            words(each.event.title),
            words(formats.day(row.session)),
            number(row.close, formats.number(row.close)),
        )
        for each, row in placed
    )
    columns = (
        *figure(say("No.")),
        Column(say("Event")),
        Column(say("Day 0")),
        *figure(say("Close")),
    )
    return Table(labels.anchor("numbers-timeline", asset), "", columns, rows)
