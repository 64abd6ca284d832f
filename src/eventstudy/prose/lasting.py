"""Whether it lasted: what came after the reactions beside what came after matched days."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from eventstudy import formats, given, labels
from eventstudy.language import derived, join, marked, say, sentences
from eventstudy.study.aftermath import BY_RULE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventstudy.language import Said
    from eventstudy.results import StudyResult

AFTER = 5
"""Sessions after the reaction at which the sentences look."""


def lasting_row(result: StudyResult, asset: str, group: str = "") -> labels.Record | None:
    """Return what was left of the reactions of a group, or of all, after five sessions or fewer."""
    found = labels.headline(result, "lasting")
    found = labels.cell(found, group=group or labels.groups(result)[-1], asset=asset)
    found = found[(found["k"] <= AFTER) & found["drift"].notna()]
    return labels.records(found)[-1] if len(found) else None


def lasted(result: StudyResult, asset: str) -> str:
    """Return whether the reactions in one index lasted, events chosen by a rule first; may be empty."""
    rows = {
        group: row
        for group in (BY_RULE, "")
        if (row := lasting_row(result, asset, group)) is not None
    }
    if not rows:
        return ""
    found: dict[str, list[Said]] = {}
    for group, row in rows.items():
        p = say(
            "{p} over {events}",
            p=formats.p_equals(row.drift_joint_p),
            events=_chosen(result, row, group),
        )
        found.setdefault(_verdict(row, result.study.alpha), []).append(p)
    verdicts = join(
        (
            say("{verdict}, all sessions together ({p})", verdict=verdict, p=join(p, say(", ")))
            for verdict, p in found.items()
        ),
        say("; "),
    )
    said = say("{findings}.", findings=verdicts)
    return sentences(said, _drifts(rows), _signed(result, asset))


def _chosen(result: StudyResult, row: labels.Record, group: str) -> Said:
    """Return how many events a number rests on, and that a rule chose them where one did."""
    events = _events(result, row, group)
    return say("{events} chosen by a rule", events=events) if group else events


def _signed(result: StudyResult, asset: str) -> str:
    """Return the test of the response to signed events: another one, of other events; may be empty."""
    row = _response(result, asset)
    if row is None or not math.isfinite(row.joint_p):
        return ""
    message = (
        marked(
            "The response to {events} with a sign is not flat after day 0 ({p}, against other days of whatever "
            "size)."
        )
        if row.joint_p <= result.study.alpha
        else marked(
            "The response to {events} with a sign may be flat after day 0 ({p}, against other days of whatever "
            "size)."
        )
    )
    return say(message, events=formats.count(row.n, "event"), p=formats.p_equals(row.joint_p))


def _response(result: StudyResult, asset: str) -> labels.Record | None:
    """Return the first row of the response to all signed events in one index."""
    found = labels.of_all(result, "projections", asset)
    found = found[found["estimate"].notna()]
    return labels.records(found)[0] if len(found) else None


def _events(result: StudyResult, row: labels.Record, group: str = "") -> Said:
    """Return how many events of a group a number rests on, out of all of them."""
    rule = sum(event.selection == "rule" for event in result.study.events)
    ruled = derived(rule, "study: events with selection rule")
    return formats.of_all(row.n, ruled if group else given.events(result.study), "event")


def _verdict(row: labels.Record, alpha: float) -> Said:
    """Return what the drift of all sessions together says beside that of matched days."""
    if row.drift_joint_p <= alpha:
        return say("what followed is not what follows other days that moved as much")
    return say("nothing tells the reactions from those of other days that moved as much")


def _drifts(rows: Mapping[str, labels.Record]) -> Said:
    """Return the drifts beside those of matched days, session by session, of those chosen by a rule first."""
    found: dict[int, list[tuple[str, labels.Record]]] = {}
    for group, row in rows.items():
        found.setdefault(row.k, []).append((group, row))
    parts = (
        say(
            "after {sessions} {own} per cent in their direction, matched days {matched}",
            sessions=formats.count(k, "session"),
            own=formats.listing(
                _of_group(formats.percent(row.drift), group, rows) for group, row in each
            ),
            matched=formats.listing(formats.percent(row.drift_matched) for _, row in each),
        )
        for k, each in found.items()
    )
    return say("{findings}.", findings=formats.capital(join(parts, say("; "))))


def _of_group(size: str, group: str, rows: Mapping[str, labels.Record]) -> str:
    """Return a drift with the events that it is of, where there are two sets of them."""
    if len(rows) == 1:
        return size
    message = marked("{size} (chosen by a rule)") if group else marked("{size} (all)")
    return say(message, size=size)


def reversal(result: StudyResult, asset: str) -> str:
    """Return what became of the reactions of all events in one index; may be empty."""
    row = lasting_row(result, asset)
    if row is None:
        return ""
    return sentences(
        say(
            "{events}: {verdict} (all sessions together {p}).",
            events=_events(result, row),
            verdict=_verdict(row, result.study.alpha),
            p=formats.p_equals(row.drift_joint_p),
        ),
        _drift(row),
        say(
            "By then {part} of {n} had come back at least in part (matched days {matched}, {p}).",
            part=formats.portion(row.reversed, row.n),
            n=formats.number(row.n, 0),
            matched=formats.share(row.reversed_matched),
            p=formats.p_equals(row.reversed_p),
        ),
        say(
            "Given back in all: {share} of the reactions (matched days {matched}, {p}); {limits}.",
            share=formats.share(row.give_back),
            matched=formats.share(row.give_back_matched),
            p=formats.p_equals(row.give_back_p),
            limits=fieller(row),
        ),
        _by_session(result, asset),
    )


def _drift(row: labels.Record) -> Said:
    """Return the drift of one session beside that of matched days, with its own p."""
    return say(
        "After {sessions} {own} per cent in their direction (matched days {matched}, {p}).",
        sessions=formats.count(row.k, "session"),
        own=formats.percent(row.drift),
        matched=formats.percent(row.drift_matched),
        p=formats.p_equals(row.drift_p),
    )


def _by_session(result: StudyResult, asset: str) -> Said:
    """Return at how many sessions the drift differs from that of matched days."""
    alpha, found = given.alpha(result.study), labels.of_all(result, "lasting", asset)
    keys = ("group", "=", labels.groups(result)[-1]), ("asset", "=", asset)
    here = given.of_headline(result), *keys
    known = given.rows(found[found["drift_p"].notna()], *here, ("drift_p", "empty", False))
    apart = given.rows(found[found["drift_p"] <= alpha], *here, ("drift_p", "<=", alpha))
    return say(
        "Session by session the drift differs at {apart} of {n}, each tested alone at {level}.",
        apart=formats.or_none(apart),
        n=formats.number(known, 0),
        level=formats.level(alpha),
    )


def fieller(row: labels.Record) -> Said:
    """Return the limits of a give-back in words; unbounded ones say so."""
    if not (math.isfinite(row.fieller_low) and math.isfinite(row.fieller_high)):
        return say(
            "its limits are unbounded: {clusters} of events cannot tell any share from any other",
            clusters=formats.count(row.effective_n, "cluster"),
        )
    return say(
        "95% limits by Fieller {low} to {high}",
        low=formats.share(row.fieller_low),
        high=formats.share(row.fieller_high),
    )


def projected(result: StudyResult, asset: str) -> str:
    """Return the response to all signed events in one index; may be empty."""
    found = labels.of_all(result, "projections", asset)
    rows = labels.records(found[found["estimate"].notna()])
    if not rows:
        return ""
    first = rows[0]
    message = (
        marked(
            "in the direction of the sign, which was given afterwards, {response}, over {events}; the path "
            "after day 0 is not flat (joint {p})."
        )
        if first.joint_p <= result.study.alpha
        else marked(
            "in the direction of the sign, which was given afterwards, {response}, over {events}; a flat path "
            "after day 0 cannot be ruled out (joint {p})."
        )
    )
    return say(
        message,
        response=_responded(first, rows[-1]),
        events=_held(first),
        p=formats.p_equals(first.joint_p),
    )


def _responded(first: labels.Record, last: labels.Record) -> Said:
    """Return the response on day 0, and at the end of the event window where that is later."""
    size = formats.percent(first.estimate)
    if not last.h:
        return say("{size} per cent on day 0", size=size)
    return say(
        "{size} per cent on day 0, and {later} by day {day} (change since day 0 {p})",
        size=size,
        later=formats.percent(last.estimate),
        day=formats.session(last.h),
        p=formats.p_equals(last.p_value),
    )


def _held(row: labels.Record) -> Said:
    """Return how many events there are, and how many price limits took away."""
    events = formats.count(row.n, "event")
    if not row.held_back:
        return events
    return say(
        "{events} ({n} more left out for price limits on day 0)",
        events=events,
        n=formats.number(row.held_back, 0),
    )
