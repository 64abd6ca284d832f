"""Which outcomes rest on prices in doubt, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, given, labels
from eventstudy.language import derived, join, retold, say, say_n

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from eventstudy.language import Said
    from eventstudy.results import StudyResult

NAMED = 3
"""Prices, and events, that a sentence names; the rest is counted."""


def doubted(result: StudyResult, event_id: str, asset: str) -> str:
    """Return the prices in doubt that one outcome rests on, as a sentence; empty where none is."""
    rows = labels.cell(result.frames["doubts"], event_id=event_id, asset=asset)
    if rows.empty:
        return ""
    return say("REVIEW: rests on prices in doubt, {prices}.", prices=_prices(rows))


def in_doubt(result: StudyResult) -> str:
    """Return which events rest on prices in doubt, index by index; empty where none does."""
    found, numbers = result.frames["doubts"], labels.numbers(result.study)
    cells = [
        say(
            "no. {number} on {index} ({prices})",
            number=formats.number(given.event(numbers[str(event_id)]), 0),
            index=labels.short_name(result.study, str(asset)),
            prices=_prices(rows),
        )
        for (event_id, asset), rows in found.groupby(["event_id", "asset"], sort=False)
    ]
    if not cells:
        return ""
    n = derived(len(cells), "pairs of event_id and asset in results/doubts.csv")
    return say_n(
        "{outcomes} rests on prices in doubt: {named}",
        "{outcomes} rest on prices in doubt: {named}",
        n,
        outcomes=formats.capital(formats.count(n, "outcome")),
        named=_first(cells),
    )


def _prices(rows: pd.DataFrame) -> Said:
    """Return sessions with what is doubtful of their prices."""
    return _first(
        [
            say("{day}: {doubt}", day=formats.day(row.session), doubt=retold(row.doubt))
            for row in labels.records(rows)
        ]
    )


def _first(named: Sequence[Said]) -> Said:
    """Return the first of several things, and how many others there are."""
    shown = join(named[:NAMED], say("; "))
    if len(named) <= NAMED:
        return shown
    more = derived(len(named) - NAMED, "rows of results/doubts.csv that are not named")
    return say("{named} and {others}", named=shown, others=formats.count(more, "other"))
