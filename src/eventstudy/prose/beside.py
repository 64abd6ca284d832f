"""What flow, volume and volatility say beside the returns, and what became of episodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import formats, given, labels
from eventstudy.language import derived, same_numbers, say, sentences, source_of
from eventstudy.reversal.matched import FEWEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from eventstudy.language import Condition, Number, Said
    from eventstudy.results import StudyResult


def outcomes(result: StudyResult) -> list[str]:
    """Return a sentence per series: how many events stand out, and how many would by chance."""
    found = labels.at_window(result, result.frames["outcomes"])
    return [
        say(
            "{series}: {finding}.",
            series=labels.measured_name(result, shown),
            finding=_stands_out(
                result, labels.cell(found, outcome=shown[0], asset=shown[1]), shown
            ),
        )
        for shown in labels.series_of(result)
    ]


def _stands_out(result: StudyResult, mine: pd.DataFrame, shown: labels.Shown) -> Said:
    """Return how many events changed a series more than ordinary days do."""
    alpha = given.alpha(result.study)
    start, end = labels.window_shown(result)
    window = ("window_start", "=", start), ("window_end", "=", end)
    here = ("outcome", "=", shown[0]), ("asset", "=", shown[1]), *window
    tested = given.rows(mine[mine["p_value"].notna()], *here, ("p_value", "empty", False))
    if not tested:
        return say("no event can be compared with enough other days")
    out = mine[mine["p_value"] <= alpha]
    values = {
        "n": formats.number(tested, 0),
        "before": given.before(),
        "alpha": formats.as_given(alpha),
        "usual": given.usual(tested, alpha),
    }
    apart = (*here, ("p_value", "<=", alpha))
    none = formats.or_none(given.rows(out, *apart))
    if out.empty:
        return say(
            "{none} of {n} differ from the {before} sessions before more than ordinary days do (p at or below "
            "{alpha}); without any effect about {usual} would",
            none=none,
            **values,
        )
    return say(
        "{some} of {n} differ from the {before} sessions before more than ordinary days do (p at or below "
        "{alpha}), {ways}; without any effect about {usual} would",
        some=none,
        ways=_ways(out, apart),
        **values,
    )


def _ways(out: pd.DataFrame, here: Sequence[Condition]) -> Said:
    """Return how many events that stand out went up and down, and which were held back."""
    up = formats.or_none(given.rows(out[out["change"] > 0], *here, ("change", ">", 0)))
    down = formats.or_none(given.rows(out[out["change"] < 0], *here, ("change", "<", 0)))
    held = given.rows(out[out["limited"] == "yes"], *here, ("limited", "=", "yes"))
    if not held:
        return say("{up} above and {down} below", up=up, down=down)
    return say(
        "{up} above and {down} below, {held} of these on a day that price limits may have held back",
        up=up,
        down=down,
        held=formats.number(held, 0),
    )


def apart(result: StudyResult) -> str:
    """Return where an index rose while money flowed out, or fell while it flowed in; may be empty."""
    flows = labels.at_window(result, result.frames["outcomes"])
    flows = flows[(flows["outcome"] == "flow") & flows["level"].notna()]
    if flows.empty or labels.window_shown(result) != (0, 0):
        return ""
    pairs = _pairs(result, flows)
    other = pairs[pairs["close_to_close"] * pairs["level"] < 0]
    if other.empty:
        return ""
    largest = other.iloc[int(other["level"].abs().argmax())]
    return sentences(
        say(
            "On day 0 of {part} of {whole} events the index went one way and the flow the other.",
            **_part(_share(len(other), len(pairs)), len(pairs)),
        ),
        _ordinarily(result, pairs),
        _most(result, int(largest["moved"]), int(largest["flowed"])),
    )


PAIRS = "pairs of results/day0.csv close_to_close and the level of a flow in results/outcomes.csv"


def _part(share: float, n: int) -> dict[str, Number]:
    """Return a share of the pairs as their number, and the number of all."""
    return {"part": formats.portion(share, n), "whole": formats.number(derived(n, PAIRS), 0)}


def _share(part: int, n: int) -> float:
    """Return a share of the pairs that went apart."""
    return derived(part / n, f"share with opposite signs of the {PAIRS}")


def _pairs(result: StudyResult, flows: pd.DataFrame) -> pd.DataFrame:
    """Return the move of every event's index with the flow of the same session and market.

    The columns ``moved`` and ``flowed`` hold the rows of both.
    """
    moves = result.frames["day0"][["event_id", "asset", "session", "close_to_close"]].dropna()
    named = flows[["event_id", "session", "asset", "level", "p_value"]]
    pairs = moves.assign(moved=moves.index).merge(
        named.assign(flowed=named.index), on=["event_id", "session"]
    )
    calendars = {name: each.calendar for name, each in result.study.instruments.items()}
    return pairs[pairs["asset_x"].map(calendars) == pairs["asset_y"].map(calendars)]


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
    share = float((mine["opposite"] / mine["sessions"]).mean())
    ordinary = {
        "share": formats.share(
            derived(share, "mean of opposite over sessions in results/against_flow.csv")
        ),
        "total": formats.number(
            derived(n, "sum of sessions in results/against_flow.csv over its series"), 0
        ),
    }
    known = mine[mine["similar"] >= FEWEST]
    if known.empty:
        return say("So do {share} of the {total} ordinary days of the same series.", **ordinary)
    return say(
        "So do {share} of the {total} ordinary days of the same series, and {alike}.",
        **ordinary,
        alike=_alike(known),
    )


def _alike(known: pd.DataFrame) -> Said:
    """Return the same of ordinary days that moved the same way and about as much, and of events."""
    own = int((known["close_to_close"] * known["level"] < 0).sum())
    share = float((known["similar_opposite"] / known["similar"]).mean())
    least = derived(FEWEST, "method: fewest days to compare an event with")
    return say(
        "{share} of those that moved the same way and about as much ({part} of {whole} events that have at least {least} "
        "such days)",
        share=formats.share(
            derived(share, "mean of similar_opposite over similar in results/against_flow.csv")
        ),
        **_part(_share(own, len(known)), len(known)),
        least=formats.number(least, 0),
    )


def _most(result: StudyResult, moved: int, flowed: int) -> Said:
    """Return the move of an index and the flow of one day, each by its row."""
    (move,) = labels.records(result.frames["day0"].loc[[moved]])
    (flow,) = labels.records(result.frames["outcomes"].loc[[flowed]])
    return say(
        "The most on {day}: {index} {size} per cent, {flow} {billions} {unit} (placebo {p}).",
        day=formats.day(move.session),
        index=labels.full_name(result.study, move.asset),
        size=formats.percent(move.close_to_close),
        flow=labels.full_name(result.study, flow.asset),
        billions=formats.large(flow.level),
        unit=formats.billions((result.study.instruments[flow.asset].currency,)),
        p=formats.p_equals(flow.p_value),
    )


def episodes(result: StudyResult) -> list[str]:
    """Return a sentence per episode and index that could be studied."""
    found = result.frames["episodes"]
    titles = labels.titles(result.study)
    return [
        say(
            "{event}, {index}: {finding}.",
            event=titles[row.event_id],
            index=labels.full_name(result.study, row.asset),
            finding=_episode(row, result.study.alpha),
        )
        for row in labels.records(found[found["status"] == "ok"])
    ]


def _episode(row: labels.Record, alpha: float) -> Said:
    """Return what became of one episode."""
    p, others, text, floor = _fixed(row) if row.end_known == "yes" else _chosen(row)
    values = {
        "size": formats.percent(row.bhar, 1),
        "length": formats.number(row.length, 0),
        "others": others,
        "p": text,
    }
    if floor > alpha / 5:
        values["p"] = say(
            "{p}; no p below {floor} is possible", p=text, floor=formats.number(floor, 3)
        )
    if p <= alpha:
        return say(
            "{size} per cent against the model over {length} sessions stands out from {others} ({p})",
            **values,
        )
    return say(
        "{size} per cent against the model over {length} sessions is not distinguishable from {others} ({p})",
        **values,
    )


def _chosen(row: labels.Record) -> tuple[float, Said, Said, float]:
    """Return p, what it is held against, p in words, and its floor, where the end was chosen afterwards."""
    others = say(
        "the largest move, up or down, within each of {n} other blocks of that length",
        n=formats.number(row.blocks, 0),
    )
    floor = derived(1 / (row.blocks + 1), f"1 over 1 more than {source_of(row.blocks)}")
    return row.p_maximum, others, formats.p_equals(row.p_maximum), floor


def _fixed(row: labels.Record) -> tuple[float, Said, Said, float]:
    """Return the same where the end was known beforehand."""
    others = say("{n} other stretches of that length", n=formats.number(row.n, 0))
    p, resolved = max(row.p_value, row.floor), formats.p_resolved(row.p_value, row.floor)
    text = (
        same_numbers(f"p{formats.GLUE}{resolved}", resolved)
        if resolved[0] == "<"
        else formats.p_equals(p)
    )
    return p, others, text, row.floor
