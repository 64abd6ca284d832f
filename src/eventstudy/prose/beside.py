"""What flow, volume and volatility say beside the returns, and what became of episodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.reversal.matched import FEWEST

if TYPE_CHECKING:
    import pandas as pd

    from eventstudy.results import StudyResult


def outcomes(result: StudyResult) -> list[str]:
    """Return a sentence per series: how many events stand out, and how many would by chance."""
    found = labels.at_window(result, result.frames["outcomes"])
    texts = []
    for shown in labels.series_of(result):
        mine = labels.cell(found, outcome=shown[0], asset=shown[1])
        texts.append(f"{labels.measured_name(result, shown)}: {_stands_out(result, mine)}")
    return texts


def _stands_out(result: StudyResult, mine: pd.DataFrame) -> str:
    """Return how many events changed a series more than ordinary days do."""
    alpha, tested = result.study.alpha, mine["p_value"].dropna()
    if tested.empty:
        return "no event can be compared with enough other days"
    out = mine[mine["p_value"] <= alpha]
    return (
        f"{len(out) or 'none'} of {len(tested)} differ from the 20 sessions before more than ordinary days do "
        f"(p at or below {alpha:g}){_ways(out)}; without any effect about "
        f"{formats.number(alpha * len(tested), 1)} would"
    )


def _ways(out: pd.DataFrame) -> str:
    """Return how many events that stand out went up and down, and which were held back."""
    if out.empty:
        return ""
    up, down = (int((sign * out["change"] > 0).sum()) for sign in (1, -1))
    held = int((out["limited"] == "yes").sum())
    limits = f", {held} of these on a day that price limits may have held back" if held else ""
    return f", {up or 'none'} above and {down or 'none'} below{limits}"


def apart(result: StudyResult) -> str:
    """Return where an index rose while money flowed out, or fell while it flowed in; may be empty."""
    flows = labels.at_window(result, result.frames["outcomes"])
    flows = flows[(flows["outcome"] == "flow") & flows["level"].notna()]
    if flows.empty or labels.window_shown(result) != (0, 0):
        return ""
    moves = result.frames["day0"][["event_id", "asset", "session", "close_to_close"]].dropna()
    pairs = moves.merge(
        flows[["event_id", "session", "asset", "level", "p_value"]], on=["event_id", "session"]
    )
    calendars = {name: each.calendar for name, each in result.study.instruments.items()}
    near = pairs["asset_x"].map(calendars) == pairs["asset_y"].map(calendars)
    pairs = pairs[near]
    other = pairs[pairs["close_to_close"] * pairs["level"] < 0]
    if other.empty:
        return ""
    largest = labels.records(other.loc[[other["level"].abs().idxmax()]])[0]
    return (
        f"On day 0 of {formats.part_of(len(other) / len(pairs), len(pairs))} events the index went one way "
        f"and the flow the other{_ordinarily(result, pairs)}. The most on {formats.day(largest.session)}: "
        f"{_pair(result, largest)}."
    )


def _ordinarily(result: StudyResult, pairs: pd.DataFrame) -> str:
    """Return how often that happens on ordinary days, and on those that moved like the events."""
    usual = result.frames["against_flow"]
    mine = pairs.merge(
        usual[usual["sessions"] > 0],
        left_on=["event_id", "asset_x", "asset_y"],
        right_on=["event_id", "asset", "instrument"],
    )
    if mine.empty:
        return ""
    n = int(mine.drop_duplicates(["asset", "instrument"])["sessions"].sum())
    every = formats.share(float((mine["opposite"] / mine["sessions"]).mean()))
    return f". So do {every} of the {n:,} ordinary days of the same series{_alike(mine)}"


def _alike(mine: pd.DataFrame) -> str:
    """Return the same of events, and of ordinary days that moved the same way and about as much."""
    known = mine[mine["similar"] >= FEWEST]
    if known.empty:
        return ""
    own = float((known["close_to_close"] * known["level"] < 0).mean())
    share = float((known["similar_opposite"] / known["similar"]).mean())
    return (
        f", and {formats.share(share)} of those that moved the same way and about as much "
        f"({formats.part_of(own, len(known))} events that have at least {FEWEST} such days)"
    )


def _pair(result: StudyResult, row: labels.Record) -> str:
    """Return the move of an index and the flow of one day."""
    return (
        f"{labels.full_name(result.study, row.asset_x)} {formats.percent(row.close_to_close)} per cent, "
        f"{labels.full_name(result.study, row.asset_y)} {formats.signed(row.level / 1000, 1)} billion "
        f"(placebo {formats.p_equals(row.p_value)})"
    )


def episodes(result: StudyResult) -> list[str]:
    """Return a sentence per episode and index that could be studied."""
    found = result.frames["episodes"]
    titles = labels.titles(result.study)
    return [
        f"{titles[row.event_id]}, {labels.full_name(result.study, row.asset)}: {_episode(row, result.study.alpha)}."
        for row in labels.records(found[found["status"] == "ok"])
    ]


def _episode(row: labels.Record, alpha: float) -> str:
    """Return what became of one episode."""
    move = f"{formats.percent(row.bhar, 1)} per cent against the model over {row.length} sessions"
    if row.end_known != "yes":
        p, beside = (
            row.p_maximum,
            f"the largest move, up or down, within each of {row.blocks} other blocks of that length",
        )
        text: str = formats.p_equals(p)
        floor = 1 / (row.blocks + 1)
    else:
        p, beside = max(row.p_value, row.floor), f"{row.n:,} other stretches of that length"
        resolved = formats.p_resolved(row.p_value, row.floor)
        text = f"p{formats.GLUE}{resolved}" if resolved[0] == "<" else formats.p_equals(p)
        floor = row.floor
    verdict = "stands out from" if p <= alpha else "is not distinguishable from"
    limit = f"; no p below {floor:.3f} is possible" if floor > alpha / 5 else ""
    return f"{move} {verdict} {beside} ({text}{limit})"
