"""Episodes: buy-and-hold abnormal returns beside those of stretches of the same length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.language import marked, retold, say
from eventstudy.tables.table import Cell, Column, Row, Table, figure, number, words

if TYPE_CHECKING:
    from eventstudy.results import StudyResult

CAPTION = marked("Buy-and-hold abnormal return (BHAR) from the close before day 0, per cent.")
NOTE = marked(
    "p, same length: among all stretches of as many sessions that share none with the episode, wherever "
    "they begin; K of them would fit end to end, and a p below 1 / (K + 1) is printed as less than "
    "that. p, largest move: |BHAR| against the largest gain or loss of any window of up to that length in "
    "each of B blocks laid end to end; it cannot be below 1 / (B + 1). The one that counts is bold: that of the "
    "largest move where the end was chosen afterwards. Other known events lie in stretches and blocks."
)
ENDS = {
    "yes": marked("known beforehand"),
    "no": marked("chosen afterwards"),
    "": marked("not stated"),
}


def episodes(result: StudyResult) -> Table:
    """Return the episodes of a study, index by index."""
    titles = labels.titles(result.study)
    found = result.frames["episodes"]
    rows: list[Row] = []
    for event_id, mine in found.groupby("event_id", sort=False):
        lead = Cell(
            titles[str(event_id)],
            value=str(event_id),
            href=f"#{labels.event_anchor(str(event_id))}",
            rows=len(mine),
        )
        for position, row in enumerate(labels.records(mine)):
            cells = _cells(result, row)
            rows.append(cells if position else (lead, *cells))
    columns = (
        *(
            Column(say("Episode")),
            Column(say("Index")),
            Column(say("Sessions")),
            Column(say("End")),
        ),
        *figure("BHAR", "p, same length", "K", "p, largest move", "B"),
    )
    return Table(
        "table-episodes",
        say("Beside other stretches."),
        columns,
        tuple(rows),
        say(CAPTION),
        (say(NOTE), *_reasons(result)),
    )


def _cells(result: StudyResult, row: labels.Record) -> Row:
    """Return one episode on one index."""
    days = formats.from_to(formats.day(row.session), formats.day(row.until)) if row.length else ""
    chosen = row.end_known != "yes"
    return (
        words(
            labels.short_name(result.study, row.asset), tone=labels.tone(result.study, row.asset)
        ),
        words(formats.number(row.length, 0) if row.length else formats.NOTHING, detail=days),
        words(say(ENDS[row.end_known])),
        number(row.bhar, formats.percent(row.bhar)),
        Cell(formats.p_resolved(row.p_value, row.floor), float(row.p_value), strong=not chosen),
        number(
            row.effective_n,
            formats.number(row.effective_n, 0) if row.n else formats.NOTHING,
            detail=say("{n} that overlap", n=formats.number(row.n, 0)) if row.n else "",
        ),
        Cell(formats.p_value(row.p_maximum), float(row.p_maximum), strong=chosen),
        number(row.blocks, formats.number(row.blocks, 0) if row.blocks else formats.NOTHING),
    )


def _reasons(result: StudyResult) -> list[str]:
    """Say why an episode could not be studied."""
    found = result.frames["episodes"]
    return [
        say(
            "{event}, {index}: {reason}.",
            event=row.event_id,
            index=labels.short_name(result.study, row.asset),
            reason=retold(row.reason),
        )
        for row in labels.records(found[found["status"] != "ok"])
    ]
