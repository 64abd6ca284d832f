"""The numbers of one event in one market: CARs by window and model, legs of day 0, drift."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from eventstudy import formats, given, labels
from eventstudy.language import derived, marked, retold, say, sentences
from eventstudy.tables.table import Cell, Column, Table, figure, number, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from eventstudy.results import StudyResult

DRIFT_DAYS = (1, 3, 5, 10, 20)
"""Sessions after day 0 at which drift is tabulated."""
SHORT_DAYS = (1, 5, 20)
"""Those of them that stand beside matched days in the table of all events."""
REVERSAL_CAPTION = marked(
    "Signed drift: the CAR after the reaction in its direction, per cent; positive goes on, negative "
    "gives back. In grey the middle 95% of its matched days. Given back, of one event: minus the CAR over "
    "the reaction; 100% is a full reversal, negative a continuation."
)
REVERSAL_NOTE = marked(
    "Matched days: days without an event with a reaction of the same sign and nearly the same size for "
    "the volatility before it. Without brackets: fewer than ten such days. "
    "Given back, with its interval, is printed only where the reaction is abnormal: a share of noise says "
    "nothing."
)
DRIFT_NOTE = marked(
    "Given back, of one event: minus the drift over the reaction; 100% is a full reversal, negative a "
    "continuation. Printed only where the reaction is abnormal: a share of noise says nothing."
)


TESTED = ("model", "window_start", "window_end", "statistic")
"""Columns that say which test of one event a row is of; all but the last say which CAR."""


def cars(result: StudyResult, event_id: str, asset: str) -> Table:
    """Return the CAR of every window by every model with all single-event tests."""
    tests = labels.cell(result.frames["statistics"], group=event_id, asset=asset)
    names = list(dict.fromkeys(tests["statistic"]))
    found = labels.keyed(
        labels.found(result.frames["statistics"], group=event_id, asset=asset), *TESTED
    )
    ends = labels.keyed(
        labels.found(result.frames["intervals"], event_id=event_id, asset=asset), *TESTED
    )
    rows = tuple(
        (
            words(formats.capital(formats.window(row.window_start, row.window_end))),
            words(formats.capital(labels.term(row.model))),
            number(row.car, formats.percent(row.car)),
            number(row.std_error, formats.per_hundred(row.std_error, 2)),
            number(row.t, formats.signed(row.t)),
            *(
                _tested(found.get(key), ends.get(key))
                for key in ((*row.plain(TESTED[:-1]), name) for name in names)
            ),
        )
        for row in labels.found(result.frames["car"], event_id=event_id, asset=asset)
    )
    columns = (
        Column(say("Window")),
        Column(say("Model")),
        *figure("CAR", "s.e.", "t", *(say("p, {test}", test=labels.term(name)) for name in names)),
    )
    return Table(
        f"numbers-car-{labels.anchor(asset, event_id)}",
        say("Cumulative abnormal returns."),
        columns,
        rows,
        say("CAR and standard error in per cent; t: CAR over its forecast standard error."),
        (*_reasons(found.values()), *_without(ends.values(), result.study.alpha)),
    )


def _tested(test: labels.Record | None, ends: labels.Record | None) -> Cell:
    """Return the p of a test with the CARs that it does not reject."""
    p_value = test.p_value if test else math.nan
    accepted = formats.interval(ends.low, ends.high) if ends else ""
    return number(p_value, formats.p_value(p_value), detail=accepted)


def _without(accepted: Collection[labels.Record], alpha: float) -> tuple[str, ...]:
    """Say what the intervals are, and why windows have none: one sentence per reason."""
    if not accepted:
        return ()
    said = [
        say(
            "In brackets: the CARs that the test does not reject at {level}.",
            level=formats.level(derived(alpha, "study: alpha")),
        )
    ]
    missing: dict[tuple[str, str], dict[str, None]] = {}
    for row in accepted:
        if row.reason:
            window = formats.window(row.window_start, row.window_end)
            missing.setdefault((row.statistic, row.reason), {})[window] = None
    for (statistic, reason), windows in missing.items():
        said.append(
            say(
                "No interval by {test} over {windows}: {reason}.",
                test=labels.term(statistic),
                windows=formats.listing(windows),
                reason=retold(reason),
            )
        )
    return tuple(said)


def not_run(which: str, reason: str) -> str:
    """Say why some tests have no value, as a note on a table."""
    return say(
        "{dash} {tests}: {reason}.",
        dash=formats.NOTHING,
        tests=formats.capital(which),
        reason=retold(reason),
    )


def _reasons(tests: Iterable[labels.Record]) -> tuple[str, ...]:
    """Say once why a test has no value in some windows."""
    missing = labels.keyed((row for row in tests if row.status != "ok"), "statistic", "reason")
    return tuple(not_run(labels.term(statistic), reason) for statistic, reason in missing)


LEG_TESTS = {
    "placebo": marked(
        "p of the night: among days of the same market in the same state; of the session: among days"
        " with the same gap."
    ),
    "sample_quantile": marked("p: among the same leg of those days."),
}
"""What the p of a leg compares it with, by test."""


def legs(result: StudyResult, event_id: str, asset: str) -> Table | None:
    """Return night and session of day 0 against their own history; None where no open exists."""
    found = labels.found(result.frames["legs"], event_id=event_id, asset=asset)
    row = found[0] if found else None
    if row is None or math.isnan(row.overnight):
        return None
    rows = tuple(
        (
            words(say(name)),
            number(raw, formats.percent(raw)),
            number(above, formats.percent(above)),
            number(p, formats.p_value(p)),
        )
        for name, raw, above, p in (
            (marked("Overnight"), row.overnight, row.overnight_demeaned, row.overnight_p),
            (
                marked("Open to close"),
                row.open_to_close,
                row.open_to_close_demeaned,
                row.open_to_close_p,
            ),
        )
    )
    return Table(
        f"numbers-legs-{labels.anchor(asset, event_id)}",
        say("Legs of day 0."),
        (
            Column(say("Leg")),
            *figure("Log return", "Less its mean", say("p, {test}", test=labels.term(row.p_test))),
        ),
        rows,
        sentences(
            say(
                "Log returns, per cent; mean over {days} of the estimation window.",
                days=formats.counted(row.n, "day"),
            ),
            say(LEG_TESTS[row.p_test]),
        ),
    )


def drift(result: StudyResult, event_id: str, asset: str) -> Table:
    """Return signed drift and give-back share after the reaction, by the headline model."""
    found = labels.found(labels.headline(result, "drift"), event_id=event_id, asset=asset)
    verdicts = labels.found(labels.headline(result, "verdicts"), event_id=event_id, asset=asset)
    last = max((int(row.reaction_end) for row in verdicts), default=0)
    abnormal = any(row.p0 <= result.study.alpha for row in verdicts)
    rows = tuple(
        (
            words(formats.capital(formats.window(last + 1, last + row.k))),
            number(row.signed_drift, formats.percent(row.signed_drift)),
            number(
                row.matched_drift,
                formats.percent(row.matched_drift),
                detail=formats.interval(row.matched_low, row.matched_high),
            ),
            _given_back(row.give_back_share if abnormal else math.nan),
        )
        for row in found
        if row.k in DRIFT_DAYS
    )
    reached = derived(last, "results/verdicts.csv reaction_end")
    days = max((int(row.matched_n) for row in found), default=0)
    return Table(
        f"numbers-drift-{labels.anchor(asset, event_id)}",
        say("After the reaction."),
        (Column(say("Window")), *figure("Signed drift", "Matched days", "Given back")),
        rows,
        _drift_caption(formats.window(given.DAY0, reached), days),
        (say(DRIFT_NOTE),),
    )


def _drift_caption(reaction: str, days: int) -> str:
    """Say what the drift of an event is, and what stands beside it."""
    if not days:
        return say(
            "Signed drift: the CAR in the direction of the reaction, {window}, per cent; fewer than ten days "
            "without an event moved as much.",
            window=reaction,
        )
    return say(
        "Signed drift: the CAR in the direction of the reaction, {window}, per cent; beside it mean and "
        "middle 95% of {days} without an event that moved as much.",
        window=reaction,
        days=formats.count(derived(days, "results/drift.csv, largest matched_n"), "day"),
    )


def _given_back(share: float, detail: str = "") -> Cell:
    """Return a share given back in per cent."""
    return number(share, formats.share(share), detail=detail)


def reversal(result: StudyResult) -> Table:
    """Return what became of every reaction: drift beside matched days, and the give-back."""
    found = labels.records(labels.headline(result, "drift"))
    at = {(row.event_id, row.asset, row.k): row for row in found}
    days = [k for k in SHORT_DAYS if k <= result.study.event_window.end]
    numbered, titles = labels.numbers(result.study), labels.titles(result.study)
    rows = tuple(
        (
            Cell(
                labels.numbered(numbered[row.event_id], titles[row.event_id]),
                value=row.event_id,
                href=f"#{labels.event_anchor(row.event_id)}",
            ),
            words(
                labels.short_name(result.study, row.asset),
                tone=labels.tone(result.study, row.asset),
            ),
            number(row.ar0, formats.percent(row.ar0)),
            *(_signed(at.get((row.event_id, row.asset, k))) for k in days),
            _matched(at.get((row.event_id, row.asset, 1))),
            _share(row, result.study.alpha),
        )
        for row in sorted(
            labels.records(labels.headline(result, "verdicts")),
            key=lambda row: numbered[row.event_id],
        )
    )
    later = labels.later_window(result)
    columns = (
        Column(say("Event")),
        Column(say("Index")),
        *figure("Reaction"),
        *figure(*(say("Drift, {sessions}", sessions=formats.count(k, "session")) for k in days)),
        *figure("Matched days", say("Given back, {days}", days=later)),
    )
    return Table(
        *("table-reversal", say("Drift and give-back."), columns, rows),
        *(say(REVERSAL_CAPTION), (say(REVERSAL_NOTE),)),
    )


def _signed(row: labels.Record | None) -> Cell:
    """Return the drift of one event with the band of its matched days."""
    if row is None or math.isnan(row.signed_drift):
        return number(math.nan, formats.NOTHING)
    return number(
        row.signed_drift,
        formats.percent(row.signed_drift),
        detail=formats.interval(row.matched_low, row.matched_high),
    )


def _matched(row: labels.Record | None) -> Cell:
    """Return the number of matched days of one event."""
    n = row.matched_n if row else 0
    return number(n, formats.number(n, 0) if n else formats.NOTHING)


def _share(row: labels.Record, alpha: float) -> Cell:
    """Return the share given back with its interval, where day 0 was abnormal."""
    if not row.p0 <= alpha:
        return number(math.nan, formats.NOTHING)
    band = formats.limits(formats.share(row.give_back_low), formats.share(row.give_back_high))
    return _given_back(row.give_back, band)
