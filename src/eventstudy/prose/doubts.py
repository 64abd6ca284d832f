"""Which outcomes rest on prices in doubt, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, labels

if TYPE_CHECKING:
    import pandas as pd

    from eventstudy.results import StudyResult

NAMED = 3
"""Prices, and events, that a sentence names; the rest is counted."""


def doubted(result: StudyResult, event_id: str, asset: str) -> str:
    """Return the prices in doubt that one outcome rests on, as a sentence; empty where none is."""
    rows = labels.cell(result.frames["doubts"], event_id=event_id, asset=asset)
    return f"REVIEW: rests on prices in doubt, {_prices(rows)}." if len(rows) else ""


def in_doubt(result: StudyResult) -> str:
    """Return which events rest on prices in doubt, index by index; empty where none does."""
    found, numbers = result.frames["doubts"], labels.numbers(result.study)
    cells = [
        f"no. {numbers[str(event_id)]} on {labels.short_name(result.study, str(asset))} ({_prices(rows)})"
        for (event_id, asset), rows in found.groupby(["event_id", "asset"], sort=False)
    ]
    if not cells:
        return ""
    more = f" and {formats.count(len(cells) - NAMED, 'other')}" if len(cells) > NAMED else ""
    return (
        f"{formats.capital(formats.count(len(cells), 'outcome'))} {'rests' if len(cells) == 1 else 'rest'}"
        f" on prices in doubt: {'; '.join(cells[:NAMED])}{more}"
    )


def _prices(rows: pd.DataFrame) -> str:
    """Return sessions with what is doubtful of their prices."""
    named = [f"{formats.day(row.session)}: {row.doubt}" for row in labels.records(rows[:NAMED])]
    more = f" and {formats.count(len(rows) - NAMED, 'other')}" if len(rows) > NAMED else ""
    return f"{'; '.join(named)}{more}"
