"""What the comparison with other days says: how many events stand out, and whether it lasted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from eventstudy import formats, labels
from eventstudy.study.aftermath import BY_RULE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from eventstudy.results import StudyResult

AFTER = 5
"""Sessions after the reaction at which the sentences look."""


def by_placebo(result: StudyResult) -> str:
    """Return how many event days stand out, how many would without effects, and what Holm leaves.

    Empty for fewer than two event days.
    """
    verdicts = labels.headline(result, "verdicts")
    cells, alpha = int(verdicts["p0"].notna().sum()), result.study.alpha
    if cells < 2:
        return ""
    moved = int((verdicts["p0"] <= alpha).sum())
    kept = int((verdicts["p0_adjusted"] <= alpha).sum())
    usual = formats.number(cells * alpha, 1)
    tests = formats.listing(dict.fromkeys(map(labels.term, verdicts["p0_test"])))
    return (
        f"of {cells} reactions {moved or 'none'} {_are(moved)} abnormal at the {100 * alpha:g}% level "
        f"({tests}); without any effect about {usual} would be. After Holm's adjustment for their number "
        f"{kept or 'none'} {_are(kept or 1)} left{none_could(kept, cells, verdicts['floor'], alpha)}."
    )


def _are(n: int) -> str:
    """Return the verb of n things."""
    return "is" if n == 1 else "are"


def none_could(kept: int, tests: int, floors: pd.Series[float], alpha: float) -> str:
    """Return why none of some tests could be left after Holm's adjustment; empty where one could.

    Parameters
    ----------
    kept : int
        Tests left after the adjustment.
    tests : int
        Their number.
    floors : Series
        Smallest p that each could have; NaN where there is none.
    alpha : float
        Level.
    """
    floor = float(floors.min())
    if kept or not floor * tests > alpha:
        return ""
    return (
        f", and none could be: no event among its days can have a p below {floor:.4f}, and "
        f"{alpha / tests:.4f} would be needed"
    )


def lasting_row(result: StudyResult, asset: str, group: str = "") -> labels.Record | None:
    """Return what was left of the reactions of a group, or of all, after five sessions or fewer."""
    found = labels.headline(result, "lasting")
    found = labels.cell(found, group=group or labels.groups(result)[-1], asset=asset)
    found = found[(found["k"] <= AFTER) & found["drift"].notna()]
    return labels.records(found)[-1] if len(found) else None


def lasted(result: StudyResult, asset: str) -> str:
    """Return whether the reactions in one index lasted, events chosen by a rule first; may be empty."""
    found: dict[str, list[str]] = {}
    drifts: dict[int, list[tuple[str, str]]] = {}
    for group, which in ((BY_RULE, " chosen by a rule"), ("", "")):
        row = lasting_row(result, asset, group)
        if row is not None:
            events = f"{_events(result, row, group)}{which}"
            p_value = formats.p_equals(row.drift_joint_p)
            found.setdefault(_verdict(row, result.study.alpha), []).append(
                f"{p_value} over {events}"
            )
            pair = formats.percent(row.drift), formats.percent(row.drift_matched)
            drifts.setdefault(row.k, []).append(pair)
    if not found:
        return ""
    said = "; ".join(
        f"{verdict}, all sessions together ({', '.join(p)})" for verdict, p in found.items()
    )
    return f"{said}. {_drifts(drifts)}.{_signed(result, asset)}"


def _signed(result: StudyResult, asset: str) -> str:
    """Return the test of the response to signed events: another one, of other events; may be empty."""
    row = _response(result, asset)
    if row is None or not math.isfinite(row.joint_p):
        return ""
    flat = "is not flat" if row.joint_p <= result.study.alpha else "may be flat"
    return (
        f" The response to {formats.count(row.n, 'event')} with a sign {flat} after day 0 "
        f"({formats.p_equals(row.joint_p)}, against other days of whatever size)."
    )


def _response(result: StudyResult, asset: str) -> labels.Record | None:
    """Return the first row of the response to all signed events in one index."""
    found = labels.of_all(result, "projections", asset)
    found = found[found["estimate"].notna()]
    return labels.records(found)[0] if len(found) else None


def _events(result: StudyResult, row: labels.Record, group: str = "") -> str:
    """Return how many events of a group a number rests on, out of all of them."""
    rule = sum(event.selection == "rule" for event in result.study.events)
    return formats.of_all(row.n, rule if group else len(result.study.events), "event")


def _verdict(row: labels.Record, alpha: float) -> str:
    """Return what the drift of all sessions together says beside that of matched days."""
    if row.drift_joint_p <= alpha:
        return "what followed is not what follows other days that moved as much"
    return "nothing tells the reactions from those of other days that moved as much"


def _drifts(drifts: Mapping[int, Sequence[tuple[str, str]]]) -> str:
    """Return the drifts beside those of matched days, session by session."""
    parts = [
        f"after {formats.count(k, 'session')} {formats.listing(own for own, _ in pairs)} per cent in their "
        f"direction, matched days {formats.listing(matched for _, matched in pairs)}"
        for k, pairs in drifts.items()
    ]
    return formats.capital("; ".join(parts))


def reversal(result: StudyResult, asset: str) -> str:
    """Return what became of the reactions of all events in one index; may be empty."""
    row = lasting_row(result, asset)
    if row is None:
        return ""
    back = formats.part_of(row.reversed, row.n)
    return (
        f"{_events(result, row)}: {_verdict(row, result.study.alpha)} (all sessions together "
        f"{formats.p_equals(row.drift_joint_p)}). {_drift(row)}. By then {back} had come back at least in part (matched days "
        f"{formats.share(row.reversed_matched)}, {formats.p_equals(row.reversed_p)}). "
        f"Given back in all: {formats.share(row.give_back)} of the reactions (matched days "
        f"{formats.share(row.give_back_matched)}, {formats.p_equals(row.give_back_p)}); {fieller(row)}. "
        f"{_by_session(result, asset)}"
    )


def _drift(row: labels.Record) -> str:
    """Return the drift of one session beside that of matched days, with its own p."""
    return (
        f"After {formats.count(row.k, 'session')} {formats.percent(row.drift)} per cent in their direction "
        f"(matched days {formats.percent(row.drift_matched)}, {formats.p_equals(row.drift_p)})"
    )


def _by_session(result: StudyResult, asset: str) -> str:
    """Return at how many sessions the drift differs from that of matched days."""
    found = labels.of_all(result, "lasting", asset)["drift_p"].dropna()
    apart, alpha = int((found <= result.study.alpha).sum()), result.study.alpha
    return (
        f"Session by session the drift differs at {apart or 'none'} of {len(found)}, each tested alone "
        f"at {100 * alpha:g}%."
    )


def fieller(row: labels.Record) -> str:
    """Return the limits of a give-back in words; unbounded ones say so."""
    if not (math.isfinite(row.fieller_low) and math.isfinite(row.fieller_high)):
        clusters = formats.count(int(row.effective_n), "cluster")
        return (
            f"its limits are unbounded: {clusters} of events cannot tell any share from any other"
        )
    low, high = formats.share(row.fieller_low), formats.share(row.fieller_high)
    return f"95% limits by Fieller {low} to {high}"


def projected(result: StudyResult, asset: str) -> str:
    """Return the response to all signed events in one index; may be empty."""
    found = labels.of_all(result, "projections", asset)
    rows = labels.records(found[found["estimate"].notna()])
    if not rows:
        return ""
    first, last, alpha = rows[0], rows[-1], result.study.alpha
    flat = (
        "the path after day 0 is not flat"
        if first.joint_p <= alpha
        else "a flat path after day 0 cannot be ruled out"
    )
    return (
        f"in the direction of the sign, which was given afterwards, {formats.percent(first.estimate)} per cent on "
        f"day 0{_by_last(last)}, over {formats.count(first.n, 'event')}{_held(first)}; {flat} (joint "
        f"{formats.p_equals(first.joint_p)})."
    )


def _by_last(row: labels.Record) -> str:
    """Return where the response stands at the end of the event window; empty where that is day 0."""
    if not row.h:
        return ""
    return (
        f", and {formats.percent(row.estimate)} by day {formats.session(row.h)} (change since day 0 "
        f"{formats.p_equals(row.p_value)})"
    )


def _held(row: labels.Record) -> str:
    """Return how many events price limits took away; empty for none."""
    return f" ({row.held_back} more left out for price limits on day 0)" if row.held_back else ""


def together(result: StudyResult) -> str:
    """Return how many p-values of groups are below the level, alone and read together; may be empty."""
    found = labels.of_groups(result, "multiplicity")
    found = found[found["p_value"].notna() & (found["same_as"] == "")]
    alpha = result.study.alpha
    if len(found) < 2:
        return ""
    below = {
        name: int((found[name] <= alpha).sum())
        for name in ("p_value", "p_min_p", "p_max_t", "p_bh", "p_by")
    }
    return (
        f"Of {len(found)} p-values of categories, indices and windows {below['p_value'] or 'none'} "
        f"{_are(below['p_value'])} at or below {alpha:g}; without any effect about "
        f"{formats.number(len(found) * alpha, 1)} would be. Adjusted for their number: "
        f"{below['p_min_p']} (minP), {below['p_max_t']} (maxT), {below['p_bh']} (Benjamini-Hochberg), {below['p_by']} "
        "(Benjamini-Yekutieli)."
    )


def detectable(result: StudyResult, group: str, asset: str) -> str:
    """Return the mean on day 0 that a test would have found, the larger of two; may be empty."""
    found = labels.cell(
        labels.headline(result, "detectable"),
        group=group,
        asset=asset,
        window_start=0,
        window_end=0,
    )
    least = found[["effect", "cross_sectional_effect"]].max().max()
    if found.empty or not math.isfinite(least):
        return ""
    effect = formats.number(100 * least, 1)
    return f"a t test would have found a mean of ±{effect} per cent four times in five"
