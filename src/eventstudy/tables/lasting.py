"""What became of the reactions, each number beside the same number of matched days."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from eventstudy import formats, given, labels
from eventstudy.language import derived, marked, say
from eventstudy.reversal.matched import FEWEST as LIKE
from eventstudy.reversal.matched import NEAR
from eventstudy.study.aftermath import BY_RULE, DRAWS
from eventstudy.tables.table import Cell, Column, Row, Table, chance, figure, number, whole, words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from eventstudy.results import StudyResult

DAYS = (1, 3, 5, 10, 20)
"""Sessions after the reaction at which all events are tabulated."""
SHORT_DAYS = (5, 20)
"""Those of them for categories, which are many."""
FEWEST = 2
"""Events of a category from which on its averages are printed."""
FARTHEST = 10.0
"""Times the reaction up to which limits of a give-back are written out."""
MATCHED = marked(
    "Matched: the mean over {draws} sets of as many days without an event, each with a reaction of the "
    "same sign and within {near} of its size in standard deviations of the 20 sessions before, at the "
    "volatility of the event; p: how rare a number so far from that mean is among the sets, of shares of "
    "events and of sessions twice how rare one as low, or one as high, is."
)
DRIFT_CAPTION = marked(
    "Drift: the CAR after the reaction in its direction, per cent; positive went on, negative came back."
)
JOINT_NOTE = marked(
    "Joint p of the text: the largest distance of the drift from that mean over all sessions, among the "
    "sets; it answers for the choice of a session."
)
GIVE_BACK_NOTE = marked(
    "Given back, of a group: minus the sum of its drifts over the sum of its reactions; 100% is a full "
    "reversal, negative a continuation. Its 95% limits are by Fieller's theorem with the number of clusters of "
    "events whose windows share no session; unbounded: no share can be excluded."
)
RETURN_NOTE = marked(
    "The median is the first session at which so much of the reaction was gone; never: not within the "
    "event window."
)
SLOPE_NOTE = marked(
    "b below the slope of matched days: large reactions gave more back than other large moves. p of b: "
    "permutation of the reactions over the events; p of the difference: by redrawing the matched days. "
    "HC3 errors are of second rank with few events."
)


def _matched() -> str:
    """Say what matched days are."""
    draws, near = derived(DRAWS, "method: sets"), derived(NEAR, "method: distance of matched days")
    return say(MATCHED, draws=formats.number(draws, 0), near=formats.share(near))


def _columns() -> tuple[Column, ...]:
    """Return the columns of drift, reversal and give-back."""
    return (
        *figure("Sessions", "n", "Drift", "Matched", "p"),
        *figure("Came back", "Matched", "p", "Given back", "Matched", "p"),
    )


def lasting(result: StudyResult) -> Table:
    """Return drift, share reversed and give-back of all events by index and horizon."""
    found = labels.headline(result, "lasting")
    shown = (BY_RULE, labels.groups(result)[-1])
    found = found[found["group"].isin(shown) & found["k"].isin(DAYS)]
    found = found.sort_values("group", key=lambda groups: groups != BY_RULE, kind="stable")
    notes = (_matched(), *_left_out(result), say(JOINT_NOTE), say(GIVE_BACK_NOTE))
    heading = ("table-lasting", say("Did the reactions last?"))
    return _grouped(result, heading, found, (_columns(), _lasting, say(DRIFT_CAPTION), notes))


def _left_out(result: StudyResult) -> tuple[str, ...]:
    """Say how many reactions have too few days so near, and how much of all reactions they are."""
    cells = ["event_id", "asset"]
    most = labels.headline(result, "drift").groupby(cells)["matched_n"].max()
    size = labels.headline(result, "verdicts").set_index(cells)["ar0"].abs()
    alone = size[size.index.isin(most.index[most == 0])]
    if alone.empty:
        return ()
    source = "results/verdicts.csv ar0 of reactions without matched days in results/drift.csv"
    note = say(
        "Left out: {n} of {all} reactions, {share} of the sum of all sizes, for which fewer than "
        "{fewest} other days lie so near. Nothing can be said of them by comparison.",
        n=formats.number(derived(len(alone), source), 0),
        all=formats.number(given.tally(len(size), "verdicts", given.of_headline(result)), 0),
        share=formats.share(derived(alone.sum() / size.sum(), source)),
        fewest=derived(LIKE, "method: fewest days to compare with"),
    )
    return (note,)


def lasting_by_category(result: StudyResult) -> Table | None:
    """Return the same for every category of several events; None for a single category."""
    found = _several(result, "lasting")
    found = found[(found["group"] != labels.ALL) & found["k"].isin(SHORT_DAYS)]
    if len(labels.groups(result)) == 1 or found.empty:
        return None
    heading = ("table-lasting-by-category", "")
    p_values = found[["drift_p", "reversed_p", "give_back_p"]].to_numpy().ravel()
    notes = chance(p_values, result.study.alpha)
    return _grouped(result, heading, found, (_columns(), _lasting, say(DRIFT_CAPTION), notes))


def _several(result: StudyResult, frame: str) -> pd.DataFrame:
    """Return the rows of groups of several events in the order of the groups.

    Where every group is one event, all rows are returned.
    """
    found = labels.of_groups(result, frame)
    place = found["group"].map({group: i for i, group in enumerate(labels.groups(result))})
    found = found.loc[place.sort_values(kind="stable").index]
    several = found[found["n"] >= FEWEST]
    return several if len(several) else found


def _grouped(
    result: StudyResult,
    heading: tuple[str, str],
    found: pd.DataFrame,
    parts: tuple[tuple[Column, ...], Callable[[labels.Record], Row], str, tuple[str, ...]],
) -> Table:
    """Return a table whose rows stand under their group and index.

    Parameters
    ----------
    result : StudyResult
        The study.
    heading : tuple of str
        Anchor and title.
    found : DataFrame
        Rows of all groups and indices.
    parts : tuple
        Columns of numbers, the cells of one row, caption and notes.
    """
    columns, cells, caption, notes = parts
    rows: list[Row] = []
    for (group, asset), mine in found.groupby(["group", "asset"], sort=False):
        lead = Cell(
            formats.capital(labels.group_name(str(group))),
            value=f"{group}, {asset}",
            detail=labels.short_name(result.study, str(asset)),
            tone=labels.tone(result.study, str(asset)),
            rows=len(mine),
        )
        for position, row in enumerate(labels.records(mine)):
            rows.append(cells(row) if position else (lead, *cells(row)))
    return Table(*heading, (Column(say("Events")), *columns), tuple(rows), caption, notes)


def _lasting(row: labels.Record) -> Row:
    """Return what was left after k sessions."""
    known = math.isfinite(row.fieller_low) and math.isfinite(row.fieller_high)
    limits = formats.limits(_limit(row.fieller_low), _limit(row.fieller_high))
    return (
        number(row.k, formats.session(row.k)),
        whole(row.n),
        *(number(v, formats.percent(v)) for v in (row.drift, row.drift_matched)),
        number(row.drift_p, formats.p_value(row.drift_p)),
        number(row.reversed, formats.part_of(row.reversed, row.n)),
        number(row.reversed_matched, formats.share(row.reversed_matched)),
        number(row.reversed_p, formats.p_value(row.reversed_p)),
        number(
            row.give_back,
            formats.share(row.give_back),
            detail=limits if known else say("unbounded"),
        ),
        number(row.give_back_matched, formats.share(row.give_back_matched)),
        number(row.give_back_p, formats.p_value(row.give_back_p)),
    )


def _limit(value: float) -> str:
    """Return a limit of a give-back; beyond ten times the reaction only that it is."""
    if abs(value) <= FARTHEST:
        return formats.share(value)
    farthest = formats.share(math.copysign(FARTHEST, value))
    return say("<{limit}", limit=farthest) if value < 0 else say(">{limit}", limit=farthest)


def returning(result: StudyResult) -> Table:
    """Return when half and all of the reactions was gone."""
    found = _several(result, "returning")
    p_values = found[["share_p", "median_p"]].to_numpy().ravel()
    notes = (_matched(), say(RETURN_NOTE), *chance(p_values, result.study.alpha))
    known = labels.headline(result, "drift")["k"]
    last = derived(int(known.max()) if len(found) else 0, "largest k of results/drift.csv")

    def cells(row: labels.Record) -> Row:
        return (
            words(say("Half") if row.returned == "half" else say("All")),
            whole(row.n),
            number(row.share, formats.part_of(row.share, row.n)),
            number(row.share_matched, formats.share(row.share_matched)),
            number(row.share_p, formats.p_value(row.share_p)),
            number(row.median, _time(row.median, last)),
            number(row.median_matched, _time(row.median_matched, last)),
            number(row.median_p, formats.p_value(row.median_p)),
        )

    columns = (
        Column(say("Gone")),
        *figure("n", "Within the window", "Matched", "p"),
        *figure("Median session", "Matched", "p"),
    )
    return _grouped(
        result,
        ("table-returning", say("Half-life and full retracement.")),
        found,
        (
            columns,
            cells,
            say("Within {sessions} after the reaction.", sessions=formats.counted(last, "session")),
            notes,
        ),
    )


def _time(value: float, last: int) -> str:
    """Return a number of sessions; never, where it lies beyond the last."""
    if math.isnan(value):
        return formats.NOTHING
    return (
        say("never") if value > last else formats.number(value, 0 if value == round(value) else 1)
    )


def slopes(result: StudyResult) -> Table:
    """Return the regressions of what came after on the reactions."""
    found = _several(result, "slopes")
    found = found[found["slope"].notna()]
    p_values = found[["p_permutation", "difference_p"]].to_numpy().ravel()
    columns = figure(
        "Sessions", "n", "a", "b", "s.e., HC3", "p of b", "b, matched", "p of the difference"
    )
    return _grouped(
        result,
        ("table-slopes", say("Do larger reactions give more back?")),
        found,
        (
            columns,
            _slope,
            say("CAR over the sessions after = a + b x reaction; a in per cent."),
            (say(SLOPE_NOTE), *chance(p_values, result.study.alpha)),
        ),
    )


def _slope(row: labels.Record) -> Row:
    """Return one regression."""
    return (
        number(row.k, formats.session(row.k)),
        whole(row.n),
        number(row.intercept, formats.percent(row.intercept)),
        number(row.slope, formats.signed(row.slope)),
        number(row.std_error, formats.number(row.std_error)),
        number(row.p_permutation, formats.p_value(row.p_permutation)),
        number(row.matched, formats.signed(row.matched)),
        number(row.difference_p, formats.p_value(row.difference_p)),
    )


def against_table(table_id: str, path: pd.DataFrame, titles: Sequence[str]) -> Table:
    """Return the numbers behind a path in front of other days, per cent.

    Parameters
    ----------
    table_id : str
        Anchor.
    path : DataFrame
        Columns ``tau``, ``n``, ``value``, ``usual``, ``low``, ``high``, ``p_value``.
    titles : sequence of str
        Messages: of the columns of ``value``, ``low`` and ``high``, and of ``usual`` where it is known.
    """
    usual = bool(path["usual"].notna().any())
    rows = tuple(
        (
            number(row.tau, formats.session(row.tau)),
            whole(row.n),
            *(
                number(v, formats.percent(v))
                for v in (row.value, row.low, row.high, *([row.usual] if usual else []))
            ),
            number(row.p_value, formats.p_value(row.p_value)),
        )
        for row in labels.records(path)
    )
    columns = figure("Session", "n", *map(say, titles[: 4 if usual else 3]), "p")
    return Table(table_id, "", columns, rows, say("Per cent."))
